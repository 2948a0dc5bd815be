"""The one tree of errors, and the fault: one thing wrong, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from matcher.domain.money import MAX_FEN, money_text
from matcher.domain.text import Lang, Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input, and where it stands.

    Parameters
    ----------
    message
        What is wrong, in both languages.
    field
        The field's name in the code (``amount_fen``), if the fault belongs to one.
    value
        The offending value as it was read, shortened for display by `where`.
    expected
        What would have been accepted.
    file, sheet, row, column
        The place in the source; ``row`` counts from 1 as spreadsheets do, ``column`` is the
        header as the file has it.
    """

    message: Text
    field: str | None = None
    value: object = None
    expected: Text | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def at(self, **place: object) -> Fault:
        """Return this fault with its place filled in."""
        return replace(self, **place)  # type: ignore[arg-type]

    @property
    def where(self) -> str:
        """The place, as ``file · sheet · row · column``, empty if unknown."""
        parts = [self.file, self.sheet, f"#{self.row}" if self.row is not None else None]
        parts.append(self.column or self.field)
        return " · ".join(p for p in parts if p)

    def sentence(self, lang: Lang) -> str:
        """Return the place, what is wrong, the value found and what was expected."""
        colon, message = Text("：", ": ").of(lang), self.message.of(lang)
        parts = [f"{self.where}{colon}" if self.where else "", message]
        if self.value is not None:
            shown = repr(self.value)
            gap = "" if message.endswith("：") else " "
            parts.append(f"{gap}{shown if len(shown) <= 60 else shown[:57] + '…'}")
        if self.expected is not None:
            label = Text("；应为：", "; expected: ").of(lang)
            parts.append(f"{label}{self.expected.of(lang)}")
        return "".join(parts)


class MatcherError(Exception):
    """Any error of this project; it carries every fault found, never only the first.

    Parameters
    ----------
    faults
        At least one fault, or one sentence that becomes the only fault.
    """

    def __init__(self, faults: Iterable[Fault] | Text) -> None:
        self.faults = (Fault(faults),) if isinstance(faults, Text) else tuple(faults)
        if not self.faults:
            raise ValueError("an error needs at least one fault")
        super().__init__("\n".join(f.sentence(Lang.EN) for f in self.faults))

    def __reduce__(self) -> tuple[type[MatcherError], tuple[tuple[Fault, ...]]]:
        # Exceptions are rebuilt from their message, which ours is not made from.
        return type(self), (self.faults,)

    def sentences(self, lang: Lang) -> list[str]:
        """Return every fault as one line each."""
        return [f.sentence(lang) for f in self.faults]


class InputError(MatcherError):
    """What was given cannot be used: a record, a file, an option."""


class ProblemError(InputError):
    """Arrays do not make an assignment problem."""


class UnknownIdError(MatcherError):
    """An id that the market does not have was asked for."""


class CheckError(MatcherError):
    """An answer does not hold what it claims."""


class Faults:
    """A collector of faults, so that a record names all that is wrong with it at once.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.require(-1 >= 0, "staff", -1, Text("不小于 0", "0 or more"))
    >>> len(faults.found)
    1
    """

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def require(self, holds: bool, field: str, value: object, expected: Text) -> None:
        """Note a fault of ``field`` unless ``holds``."""
        if not holds:
            message = Text("取值不可用", "cannot be used")
            self.found.append(Fault(message, field=field, value=value, expected=expected))

    def not_negative(self, **values: int | Decimal | None) -> None:
        """Note a fault for each named number that is below zero or not finite."""
        for field, value in values.items():
            holds = value is None or (Decimal(value).is_finite() and value >= 0)
            self.require(holds, field, value, Text("不小于 0 的数", "a number of 0 or more"))

    def amounts(self, **values: int | None) -> None:
        """Note a fault for each named amount in fen that is below zero or above `MAX_FEN`."""
        for field, value in values.items():
            holds = value is None or 0 <= value <= MAX_FEN
            most = money_text(MAX_FEN)
            expected = Text("0 到 {m} 之间的金额", "an amount from 0 to {m}").format(m=most)
            self.require(holds, field, value, expected)

    def ordered(self, low_field: str, low: object, high_field: str, high: object) -> None:
        """Note a fault if both ends of a range are given and the low one is above."""
        if low is None or high is None or low <= high:  # type: ignore[operator]
            return
        is_money = isinstance(high, int) and high_field.endswith("_fen")
        shown = money_text(high) if is_money else high  # type: ignore[arg-type]
        expected = Text("不大于 {h}", f"at most {high_field}={{h}}").format(h=shown)
        self.require(False, low_field, low, expected)

    def raise_if_any(self) -> None:
        """Raise one `InputError` with all faults, or return."""
        if self.found:
            raise InputError(self.found)
