"""The first page of the office: what has to be looked at today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlmodel import Session
from starlette.responses import Response

from api.pages.page import Page, actor_of
from api.pages.views.plans import RUN_KINDS
from matcher.domain.actor import Role
from matcher.domain.run import IMPORT, PLAN, REPLAY, SCENARIO, TIMETABLE
from matcher.domain.text import Text
from matcher.services.attention import attention

KIND_TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        PLAN: Text("生成方案", "a plan"),
        SCENARIO: Text("情景推演", "a what-if"),
        IMPORT: Text("导入文件", "an import"),
        REPLAY: Text("重算方案", "a plan made again"),
        TIMETABLE: Text("排定日程", "a timetable"),
    }
)
"""What each kind of run is called on pages."""

_EDITORS = frozenset({Role.ORGANISER, Role.ADMIN})


def show_office(page: Page, session: Session, now: datetime) -> Response:
    """Show what has to be looked at today."""
    actor = actor_of(page)
    found = attention(session, actor, now)
    return page.render(
        "office_home.html",
        now=found,
        yesterday=found.today - timedelta(days=1),
        kinds=KIND_TEXTS,
        run_kinds=RUN_KINDS,
        may_edit=actor.role in _EDITORS,
    )
