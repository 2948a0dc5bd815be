"""Codes of regions and industries with their names."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matcher.domain.code_names import code_text, industry_name, region_name
from matcher.domain.codes import industry_code
from matcher.domain.text import Text


def test_every_division_of_the_standard_has_a_name_under_its_letter() -> None:
    """The 97 divisions of GB/T 4754-2017 and their 20 sections."""
    codes = [industry_code(f"{number:02}") for number in range(1, 98)]
    assert all(industry_name(code) for code in codes)
    assert all(industry_name(letter) for letter in {code[0] for code in codes})


def test_every_region_is_called_as_its_source_says(data_dir: Path) -> None:
    """Districts of the public list, each after its city or, where there is none, its province."""
    folder = data_dir / "china-division"
    with (folder / "areas.csv").open(encoding="utf-8-sig") as lines:
        areas = list(csv.DictReader(lines))
    with (folder / "cities.csv").open(encoding="utf-8-sig") as lines:
        cities = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    with (folder / "provinces.csv").open(encoding="utf-8-sig") as lines:
        provinces = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    headings = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
    for row in areas:
        city = cities[row["cityCode"]]
        above = provinces[row["provinceCode"]] if city in headings else city
        assert region_name(row["code"]) == above + row["name"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("330108", Text("杭州市滨江区（330108）", "330108")),
        ("3301", Text("杭州市（3301）", "3301")),
        ("110101", Text("北京市东城区（110101）", "110101")),
        ("I651", Text("软件和信息技术服务业（I651）", "Software and IT services (I651)")),
        ("C", Text("制造业（C）", "Manufacturing (C)")),
        ("999999", Text.same("999999")),
    ],
)
def test_a_code_is_shown_with_its_name(code: str, text: Text) -> None:
    """An unknown code stays as it is."""
    assert code_text(code) == text
