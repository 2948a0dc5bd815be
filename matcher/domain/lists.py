"""The two lists of the national practice since October 2024: applied for, recommended, decided.

References
----------
支持小微企业融资协调工作机制 of the National Financial Regulatory Administration and the National
Development and Reform Commission, October 2024: a firm that asks is put on the 申报清单; if it
passes five tests it moves to the 推荐清单, and banks decide within 30 days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from matcher.domain.case.reason import Reason
from matcher.domain.choices import Choice
from matcher.domain.clock import Allowance, DayUnit, Deadline
from matcher.domain.enterprise import require_id
from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.text import Text
from matcher.domain.workdays import WorkCalendar

DECISION_DAYS = Allowance(30, DayUnit.CALENDAR_DAYS)
"""What banks may take for a decision; the day of the recommendation is day 0."""


class ListTest(Choice):
    """The five tests that a firm must pass to be recommended."""

    COMPLIANT_OPERATION = "compliant_operation", "合规经营"
    FIXED_PREMISES = "fixed_premises", "固定经营场所"
    REAL_NEED = "real_need", "真实融资需求"
    GOOD_CREDIT = "good_credit", "信用状况良好"
    COMPLIANT_USE = "compliant_use", "贷款用途依法合规"


class ListStage(Choice):
    """Which list a firm stands on."""

    APPLIED = "applied", "申报清单"
    RECOMMENDED = "recommended", "推荐清单"
    DECIDED = "decided", "已有授信结论"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One need on its way through the lists.

    Parameters
    ----------
    applied
        The day on which it came onto the first list.
    passed, failed
        The tests that somebody has answered; one in neither is not known.
    contacted
        The day on which somebody first spoke with the firm; it may lie before the application.
    recommended
        The day on which it moved to the second list.
    decided
        The day of the banks' decision.
    refusal
        Why they refused; None with a day of decision means that credit was granted.

    Raises
    ------
    InputError
        If a test is both passed and failed, a firm is recommended without all five, or the days
        do not follow each other.
    """

    need_id: str
    applied: date
    passed: frozenset[ListTest] = frozenset()
    failed: frozenset[ListTest] = frozenset()
    contacted: date | None = None
    recommended: date | None = None
    decided: date | None = None
    refusal: Reason | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "need_id", self.need_id)
        both = sorted(self.passed & self.failed)
        one = Text("通过或未通过，二者之一", "either passed or failed")
        faults.require(not both, "failed", ", ".join(both), one)
        faults.ordered("applied", self.applied, "recommended", self.recommended)
        faults.ordered("recommended", self.recommended, "decided", self.decided)
        faults.found += _stage_faults(self)
        faults.raise_if_any()

    @property
    def unknown(self) -> tuple[ListTest, ...]:
        """The tests that nobody has answered, in the order of the form."""
        return tuple(t for t in ListTest if t not in self.passed | self.failed)

    @property
    def stage(self) -> ListStage:
        """The list that it stands on."""
        if self.decided is not None:
            return ListStage.DECIDED
        return ListStage.APPLIED if self.recommended is None else ListStage.RECOMMENDED

    @property
    def held_back_by(self) -> Text | None:
        """What keeps it from being recommended: each test failed or not known, by name."""
        failed = [test.text for test in ListTest if test in self.failed]
        parts = [(_FAILED, failed), (_UNKNOWN, [test.text for test in self.unknown])]
        said = [label.format(t=Text.join(tests)) for label, tests in parts if tests]
        return Text.join(said, "；", "; ") if said else None

    def deadline(self, calendar: WorkCalendar, allowed: Allowance = DECISION_DAYS) -> Deadline:
        """Return by when banks must decide.

        Raises
        ------
        InputError
            If it is not recommended: no clock runs yet.
        """
        if self.recommended is None:
            raise InputError([_out_of_turn("recommended", self.stage)])
        return allowed.deadline(self.recommended, calendar)


