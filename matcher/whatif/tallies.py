"""What a plan gives each institution and each group of firms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matcher.domain.text import Text
from matcher.planning.dimensions import Dimension
from matcher.planning.plan import Match, Plan


@dataclass(frozen=True, slots=True)
class Tally:
    """What one group gets.

    Parameters
    ----------
    num_needs, num_matched
        How many needs the group has, and how many of them have a match. Of an institution:
        the needs of the round, and those that it meets.
    num_matches
        Matches: meetings.
    amount_fen
        Money on offer, in fen: of each need the largest amount that one match offers. Of an
        institution: of all its matches.
    mean_cost
        Mean all-in yearly cost of the matches, at the lowest rates quoted; None where not known.
    mean_days
        Mean calendar days from the round to the money; None where not known.
    share
        Matched needs over needs. Of an institution: its share of all matches.
    """

    num_needs: int
    num_matched: int
    num_matches: int
    amount_fen: int
    mean_cost: Decimal | None
    mean_days: Decimal | None
    share: Decimal


INSTITUTION = Text("机构", "institution")


def group_tallies(plan: Plan, dimension: Dimension) -> dict[str, Tally]:
    """Return what each group gets, by the key of the group."""
    market = plan.graph.market
    members: dict[str, list[str]] = {}
    for need, firm in zip(market.needs, market.enterprise_of, strict=True):
        members.setdefault(dimension.key(need, firm), []).append(need.need_id)
    matches: dict[str, list[Match]] = {}
    for match in plan.matches:
        matches.setdefault(dimension.key(match.need, match.enterprise), []).append(match)
    return {
        key: tally(plan, matches.get(key, []), len(needs)) for key, needs in sorted(members.items())
    }


def total(plan: Plan) -> Tally:
    """Return what all needs get."""
    return tally(plan, plan.matches, plan.graph.market.num_needs)


def institution_tallies(plan: Plan) -> dict[str, Tally]:
    """Return what each institution gets, by its id."""
    market = plan.graph.market
    found = {}
    for institution in market.institutions:
        identity = institution.institution_id
        leads = [m for m in plan.matches if m.institution.institution_id == identity]
        own = tally(plan, leads, market.num_needs)
        found[identity] = Tally(
            own.num_needs,
            own.num_matched,
            own.num_matches,
            sum(m.offered_fen for m in leads),
            own.mean_cost,
            own.mean_days,
            _ratio(len(leads), len(plan.matches)),
        )
    return found


def tally(plan: Plan, matches: Sequence[Match], num_needs: int) -> Tally:
    """Sum up some matches of a group of needs."""
    largest: dict[str, int] = {}
    for match in matches:
        need = match.need.need_id
        largest[need] = max(match.offered_fen, largest.get(need, 0))
    day = plan.graph.market.as_of
    return Tally(
        num_needs=num_needs,
        num_matched=len(largest),
        num_matches=len(matches),
        amount_fen=sum(largest.values()),
        mean_cost=_mean(m.all_in_low for m in matches),
        mean_days=_mean(
            None if m.cash_date is None else Decimal((m.cash_date - day).days) for m in matches
        ),
        share=_ratio(len(largest), num_needs),
    )


def worst(tallies: dict[str, Tally]) -> tuple[str, Decimal] | None:
    """Return the group of the least share, the first of equals; None without groups."""
    rates = [(t.share, key) for key, t in tallies.items() if t.num_needs]
    if not rates:
        return None
    share, key = min(rates)
    return key, share


def _mean(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [v for v in values if v is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


def _ratio(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)
