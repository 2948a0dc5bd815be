"""A fund whose money comes back: one capacity for every day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from matcher.domain.errors import Faults, InputError
from matcher.domain.ledger.draw import Draw, FundRequest, require_amount, require_days
from matcher.domain.ledger.timeline import Timeline
from matcher.domain.money import money_text
from matcher.domain.text import Text


@dataclass(frozen=True)
class RevolvingPool:
    """A fund of fixed size, and the uses of it that are agreed.

    On each day the money that is out is at most the capacity; money that comes back in the
    morning may go out again the same day.

    Parameters
    ----------
    capacity_fen
        The size of the fund, in fen.
    single_cap_fen
        The most that one request may have, in fen; None for no cap. It judges new requests
        only: draws agreed under a higher cap stay.
    draws
        What is agreed, past and future, in any order.

    Raises
    ------
    InputError
        If an amount cannot be used, an id is used twice, or the draws together exceed the
        fund on some day, naming each.
    """

    capacity_fen: int
    single_cap_fen: int | None = None
    draws: tuple[Draw, ...] = ()

    def __post_init__(self) -> None:
        faults = Faults()
        faults.amounts(capacity_fen=self.capacity_fen, single_cap_fen=self.single_cap_fen)
        more = Text("大于 0 的金额", "an amount above 0")
        faults.require(self.single_cap_fen != 0, "single_cap_fen", self.single_cap_fen, more)
        self._check_draws(faults)
        faults.raise_if_any()

    def _check_draws(self, faults: Faults) -> None:
        require_once(faults, (d.request_id for d in self.draws))
        fits = Text("每天在外资金不超过 {c}", "at most {c} out on any day")
        expected = fits.format(c=money_text(max(self.capacity_fen, 0)))
        for ordinal, out in zip(self.timeline.days, self.timeline.out, strict=True):
            shown = f"{date.fromordinal(ordinal)}: {money_text(out)}"
            faults.require(out <= self.capacity_fen, "draws", shown, expected)

    @cached_property
    def timeline(self) -> Timeline:
        """What is out on each day; to be copied before it grows."""
        return Timeline(self.draws)

    def available_fen(self, day: date) -> int:
        """Return what the fund holds on ``day``, in fen."""
        return self.available_through_fen(day, 1)

    def available_through_fen(self, day: date, num_days: int) -> int:
        """Return the most that can go out on ``day`` for so many days, in fen.

        That is the least of `available_fen` over the days ``day`` … ``day + num_days − 1``.

        Raises
        ------
        InputError
            If the number of days cannot be used.
        """
        faults = Faults()
        require_days(faults, num_days)
        faults.raise_if_any()
        return self.capacity_fen - self.timeline.most_out(day, num_days)

    def can_fund(self, request: FundRequest, day: date | None = None) -> bool:
        """Tell whether the request can be had from ``day`` (the day wanted unless given)."""
        start = day or request.wanted
        return self.first_day_for(request.amount_fen, request.num_days, start) == start

    def may_ask(self, amount_fen: int) -> bool:
        """Tell whether one request may be so large at all: under the cap and the fund."""
        cap = self.single_cap_fen
        return amount_fen <= self.capacity_fen and (cap is None or amount_fen <= cap)

    def first_day_for(self, amount_fen: int, num_days: int, from_day: date) -> date | None:
        """Return the first day from ``from_day`` on which an amount can go out for so many days.

        None where no day will do: the amount is above the cap or the fund, or the calendar
        ends before the money would be back.

        Raises
        ------
        InputError
            If the amount or the number of days cannot be used.
        """
        faults = Faults()
        require_amount(faults, amount_fen)
        require_days(faults, num_days)
        faults.raise_if_any()
        if not self.may_ask(amount_fen):
            return None
        return self.timeline.first_day(from_day, num_days, self.capacity_fen - amount_fen)

    def with_draws(self, *draws: Draw) -> RevolvingPool:
        """Return the fund with more draws agreed.

        Raises
        ------
        InputError
            If they do not fit, or an id is used twice.
        """
        return replace(self, draws=self.draws + draws)


def require_once(faults: Faults, ids: Iterable[str]) -> None:
    """Note a fault for each id of a request that is used again."""
    seen: set[str] = set()
    for identity in ids:
        new = Text("未用过的编号", "an id not used before")
        faults.require(identity not in seen, "request_id", identity, new)
        seen.add(identity)


def raise_unless_once(ids: Iterable[str]) -> None:
    """Raise one error that names every id used again.

    Raises
    ------
    InputError
        If there is one.
    """
    faults = Faults()
    require_once(faults, ids)
    if faults.found:
        raise InputError(faults.found)
