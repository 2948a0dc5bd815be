"""When and where: slots, the pauses between them, and tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from matcher.domain.choices import Choice
from matcher.domain.moments import CHINA
from matcher.domain.text import Text

PAUSE = Text("休息", "pause")


class Session(Choice):
    """A half of the day."""

    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time in which every table holds one round of meetings.

    Parameters
    ----------
    start, end
        Aware datetimes; the day is China's.
    session
        The half of the day that wishes refer to.
    """

    slot_id: str
    start: datetime
    end: datetime
    session: Session

    @property
    def day(self) -> date:
        """The day in China."""
        return self.start.astimezone(CHINA).date()

    @property
    def text(self) -> Text:
        """The time in both languages, as in ``05-24 09:00–09:20``."""
        start, end = self.start.astimezone(CHINA), self.end.astimezone(CHINA)
        return Text.same(f"{start:%m-%d %H:%M}–{end:%H:%M}")


@dataclass(frozen=True, slots=True)
class Pause:
    """A time without slots: tea, lunch. Nobody's row of meetings goes on across it."""

    start: datetime
    end: datetime
    name: Text = PAUSE


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the hall.

    Parameters
    ----------
    capacity
        How many meetings it holds at the same time, at least 1.
    closed
        Ids of the slots in which it cannot be used.
    """

    table_id: str
    name: str = ""
    capacity: int = 1
    closed: frozenset[str] = frozenset()

    @property
    def text(self) -> Text:
        """The name, or the id where it has none."""
        return Text.same(self.name or self.table_id)
