"""Rules asked of products, institutions, pools, policies and firms by themselves."""

from __future__ import annotations

import pytest

from matcher.domain.attributes import FURTHER, attribute, need_attribute
from matcher.domain.expression import parse, unparse
from matcher.domain.record_attributes import FIRM_ATTRIBUTES, Asked, finder, holds, names_of
from matcher.domain.records import ID_FIELDS
from tests.planning_examples import INSTITUTIONS, POOLS, PRODUCTS


@pytest.mark.parametrize("table", ["products", "institutions", "pools", "policies"])
def test_names_stand_alone_in_english_and_chinese(table: str) -> None:
    """Each name, its Chinese twin and the full name mean the same attribute."""
    find = finder(table)
    for name in names_of(table):
        found = find(name)
        assert find(found.text.zh) is find(found.name) is found is attribute(f"{table}.{name}")


def test_rules_about_records_read_back_from_text() -> None:
    """What is written has full names, which the same finder reads."""
    rule = parse("机构 in B1, B2 and (rate <= 4% or not leads >= 1)", finder("products"))
    assert parse(unparse(rule), finder("products")) == rule
    assert "products.institution" in unparse(rule)


def test_a_product_is_asked_about_itself_and_its_institution() -> None:
    """What nobody has stated does not count as holding."""
    owners = {i.institution_id: i for i in INSTITUTIONS}

    def chosen(words: str) -> list[str]:
        rule = parse(words, finder("products"))
        return [p.product_id for p in PRODUCTS if holds(rule, Asked(p, owners[p.institution_id]))]

    assert chosen("institution = B1") == ["P1", "P3"]
    assert chosen("rate < 4%") == ["P2"]
    assert chosen("leads >= 0") == ["P3"]
    assert chosen("kind = 银行 and region in 33") == ["P2"]
    assert chosen("pools has F2") == ["P2"]
    assert chosen("quota <= 100万") == ["P3"]


def test_pools_are_told_apart_by_their_unit() -> None:
    """Places from money."""
    rule = parse("计量单位 = 个", finder("pools"))
    assert [p.pool_id for p in POOLS if holds(rule, Asked(p))] == ["F2"]


def test_needs_and_products_do_not_share_their_names() -> None:
    """A rule of eligibility knows nothing of products, and one of firms nothing of the need."""
    with pytest.raises(KeyError):
        need_attribute("products.rate")
    with pytest.raises(ValueError, match="unknown attribute 'amount'"):
        parse("amount > 1", finder("enterprises"))
    assert finder("enterprises")("industry").name == "industry"
    assert finder("needs")("amount").name == "amount"


def test_every_table_can_be_asked() -> None:
    """And every further attribute belongs to one of them."""
    assert all(names_of(table) for table in ID_FIELDS)
    assert {name.split(".")[0] for name in FURTHER} <= set(ID_FIELDS)
    assert set(names_of("enterprises")) == set(FIRM_ATTRIBUTES)
