"""The convening list: who should sit at the table of one need, and what each brings to it.

The parties are chosen exactly. Let P be the institutions with an offer that can be in time, I(p)
the instruments that p covers, s(p) the score of its best offer, d(p) the workdays to its cash,
b(p) = 1 for a bank, and k the banks wanted (at most as many as P has). Over the sets S ⊆ P with

    ∪ I(p) = ∪ over all of P,    Σ b(p) ≥ k        (p ∈ S)

the list minimises, in this order, |S|, −Σ s(p), Σ d(p), and the ids of S in their order.

Places and money that others draw on as well are not looked at: that is for the plan of a round.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from matcher.domain.choices import InstitutionKind, Instrument
from matcher.domain.criteria import State, Verdict
from matcher.domain.enterprise import MAX_CONTACTS, Enterprise, Need
from matcher.domain.errors import Faults
from matcher.domain.institution import MAX_WORKDAYS, Institution, Product
from matcher.domain.text import Text
from matcher.planning.encode import SCORE_PLACES
from matcher.planning.urgent import cash_date, reachable, slack_workdays
from matcher.scoring.change import Change
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.mending import judge, smallest_change
from matcher.scoring.pair import Pair
from matcher.scoring.pair import Part as Companion

UNKNOWN_DAYS = MAX_WORKDAYS + 1
"""A product that does not say when it pays comes after every one that does."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a party brings for one instrument: its best product.

    Parameters
    ----------
    offered_fen
        What the product could give, in fen.
    cash_date, slack_workdays
        When the money could be there, and the workdays to spare then; None where not known.
    days
        Workdays to cash, for comparing.
    companions
        What goes with the product, and whose: who has to be asked as well.
    missing
        The papers without which the offer stays conditional.
    """

    instrument: Instrument
    product: Product
    score: float
    offered_fen: int
    cash_date: date | None
    slack_workdays: int | None
    days: int
    companions: tuple[Companion, ...]
    missing: tuple[Text, ...]

    @property
    def rank(self) -> tuple[float, int, str]:
        """Best first: the score, then the earlier cash, then the id."""
        return (-self.score, self.days, self.product.product_id)


@dataclass(frozen=True, slots=True)
class Party:
    """An institution that can help in time.

    Parameters
    ----------
    parts
        One for each instrument that it covers, best first.
    needed_for
        The instruments that nobody else at the table covers.
    needed_as_bank
        Whether fewer banks than wanted would be left without it.
    """

    institution: Institution
    parts: tuple[Part, ...]
    needed_for: tuple[Instrument, ...] = ()
    needed_as_bank: bool = False

    @property
    def score(self) -> float:
        """The score of its best offer."""
        return self.parts[0].score

    @property
    def is_bank(self) -> bool:
        """Whether it counts towards the banks wanted."""
        return self.institution.kind is InstitutionKind.BANK

    @property
    def instruments(self) -> frozenset[Instrument]:
        """The instruments that it covers."""
        return frozenset(part.instrument for part in self.parts)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """An instrument that the firm accepts and nobody can bring in time.

    Parameters
    ----------
    nearest
        The pair that fails the fewest rules, of these one that can be mended; None if the
        catalogue has no product of the kind.
    changes
        The smallest change that would help; None if there is none.
    """

    instrument: Instrument
    nearest: Pair | None = None
    failing: tuple[Verdict, ...] = ()
    changes: tuple[Change, ...] | None = None

    @property
    def sentence(self) -> Text:
        """Why nobody covers it, and what would change that."""
        if self.nearest is None:
            why = Text("目录中没有这类产品", "the catalogue has no such product")
        elif not self.failing:
            why = Text("资金需求日已过", "the deadline has passed")
        else:
            why = Text("最接近的是{i}的“{p}”：{v}；{c}", "nearest is {i}, {p}: {v}; {c}").format(
                i=self.nearest.institution.text,
                p=self.nearest.product.text,
                v=Text.join([v.sentence for v in self.failing], zh="；", en="; "),
                c=self._change_text(),
            )
        return Text("{i}：{w}", "{i}: {w}").format(i=self.instrument.text, w=why)

    def _change_text(self) -> Text:
        if not self.changes:
            return Text("改变需求本身无法解决", "no change of the need helps")
        words = Text.join([c.text for c in self.changes], zh="；", en="; ")
        return Text("最小改变：{c}", "the smallest change: {c}").format(c=words)


@dataclass(frozen=True, slots=True)
class TooSlow:
    """A product that nothing but the time to cash keeps from the table."""

    product: Product
    institution: Institution
    cash_date: date
    late_workdays: int

    @property
    def sentence(self) -> Text:
        """By how much it is too slow."""
        n = self.late_workdays
        return Text(f"晚 {n} 个工作日", f"too slow by {n} workday{'s' * (n != 1)}")


@dataclass(frozen=True, slots=True)
class ConveningList:
    """Who should sit at the table of one need.

    Parameters
    ----------
    parties
        The fewest that cover everything, best score first. None of them can be left out.
    reserves
        The other institutions that could help, best score first, should a party not come.
    uncovered
        The instruments that the firm accepts and nobody covers.
    too_slow
        What only its time to cash excludes, the least late first.
    least_banks
        The banks wanted; fewer sit at the table if no more can help in time.
    """

    need: Need
    enterprise: Enterprise
    parties: tuple[Party, ...]
    reserves: tuple[Party, ...]
    uncovered: tuple[Uncovered, ...]
    too_slow: tuple[TooSlow, ...]
    least_banks: int

    @property
    def covered(self) -> tuple[Instrument, ...]:
        """The instruments on the table, sorted."""
        return tuple(sorted({i for party in self.parties for i in party.instruments}))

    @property
    def num_banks(self) -> int:
        return sum(party.is_bank for party in self.parties)

    @property
    def notes(self) -> tuple[Text, ...]:
        """What the organiser should know before inviting."""
        found = []
        if self.num_banks < self.least_banks:
            text = Text(
                "希望至少 {k} 家银行，能按期的只有 {n} 家",
                "at least {k} banks were wanted, only {n} can help in time",
            )
            found.append(text.format(k=self.least_banks, n=self.num_banks))
        if len(self.parties) > self.need.contacts:
            text = Text(
                "名单有 {n} 家，企业希望不超过 {k} 家：请先征得同意",
                "{n} parties are named, the firm wants at most {k}: ask it first",
            )
            found.append(text.format(n=len(self.parties), k=self.need.contacts))
        return tuple(found)


def convene(graph: ScoringGraph, need_idx: int, least_banks: int = 0) -> ConveningList:
    """Return who should sit at the table of one need.

    Parameters
    ----------
    least_banks
        Banks wanted, 0 to `MAX_CONTACTS`; all there are if there are fewer.

    Raises
    ------
    InputError
        If ``least_banks`` is out of its range.
    """
    _require_banks(least_banks)
    market = graph.market
    need = market.needs[need_idx]
    parties = _parties(graph, need_idx)
    chosen = _invited(parties, least_banks)
    invited = {party.institution.institution_id for party in chosen}
    covered = {i for party in chosen for i in party.instruments}
    return ConveningList(
        need=need,
        enterprise=market.enterprise_of[need_idx],
        parties=chosen,
        reserves=_best_first(p for p in parties if p.institution.institution_id not in invited),
        uncovered=tuple(_uncovered(graph, need_idx, i) for i in sorted(need.instruments - covered)),
        too_slow=_too_slow(graph, need_idx),
        least_banks=least_banks,
    )


def invite(graph: ScoringGraph, need_idx: int, least_banks: int = 0) -> tuple[Party, ...]:
    """Return the parties of `convene` alone, without what is to be said of all others.

    Raises
    ------
    InputError
        If ``least_banks`` is out of its range.
    """
    _require_banks(least_banks)
    return _invited(_parties(graph, need_idx), least_banks)


def _invited(parties: Sequence[Party], least_banks: int) -> tuple[Party, ...]:
    return _best_first(_with_roles(fewest(parties, least_banks), least_banks))


def _require_banks(least_banks: int) -> None:
    faults = Faults()
    holds = 0 <= least_banks <= MAX_CONTACTS
    faults.require(holds, "least_banks", least_banks, Text.same(f"0 – {MAX_CONTACTS}"))
    faults.raise_if_any()


def fewest(parties: Sequence[Party], least_banks: int) -> tuple[Party, ...]:
    """Return the best set of parties, as the module says, by dynamic programming.

    1. A state is what a set of parties achieves: the instruments covered, and its banks up to
       the number wanted. Its value is (parties, −points, workdays, positions).
    2. Party by party, in the order of the ids, every state seen so far is tried with the party
       added, and of two sets in one state the one of lower value is kept.
    3. The answer is the set kept in the state that has everything.

    It is exact: what a party adds to the state and to the value does not depend on how the state
    was reached, so a set that is dropped in step 2 could be exchanged for the one kept in any
    list, which would be no worse. Points are whole millionths of score: sums are exact. The
    number of steps is at most |P| · 2⁷ · (k + 1), there being seven instruments.
    """
    ordered = sorted(parties, key=lambda p: p.institution.institution_id)
    wanted = frozenset(i for party in ordered for i in party.instruments)
    banks_wanted = min(least_banks, sum(party.is_bank for party in ordered))
    nothing: tuple[int, int, int, tuple[int, ...]] = (0, 0, 0, ())
    best = {(frozenset[Instrument](), 0): nothing}
    for position, party in enumerate(ordered):
        points = round(party.score * 10**SCORE_PLACES)
        for (covered, banks), (size, minus, days, positions) in list(best.items()):
            state = (covered | party.instruments, min(banks + party.is_bank, banks_wanted))
            value = (size + 1, minus - points, days + party.parts[0].days, (*positions, position))
            best[state] = min(value, best.get(state, value))
    return tuple(ordered[position] for position in best[wanted, banks_wanted][3])


def _parties(graph: ScoringGraph, need_idx: int) -> list[Party]:
    """Return every institution with an offer that can be in time, by id."""
    offers = [(_institution_id(graph, e), _part(graph, e)) for e in reachable(graph, need_idx)]
    offers.sort(key=lambda offer: (offer[0], offer[1].rank))
    found = []
    for identity, group in groupby(offers, key=lambda offer: offer[0]):
        parts: dict[Instrument, Part] = {}
        for _, part in group:
            parts.setdefault(part.instrument, part)  # the first is the best of its instrument
        institution = graph.market.institutions[graph.market.index("institutions", identity)]
        found.append(Party(institution, tuple(parts.values())))
    return found


def _institution_id(graph: ScoringGraph, edge: int) -> str:
    return graph.market.products[int(graph.edges.product[edge])].institution_id


def _part(graph: ScoringGraph, edge: int) -> Part:
    edges = graph.edges
    pair = Pair.of(graph.market, int(edges.need[edge]), int(edges.product[edge]))
    return Part(
        instrument=pair.product.instrument,
        product=pair.product,
        score=round(float(graph.score[edge]), SCORE_PLACES),
        offered_fen=int(edges.offered_fen[edge]),
        cash_date=cash_date(pair),
        slack_workdays=slack_workdays(pair),
        days=UNKNOWN_DAYS if pair.cash_workdays is None else pair.cash_workdays,
        companions=pair.companions,
        missing=tuple(v.missing for v in judge(pair) if v.state is State.UNKNOWN),
    )


def _best_first(parties: Iterable[Party]) -> tuple[Party, ...]:
    return tuple(
        sorted(parties, key=lambda p: (*p.parts[0].rank[:2], p.institution.institution_id))
    )


def _with_roles(chosen: Sequence[Party], least_banks: int) -> list[Party]:
    """Say of each party what would be missing without it."""
    banks = sum(party.is_bank for party in chosen)
    found = []
    for party in chosen:
        others = {i for other in chosen if other is not party for i in other.instruments}
        alone = tuple(sorted(party.instruments - others))
        is_needed = party.is_bank and banks <= least_banks
        found.append(replace(party, needed_for=alone, needed_as_bank=is_needed))
    return found


def _pairs(graph: ScoringGraph, need_idx: int, instruments: Iterable[Instrument]) -> list[Pair]:
    wanted, products = set(instruments), graph.market.products
    rows = [j for j, product in enumerate(products) if product.instrument in wanted]
    return [Pair.of(graph.market, need_idx, j) for j in rows]


def _failing(pair: Pair) -> tuple[Verdict, ...]:
    return tuple(v for v in judge(pair) if v.state is State.FAIL)


def _uncovered(graph: ScoringGraph, need_idx: int, instrument: Instrument) -> Uncovered:
    judged = [(_failing(pair), pair) for pair in _pairs(graph, need_idx, [instrument])]
    if not judged:
        return Uncovered(instrument)
    least = min(len(failing) for failing, _ in judged)
    tied = [(failing, pair) for failing, pair in judged if len(failing) == least]
    for failing, pair in tied:
        changes = smallest_change(pair)
        if changes is not None:
            return Uncovered(instrument, pair, failing, changes)
    failing, pair = tied[0]
    return Uncovered(instrument, pair, failing)


def _too_slow(graph: ScoringGraph, need_idx: int) -> tuple[TooSlow, ...]:
    found = []
    for pair in _pairs(graph, need_idx, graph.market.needs[need_idx].instruments):
        slack, day = slack_workdays(pair), cash_date(pair)
        # One rule fails, and the time to cash is one that does.
        if slack is not None and day is not None and slack < 0 and len(_failing(pair)) == 1:
            found.append(TooSlow(pair.product, pair.institution, day, -slack))
    return tuple(sorted(found, key=lambda s: (s.late_workdays, s.product.product_id)))
