"""A budget of so much a year: what is not granted in a year lapses, and nothing comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.domain.enterprise import require_id
from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.ledger.draw import require_amount
from matcher.domain.ledger.revolving import raise_unless_once, require_once
from matcher.domain.money import money_text
from matcher.domain.text import Text


@dataclass(frozen=True, slots=True)
class Grant:
    """Money of a budget, for one year: promised, or asked for.

    Parameters
    ----------
    amount_fen
        In fen; above 0. A payment by tranches is one grant for each year it is paid in.
    year
        The calendar year whose budget it comes from.
    """

    request_id: str
    amount_fen: int
    year: int

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "request_id", self.request_id)
        require_amount(faults, self.amount_fen)
        faults.raise_if_any()


@dataclass(frozen=True, slots=True)
class YearlyBudget:
    """A budget with an amount for each year, and what is granted of it.

    Parameters
    ----------
    years
        (year, amount in fen) pairs, the years ascending. What a year leaves over does not
        pass to the next: a house convention, no source says that it may.
    grants
        What is promised.

    Raises
    ------
    InputError
        If years are out of order, a year has an amount that cannot be, a grant is for a year
        without a budget, an id is used twice, or a year is overdrawn, naming each.
    """

    years: tuple[tuple[int, int], ...]
    grants: tuple[Grant, ...] = ()

    def __post_init__(self) -> None:
        faults = Faults()
        numbers = [year for year, _ in self.years]
        ascending = numbers == sorted(set(numbers))
        faults.require(
            ascending, "years", numbers, Text("递增且不重复的年份", "years, ascending, each once")
        )
        for _, amount in self.years:
            faults.amounts(years=amount)
        require_once(faults, (g.request_id for g in self.grants))
        if not faults.found:
            self._check_grants(faults)
        faults.raise_if_any()

    def _check_grants(self, faults: Faults) -> None:
        known = dict(self.years)
        for year in sorted({g.year for g in self.grants}):
            granted = self.granted_fen(year)
            shown = f"{year}: {money_text(granted)}"
            most = Text("不超过 {m}", "at most {m}").format(m=money_text(known.get(year, 0)))
            faults.require(granted <= known.get(year, 0), "grants", shown, most)

    @property
    def total_fen(self) -> int:
        """The budget of all years together, in fen."""
        return sum(amount for _, amount in self.years)

    def granted_fen(self, year: int) -> int:
        """Return what is granted for a year, in fen."""
        return sum(g.amount_fen for g in self.grants if g.year == year)

    def remaining_fen(self, year: int) -> int:
        """Return what a year has left, in fen.

        Raises
        ------
        InputError
            If the year has no budget.
        """
        known = dict(self.years)
        if year not in known:
            message = Text("该年度没有预算", "the year has no budget")
            span = Text.same(", ".join(str(y) for y in known))
            raise InputError([Fault(message, field="year", value=year, expected=span)])
        return known[year] - self.granted_fen(year)

    def first_year_for(self, amount_fen: int, from_year: int) -> int | None:
        """Return the first year from ``from_year`` with so much left, None without one."""
        later = (year for year, _ in self.years if year >= from_year)
        return next((year for year in later if self.remaining_fen(year) >= amount_fen), None)

    def with_grant(self, grant: Grant) -> YearlyBudget:
        """Return the budget with one more grant.

        Raises
        ------
        InputError
            If the year has too little left or no budget.
        """
        return replace(self, grants=(*self.grants, grant))


def level_budget(first_year: int, num_years: int, yearly_fen: int) -> YearlyBudget:
    """Return a budget of the same amount in each of several years.

    Raises
    ------
    InputError
        Naming every figure that cannot be used.
    """
    faults = Faults()
    span = Text("1 到 100 年", "1 to 100 years")
    faults.require(1 <= num_years <= 100, "num_years", num_years, span)
    faults.amounts(yearly_fen=yearly_fen)
    faults.raise_if_any()
    return YearlyBudget(tuple((first_year + n, yearly_fen) for n in range(num_years)))


@dataclass(frozen=True, slots=True)
class BudgetRefusal:
    """A request for which its year has too little.

    Parameters
    ----------
    remaining_fen
        What the year had left when it was this request's turn, in fen; 0 without a budget.
    first_year
        The first later year that had enough then; None where no year has.
    """

    request: Grant
    remaining_fen: int
    first_year: int | None

    @property
    def reason(self) -> Text:
        """What the applicant is told."""
        asked = Text(
            "{y} 年剩余 {left}，不足 {a}", "{y} has {left} left, which is less than {a}"
        ).format(
            y=self.request.year,
            left=money_text(self.remaining_fen),
            a=money_text(self.request.amount_fen),
        )
        if self.first_year is None:
            none = Text("{t}；以后各年均不足", "{t}; no later year has enough")
            return none.format(t=asked)
        later = Text("{t}；{y} 年有足够预算", "{t}; {y} is the first year with enough")
        return later.format(t=asked, y=self.first_year)


@dataclass(frozen=True, slots=True)
class BudgetAllocation:
    """What becomes of a list of requests for a budget: it with the grants, and the refusals."""

    budget: YearlyBudget
    granted: tuple[Grant, ...]
    refused: tuple[BudgetRefusal, ...]


def allocate_budget(budget: YearlyBudget, requests: Sequence[Grant]) -> BudgetAllocation:
    """Grant requests in the order given, each for its own year or not at all.

    Nothing is held in another year for a request that is refused: it may ask again.

    Raises
    ------
    InputError
        If an id of a request is used twice, or by a grant of the budget.
    """
    raise_unless_once([g.request_id for g in budget.grants] + [r.request_id for r in requests])
    refused = list[BudgetRefusal]()
    known, current = {year for year, _ in budget.years}, budget
    for request in requests:
        left = current.remaining_fen(request.year) if request.year in known else 0
        if request.amount_fen <= left:
            current = current.with_grant(request)
        else:
            later = current.first_year_for(request.amount_fen, request.year)
            refused.append(BudgetRefusal(request, left, later))
    granted = current.grants[len(budget.grants) :]
    return BudgetAllocation(current, granted, tuple(refused))
