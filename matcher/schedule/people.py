"""Who meets: participants and the meetings between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from matcher.domain.choices import Choice
from matcher.domain.text import Text
from matcher.schedule.hall import Session

POINTS_PER_UNIT = 1000
"""A score in [0, 1] is worth so many points at most."""


class ParticipantKind(Choice):
    """On which side of the table somebody sits."""

    FIRM = "firm", "企业"
    INSTITUTION = "institution", "金融机构"


@dataclass(frozen=True, slots=True)
class Participant:
    """A firm or an institution that comes to the event.

    Parameters
    ----------
    name, name_en
        As printed; the id stands in where there is none.
    officers
        How many of its people hold meetings at the same time, at least 1.
    tables
        Ids of the tables set aside for it: its meetings are held there, and no others are.
        Several participants may share the same tables. Empty: any table not set aside.
    max_run
        The most meetings that one of its people has in a row; None: as the problem says.
    """

    participant_id: str
    name: str = ""
    name_en: str = ""
    kind: ParticipantKind = ParticipantKind.FIRM
    officers: int = 1
    tables: tuple[str, ...] = ()
    max_run: int | None = None

    @property
    def text(self) -> Text:
        """The name in both languages."""
        name = self.name or self.name_en or self.participant_id
        return Text(name, self.name_en or name)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two participants who are to meet once.

    Parameters
    ----------
    first, second
        Ids of the participants. Where tables are set aside for both, they meet at the first's.
    value
        What it is worth to hold it, in points, at least 0 (see `points`).
    must
        Whether a timetable without it is none.
    wish
        The half of the day in which it has to be; None: either.
    slot
        Id of the slot in which it has to be; None: any.
    """

    meeting_id: str
    first: str
    second: str
    value: int = 1
    must: bool = False
    wish: Session | None = None
    slot: str | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of both participants."""
        return self.first, self.second


def points(value: Decimal | float) -> int:
    """Return a score, usually in [0, 1], in points: thousandths, half rounded up."""
    exact = Decimal(str(value)) * POINTS_PER_UNIT
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
