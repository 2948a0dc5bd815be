"""A run: a piece of work done outside of requests, and the moves that it can make."""

from __future__ import annotations

from enum import StrEnum

from matcher.domain.text import Text

PLAN, SCENARIO, IMPORT, REPLAY = "plan", "scenario", "import", "replay"
TIMETABLE = "timetable"
"""The kinds of runs."""


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def text(self) -> Text:
        """The state's name."""
        return _TEXTS[self]

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (RunState.QUEUED, RunState.RUNNING)


class RunAction(StrEnum):
    """What can be done to a run.

    ``claim`` and what ends a run are a worker's; ``cancel`` is a person's, and a worker's where
    it finds a run that nobody wants any more.
    """

    CLAIM = "claim"
    GIVE_BACK = "give_back"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"


TRANSITIONS: dict[tuple[RunState, RunAction], RunState] = {
    (RunState.QUEUED, RunAction.CLAIM): RunState.RUNNING,
    (RunState.QUEUED, RunAction.CANCEL): RunState.CANCELLED,
    # The worker before is gone: its lease is over.
    (RunState.RUNNING, RunAction.CLAIM): RunState.RUNNING,
    (RunState.RUNNING, RunAction.GIVE_BACK): RunState.QUEUED,
    (RunState.RUNNING, RunAction.FINISH): RunState.DONE,
    (RunState.RUNNING, RunAction.FAIL): RunState.FAILED,
    (RunState.RUNNING, RunAction.CANCEL): RunState.CANCELLED,
}
"""The moves that there are; whatever is not here changes nothing."""

_TEXTS = {
    RunState.QUEUED: Text("排队中", "queued"),
    RunState.RUNNING: Text("运行中", "running"),
    RunState.DONE: Text("已完成", "done"),
    RunState.FAILED: Text("失败", "failed"),
    RunState.CANCELLED: Text("已取消", "cancelled"),
}
