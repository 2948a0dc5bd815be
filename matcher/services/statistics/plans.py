"""What a plan adds up to: needs matched and money on offer, by institution, size and sector."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.domain.choices import Size
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Institution
from matcher.domain.policy import Policy
from matcher.domain.text import Text
from matcher.files.plan_json_parts import text_json
from matcher.planning.plan import Match, Plan
from matcher.services.statistics.lines import Line, Unit, ratio, to_document
from matcher.services.statistics.sectors import NOT_STATED, SECTIONS


@dataclass(frozen=True, slots=True)
class Group:
    """The needs of one size class or sector.

    Parameters
    ----------
    key
        The size or the letter of the sector; None for firms that have not said.
    asked_fen, offered_fen
        What all its needs ask for, and what is on offer to them (see `PlanReport`), in fen.
    """

    key: str | None
    text: Text
    num_needs: int
    num_matched: int
    asked_fen: int
    offered_fen: int

    @property
    def matched_share(self) -> Decimal | None:
        """Needs matched ÷ needs."""
        return ratio(self.num_matched, self.num_needs)

    def to_json(self) -> dict[str, Any]:
        """Return the group as JSON values."""
        return {
            "key": self.key,
            "label": text_json(self.text),
            "num_needs": self.num_needs,
            "num_matched": self.num_matched,
            "asked_fen": self.asked_fen,
            "offered_fen": self.offered_fen,
        }


@dataclass(frozen=True, slots=True)
class InstitutionShare:
    """The leads of one institution.

    Parameters
    ----------
    num_leads
        Its matches.
    offered_fen
        What it could give to all of them, in fen, whatever others offer to the same needs.
    """

    institution: Institution
    num_leads: int
    offered_fen: int

    def to_json(self) -> dict[str, Any]:
        """Return the share as JSON values."""
        return {
            "key": self.institution.institution_id,
            "label": text_json(self.institution.text),
            "num_leads": self.num_leads,
            "offered_fen": self.offered_fen,
        }


@dataclass(frozen=True, slots=True)
class PolicyShare:
    """What a plan counts on one policy for.

    Parameters
    ----------
    num_leads
        The matches that claim it.
    support_fen
        The most that it pays for all of them, in fen: what its budget sets aside.
    """

    policy: Policy
    num_leads: int
    support_fen: int

    def to_json(self) -> dict[str, Any]:
        """Return the share as JSON values."""
        return {
            "key": self.policy.policy_id,
            "label": text_json(self.policy.text),
            "num_leads": self.num_leads,
            "support_fen": self.support_fen,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """What a plan adds up to.

    Parameters
    ----------
    asked_fen
        What all needs of the round ask for, in fen.
    offered_fen
        Money on offer, in fen: of each need only the largest amount that one institution
        offers, services not counted.
    num_packages
        Matches with a guarantee, an insurance, … that goes with the product.
    support_fen
        What policies pay at most, in fen: of each need only the most that one match counts on.
    by_institution
        Every institution of the round, by id, those without a lead too. A lead is counted with
        the institution that leads its package.
    by_policy
        The policies that a match claims, by id.
    by_size, by_sector
        The groups that have a need: from the largest size, by letter, the unstated last.
    """

    num_needs: int
    num_matched: int
    num_matches: int
    asked_fen: int
    offered_fen: int
    num_packages: int
    support_fen: int
    by_institution: tuple[InstitutionShare, ...]
    by_policy: tuple[PolicyShare, ...]
    by_size: tuple[Group, ...]
    by_sector: tuple[Group, ...]

    @property
    def matched_share(self) -> Decimal | None:
        """Needs matched ÷ needs."""
        return ratio(self.num_matched, self.num_needs)

    @property
    def mean_offer_fen(self) -> Decimal | None:
        """Money on offer ÷ needs matched, in fen."""
        return ratio(self.offered_fen, self.num_matched)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The figures in the order of a report."""
        share, mean = self.matched_share, self.mean_offer_fen
        return (
            Line("num_needs", Text("需求数", "needs"), self.num_needs),
            Line("num_matched", Text("已匹配需求数", "needs matched"), self.num_matched),
            Line("matched_share", Text("匹配率", "share of needs matched"), share, Unit.RATE),
            Line("num_matches", Text("匹配条数", "matches"), self.num_matches),
            Line("asked", Text("需求金额", "amount asked"), self.asked_fen, Unit.FEN),
            Line("offered", Text("可提供金额", "money on offer"), self.offered_fen, Unit.FEN),
            Line("mean_offer", Text("户均可提供金额", "mean offer to a need"), mean, Unit.FEN),
            Line("num_packages", Text("组合匹配条数", "matches with packages"), self.num_packages),
            Line(
                "support", Text("政策支持金额", "support by policies"), self.support_fen, Unit.FEN
            ),
        )

    def to_document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            **to_document(self.lines),
            "by_institution": [share.to_json() for share in self.by_institution],
            "by_policy": [policy.to_json() for policy in self.by_policy],
            "by_size": [group.to_json() for group in self.by_size],
            "by_sector": [group.to_json() for group in self.by_sector],
        }


