"""What each role finds in the menu."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matcher.domain.actor import Role
from matcher.domain.text import Text

PREFIX = "/ui"
NUM_SHOWN = 7
"""How many entries of a menu stand in the bar; those after them are folded under one word."""

PARTS_OF = MappingProxyType(
    {
        f"{PREFIX}/leads": PREFIX,
        f"{PREFIX}/financing": PREFIX,
        f"{PREFIX}/offers": PREFIX,
        f"{PREFIX}/imports": PREFIX,
        f"{PREFIX}/weights": f"{PREFIX}/whatif",
    }
)
"""Pages that stand under an entry of another name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the menu."""

    path: str
    text: Text


def _entry(path: str, zh: str, en: str) -> Entry:
    return Entry(f"{PREFIX}{path}", Text(zh, en))


_HOME = _entry("", "首页", "Home")
_URGENT = _entry("/urgent", "紧急求助", "Urgent case")
_NEEDS = _entry("/needs", "需求", "Needs")
_LISTS = _entry("/lists", "申报与推荐", "Lists")
_CATALOGUE = _entry("/products", "产品", "Products")
_ROUNDS = _entry("/rounds", "撮合方案", "Rounds and plans")
_EVENTS = _entry("/events", "对接活动", "Events")
_COCKPIT = _entry("/cockpit", "驾驶舱", "Cockpit")
_INSTITUTIONS = _entry("/institutions", "机构", "Institutions")
_ACCOUNTS = _entry("/accounts", "账号", "Accounts")
_RECORD = _entry("/record", "存证记录", "The record")
_WHATIF = _entry("/whatif", "情景推演", "What if")
_CALCULATORS = _entry("/calculators", "计算器", "Calculators")

MENU: Mapping[Role, tuple[Entry, ...]] = MappingProxyType(
    {
        Role.ORGANISER: (
            _HOME, _URGENT, _NEEDS, _ROUNDS, _EVENTS, _COCKPIT, _WHATIF,
            _LISTS, _CATALOGUE, _INSTITUTIONS, _CALCULATORS,
        ),
        Role.ADMIN: (
            _HOME, _URGENT, _NEEDS, _ROUNDS, _EVENTS, _ACCOUNTS, _RECORD,
            _COCKPIT, _WHATIF, _LISTS, _CATALOGUE, _INSTITUTIONS, _CALCULATORS,
        ),
        Role.STAFF: (
            _HOME, _WHATIF, _NEEDS, _ROUNDS, _EVENTS, _COCKPIT, _LISTS,
            _CATALOGUE, _INSTITUTIONS, _CALCULATORS,
        ),
        Role.AUDITOR: (
            _HOME, _RECORD, _NEEDS, _ROUNDS, _EVENTS, _COCKPIT, _ACCOUNTS,
            _LISTS, _CATALOGUE, _INSTITUTIONS,
        ),
        Role.BANK: (
            _entry("", "今日线索", "Today's leads"),
            _CATALOGUE,
            _entry("/statistics", "我的统计", "My statistics"),
            _entry("/access", "密钥与回调", "Keys and webhooks"),
            _CALCULATORS,
        ),
        Role.ENTERPRISE: (
            _entry("", "我的融资", "My financing"),
            _entry("/questionnaire", "融资问卷", "Questionnaire"),
            _entry("/data", "我的数据", "My data"),
            _CALCULATORS,
        ),
    }
)  # fmt: skip
"""The menu of each role, in its order; the first entry is its home."""
