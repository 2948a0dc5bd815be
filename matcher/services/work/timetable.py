"""Timetables as a kind of work: made anew for an event, or the rest of a day planned again.

All that it is made of comes with the request, as it was checked then; what comes of it is written
into the timetable that waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from matcher.domain.run import TIMETABLE
from matcher.services.work.kinds import Job, Kind, Progress, Result, no_input

if TYPE_CHECKING:
    from sqlmodel import Session


def compute(job: Job, progress: Progress) -> Result:
    """Make it; see `matcher.services.work.timetable_computing`."""
    from matcher.services.work.timetable_computing import compute_timetable

    return compute_timetable(job, progress)


def fill_draft(session: Session, job: Job, result: Result, now: datetime) -> Result:
    """Put what was made into its row, unless nobody wants it any more."""
    from matcher.services.meetings.asking import take_draft

    assert result.content is not None
    take_draft(session, job.request["timetable_id"], result.content.decode())
    return replace(result, content=None)  # the row has it, and a draft may change


TIMETABLE_KIND = Kind(TIMETABLE, prepare=no_input, compute=compute, apply=fill_draft)