def plan_report(plan: Plan) -> PlanReport:
    """Count a plan."""
    market = plan.graph.market
    pairs = list(zip(market.needs, market.enterprise_of, strict=True))
    sizes: list[tuple[str | None, Text]] = [(size.value, size.text) for size in Size]
    sections: list[tuple[str | None, Text]] = list(SECTIONS.items())
    by_need = _best(plan.matches, _money)
    return PlanReport(
        num_needs=market.num_needs,
        num_matched=len(by_need),
        num_matches=len(plan.matches),
        asked_fen=sum(need.amount_fen for need in market.needs),
        offered_fen=sum(by_need.values()),
        num_packages=sum(bool(m.companions) for m in plan.matches),
        support_fen=sum(_best(plan.matches, lambda m: m.support_fen).values()),
        by_institution=tuple(_share(i, plan.matches) for i in market.institutions),
        by_policy=tuple(_by_policy(market.policies, plan.matches)),
        by_size=_groups(sizes, _size, pairs, by_need),
        by_sector=_groups(sections, _section, pairs, by_need),
    )


def _best(matches: Iterable[Match], amount: Callable[[Match], int]) -> dict[str, int]:
    """Return the largest amount of any match of each need that has one, in fen."""
    best: dict[str, int] = {}
    for match in matches:
        need_id = match.need.need_id
        best[need_id] = max(best.get(need_id, 0), amount(match))
    return best


def _money(match: Match) -> int:
    return match.offered_fen if match.product.gives_money else 0


def _share(institution: Institution, matches: tuple[Match, ...]) -> InstitutionShare:
    identity = institution.institution_id
    leads = [m for m in matches if m.institution.institution_id == identity]
    return InstitutionShare(institution, len(leads), sum(_money(m) for m in leads))


def _by_policy(policies: Iterable[Policy], matches: Iterable[Match]) -> Iterator[PolicyShare]:
    claims = [claim for match in matches for claim in match.claims]
    for policy in policies:
        mine = [c.support_fen for c in claims if c.policy.policy_id == policy.policy_id]
        if mine:
            yield PolicyShare(policy, len(mine), sum(mine))


def _size(enterprise: Enterprise) -> str | None:
    return None if enterprise.size is None else enterprise.size.value


def _section(enterprise: Enterprise) -> str | None:
    return None if enterprise.industry is None else enterprise.industry[0]


def _groups(
    named: list[tuple[str | None, Text]],
    key_of: Callable[[Enterprise], str | None],
    pairs: list[tuple[Need, Enterprise]],
    by_need: dict[str, int],
) -> tuple[Group, ...]:
    """Return a group for each name that a need's firm has, in the order of the names."""
    found = []
    for key, text in [*named, (None, NOT_STATED)]:
        needs = [need for need, enterprise in pairs if key_of(enterprise) == key]
        if needs:
            found.append(_group(key, text, needs, by_need))
    return tuple(found)


def _group(key: str | None, text: Text, needs: list[Need], by_need: dict[str, int]) -> Group:
    matched = [need.need_id for need in needs if need.need_id in by_need]
    return Group(
        key,
        text,
        num_needs=len(needs),
        num_matched=len(matched),
        asked_fen=sum(need.amount_fen for need in needs),
        offered_fen=sum(by_need[need_id] for need_id in matched),
    )
