"""The urgent queue: which need has the least time to lose, and which is lost as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.domain.choices import Choice, Instrument
from matcher.domain.criteria import State
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import Faults
from matcher.domain.institution import Institution, Product
from matcher.domain.moments import day_text
from matcher.domain.text import Text
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.mending import judge
from matcher.scoring.pair import Pair


class UrgencyClass(Choice):
    """How little time a need has left."""

    LOST = "lost", "已无可及时产品"
    CRITICAL = "critical", "危急"
    URGENT = "urgent", "紧急"
    NORMAL = "normal", "一般"


@dataclass(frozen=True, slots=True)
class UrgencySettings:
    """Where the classes begin.

    Parameters
    ----------
    critical_slack
        A need is critical with at most this many workdays to spare.
    urgent_days
        A need due within this many calendar days is urgent.
    least_banks
        How many banks should sit at the table of a need that is critical or urgent: four
        visited the firm of row A1.
    """

    critical_slack: int = 2
    urgent_days: int = 10
    least_banks: int = 4

    def __post_init__(self) -> None:
        faults = Faults()
        faults.not_negative(
            critical_slack=self.critical_slack,
            urgent_days=self.urgent_days,
            least_banks=self.least_banks,
        )
        faults.raise_if_any()

    def banks_for(self, urgency: UrgencyClass) -> int:
        """Return how many banks should be invited at least for a need of a class."""
        pressing = urgency in (UrgencyClass.CRITICAL, UrgencyClass.URGENT)
        return self.least_banks if pressing else 0


DEFAULT_SETTINGS = UrgencySettings()


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that can still be in time.

    Parameters
    ----------
    cash_date
        The day the money could be there; None where the product does not say.
    slack_workdays
        Workdays between that day and the deadline; None where either is not known.
    """

    product: Product
    institution: Institution
    score: float
    cash_date: date | None
    slack_workdays: int | None


@dataclass(frozen=True, slots=True)
class Urgency:
    """One need in the queue.

    Parameters
    ----------
    workdays_left
        Workdays until the deadline, negative once it has passed; None without one.
    fastest
        The reachable offer with the earliest cash date; None where no offer names one. Its
        slack is the time that can be lost before the need is.
    best
        The reachable offer with the highest score; None for a lost need.
    reason
        Why nothing is reachable, for a lost need.
    """

    need: Need
    enterprise: Enterprise
    urgency: UrgencyClass
    workdays_left: int | None
    fastest: Offer | None = None
    best: Offer | None = None
    reason: Text | None = None

    @property
    def slack_workdays(self) -> int | None:
        """The workdays that can be lost before no offer is in time; None if not known."""
        return None if self.fastest is None else self.fastest.slack_workdays

    @property
    def sentence(self) -> Text:
        """The need's state in one sentence."""
        template = Text("{c}：{l}，{o}", "{c}: {l}, {o}")
        return template.format(c=self.urgency.text, l=self._left_text(), o=self._offer_text())

    def _left_text(self) -> Text:
        left, deadline = self.workdays_left, self.need.needed_by
        if left is None or deadline is None:
            return Text("无期限要求", "no deadline")
        if left < 0:
            past = Text("期限 {d}已过", "the deadline {d} has passed")
            return past.format(d=day_text(deadline))
        told = Text("距 {d}还有 {n} 个工作日", "{w} left until {d}")
        return told.format(d=day_text(deadline), n=left, w=_workdays(left))

    def _offer_text(self) -> Text:
        if self.reason is not None:
            return self.reason
        if self.fastest is None or self.fastest.cash_date is None:
            return Text("有适用产品，但到账时间未知", "products fit, but none says when it pays")
        text = Text("最快 {d}到账（{i}“{p}”）", "the fastest pays on {d} ({i}, {p})").format(
            d=day_text(self.fastest.cash_date),
            i=self.fastest.institution.text,
            p=self.fastest.product.text,
        )
        slack = self.slack_workdays
        if slack is None:
            return text
        more = Text("{t}，余 {n} 个工作日", "{t}, {w} to spare")
        return more.format(t=text, n=slack, w=_workdays(slack))


def _workdays(num: int) -> str:
    return "1 workday" if num == 1 else f"{num} workdays"


def urgent_queue(
    graph: ScoringGraph, settings: UrgencySettings = DEFAULT_SETTINGS
) -> tuple[Urgency, ...]:
    """Return every need, the one to be acted on first at the head.

    First lost needs due within ``urgent_days``, or overdue; then the critical ones, the urgent
    ones, lost needs that are due later, and all others. In each of these the one with the least
    slack comes first; for lost needs, and where no product says when it pays, the workdays left
    stand for the slack, which cannot be more. Ties go to the earlier deadline, then the higher
    priority, then the id.
    """
    found = [urgency_of(graph, i, settings) for i in range(graph.market.num_needs)]
    as_of = graph.market.as_of
    return tuple(sorted(found, key=lambda item: _order(item, as_of, settings)))


