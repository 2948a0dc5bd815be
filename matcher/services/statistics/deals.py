"""Deals of a programme: how many, for how much, how often the pool turned, what was saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.domain.enterprise import require_id
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.services.statistics.growth import periods_between, yearly_growth
from matcher.services.statistics.lines import Line, Unit, ratio, require_new, to_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A loan, a rollover, a grant or an investment that was paid out.

    Parameters
    ----------
    amount_fen
        Above 0, in fen.
    day
        The day of payment; None where not known.
    saved_fen
        What the firm saved by it, in fen, at most the amount; None where not known.
    is_bad
        Whether it was not paid back.
    """

    deal_id: str
    enterprise_id: str
    amount_fen: int
    day: date | None = None
    saved_fen: int | None = None
    is_bad: bool = False

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "deal_id", self.deal_id)
        require_id(faults, "enterprise_id", self.enterprise_id)
        more = Text("大于 0 的金额", "an amount above 0")
        faults.require(self.amount_fen != 0, "amount_fen", self.amount_fen, more)
        faults.amounts(amount_fen=self.amount_fen, saved_fen=self.saved_fen)
        faults.ordered("saved_fen", self.saved_fen, "amount_fen", max(self.amount_fen, 0))
        faults.raise_if_any()


@dataclass(frozen=True, slots=True)
class YearOfDeals:
    """The deals paid out in one calendar year."""

    year: int
    num_deals: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReport:
    """What a set of deals adds up to.

    Parameters
    ----------
    amount_fen
        All deals together, in fen.
    saved_fen, saved_on_fen
        What was saved, and the amount of those deals whose saving is known, in fen.
    pool_fen
        The size of the pool that the deals went through, in fen; None where there is none.
    by_year
        Every calendar year from the first to the last with a dated deal, empty ones too.
    """

    num_deals: int
    num_firms: int
    num_bad: int
    amount_fen: int
    saved_fen: int
    saved_on_fen: int
    pool_fen: int | None
    by_year: tuple[YearOfDeals, ...]

    @property
    def mean_fen(self) -> Decimal | None:
        """The mean deal: amount ÷ deals, in fen."""
        return ratio(self.amount_fen, self.num_deals)

    @property
    def turns(self) -> Decimal | None:
        """How often the pool went out: amount ÷ pool."""
        return ratio(self.amount_fen, self.pool_fen)

    @property
    def saved_share(self) -> Decimal | None:
        """The share of the book saved, over the deals whose saving is known."""
        return ratio(self.saved_fen, self.saved_on_fen)

    @property
    def growth(self) -> Decimal | None:
        """Growth of the amount per year, from the first calendar year to the last."""
        if not self.by_year:
            return None
        first, last = self.by_year[0], self.by_year[-1]
        steps = periods_between(first.year, last.year)
        return yearly_growth(first.amount_fen, last.amount_fen, steps)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The figures in the order of a report."""
        return (
            Line("num_deals", Text("笔数", "deals"), self.num_deals),
            Line("num_firms", Text("企业数", "firms"), self.num_firms),
            Line("num_bad", Text("坏账笔数", "bad deals"), self.num_bad),
            Line("amount", Text("累计金额", "amount"), self.amount_fen, Unit.FEN),
            Line("mean", Text("笔均金额", "mean deal"), self.mean_fen, Unit.FEN),
            Line("pool", Text("资金池规模", "pool"), self.pool_fen, Unit.FEN),
            Line("turns", Text("资金池周转次数", "turns of the pool"), self.turns, Unit.NUMBER),
            Line("saved", Text("节省成本", "saved"), self.saved_fen, Unit.FEN),
            Line(
                "saved_share",
                Text("节省占贷款额", "share of the book saved"),
                self.saved_share,
                Unit.RATE,
            ),
            Line("growth", Text("年均增长", "growth per year"), self.growth, Unit.RATE),
        )

    def to_document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        years = [
            {"year": y.year, "num_deals": y.num_deals, "amount_fen": y.amount_fen}
            for y in self.by_year
        ]
        return {**to_document(self.lines), "by_year": years}


def deal_report(deals: Iterable[Deal], pool_fen: int | None = None) -> DealReport:
    """Count deals.

    Raises
    ------
    InputError
        If an id is used twice, or the size of the pool cannot be used.
    """
    book, faults = tuple(deals), Faults()
    require_new(faults, "deal_id", (d.deal_id for d in book))
    faults.amounts(pool_fen=pool_fen)
    faults.raise_if_any()
    return DealReport(
        num_deals=len(book),
        num_firms=len({d.enterprise_id for d in book}),
        num_bad=sum(d.is_bad for d in book),
        amount_fen=sum(d.amount_fen for d in book),
        saved_fen=sum(d.saved_fen or 0 for d in book),
        saved_on_fen=sum(d.amount_fen for d in book if d.saved_fen is not None),
        pool_fen=pool_fen,
        by_year=_by_year(book),
    )


def _by_year(book: tuple[Deal, ...]) -> tuple[YearOfDeals, ...]:
    amounts: dict[int, list[int]] = {}
    for deal in book:
        if deal.day is not None:
            amounts.setdefault(deal.day.year, []).append(deal.amount_fen)
    span = range(min(amounts), max(amounts) + 1) if amounts else range(0)
    paid = ((year, amounts.get(year, [])) for year in span)
    return tuple(YearOfDeals(year, len(each), sum(each)) for year, each in paid)
