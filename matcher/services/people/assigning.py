"""Firms to those who serve them: who could, how well, and the plan with level loads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matcher.domain.choices import InstitutionKind
from matcher.domain.criteria import State
from matcher.domain.enterprise import Enterprise
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.market import Market
from matcher.planning.people import PeoplePlan, assign_people
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import Weights
from matcher.services.people.firms import Firms
from matcher.services.people.person import Person, Role

UNKNOWN_COUNTS = 0.5
"""What a rule counts for of which a paper is missing; one that holds counts 1."""

WORKS_WITH = Text("已有往来", "works with it already")
OPEN_TO_ALL = Text("不限地区行业", "open to every firm")
_HOLDS = Text("{a} {f}", "{a} {f}")


@dataclass(frozen=True, slots=True)
class Fit:
    """How well somebody fits a firm.

    Parameters
    ----------
    score
        Of an adviser or a mentor, the rules of theirs that hold, those not decided by half; of
        a lead bank, 1 if the firm works with it, and the score of its best offer.
    reasons, missing
        What speaks for it, and what has still to be shown.
    """

    score: float
    reasons: tuple[Text, ...]
    missing: tuple[Text, ...] = ()


Fits = Mapping[tuple[str, str], Fit]
"""By firm and person."""


@dataclass(frozen=True, eq=False, slots=True)
class Assignment:
    """The plan of one role, with the people and firms that it is about, by id."""

    role: Role
    plan: PeoplePlan
    people: Mapping[str, Person]
    firms: Mapping[str, Enterprise]
    fits: Fits

    def fit(self, firm: str, person: str) -> Fit:
        """Return how well a person fits a firm."""
        return self.fits[firm, person]


def assign_role(
    market: Market,
    weights: Weights,
    role: Role,
    people: Sequence[Person],
    firms: Iterable[Enterprise],
    limit: int | None = None,
    spread: int = 1,
) -> Assignment:
    """Give each firm exactly one person of a role, with level loads.

    Parameters
    ----------
    people
        Of any role. If there is no lead bank among them, every bank of the market is one.
    limit
        The most firms of those who state no limit; None for what is usual in the role.
    spread
        How far loads may lie apart, at least 1.

    Raises
    ------
    InputError
        If a lead bank is no bank of the market, naming each, or an option cannot be used.
    """
    chosen = [person for person in people if person.role is role]
    if role is Role.LEAD_BANK:
        _require_banks(market, chosen)
        chosen = chosen or _banks(market)
    by_id = {firm.enterprise_id: firm for firm in firms}
    known = {person.person_id: person for person in chosen}
    if role is Role.LEAD_BANK:
        fits = _bank_fits(market, weights, by_id, known)
    else:
        fits = _rule_fits(market, by_id, known)
    scores = {pair: fit.score for pair, fit in fits.items()}
    most = _limits(chosen, role.default_limit if limit is None else limit)
    plan = assign_people(by_id, known, scores, limit=most, spread=spread)
    return Assignment(role, plan, known, by_id, fits)


def _limits(people: Sequence[Person], usual: int | None) -> dict[str, int]:
    stated = {p.person_id: usual if p.limit is None else p.limit for p in people}
    return {person: most for person, most in stated.items() if most is not None}


def _rule_fits(
    market: Market, firms: Mapping[str, Enterprise], people: Mapping[str, Person]
) -> Fits:
    """Return the pairs of which no rule of the person fails and which are not related."""
    read = Firms(market)
    found = {}
    for firm_id, firm in firms.items():
        for person in people.values():
            if person.institution_id in firm.conflicts:
                continue
            verdicts = read.judge(firm_id, person.rules)
            if any(v.state is State.FAIL for v in verdicts):
                continue
            held = [v for v in verdicts if v.state is State.PASS]
            missing = tuple(v.missing for v in verdicts if v.state is State.UNKNOWN)
            reasons = tuple(_HOLDS.format(a=v.label, f=v.found or "") for v in held)
            score = len(held) + UNKNOWN_COUNTS * len(missing)
            fit = Fit(score, reasons if verdicts else (OPEN_TO_ALL,), missing)
            found[firm_id, person.person_id] = fit
    return found


def _bank_fits(
    market: Market,
    weights: Weights,
    firms: Mapping[str, Enterprise],
    banks: Mapping[str, Person],
) -> Fits:
    """Return the pairs of a firm and a bank that it works with, or that has an offer for it."""
    offers = _best_offers(market, weights)
    found = {}
    for firm_id, firm in firms.items():
        for bank_id in banks:
            if bank_id in firm.conflicts:
                continue
            works = bank_id in (firm.banks or ())
            offer = offers.get((firm_id, bank_id))
            reasons = ((WORKS_WITH,) if works else ()) + (() if offer is None else (offer[1],))
            if reasons:
                score = float(works) + (0.0 if offer is None else offer[0])
                found[firm_id, bank_id] = Fit(score, reasons)
    return found


def _best_offers(market: Market, weights: Weights) -> dict[tuple[str, str], tuple[float, Text]]:
    """Return the best score that an institution has for a firm, and by which product."""
    graph = ScoringGraph.build(market, weights)
    best: dict[tuple[str, str], tuple[float, Text]] = {}
    columns = (graph.edges.need, graph.edges.product, graph.score)
    for need, product, score in zip(*(c.tolist() for c in columns), strict=True):
        offered = market.products[product]
        key = (market.needs[need].enterprise_id, offered.institution_id)
        if score > best.get(key, (-1.0,))[0]:
            told = Text("{p}适用，得分 {s:.2f}", "{p} fits, score {s:.2f}")
            best[key] = (score, told.format(p=offered.text, s=score))
    return best


def _banks(market: Market) -> list[Person]:
    return [
        Person(
            person_id=bank.institution_id,
            name=bank.name,
            name_en=bank.name_en,
            role=Role.LEAD_BANK,
        )
        for bank in market.institutions
        if bank.kind is InstitutionKind.BANK
    ]


def _require_banks(market: Market, people: Sequence[Person]) -> None:
    banks = {bank.person_id for bank in _banks(market)}
    message = Text("不是市场中的银行", "is no bank of the market")
    expected = Text("机构表中银行的编号", "the id of a bank of the institutions")
    faults = [
        Fault(message, field="person_id", value=p.person_id, expected=expected)
        for p in people
        if p.person_id not in banks
    ]
    if faults:
        raise InputError(faults)
