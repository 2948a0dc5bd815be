"""An import for its page: how far it is, what it would change or did, what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.pages.views.plans import RUN_KINDS
from matcher.domain.errors import Fault
from matcher.domain.run import RunState
from matcher.domain.text import Text
from matcher.files.tables import table_named
from matcher.services.imports import ImportAsked, Mode
from matcher.services.runs import running
from matcher.store.tables import RunRow

MOST_FAULTS = 200
"""A page shows no more faults than that; how many there are it says."""

_NAMED = (
    ("new", Text("新增", "new")),
    ("changed", Text("修改", "changed")),
    ("removed", Text("删除", "removed")),
)


@dataclass(frozen=True, slots=True)
class TableLine:
    """What an import does to one table.

    Parameters
    ----------
    named
        The first records of each kind of change: what becomes of them, and their keys.
    """

    text: Text
    new: int
    changed: int
    removed: int
    unchanged: int
    named: tuple[tuple[Text, int, tuple[str, ...]], ...]

    @property
    def num_changes(self) -> int:
        """How many records are not as they were."""
        return self.new + self.changed + self.removed


@dataclass(frozen=True, slots=True)
class ShownImport:
    """An import as its page shows it.

    Parameters
    ----------
    faults
        At most `MOST_FAULTS` of them; `num_faults` says how many there are.
    """

    id: UUID
    name: str
    mode: Mode
    is_preview: bool
    state: RunState
    kind: str
    stage: Text | None
    created_at: datetime
    finished_at: datetime | None
    lines: tuple[TableLine, ...]
    ignored: tuple[str, ...]
    kept_consents: tuple[str, ...]
    faults: tuple[Fault, ...]
    num_faults: int

    @property
    def num_changes(self) -> int:
        """How many records of all tables are not as they were."""
        return sum(line.num_changes for line in self.lines)

    @property
    def num_removed(self) -> int:
        """How many records go."""
        return sum(line.removed for line in self.lines)


def read_import(row: RunRow) -> ShownImport:
    """Return an import for its page."""
    asked = ImportAsked.of(running.request_of(row))
    summary = running.summary_of(row) or {}
    named = summary.get("named", {})
    problem = running.problem_of(row)
    faults = () if problem is None else problem.faults
    state = RunState(row.state)
    return ShownImport(
        id=row.id,
        name=asked.name,
        mode=asked.mode,
        is_preview=asked.preview,
        state=state,
        kind=RUN_KINDS[state],
        stage=running.stage_of(row),
        created_at=row.created_at,
        finished_at=row.finished_at,
        lines=tuple(
            _line(table, counts, named.get(table, {}))
            for table, counts in summary.get("counts", {}).items()
        ),
        ignored=tuple(summary.get("ignored", ())),
        kept_consents=tuple(summary.get("kept_consents", ())),
        faults=faults[:MOST_FAULTS],
        num_faults=len(faults),
    )


def _line(table: str, counts: dict[str, int], named: dict[str, list[str]]) -> TableLine:
    known = table_named(table)
    return TableLine(
        text=Text.same(table) if known is None else known.text,
        **counts,
        named=tuple(
            (text, counts[what] - len(named[what]), tuple(named[what]))
            for what, text in _NAMED
            if what in named
        ),
    )
