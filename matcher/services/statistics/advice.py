"""Visits of advisers: firms visited, problems solved, and how evenly the work was spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.domain.enterprise import require_id
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.services.statistics.lines import Line, Unit, ratio, require_new, to_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit of an adviser to a firm; ``problems_solved`` counts what was settled by it."""

    visit_id: str
    adviser_id: str
    enterprise_id: str
    day: date | None = None
    problems_solved: int = 0

    def __post_init__(self) -> None:
        faults = Faults()
        for field in ("visit_id", "adviser_id", "enterprise_id"):
            require_id(faults, field, getattr(self, field))
        faults.not_negative(problems_solved=self.problems_solved)
        faults.raise_if_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReport:
    """What a set of visits adds up to.

    Parameters
    ----------
    num_advisers
        All advisers, those without a visit too.
    least_load, most_load
        The fewest and the most visits of one adviser; None without advisers.
    """

    num_visits: int
    num_firms: int
    num_advisers: int
    problems_solved: int
    least_load: int | None
    most_load: int | None

    @property
    def visits_per_adviser(self) -> Decimal | None:
        """Visits ÷ advisers."""
        return ratio(self.num_visits, self.num_advisers)

    @property
    def problems_per_visit(self) -> Decimal | None:
        """Problems ÷ visits."""
        return ratio(self.problems_solved, self.num_visits)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The figures in the order of a report."""
        mean, solved = self.visits_per_adviser, self.problems_per_visit
        return (
            Line("num_advisers", Text("金融顾问人数", "advisers"), self.num_advisers),
            Line("num_visits", Text("走访次数", "visits"), self.num_visits),
            Line("num_firms", Text("走访企业数", "firms visited"), self.num_firms),
            Line("problems_solved", Text("解决难题数", "problems solved"), self.problems_solved),
            Line("least_load", Text("单人最少走访", "fewest visits of one"), self.least_load),
            Line("most_load", Text("单人最多走访", "most visits of one"), self.most_load),
            Line("per_adviser", Text("人均走访", "visits of an adviser"), mean, Unit.NUMBER),
            Line("per_visit", Text("次均解决难题", "problems of a visit"), solved, Unit.NUMBER),
        )

    def to_document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return to_document(self.lines)


def visit_report(visits: Iterable[Visit], advisers: Iterable[str] | None = None) -> VisitReport:
    """Count visits.

    Parameters
    ----------
    advisers
        Ids of all advisers; None for those who made a visit.

    Raises
    ------
    InputError
        If an id of a visit is used twice, or an adviser is not on the list, naming each.
    """
    log = tuple(visits)
    load = Counter(v.adviser_id for v in log)
    listed = set(load) if advisers is None else set(advisers)
    faults = Faults()
    require_new(faults, "visit_id", (v.visit_id for v in log))
    for adviser in sorted(set(load) - listed):
        faults.require(False, "adviser_id", adviser, Text("名单中的顾问", "an adviser of the list"))
    faults.raise_if_any()
    loads = [load[adviser] for adviser in listed]
    return VisitReport(
        num_visits=len(log),
        num_firms=len({v.enterprise_id for v in log}),
        num_advisers=len(listed),
        problems_solved=sum(v.problems_solved for v in log),
        least_load=min(loads, default=None),
        most_load=max(loads, default=None),
    )
