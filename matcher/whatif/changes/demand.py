"""Changes of what is asked for: deadlines, amounts, and more needs of the same sort."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from matcher.domain.enterprise import Need
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.whatif.changes.base import Change, fault_of, of_record, vary
from matcher.whatif.changes.records import scaled
from matcher.whatif.draft import Draft
from matcher.whatif.selection import Selection
from matcher.whatif.wording import selection_text

MAX_COPIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDeadlines(Change):
    """Move the deadlines of needs by calendar days, or set them to a day.

    Moving by days leaves needs without a deadline alone, unless none has one.
    """

    kind: ClassVar[str] = "deadlines"
    records: Selection
    days: int | None = None
    to: date | None = None

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if (self.days is None) == (self.to is None):
            message = ("给出 days 或 to 之一", "takes one of days and to")
            faults.append(fault_of("days", *message))
            return
        identities = self.records.of(draft, "needs", faults)
        rows = draft.tables["needs"]
        moved = [i for i in identities if self.to is not None or rows[i].needed_by is not None]
        if identities and not moved:
            faults.append(fault_of("days", "选中的需求都没有最晚到账日", "no need has a deadline"))
        for identity in moved:
            try:
                day = self.to or rows[identity].needed_by + timedelta(days=self.days or 0)
            except OverflowError:
                faults.append(fault_of("days", "日期超出范围", "leads out of range", self.days))
                return
            vary(draft, "needs", identity, {"needed_by": day}, faults)

    @property
    def text(self) -> Text:
        if self.to is not None:
            told = Text("需求{r}的最晚到账日改为 {d}", "deadlines of the needs {r}: {d}")
            return told.format(r=selection_text(self.records), d=self.to)
        told = Text("需求{r}的最晚到账日移动 {n:+d} 天", "deadlines of the needs {r}: {n:+d} days")
        return told.format(r=selection_text(self.records), n=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleDemand(Change):
    """Multiply what needs ask for, and the least that helps them, rounded to whole fen."""

    kind: ClassVar[str] = "demand"
    records: Selection
    factor: Decimal

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if not (self.factor.is_finite() and self.factor > 0):
            expected = Text("大于 0 的数", "a number above 0")
            faults.append(fault_of("factor", "取值不可用", "cannot be used", self.factor, expected))
        identities = self.records.of(draft, "needs", faults)
        if faults:
            return
        for identity in identities:
            need: Need = draft.tables["needs"][identity]
            amount = max(scaled(need.amount_fen, self.factor), 1)
            values: dict[str, Any] = {"amount_fen": amount}
            if need.amount_min_fen is not None:
                values["amount_min_fen"] = min(scaled(need.amount_min_fen, self.factor), amount)
            vary(draft, "needs", identity, values, faults)

    @property
    def text(self) -> Text:
        told = Text("需求{r}的金额 × {k}", "amounts of the needs {r} × {k}")
        return told.format(r=selection_text(self.records), k=self.factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNeeds(Change):
    """Let needs come in more often: copies with the ids ``ID~1``, ``ID~2``, … of the same firms."""

    kind: ClassVar[str] = "copy"
    records: Selection
    copies: int = 1

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if not 1 <= self.copies <= MAX_COPIES:
            expected = Text.same(f"1 – {MAX_COPIES}")
            faults.append(fault_of("copies", "取值不可用", "cannot be used", self.copies, expected))
            return
        rows = draft.tables["needs"]
        for identity in self.records.of(draft, "needs", faults):
            for number in range(1, self.copies + 1):
                self._copy(rows, identity, f"{identity}~{number}", faults)

    def _copy(self, rows: dict[str, Any], identity: str, other: str, faults: list[Fault]) -> None:
        if other in rows:
            faults.append(fault_of("copies", "市场中已有这个编号", "is taken in the market", other))
            return
        try:
            marked = replace(rows[identity].provenance, illustrative=True)
            rows[other] = replace(rows[identity], need_id=other, provenance=marked)
        except InputError as error:
            faults += [of_record(identity, fault) for fault in error.faults]

    @property
    def text(self) -> Text:
        told = Text("需求{r}各再来 {n} 份", "{n} more of each of the needs {r}")
        return told.format(r=selection_text(self.records), n=self.copies)
