"""Who gets money from a fund on the day wanted, who waits and until when, and who cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.domain.choices import Choice
from matcher.domain.ledger.draw import Draw, FundRequest
from matcher.domain.ledger.revolving import RevolvingPool, raise_unless_once
from matcher.domain.moments import day_text
from matcher.domain.money import money_text
from matcher.domain.text import Text


class RefusedBecause(Choice):
    """Why a request can be had on no day."""

    SINGLE_CAP = "single_cap", "超过单笔上限"
    CAPACITY = "capacity", "超过资金池规模"
    CALENDAR = "calendar", "超出日历范围"


@dataclass(frozen=True, slots=True)
class Queued:
    """A request that waits.

    Parameters
    ----------
    position
        Its place in the queue, from 1, by the order in which the requests were given.
    left_fen
        The most that could be had on the day wanted for as many days, in fen.
    first_day
        The first day on which the whole amount can go out. It is held for the request: no
        later one is given money that would put it off.
    """

    request: FundRequest
    position: int
    left_fen: int
    first_day: date

    @property
    def num_days_to_wait(self) -> int:
        """Return the days from the day wanted to the first possible one."""
        return (self.first_day - self.request.wanted).days

    @property
    def sentence(self) -> Text:
        """What the applicant is told."""
        told = Text(
            "排队第 {p} 位：{w}可用 {left}，不足 {a}；最早 {d}可放款",
            "number {p} in the queue: {left} of {a} is there on {w}; the first day is {d}",
        )
        return told.format(
            p=self.position,
            w=day_text(self.request.wanted),
            left=money_text(self.left_fen),
            a=money_text(self.request.amount_fen),
            d=day_text(self.first_day),
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that can be had on no day, and why.

    Parameters
    ----------
    because, reason
        The kind of reason, and the sentence that the applicant is told.
    """

    request: FundRequest
    because: RefusedBecause
    reason: Text


@dataclass(frozen=True, slots=True)
class Allocation:
    """What becomes of a list of requests.

    Parameters
    ----------
    pool
        The fund with the funded requests agreed; what is queued holds no money yet.
    funded
        The draws that begin on the day wanted.
    queued, refused
        Those who wait, by position, and those who cannot be served.
    """

    pool: RevolvingPool
    funded: tuple[Draw, ...]
    queued: tuple[Queued, ...]
    refused: tuple[Refused, ...]


def allocate(pool: RevolvingPool, requests: Sequence[FundRequest]) -> Allocation:
    """Serve requests in the order given: the first has the first choice.

    1. A request above the cap, or above the whole fund, is refused.
    2. One that fits on the day wanted, beside all that is agreed and all that is held, is
       funded.
    3. Any other waits: the first day on which it fits is held for it. A later request may use
       what is left, as long as that puts off nobody before it.

    Raises
    ------
    InputError
        If an id of a request is used twice, or by a draw of the pool.
    """
    raise_unless_once([d.request_id for d in pool.draws] + [r.request_id for r in requests])
    held, funded = pool.timeline.copy(), list[Draw]()
    queued, refused = list[Queued](), list[Refused]()
    for request in requests:
        most_out = pool.capacity_fen - request.amount_fen
        fits = pool.may_ask(request.amount_fen)
        day = held.first_day(request.wanted, request.num_days, most_out) if fits else None
        if day is None:
            refused.append(_refused(pool, request))
            continue
        if day == request.wanted:
            funded.append(request.draw_from(day))
        else:
            left = pool.capacity_fen - held.most_out(request.wanted, request.num_days)
            queued.append(Queued(request, len(queued) + 1, left, day))
        held.add(request.draw_from(day))
    return Allocation(pool.with_draws(*funded), tuple(funded), tuple(queued), tuple(refused))


def _refused(pool: RevolvingPool, request: FundRequest) -> Refused:
    cap, amount = pool.single_cap_fen, request.amount_fen
    if cap is not None and amount > cap:
        because, most = RefusedBecause.SINGLE_CAP, cap
    elif amount > pool.capacity_fen:
        because, most = RefusedBecause.CAPACITY, pool.capacity_fen
    else:
        text = Text("还款日超出日历范围", "the day it would be back is beyond the calendar")
        return Refused(request, RefusedBecause.CALENDAR, text)
    return Refused(
        request, because, _TOO_MUCH[because].format(a=money_text(amount), m=money_text(most))
    )


_TOO_MUCH = {
    RefusedBecause.SINGLE_CAP: Text(
        "申请 {a}，超过单笔上限 {m}", "{a} is more than one request may have: {m}"
    ),
    RefusedBecause.CAPACITY: Text(
        "申请 {a}，超过资金池规模 {m}", "{a} is more than the whole fund: {m}"
    ),
}
