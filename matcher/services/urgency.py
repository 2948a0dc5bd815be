"""The urgent queue of a round: for each need how late it is, what is missing, what to do first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.criteria import State
from matcher.domain.text import Text
from matcher.files.questionnaire import Answers
from matcher.market import Market
from matcher.planning.urgent import (
    DEFAULT_SETTINGS,
    Offer,
    Urgency,
    UrgencyClass,
    UrgencySettings,
    urgent_queue,
)
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.mending import judge, smallest_change
from matcher.scoring.pair import Pair
from matcher.scoring.weights import Weights
from matcher.services.intake import DEFAULT_TRIAGE, Missing, Triage, TriageSettings, take_in


class Action(StrEnum):
    """What the desk does first with a need."""

    CONFIRM = "confirm"
    CHANGE = "change"
    LOOK_OUTSIDE = "look_outside"
    CONVENE = "convene"
    COMPLETE = "complete"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Step:
    """The first step.

    Parameters
    ----------
    action
        What sort it is.
    text
        The sentence that says it.
    command
        What to type on a command line to see more; None where there is nothing more to see.
    """

    action: Action
    text: Text
    command: Text | None = None

    @property
    def shell_text(self) -> Text:
        """The sentence as a command line says it."""
        if self.command is None:
            return self.text
        return Text("{t}；{c}", "{t}; {c}").format(t=self.text, c=self.command)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One need in the queue.

    Parameters
    ----------
    urgency
        Its class and offers, as the engine sees them.
    triage
        How near its deadline is in calendar days, as the intake desk counts.
    missing
        What nobody has said of the firm or the need and would help.
    papers
        What must be shown before the fastest offer stands.
    """

    urgency: Urgency
    triage: Triage
    missing: tuple[Missing, ...]
    papers: tuple[Text, ...]
    step: Step


def waiting_list(
    market: Market,
    weights: Weights,
    settings: UrgencySettings = DEFAULT_SETTINGS,
    triage: TriageSettings = DEFAULT_TRIAGE,
) -> tuple[Waiting, ...]:
    """Return every need of a round, the one with the least time to lose first."""
    graph = ScoringGraph.build(market, weights)
    return tuple(waiting_of(graph, one, triage) for one in urgent_queue(graph, settings))


def waiting_of(
    graph: ScoringGraph, urgency: Urgency, settings: TriageSettings = DEFAULT_TRIAGE
) -> Waiting:
    """Return one need of a queue with what is missing and what to do first."""
    answers = Answers(urgency.enterprise, urgency.need)
    intake = take_in(answers, graph.market.as_of, settings)
    papers = _papers(graph.market, urgency)
    step = _first_step(graph, urgency, papers, intake.missing)
    return Waiting(urgency, intake.triage, intake.missing, papers, step)


def _papers(market: Market, urgency: Urgency) -> tuple[Text, ...]:
    """Return what the offer that is begun with asks to be shown."""
    offer = _first_offer(urgency)
    if offer is None:
        return ()
    need_idx = market.index("needs", urgency.need.need_id)
    product_idx = market.index("products", offer.product.product_id)
    verdicts = judge(Pair.of(market, need_idx, product_idx))
    return tuple(v.missing for v in verdicts if v.state is State.UNKNOWN)


def _first_offer(urgency: Urgency) -> Offer | None:
    return urgency.fastest or urgency.best


def _first_step(
    graph: ScoringGraph,
    urgency: Urgency,
    papers: Sequence[Text],
    missing: Sequence[Missing],
) -> Step:
    if urgency.workdays_left is not None and urgency.workdays_left < 0:
        return Step(Action.CONFIRM, _CONFIRM)
    offer = _first_offer(urgency)
    if offer is None:
        return _for_a_lost_need(graph, urgency)
    if urgency.urgency is not UrgencyClass.NORMAL:
        command = _LIST.format(n=urgency.need.need_id)
        return Step(Action.CONVENE, _convene(offer, papers), command)
    if missing:
        asked = Text.join([one.label for one in missing])
        return Step(Action.COMPLETE, _COMPLETE.format(m=asked))
    return Step(Action.PLAN, _PLAN)


def _for_a_lost_need(graph: ScoringGraph, urgency: Urgency) -> Step:
    need_idx = graph.market.index("needs", urgency.need.need_id)
    product_idx = int(graph.nearest.product[need_idx])
    pair = Pair.of(graph.market, need_idx, product_idx) if product_idx >= 0 else None
    changes = None if pair is None else smallest_change(pair)
    if pair is None:
        return Step(Action.LOOK_OUTSIDE, _LOOK_OUTSIDE)
    if not changes:
        words = {"n": urgency.need.need_id, "p": pair.product.product_id}
        return Step(Action.LOOK_OUTSIDE, _LOOK_OUTSIDE, _WHY.format(**words))
    told = Text.join([change.text for change in changes], zh="；", en="; ")
    values = {"c": told, "i": pair.institution.text, "p": pair.product.text}
    return Step(Action.CHANGE, _CHANGE.format(**values))


def _convene(offer: Offer, papers: Sequence[Text]) -> Text:
    begin = _BEGIN.format(i=offer.institution.text, p=offer.product.text)
    if papers:
        begin = _WITH_PAPERS.format(b=begin, p=Text.join(list(papers)))
    return _CONVENE.format(b=begin)


_CONFIRM = Text(
    "向企业核实资金是否仍需、最晚何时到账",
    "ask the firm whether the money still helps, and until when",
)
_CHANGE = Text("与企业商量：{c}，即可用{i}{p}", "agree with the firm: {c}; then {i}, {p} would fit")
_LOOK_OUTSIDE = Text(
    "目录内无解，另寻机构或救助政策", "nothing in the catalogue helps: ask beyond it"
)
_WHY = Text("原因：matcher explain {n} {p}", "why: matcher explain {n} {p}")
_CONVENE = Text("今天就{b}", "today: {b}")
_LIST = Text("召集名单：matcher convene {n}", "matcher convene {n}")
_BEGIN = Text("联系{i}（{p}）", "call {i} ({p})")
_WITH_PAPERS = Text("{b}，带上：{p}", "{b}, and bring: {p}")
_COMPLETE = Text("请企业补充：{m}", "ask the firm for: {m}")
_PLAN = Text("列入下一轮撮合", "take it into the next round")
