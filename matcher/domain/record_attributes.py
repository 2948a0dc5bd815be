"""What can be asked of institutions, products, pools, policies and firms by themselves.

Rules of eligibility ask about a need and its firm. A selection of records ("every product of
bank X") asks in the same syntax about records of one table; its attributes are named
``table.name``, and within a selection of that table by the bare name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from matcher.domain.attributes import ATTRIBUTES, FURTHER, Attribute, Kind, Subject, need_attribute
from matcher.domain.choices import Benefit, Choice, InstitutionKind, Instrument, PoolUnit
from matcher.domain.criteria import Criterion, State
from matcher.domain.expression import Find
from matcher.domain.institution import Institution
from matcher.domain.text import Text

FIRM_ATTRIBUTES = (
    "region", "industry", "size", "founded", "age", "staff", "revenue", "assets", "ownership",
    "tags", "tax_grade", "first_time_borrower", "lead_share", "team_share", "lead_is_largest",
)  # fmt: skip
"""What of the attributes of a need is its firm's alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A record that a rule is asked of; of a product also its institution."""

    record: Any
    owner: Institution | None = None


_Get = Callable[[Any], Any]
_Row = tuple[str, Text, Kind, _Get, type[Choice] | None]


def _own(field: str) -> _Get:
    return lambda asked: getattr(asked.record, field)


def _owner(field: str) -> _Get:
    return lambda asked: None if asked.owner is None else getattr(asked.owner, field)


def _words(field: str) -> _Get:
    return lambda asked: frozenset(str(word) for word in getattr(asked.record, field))


def _name(table: str, key: str) -> list[_Row]:
    return [
        ("id", Text("编号", "id"), Kind.CHOICE, _own(key), None),
        ("name", Text("名称", "name"), Kind.CHOICE, _own("name"), None),
    ]


_TABLES: dict[str, list[_Row]] = {
    "institutions": [
        *_name("institutions", "institution_id"),
        ("kind", Text("机构类型", "kind"), Kind.CHOICE, _own("kind"), InstitutionKind),
        ("region", Text("地区", "region"), Kind.CODE, _own("region"), None),
        ("leads", Text("线索名额", "leads"), Kind.COUNT, _own("leads"), None),
        ("quota", Text("总额度", "quota"), Kind.MONEY, _own("quota_fen"), None),
    ],
    "products": [
        *_name("products", "product_id"),
        ("institution", Text("机构", "institution"), Kind.CHOICE, _own("institution_id"), None),
        ("kind", Text("机构类型", "kind"), Kind.CHOICE, _owner("kind"), InstitutionKind),
        ("region", Text("地区", "region"), Kind.CODE, _owner("region"), None),
        ("instrument", Text("产品类型", "instrument"), Kind.CHOICE, _own("instrument"), Instrument),
        ("rate", Text("年利率", "rate"), Kind.RATE, _own("rate"), None),
        ("amount_max", Text("最高金额", "most"), Kind.MONEY, _own("amount_max_fen"), None),
        ("term_max", Text("最长期限", "longest term"), Kind.MONTHS, _own("term_max_months"), None),
        ("cash_workdays", Text("到账工作日", "workdays to cash"), Kind.COUNT,
         _own("cash_workdays"), None),
        ("leads", Text("名额", "leads"), Kind.COUNT, _own("leads"), None),
        ("quota", Text("额度", "quota"), Kind.MONEY, _own("quota_fen"), None),
        ("pools", Text("资源池", "pools"), Kind.SET, _words("pools"), None),
    ],
    "pools": [
        *_name("pools", "pool_id"),
        ("unit", Text("计量单位", "unit"), Kind.CHOICE, _own("unit"), PoolUnit),
        ("revolving", Text("周转使用", "revolving"), Kind.FLAG, _own("revolving"), None),
    ],
    "policies": [
        *_name("policies", "policy_id"),
        ("benefit", Text("支持方式", "benefit"), Kind.CHOICE, _own("benefit"), Benefit),
        ("issuer", Text("发布单位", "issuer"), Kind.CHOICE, _own("issuer"), None),
        ("pool", Text("资源池", "pool"), Kind.CHOICE, _own("pool_id"), None),
    ],
}  # fmt: skip


def _attribute(table: str, row: _Row) -> Attribute:
    name, text, kind, get, choices = row
    return Attribute(f"{table}.{name}", text, kind, cast(Any, get), choices=choices)


_FOUND = {table: [_attribute(table, row) for row in rows] for table, rows in _TABLES.items()}
FURTHER.update({found.name: found for rows in _FOUND.values() for found in rows})
_NAMED = {
    table: {name: a for a in rows for name in (a.name, a.name.split(".")[1], a.text.zh)}
    for table, rows in _FOUND.items()
}


def finder(table: str) -> Find:
    """Return what the names in a rule about the records of a table mean."""
    if table == "needs":
        return need_attribute
    if table == "enterprises":
        return _of_firm
    return _NAMED[table].__getitem__


def names_of(table: str) -> list[str]:
    """Return the names that a rule about the records of a table may ask for."""
    if table in _FOUND:
        return [found.name.split(".")[1] for found in _FOUND[table]]
    return list(FIRM_ATTRIBUTES if table == "enterprises" else ATTRIBUTES)


def holds(rule: Criterion, asked: Asked | Subject) -> bool:
    """Tell whether a rule is known to hold of a record; what nobody knows does not count."""
    return rule.judge(cast(Subject, asked)).state is State.PASS


def _of_firm(name: str) -> Attribute:
    found = need_attribute(name)
    if found.name in FIRM_ATTRIBUTES or found.name.startswith("indicator."):
        return found
    raise KeyError(name)
