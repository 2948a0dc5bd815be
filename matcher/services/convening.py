"""Call together who can help one need."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.market import Market
from matcher.planning.convening import ConveningList, Party, convene, invite
from matcher.planning.urgent import DEFAULT_SETTINGS, Urgency, UrgencySettings, urgency_of
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import Weights


@dataclass(frozen=True, slots=True)
class Convened:
    """A convening list, and how urgent its need is."""

    table: ConveningList
    urgency: Urgency


def convene_need(
    market: Market,
    weights: Weights,
    need_id: str,
    least_banks: int | None = None,
    settings: UrgencySettings = DEFAULT_SETTINGS,
) -> Convened:
    """Return who should sit at the table of a need.

    Parameters
    ----------
    least_banks
        Banks wanted at the table; None for what the settings ask for an urgent need, and no
        least number for any other.

    Raises
    ------
    UnknownIdError
        If the market does not have the need.
    InputError
        If ``least_banks`` is out of its range.
    """
    need_idx = market.index("needs", need_id)
    return convene_in(ScoringGraph.build(market, weights), need_idx, least_banks, settings)


def convene_in(
    graph: ScoringGraph,
    need_idx: int,
    least_banks: int | None = None,
    settings: UrgencySettings = DEFAULT_SETTINGS,
) -> Convened:
    """Return who should sit at the table of a need whose round is scored already.

    Raises
    ------
    InputError
        If ``least_banks`` is out of its range.
    """
    urgency = urgency_of(graph, need_idx, settings)
    wanted = settings.banks_for(urgency.urgency) if least_banks is None else least_banks
    return Convened(convene(graph, need_idx, wanted), urgency)


def invite_in(
    graph: ScoringGraph, need_idx: int, settings: UrgencySettings = DEFAULT_SETTINGS
) -> tuple[Party, ...]:
    """Return the parties of `convene_in` alone, without what is said of all others."""
    return invite(
        graph, need_idx, settings.banks_for(urgency_of(graph, need_idx, settings).urgency)
    )
