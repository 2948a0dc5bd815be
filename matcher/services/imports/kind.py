"""Imports as a kind of work: a file that was sent in, read under guard, applied all or not.

What the process that reads gives back is a market file in the canonical form; it is read once
more where it is applied, so that nothing of the stranger's file gets there but its records.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.records import Records
from matcher.domain.run import IMPORT
from matcher.domain.text import Text
from matcher.files.reading import MarketFiles, read_market_content
from matcher.files.writing import write_json
from matcher.services.imports.applying import Mode, apply_records
from matcher.services.records.replacing import Outcome
from matcher.services.work.kinds import Job, Kind, Progress, Result, no_input
from matcher.services.work.queue import Asked, submit
from matcher.services.work.settings import WorkSettings
from matcher.store.tables import RunRow

_READ = "market.json"
_READING = Text("读取文件", "reading the file")


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
    return Result(content_of(found), summary={"ignored": list(found.ignored)})


def content_of(found: MarketFiles) -> bytes:
    """Return what was read as a market file."""
    day: dict[str, Any] = {} if found.as_of is None else {"as_of": found.as_of.isoformat()}
    text = json.dumps({**day, **write_json(found.records)}, ensure_ascii=False, allow_nan=False)
    return text.encode()


def apply(session: Session, job: Job, result: Result, now: datetime) -> Result:
    """Put what was read into the live market, or tell what would be done.

    Raises
    ------
    InputError
        With every fault between the file and what is there.
    """
    asked = ImportAsked.of(job.request)
    found = read_market_content(result.content or b"", _READ, complete=False)
    outcome = apply_records(session, found.records, found.as_of, asked.mode, now, asked.preview)
    return replace(result, summary={**result.summary, **summary_of(outcome, found.records)})


def summary_of(outcome: Outcome, records: Records) -> dict[str, Any]:
    """Return what lists show of an import."""
    return {
        "counts": outcome.counts,
        "num_needs": len(records.needs),
        "kept_consents": list(outcome.kept_consents),
    }


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


IMPORT_KIND = Kind(IMPORT, no_input, compute, apply)
