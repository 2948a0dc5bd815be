"""Records written as JSON read back as equal records, and the schema describes them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from matcher.domain.choices import Collateral, PoolUnit
from matcher.domain.errors import InputError
from matcher.domain.institution import Pool
from matcher.domain.records import Records
from matcher.files import (
    json_schema,
    read_market,
    read_records,
    read_table,
    write_json,
    write_record,
)
from tests.files.markets import LEAST, markets


@given(markets())
def test_what_is_written_reads_back_equal(records: Records):
    """Through text, as a file or a request would carry it."""
    document = write_json(records)
    assert read_records(json.loads(json.dumps(document))) == records


@settings(max_examples=30)
@given(markets())
def test_what_is_written_has_the_shape_of_the_schema(records: Records):
    """Names, required ones and types; the schema is what the API publishes."""
    schema = json_schema()
    for name, rows in write_json(records).items():
        reference = schema["properties"][name]["items"]["$ref"].rsplit("/", 1)[1]
        for row in rows:
            _holds(row, schema["$defs"][reference])


_TYPES: dict[str, type] = {
    "string": str, "integer": int, "boolean": bool, "array": list, "object": dict,
}  # fmt: skip


def _holds(row: dict[str, Any], schema: dict[str, Any]) -> None:
    assert set(schema["required"]) <= set(row) <= set(schema["properties"])
    if "oneOf" in schema:
        assert sum(set(o["required"]) <= set(row) for o in schema["oneOf"]) == 1
    for name, value in row.items():
        asked = schema["properties"][name]
        kinds = [asked["type"]] if "type" in asked else [o["type"] for o in asked["anyOf"]]
        assert any(isinstance(value, _TYPES[kind]) for kind in kinds), name
        assert value in asked.get("enum", [value])


def test_the_schema_is_json_and_names_every_table():
    """It can be put into an OpenAPI document as it is."""
    schema = json.loads(json.dumps(json_schema()))
    assert set(schema["properties"]) == set(write_json(Records()))
    assert schema["required"] == ["enterprises", "needs", "institutions", "products"]


def test_every_property_is_described_in_both_languages():
    """Title and description carry the header and the note."""
    for record in json_schema()["$defs"].values():
        for name, asked in record["properties"].items():
            assert " / " in asked["title"], name
            assert asked["description"].startswith(asked["title"])


def test_a_pool_is_written_in_its_own_unit():
    """Whole fen stand under a name in _fen, places under capacity."""
    money = Pool(pool_id="R1", name="池", capacity=5)
    places = replace(money, unit=PoolUnit.COUNT)
    assert write_record(money)["capacity_fen"] == 5
    assert write_record(places)["capacity"] == 5
    assert read_table("pools", [write_record(money)]) == (money,)


def test_two_houses_of_one_firm_are_two_pairs():
    """An object cannot hold a name twice, so pairs are written."""
    (need,) = read_records(LEAST).needs
    houses = ((Collateral.REAL_ESTATE, 1), (Collateral.REAL_ESTATE, 2))
    row = write_record(replace(need, collateral=houses))
    assert row["collateral_fen"] == [["real_estate", 1], ["real_estate", 2]]
    assert read_table("needs", [row])[0].collateral == houses


def test_a_file_may_say_the_day_of_the_round(tmp_path: Path) -> None:
    """The key ``as_of`` is read; two files that differ in it are refused."""
    text = '{"as_of": "2022-05-25", "enterprises": [], "needs": [], "institutions": [], '
    text += '"products": []}'
    (tmp_path / "a.json").write_text(text)
    assert read_market(tmp_path).as_of == date(2022, 5, 25)
    (tmp_path / "b.json").write_text('{"as_of": "2022-05-26"}')
    with pytest.raises(InputError, match="different days"):
        read_market(tmp_path)
    (tmp_path / "b.json").write_text('{"as_of": "soon"}')
    with pytest.raises(InputError, match="is no day"):
        read_market(tmp_path)
