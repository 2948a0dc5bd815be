"""Rules of eligibility: a criterion read against one subject gives a verdict with its reasons.

Verdicts have three values. *Unknown* is not *fail*: a missing paper makes a conditional match
that says which paper. All-of is the least, any-of the greatest and not the mirror of its parts
(Kleene's strong three-valued logic). The second reading, a whole column at once, stands in
`matcher.scoring.columns`; tests hold the two equal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum

from matcher.domain.attributes import Attribute, Subject, Value, attribute, yes_or_no
from matcher.domain.text import Text


class State(IntEnum):
    """The three values of a verdict, ordered so that all-of is ``min`` and any-of is ``max``."""

    FAIL = 0
    UNKNOWN = 1
    PASS = 2

    @property
    def text(self) -> Text:
        """The value in both languages."""
        return _STATES[self]


_STATES = {
    State.FAIL: Text("不符合", "fails"),
    State.UNKNOWN: Text("待核实", "not known"),
    State.PASS: Text("符合", "passes"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one subject.

    Parameters
    ----------
    state
        Pass, fail or unknown.
    label
        What was asked about.
    found, asked
        The value found (None where it is not known) and the value asked.
    mendable
        Whether the firm could turn a fail or an unknown into a pass.
    parts
        The verdicts of the parts of a composed rule.
    """

    state: State
    label: Text
    found: Text | None
    asked: Text
    mendable: bool = False
    parts: tuple[Verdict, ...] = ()

    @property
    def sentence(self) -> Text:
        """The verdict as one sentence."""
        found = self.found or Text("未提供", "not given")
        template = Text("{label}：{found}，{asked}，{state}", "{label}: {found}; {asked}; {state}")
        asked = Text.glue(Text("要求", "asked:"), self.asked)
        return template.format(label=self.label, found=found, asked=asked, state=self.state.text)

    @property
    def missing(self) -> Text:
        """What would have to be shown for an unknown verdict to be decided."""
        return Text("{label}（{asked}）", "{label} ({asked})").format(
            label=self.label, asked=self.asked
        )


@dataclass(frozen=True, slots=True)
class Criterion(ABC):
    """A rule about a need and its firm. Equal rules are equal values, so they can be shared."""

    @property
    @abstractmethod
    def text(self) -> Text:
        """The rule as people read it."""

    @abstractmethod
    def judge(self, subject: Subject) -> Verdict:
        """Read the rule against one subject."""


@dataclass(frozen=True, slots=True)
class OnAttribute(Criterion):
    """A rule about one attribute: `holds` decides where its value is known."""

    name: str

    @property
    def attribute(self) -> Attribute:
        return attribute(self.name)

    @property
    @abstractmethod
    def asked(self) -> Text:
        """What is asked of the attribute, without its name."""

    @abstractmethod
    def holds(self, value: Value) -> bool:
        """Tell whether a known value satisfies the rule."""

    @property
    def text(self) -> Text:
        if self.answer is None:
            return Text.glue(self.attribute.text, self.asked)
        answer = yes_or_no(self.answer)
        return Text("{a}：{b}", "{a}: {b}").format(a=self.attribute.text, b=answer)

    @property
    def answer(self) -> bool | None:
        """The one answer that is asked for, where the rule is a question of yes or no."""
        return None

    def judge(self, subject: Subject) -> Verdict:
        value = self.attribute.get(subject)
        if value is None:
            return Verdict(State.UNKNOWN, self.attribute.text, None, self.asked, mendable=True)
        state = State.PASS if self.holds(value) else State.FAIL
        found = self.attribute.show(value)
        return Verdict(state, self.attribute.text, found, self.asked, self.attribute.mendable)


@dataclass(frozen=True, slots=True)
class Range(OnAttribute):
    """A number or date between bounds; each bound may be absent, or open (itself not allowed)."""

    low: Value | None = None
    high: Value | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def low_ticks(self) -> int | None:
        """The least value allowed, in ticks."""
        return None if self.low is None else self.attribute.ticks(self.low) + self.low_open

    @property
    def high_ticks(self) -> int | None:
        """The greatest value allowed, in ticks."""
        return None if self.high is None else self.attribute.ticks(self.high) - self.high_open

    @property
    def asked(self) -> Text:
        if self.answer is not None:
            return _answered(self.answer)
        parts = []
        if self.low is not None:
            parts.append(_bound(">" if self.low_open else "≥", self.attribute.show(self.low)))
        if self.high is not None:
            parts.append(_bound("<" if self.high_open else "≤", self.attribute.show(self.high)))
        return _joined(parts, Text("且", "and"))

    @property
    def answer(self) -> bool | None:
        if not self.attribute.is_question:
            return None
        of = self.attribute.ticks
        allowed = [a for a in (False, True) if self.holds(a)]
        is_within = all(b is None or 0 <= of(b) <= of(1) for b in (self.low, self.high))
        return allowed[0] if is_within and len(allowed) == 1 else None

    def holds(self, value: Value) -> bool:
        ticks = self.attribute.ticks(value)
        low, high = self.low_ticks, self.high_ticks
        return (low is None or ticks >= low) and (high is None or ticks <= high)


def _answered(answer: bool) -> Text:
    return Text("为{v}", "{v}").format(v=yes_or_no(answer))


def _joined(parts: list[Text], word: Text) -> Text:
    """Join rules by a word: and, or."""
    return Text.glue(*[p for part in parts for p in (word, part)][1:])


