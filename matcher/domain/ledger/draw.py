"""One use of a fund whose money comes back, and the wish for one.

The day on which money goes out counts and the day on which it is back does not: money out on
the 1st for 10 days is back on the 11th, and may go out again on the 11th.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from matcher.domain.enterprise import require_id
from matcher.domain.errors import Faults
from matcher.domain.text import Text

MAX_DAYS = 3_660
"""Longest use of a fund, ten years; bridges last days, and longer ones are slips."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Money that is out of a fund from ``out`` up to the day before ``back``.

    Parameters
    ----------
    amount_fen
        How much is out, in fen; above 0.
    out
        The first day on which the fund lacks the money.
    back
        The first day on which it has the money again; after ``out``.

    Raises
    ------
    InputError
        Naming every field that cannot be used.
    """

    request_id: str
    amount_fen: int
    out: date
    back: date

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "request_id", self.request_id)
        require_amount(faults, self.amount_fen)
        later = Text("晚于 {d} 的日期", "a day after {d}").format(d=self.out)
        faults.require(self.back > self.out, "back", self.back, later)
        faults.raise_if_any()


@dataclass(frozen=True, slots=True)
class FundRequest:
    """A wish for money out of a fund.

    Parameters
    ----------
    amount_fen
        How much, in fen; above 0. It is had whole or not at all.
    wanted
        The first day on which it may go out.
    num_days
        For how many days, from 1 to `MAX_DAYS`.

    Raises
    ------
    InputError
        Naming every field that cannot be used.
    """

    request_id: str
    amount_fen: int
    wanted: date
    num_days: int

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "request_id", self.request_id)
        require_amount(faults, self.amount_fen)
        require_days(faults, self.num_days)
        faults.raise_if_any()

    def draw_from(self, day: date) -> Draw:
        """Return the draw that begins on ``day``."""
        back = day + timedelta(days=self.num_days)
        return Draw(self.request_id, self.amount_fen, day, back)


def require_amount(faults: Faults, amount_fen: int) -> None:
    """Note a fault unless the amount is above 0 and no slip."""
    more = Text("大于 0 的金额", "an amount above 0")
    faults.require(amount_fen != 0, "amount_fen", amount_fen, more)
    faults.amounts(amount_fen=amount_fen)


def require_days(faults: Faults, num_days: int) -> None:
    """Note a fault unless the number of days is one that a fund may be used for."""
    expected = Text(f"1 到 {MAX_DAYS} 天", f"1 to {MAX_DAYS} days")
    faults.require(1 <= num_days <= MAX_DAYS, "num_days", num_days, expected)