_FAILED = Text("未通过：{t}", "failed: {t}")
_UNKNOWN = Text("尚不清楚：{t}", "not known: {t}")


def _out_of_turn(field: str, stage: ListStage) -> Fault:
    message = Text("尚未进入推荐清单", "is not on the recommended list yet")
    return Fault(message, field=field, value=stage.value)


def _stage_faults(listing: Listing) -> list[Fault]:
    """Return the fault of each day that stands without what must come before it."""
    found = []
    held = listing.held_back_by
    if listing.recommended is not None and held is not None:
        message = Text("五项标准未全部通过（{h}）", "not all five tests are passed ({h})")
        value = str(listing.recommended)
        found.append(Fault(message.format(h=held), field="recommended", value=value))
    if listing.decided is not None and listing.recommended is None:
        found.append(_out_of_turn("decided", ListStage.APPLIED))
    if listing.refusal is not None and listing.decided is None:
        message = Text("未写明决定日期", "has no day of decision")
        found.append(Fault(message, field="refusal", value=listing.refusal.code))
    return found


def recommend(listings: Iterable[Listing], day: date) -> tuple[Listing, ...]:
    """Move all that pass the five tests to the second list; the others stay as they are.

    What keeps those others is in their `Listing.held_back_by`.
    """
    return tuple(
        replace(x, recommended=day) if x.recommended is None and x.held_back_by is None else x
        for x in listings
    )


def decide(listing: Listing, day: date, refusal: Reason | None = None) -> Listing:
    """Return the listing with the banks' decision: granted, or refused for a reason.

    Raises
    ------
    InputError
        If it is not recommended or was decided on already.
    """
    if listing.decided is not None:
        message = Text("已有授信结论", "has been decided on already")
        raise InputError([Fault(message, field="decided", value=str(listing.decided))])
    return replace(listing, decided=day, refusal=refusal)


def uncontacted(listings: Iterable[Listing]) -> tuple[Listing, ...]:
    """Return those whom nobody has spoken with: every listed firm is to be contacted."""
    return tuple(listing for listing in listings if listing.contacted is None)


def relist_reason(
    listing: Listing, today: date, calendar: WorkCalendar, allowed: Allowance = DECISION_DAYS
) -> Text | None:
    """Say why a listed need goes back into the matching, None if it does not.

    It does when the time for a decision has passed (by default on day 31), and after a refusal
    that can be mended.
    """
    if listing.refusal is not None:
        why = Text("授信未通过：{r}", "refused: {r}").format(r=listing.refusal.text)
        return why if listing.refusal.mendable else None
    if listing.stage is not ListStage.RECOMMENDED:
        return None
    clock = listing.deadline(calendar, allowed)
    if not clock.is_overdue(today):
        return None
    return Text(
        "第 {n} 天仍无授信结论（时限 {a}），重新匹配",
        "no decision by day {n} (allowed: {a}); matched again",
    ).format(n=clock.day(today, calendar), a=allowed.text)


@dataclass(frozen=True, slots=True)
class Relisted:
    """The listings of one day, each in exactly one place, in the order given.

    Parameters
    ----------
    kept
        On the first list, within their time on the second, or granted.
    requeued
        Back into the matching, each with the reason.
    ended
        Refused for good.
    """

    kept: tuple[Listing, ...]
    requeued: tuple[tuple[Listing, Text], ...]
    ended: tuple[Listing, ...]


def relist(
    listings: Iterable[Listing],
    today: date,
    calendar: WorkCalendar,
    allowed: Allowance = DECISION_DAYS,
) -> Relisted:
    """Sort the listings into kept, requeued and ended."""
    judged = [(x, relist_reason(x, today, calendar, allowed)) for x in listings]
    stays = [x for x, why in judged if why is None]
    return Relisted(
        kept=tuple(x for x in stays if x.refusal is None),
        requeued=tuple((x, why) for x, why in judged if why is not None),
        ended=tuple(x for x in stays if x.refusal is not None),
    )