def _order(
    item: Urgency, as_of: date, settings: UrgencySettings
) -> tuple[int, float, date, int, str]:
    slack = item.slack_workdays if item.slack_workdays is not None else item.workdays_left
    return (
        _turn(item, as_of, settings),
        float("inf") if slack is None else slack,
        item.need.needed_by or date.max,
        -item.need.priority,
        item.need.need_id,
    )


def _turn(item: Urgency, as_of: date, settings: UrgencySettings) -> int:
    """Return which part of the queue a need belongs to, from 0."""
    if item.urgency is UrgencyClass.LOST:
        return 0 if _is_near(item.need, as_of, settings) else 3
    return {UrgencyClass.CRITICAL: 1, UrgencyClass.URGENT: 2, UrgencyClass.NORMAL: 4}[item.urgency]


def urgency_of(
    graph: ScoringGraph, need_idx: int, settings: UrgencySettings = DEFAULT_SETTINGS
) -> Urgency:
    """Return the urgency of one need.

    Only offers of money or cover count, unless the firm asks for services alone: advice on the
    day after does not pay wages. A need is

    - *lost* if no offer that counts can be in time;
    - *critical* if the fastest offer leaves at most ``critical_slack`` workdays to spare;
    - *urgent* if it is due within ``urgent_days`` calendar days;
    - *normal* otherwise.
    """
    market = graph.market
    need, enterprise = market.needs[need_idx], market.enterprise_of[need_idx]
    left = market.workdays_left(need)
    offers = _offers(graph, need_idx)
    if not offers:
        reason = _why_lost(graph, need_idx)
        return Urgency(need, enterprise, UrgencyClass.LOST, left, reason=reason)
    fastest = _fastest(offers)
    slack = left if fastest is None else fastest.slack_workdays
    urgency = _class(need, market.as_of, slack, settings)
    best = max(offers, key=lambda o: o.score)  # the first of equals: offers are sorted by id
    return Urgency(need, enterprise, urgency, left, fastest, best)


def _class(need: Need, as_of: date, slack: int | None, settings: UrgencySettings) -> UrgencyClass:
    if slack is None or need.needed_by is None:
        return UrgencyClass.NORMAL
    if slack <= settings.critical_slack:
        return UrgencyClass.CRITICAL
    return UrgencyClass.URGENT if _is_near(need, as_of, settings) else UrgencyClass.NORMAL


def _is_near(need: Need, as_of: date, settings: UrgencySettings) -> bool:
    """Tell whether a need is due within the days that make it urgent, or overdue."""
    due = need.needed_by
    return due is not None and due - as_of <= timedelta(days=settings.urgent_days)


def reachable(graph: ScoringGraph, need_idx: int) -> Sequence[int]:
    """Return the edges of a need that can still be in time: none once its deadline has passed.

    A product that does not say when it pays is reachable, on the condition that it says so.
    """
    deadline = graph.market.needs[need_idx].needed_by
    has_passed = deadline is not None and deadline < graph.market.as_of
    return () if has_passed else graph.edges_of_need(need_idx)


def cash_date(pair: Pair) -> date | None:
    """Return the day the money could be there, applied for today; None if not known."""
    days = pair.cash_workdays
    return None if days is None else pair.calendar.after(pair.subject.as_of, days)


def slack_workdays(pair: Pair) -> int | None:
    """Return the workdays to spare before the deadline, None if either is not known."""
    days, left = pair.cash_workdays, pair.workdays_left
    return None if days is None or left is None else left - days


def _offers(graph: ScoringGraph, need_idx: int) -> list[Offer]:
    """Return the offers that count, by product id."""
    services_only = graph.market.needs[need_idx].instruments == {Instrument.SERVICE}
    found = []
    for edge in reachable(graph, need_idx):
        pair = Pair.of(graph.market, need_idx, int(graph.edges.product[edge]))
        if services_only or pair.product.gives_money:
            score, day = float(graph.score[edge]), cash_date(pair)
            found.append(Offer(pair.product, pair.institution, score, day, slack_workdays(pair)))
    return found


def _fastest(offers: Sequence[Offer]) -> Offer | None:
    dated = [(o.cash_date, -o.score, i) for i, o in enumerate(offers) if o.cash_date is not None]
    return offers[min(dated)[2]] if dated else None


def _why_lost(graph: ScoringGraph, need_idx: int) -> Text:
    nothing = Text("没有能按期到账的产品", "no product can pay in time")
    product_idx = int(graph.nearest.product[need_idx])
    if product_idx < 0:
        return nothing
    pair = Pair.of(graph.market, need_idx, product_idx)
    failing = [v.sentence for v in judge(pair) if v.state is State.FAIL]
    if not failing:
        return nothing
    return Text("{n}；最接近的是{i}的“{p}”：{v}", "{n}; nearest is {i}, {p}: {v}").format(
        n=nothing,
        i=pair.institution.text,
        p=pair.product.text,
        v=Text.join(failing, zh="；", en="; "),
    )
