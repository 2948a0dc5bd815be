"""Imports as a kind of work: a file that was sent in, read under guard, applied all or not.

A process that may come to harm reads the file; the one that computes the run makes rows of its
records; the worker, which holds the database meanwhile, only compares them and writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.run import IMPORT, RunState
from matcher.domain.text import Text
from matcher.files.reading import MarketFiles
from matcher.services.imports.applying import Mode
from matcher.services.records.prepared import prepare_market, read_prepared, write_prepared
from matcher.services.records.replacing import put_market
from matcher.services.runs.running import find_run, input_of, request_of
from matcher.services.work.errors import RunNotDoneError
from matcher.services.work.kinds import Job, Kind, Progress, Result, no_input
from matcher.services.work.queue import Asked, submit
from matcher.services.work.settings import WorkSettings
from matcher.store.tables import RunRow

_READING = Text("读取文件", "reading the file")
_NO_PREVIEW = Text("不是已通过的预览", "it is no preview of a sound file")
_PREPARING = Text("整理记录", "making rows of the records")


@dataclass(frozen=True, slots=True)
class ImportAsked:
    """What was asked of an import; all of it stands in the request of its run.

    Parameters
    ----------
    name
        What the sender calls the file; its ending says what it is.
    preview
        Whether nothing is to be written.
    """

    name: str
    mode: Mode = Mode.REPLACE
    preview: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {"name": self.name, "mode": self.mode.value, "preview": self.preview}

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> ImportAsked:
        """Read what `to_json` wrote."""
        return cls(request["name"], Mode(request["mode"]), request["preview"])


def compute(job: Job, progress: Progress) -> Result:
    """Read a file that was sent in.

    Raises
    ------
    InputError
        With every fault of it.
    """
    # Imported where it is needed: it starts a process of its own.
    from matcher.files.guard import read_guarded

    progress.stage(_READING)
    asked = ImportAsked.of(job.request)
    reader = "market" if asked.mode is Mode.REPLACE else "tables"
    found: MarketFiles = read_guarded(job.content or b"", asked.name, reader=reader)
    progress.stage(_PREPARING)
    day = None if found.as_of is None else found.as_of.isoformat()
    content = write_prepared(prepare_market(found.records))
    return Result(content, summary={"as_of": day, "ignored": list(found.ignored)})


def apply(session: Session, job: Job, result: Result, now: datetime) -> Result:
    """Put what was read into the live market, or tell what would be done.

    Raises
    ------
    InputError
        With every fault between the file and what is there.
    """
    asked = ImportAsked.of(job.request)
    day = result.summary["as_of"]
    as_of = None if day is None else date.fromisoformat(day)
    merging = asked.mode is Mode.MERGE
    market = read_prepared(result.content or b"")
    outcome = put_market(session, market, as_of, now, merging, asked.preview)
    told = {
        "counts": outcome.counts,
        "kept_consents": list(outcome.kept_consents),
        "named": outcome.named,
    }
    return replace(result, summary={**result.summary, **told})


def ask_import(
    session: Session,
    actor: Actor,
    name: str,
    content: bytes,
    mode: Mode,
    preview: bool,
    settings: WorkSettings,
    now: datetime,
) -> RunRow:
    """Queue a file that was sent in; see `ImportAsked`.

    Raises
    ------
    QueueFullError
        If too many runs wait.
    """
    request = ImportAsked(name, mode, preview).to_json()
    media_type = "application/octet-stream"
    asked = Asked(IMPORT, actor.account_id, request, content, media_type)
    return submit(session, asked, settings, now)


def apply_previewed(
    session: Session, actor: Actor, run_id: UUID, settings: WorkSettings, now: datetime
) -> RunRow:
    """Queue the very file of a preview, to be applied now.

    What it changes is worked out anew: the market may be another one by then.

    Raises
    ------
    UnknownIdError
        If there is no such import, or it is not for this actor.
    RunNotDoneError
        If it is no preview that found the file sound.
    QueueFullError
        If too many runs wait.
    """
    row = find_run(session, actor, IMPORT, run_id)
    asked = ImportAsked.of(request_of(row))
    if row.state != RunState.DONE or not asked.preview:
        raise RunNotDoneError(_NO_PREVIEW)
    content = input_of(session, row)
    return ask_import(session, actor, asked.name, content, asked.mode, False, settings, now)


IMPORT_KIND = Kind(IMPORT, no_input, compute, apply)
