"""The states of an event's timetable."""

from __future__ import annotations

from matcher.domain.choices import Choice


class TimetableState(Choice):
    """Where a timetable stands.

    ``asked`` is one that a run still makes, or could not make. A draft changes in place; what was
    published never changes: a change of it is the next draft.
    """

    ASKED = "asked", "编排中"
    DRAFT = "draft", "草案"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被取代"
    DISCARDED = "discarded", "已弃用"
