"""Entries of the record as sentences: who did what to which thing, when, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.case import CaseAction
from matcher.domain.choices import Choice
from matcher.domain.plan_state import PlanAction
from matcher.domain.text import Text
from matcher.services.accounts.listing import accounts_by_id
from matcher.store.tables import AccountRow, CaseEventRow

KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "case": Text("线索办理", "case"),
        "plan": Text("方案", "plan"),
        "round": Text("轮次", "round"),
        "event": Text("对接活动", "event"),
        "conflict": Text("利益冲突", "conflict of interest"),
        "consent": Text("授权", "consent"),
        "listing": Text("申报与推荐", "the two lists"),
    }
)
"""What the record tells of."""

_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "open": Text("开启", "opened"),
        "enter": Text("登记", "entered"),
        "change": Text("修改", "changed"),
        "remove": Text("删除", "removed"),
        "check_in": Text("签到", "checked in"),
        "undo_check_in": Text("撤销签到", "check-in undone"),
        "publish_timetable": Text("发布时间表", "timetable published"),
        "discard_timetable": Text("弃用时间表", "timetable discarded"),
        "declare": Text("申报", "declared"),
        "propose": Text("提出", "proposed"),
        "answer": Text("填写清单", "answered for the lists"),
        "recommend": Text("推荐", "recommended"),
        "take_back": Text("退回申报清单", "put back onto the first list"),
        "contact": Text("对接企业", "contacted"),
        "decide": Text("授信结论", "decided"),
    }
)
_CHOICES: Mapping[str, type[Choice]] = MappingProxyType({"case": CaseAction, "plan": PlanAction})
_SYSTEM = Text("系统", "the system")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as people read it.

    Parameters
    ----------
    why
        The reason that was given, None if none was.
    details
        What else must be provable, as JSON.
    """

    row: CaseEventRow
    at: datetime
    kind: Text
    action: Text
    who: Text
    login: str | None
    why: Text | None
    details: str


def read_entries(session: Session, actor: Actor, rows: Iterable[CaseEventRow]) -> list[Entry]:
    """Return entries with the names of who did them, in one query."""
    told = [(row, content_of_entry(row)) for row in rows]
    given = (_uuid(content.get("account_id")) for _, content in told)
    ids = {one for one in given if one is not None}
    people = accounts_by_id(session, actor, ids)
    return [_entry(row, content, people) for row, content in told]


def content_of_entry(row: CaseEventRow) -> dict[str, Any]:
    """Return what an entry says; nothing where somebody made it unreadable."""
    try:
        found = json.loads(row.content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def action_text(kind: str, action: str) -> Text:
    """Return what was done, in words."""
    words = _CHOICES.get(kind)
    if words is not None and action in tuple(words):
        return words.parse(action).text
    return _WORDS.get(action, Text.same(action))


def _entry(
    row: CaseEventRow, content: Mapping[str, Any], people: Mapping[UUID, AccountRow]
) -> Entry:
    account_id = _uuid(content.get("account_id"))
    account = None if account_id is None else people.get(account_id)
    details = content.get("details")
    unknown = _SYSTEM if account_id is None else Text.same(str(account_id))
    return Entry(
        row=row,
        at=row.at,
        kind=KINDS.get(row.kind, Text.same(row.kind)),
        action=action_text(row.kind, str(content.get("action", ""))),
        who=unknown if account is None else Text.same(account.name),
        login=None if account is None else account.login,
        why=_why(details),
        details=json.dumps(details, ensure_ascii=False, indent=2, sort_keys=True),
    )


def _why(details: Any) -> Text | None:
    found = details.get("reason") if isinstance(details, dict) else None
    if isinstance(found, dict) and {"zh", "en"} <= found.keys():
        return Text(str(found["zh"]), str(found["en"]))
    return Text.same(found) if isinstance(found, str) and found else None


def _uuid(value: Any) -> UUID | None:
    try:
        return None if value is None else UUID(hex=value)
    except (ValueError, AttributeError, TypeError):
        return None