def _bound(sign: str, value: Text) -> Text:
    return Text(f"{sign} {value.zh}", f"{sign} {value.en}")


@dataclass(frozen=True, slots=True)
class OneOf(OnAttribute):
    """A word or a flag that must be one of those listed (flags as ``yes`` and ``no``)."""

    values: frozenset[str]

    @property
    def asked(self) -> Text:
        if self.answer is not None:
            return _answered(self.answer)
        shown = [self._show(v) for v in sorted(self.values)]
        if len(shown) == 1:
            return Text("为{v}", "is {v}").format(v=shown[0])
        return Text.glue(Text("属于", "one of"), Text.join(shown))

    @property
    def answer(self) -> bool | None:
        if self.attribute.choices is not None or len(self.values) != 1:
            return None
        return {"yes": True, "no": False}.get(min(self.values))

    def _show(self, value: str) -> Text:
        if self.attribute.choices is None and value in ("yes", "no"):
            return yes_or_no(value == "yes")
        return self.attribute.show(value)

    def holds(self, value: Value) -> bool:
        word = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        return word in self.values


@dataclass(frozen=True, slots=True)
class Under(OnAttribute):
    """A hierarchical code (region, industry) that must begin with one of the prefixes.

    A code shorter than the prefix that it agrees with so far (a firm known only by its city,
    asked for a district) is undecided: unknown, not fail.
    """

    prefixes: frozenset[str]

    @property
    def asked(self) -> Text:
        codes = [self.attribute.show(code) for code in sorted(self.prefixes)]
        return Text.glue(Text("属于", "in"), Text.join(codes))

    def holds(self, value: Value) -> bool:
        return any(str(value).startswith(p) for p in self.prefixes)

    def is_too_coarse(self, value: str) -> bool:
        """Tell whether a code could still lie under a prefix if it were given in full."""
        return not self.holds(value) and any(p.startswith(value) for p in self.prefixes)

    def judge(self, subject: Subject) -> Verdict:
        verdict = super(Under, self).judge(subject)
        value = self.attribute.get(subject)
        if value is None or not self.is_too_coarse(str(value)):
            return verdict
        return Verdict(State.UNKNOWN, verdict.label, verdict.found, verdict.asked, mendable=True)


@dataclass(frozen=True, slots=True)
class Has(OnAttribute):
    """A set (tags, collateral) that must contain one of the words, or all of them."""

    values: frozenset[str]
    every: bool = False

    @property
    def asked(self) -> Text:
        words = Text.join([self.attribute.word(v) for v in sorted(self.values)])
        verb = Text("全部具备", "all of") if self.every else Text("具备", "has")
        return Text.glue(verb, words)

    def holds(self, value: Value) -> bool:
        present = self.values & (value if isinstance(value, frozenset) else frozenset())
        return present == self.values if self.every else bool(present)


@dataclass(frozen=True, slots=True)
class Prose(Criterion):
    """A condition that a publisher states in words only: kept whole, and never decided."""

    words: str

    @property
    def text(self) -> Text:
        return Text.same(self.words)

    def judge(self, subject: Subject) -> Verdict:
        label = Text("文字条件", "condition in words")
        return Verdict(State.UNKNOWN, label, None, self.text, mendable=True)


@dataclass(frozen=True, slots=True)
class AllOf(Criterion):
    """Every part must pass."""

    parts: tuple[Criterion, ...]

    @property
    def text(self) -> Text:
        return _joined([_bracketed(p) for p in self.parts], Text("且", "and"))

    def judge(self, subject: Subject) -> Verdict:
        parts = tuple(p.judge(subject) for p in self.parts)
        state = min((p.state for p in parts), default=State.PASS)
        bad = [p for p in parts if p.state is not State.PASS]
        return _composed(self, state, parts, all(p.mendable for p in bad))


@dataclass(frozen=True, slots=True)
class AnyOf(Criterion):
    """One part must pass."""

    parts: tuple[Criterion, ...]

    @property
    def text(self) -> Text:
        return _joined([_bracketed(p) for p in self.parts], Text("或", "or"))

    def judge(self, subject: Subject) -> Verdict:
        parts = tuple(p.judge(subject) for p in self.parts)
        state = max((p.state for p in parts), default=State.FAIL)
        return _composed(self, state, parts, any(p.mendable for p in parts))


@dataclass(frozen=True, slots=True)
class Not(Criterion):
    """The part must fail."""

    part: Criterion

    @property
    def text(self) -> Text:
        return Text("非（{p}）", "not ({p})").format(p=self.part.text)

    def judge(self, subject: Subject) -> Verdict:
        inner = self.part.judge(subject)
        state = State(State.PASS - inner.state)
        return _composed(self, state, (inner,), inner.mendable)


def _bracketed(part: Criterion) -> Text:
    composed = isinstance(part, AllOf | AnyOf) and len(part.parts) > 1
    return Text("（{p}）", "({p})").format(p=part.text) if composed else part.text


def _composed(rule: Criterion, state: State, parts: tuple[Verdict, ...], mendable: bool) -> Verdict:
    found = Text.join(
        [
            Text("{a} {v}", "{a} {v}").format(a=p.label, v=p.found or Text("未提供", "not given"))
            for p in _leaves(parts)
        ]
    )
    return Verdict(state, Text("条件", "condition"), found, rule.text, mendable, parts)


def _leaves(parts: tuple[Verdict, ...]) -> list[Verdict]:
    return [leaf for p in parts for leaf in (_leaves(p.parts) if p.parts else [p])]
