"""The kinds of work that there are."""

from __future__ import annotations

from matcher.services.imports.kind import IMPORT_KIND
from matcher.services.work.kinds import Kind
from matcher.services.work.plan import PLAN_KIND
from matcher.services.work.replay import REPLAY_KIND
from matcher.services.work.scenario import SCENARIO_KIND
from matcher.services.work.timetable import TIMETABLE_KIND

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (PLAN_KIND, REPLAY_KIND, SCENARIO_KIND, IMPORT_KIND, TIMETABLE_KIND)
}
"""By their names, which are those of `RunRow.kind`."""
