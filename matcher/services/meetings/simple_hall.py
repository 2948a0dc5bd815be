"""A description out of the few fields of a form: one row of slots around lunch, tables alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.files.toml_table import read_clock

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleHall:
    """A hall as most are.

    Parameters
    ----------
    start
        Of the first slot, as ``09:00``.
    lunch
        Start and end, empty for none.
    firms, institutions
        Ids of those who come; without any, everybody in the plan does.
    """

    start: str
    minutes: int
    gap_minutes: int
    number_of_slots: int
    number_of_tables: int
    lunch: tuple[str, str] = ("", "")
    organiser: str = ""
    max_in_a_row: int | None = None
    firms: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults, clock = Faults(), Text("时刻，如 09:00", "a time of day: 09:00")
        for name, value in (("start", self.start), *(("lunch", one) for one in self.lunch if one)):
            faults.require(read_clock(value) is not None, name, value, clock)
        for name, least in (
            ("minutes", 1), ("gap_minutes", 0), ("number_of_slots", 1), ("number_of_tables", 1),
        ):  # fmt: skip
            value = getattr(self, name)
            faults.require(least <= value <= MOST, name, value, Text.same(f"{least} – {MOST}"))
        faults.require(
            bool(self.lunch[0]) == bool(self.lunch[1]), "lunch", " – ".join(self.lunch),
            Text("开始与结束都填或都不填", "both ends or none"),
        )  # fmt: skip
        faults.raise_if_any()

    def description(self) -> dict[str, Any]:
        """Return it as an event file says it."""
        event: dict[str, Any] = {}
        if self.organiser:
            event["organiser"] = self.organiser
        if self.max_in_a_row is not None:
            event["max_in_a_row"] = self.max_in_a_row
        slots: dict[str, Any] = {
            "start": self.start,
            "minutes": self.minutes,
            "gap_minutes": self.gap_minutes,
            "number": self.number_of_slots,
        }
        if all(self.lunch):
            slots["lunch"] = list(self.lunch)
        found: dict[str, Any] = {"event": event, "slots": [slots]}
        found["tables"] = [{"number": self.number_of_tables, "prefix": "A"}]
        for name, ids in (("firms", self.firms), ("institutions", self.institutions)):
            if ids:
                event[f"only_listed_{name}"] = True
                found[name] = [{"id": identity} for identity in ids]
        return found
