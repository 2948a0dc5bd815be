"""The steps from a call to the money, each with its day.

The rhythm is that of row A1 of the programmes: called at night, at one table within two hours of
the next morning, banks at the firm that afternoon, due diligence on the day after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from matcher.domain.choices import Choice
from matcher.domain.text import Text
from matcher.domain.workdays import WorkCalendar
from matcher.planning.convening import ConveningList
from matcher.planning.urgent import Urgency

OPENS, NOON, CLOSES = time(9), time(12), time(17)
TOGETHER_WITHIN = timedelta(hours=2)


class StepKind(Choice):
    """What a step is."""

    CONVENE = "convene", "召集各方"
    VISIT = "visit", "银行上门"
    DILIGENCE = "due_diligence", "尽职调查"
    LAST_DAY = "last_day", "最迟递交"
    CASH = "cash", "最快到账"
    DEADLINE = "deadline", "资金需求日"


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A step.

    Parameters
    ----------
    at
        The moment to be ready by; None where only the day counts.
    """

    kind: StepKind
    day: date
    text: Text
    at: time | None = None

    @property
    def when(self) -> Text:
        """The day, and the time where there is one."""
        return Text.same(f"{self.day}" if self.at is None else f"{self.day} {self.at:%H:%M}")


def steps_of(
    urgency: Urgency, table: ConveningList, now: datetime, calendar: WorkCalendar
) -> tuple[CaseStep, ...]:
    """Return the steps of a need, by day."""
    found = [*_together(table, now, calendar), *_to_the_money(urgency, now.date(), calendar)]
    return tuple(sorted(found, key=lambda step: (step.day, step.at or CLOSES)))


def _together(table: ConveningList, now: datetime, calendar: WorkCalendar) -> Iterator[CaseStep]:
    """Yield the steps in which people meet; none where nobody can help."""
    if not table.parties:
        return
    day, at = _table_at(now, calendar)
    told = Text("请 {n} 家机构与企业同桌：{i}", "at one table with the firm: {i}").format(
        n=len(table.parties), i=Text.join([p.institution.text for p in table.parties])
    )
    yield CaseStep(StepKind.CONVENE, day, told, at)
    visit = day if at <= NOON else calendar.after(day, 1)
    text = Text("有意向的银行当天到企业", "the banks that are willing visit the firm")
    yield CaseStep(StepKind.VISIT, visit, text, time(14) if at <= NOON else OPENS)
    text = Text("补齐材料，开始尽调", "papers are completed, due diligence begins")
    yield CaseStep(StepKind.DILIGENCE, calendar.after(visit, 1), text, OPENS)


def _table_at(now: datetime, calendar: WorkCalendar) -> tuple[date, time]:
    """Return when all can sit together: two hours after the call, or after the next opening."""
    today = now.date()
    ready = now + TOGETHER_WITHIN
    if calendar.is_workday(today) and ready.date() == today and ready.time() <= CLOSES:
        begins = datetime.combine(today, OPENS) + TOGETHER_WITHIN
        return today, max(ready.time().replace(second=0, microsecond=0), begins.time())
    opening = datetime.combine(calendar.after(today, 1), OPENS)
    if calendar.is_workday(today) and now.time() < OPENS:
        opening = datetime.combine(today, OPENS)
    return opening.date(), (opening + TOGETHER_WITHIN).time()


def _to_the_money(urgency: Urgency, today: date, calendar: WorkCalendar) -> Iterator[CaseStep]:
    offer = urgency.fastest
    if offer is not None and offer.cash_date is not None:
        named = {"i": offer.institution.text, "p": offer.product.text}
        if offer.slack_workdays is not None:
            last = calendar.after(today, offer.slack_workdays)
            text = Text(
                "此日之后递交，最快的{i}（{p}）也赶不上",
                "handed in later, even {i} ({p}), the fastest, is too late",
            )
            yield CaseStep(StepKind.LAST_DAY, last, text.format(**named))
        text = Text("今天递交，{i}（{p}）此日到账", "handed in today, {i} ({p}) pays on this day")
        yield CaseStep(StepKind.CASH, offer.cash_date, text.format(**named))
    if urgency.need.needed_by is not None:
        text = Text("此日之后资金再到也无济于事", "money that comes later helps no more")
        yield CaseStep(StepKind.DEADLINE, urgency.need.needed_by, text)
