"""Which policies a need may claim, and for every other one the rule that it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matcher.domain.attributes import Subject
from matcher.domain.choices import PoolUnit
from matcher.domain.criteria import Has, State, Verdict
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Pool
from matcher.domain.moments import day_text
from matcher.domain.money import money_text
from matcher.domain.policy import Policy
from matcher.domain.text import Text
from matcher.files import read_market
from matcher.files.plan_json_parts import text_json, texts_json
from matcher.market import Market


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """What a policy says to one need.

    Parameters
    ----------
    verdicts
        Of its validity on the day of the round, its instruments and its budget, as far as it
        states them, and then of each of its criteria.
    """

    policy: Policy
    verdicts: tuple[Verdict, ...]

    @property
    def state(self) -> State:
        """Whether it applies: the least of its verdicts."""
        return min((v.state for v in self.verdicts), default=State.PASS)

    @property
    def failing(self) -> tuple[Verdict, ...]:
        """The verdicts that stand against it."""
        return tuple(v for v in self.verdicts if v.state is State.FAIL)

    @property
    def missing(self) -> tuple[Text, ...]:
        """What has to be shown before the undecided rules are decided."""
        return tuple(v.missing for v in self.verdicts if v.state is State.UNKNOWN)

    @property
    def mendable(self) -> bool:
        """Whether the firm could turn every failing verdict itself; False where none fails."""
        return bool(self.failing) and all(v.mendable for v in self.failing)

    @property
    def sentence(self) -> Text:
        """The finding as one sentence."""
        parts = {
            State.PASS: [],
            State.UNKNOWN: list(self.missing),
            State.FAIL: [v.sentence for v in self.failing],
        }[self.state]
        reasons = Text.join(parts, zh="；", en="; ")
        return _SENTENCES[self.state].format(policy=self.policy.text, reasons=reasons)


_SENTENCES = {
    State.PASS: Text("“{policy}”适用", "'{policy}' applies"),
    State.UNKNOWN: Text(
        "“{policy}”待核实，需提供：{reasons}", "'{policy}' is open until this is shown: {reasons}"
    ),
    State.FAIL: Text("“{policy}”不适用：{reasons}", "'{policy}' does not apply: {reasons}"),
}


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """Every policy of the round beside one need, each in one of three lists, by id."""

    need: Need
    enterprise: Enterprise
    applies: tuple[PolicyFinding, ...]
    unknown: tuple[PolicyFinding, ...]
    fails: tuple[PolicyFinding, ...]

    @property
    def summary(self) -> Text:
        """The three numbers as one sentence."""
        told = Text(
            "适用 {a} 项，待核实 {u} 项，不适用 {f} 项",
            "{a} policies apply, {u} are open, {f} do not apply",
        )
        return told.format(a=len(self.applies), u=len(self.unknown), f=len(self.fails))

    def to_document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "need": self.need.need_id,
            "enterprise": self.enterprise.enterprise_id,
            "summary": text_json(self.summary),
            "applies": [_entry(f) for f in self.applies],
            "unknown": [_entry(f) for f in self.unknown],
            "fails": [_entry(f) for f in self.fails],
        }


def _entry(finding: PolicyFinding) -> dict[str, Any]:
    return {
        "policy": finding.policy.policy_id,
        "name": text_json(finding.policy.text),
        "sentence": text_json(finding.sentence),
        "failing": texts_json(v.sentence for v in finding.failing),
        "missing": texts_json(finding.missing),
        "mendable": finding.mendable,
        "illustrative": finding.policy.provenance.illustrative,
    }


def policies_for(market: Market, need_id: str) -> PolicyReport:
    """Judge every policy of the round for one need.

    Raises
    ------
    UnknownIdError
        If the market does not have the need.
    """
    need_idx = market.index("needs", need_id)
    subject = market.subjects[need_idx]
    pools = {pool.pool_id: pool for pool in market.pools}
    findings = [judge_policy(p, subject, pools.get(p.pool_id or "")) for p in market.policies]
    by_state = {s: tuple(f for f in findings if f.state is s) for s in State}
    return PolicyReport(
        subject.need,
        subject.enterprise,
        applies=by_state[State.PASS],
        unknown=by_state[State.UNKNOWN],
        fails=by_state[State.FAIL],
    )


def judge_policy(policy: Policy, subject: Subject, pool: Pool | None = None) -> PolicyFinding:
    """Judge one policy for a need on the day of the round.

    Parameters
    ----------
    pool
        The budget that the policy draws on; None where there is none.
    """
    frame = [
        _validity(policy, subject),
        _instruments(policy, subject),
        _budget(pool, subject.as_of),
    ]
    stated = [verdict for verdict in frame if verdict is not None]
    return PolicyFinding(policy, (*stated, *(rule.judge(subject) for rule in policy.criteria)))


def _validity(policy: Policy, subject: Subject) -> Verdict | None:
    """Judge the day of the round; the first and the last day of validity both count."""
    first, last, day = policy.valid_from, policy.valid_to, subject.as_of
    if first is None and last is None:
        return None
    holds = (first is None or first <= day) and (last is None or day <= last)
    sides = ((Text("自", "from"), first), (Text("至", "until"), last))
    asked = Text.glue(*[part for word, d in sides if d for part in (word, day_text(d))])
    state = State.PASS if holds else State.FAIL
    return Verdict(state, Text("申请日期", "day of application"), day_text(day), asked)


def _instruments(policy: Policy, subject: Subject) -> Verdict | None:
    words = frozenset(instrument.value for instrument in policy.instruments)
    return Has("instruments", words).judge(subject) if words else None


def _budget(pool: Pool | None, day: date) -> Verdict | None:
    if pool is None:
        return None
    left = pool.capacity_on(day, day)
    state = State.PASS if left > 0 else State.FAIL
    is_money = pool.unit is PoolUnit.FEN
    found = money_text(left) if is_money else Text.same(left)
    return Verdict(state, Text("预算余额", "budget left"), found, Text.same("> 0"))


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """How many policies a register holds: (name, number) pairs, sorted; None where not stated."""

    num_policies: int
    by_issuer: tuple[tuple[Text | None, int], ...]
    by_category: tuple[tuple[Text | None, int], ...]


def count_register(policies: Iterable[Policy]) -> RegisterCounts:
    """Count policies by issuer and by category."""
    register = tuple(policies)
    return RegisterCounts(
        len(register),
        _counted([p.issuer_text for p in register]),
        _counted([p.category_text for p in register]),
    )


def _counted(names: Sequence[Text | None]) -> tuple[tuple[Text | None, int], ...]:
    """Count by the Chinese name; the first English one that stands beside it is shown."""
    texts = {name.zh: name for name in reversed(names) if name is not None}
    numbers = Counter(None if name is None else name.zh for name in names)
    ordered = sorted(numbers.items(), key=lambda pair: (pair[0] is None, pair[0] or ""))
    return tuple((None if zh is None else texts[zh], number) for zh, number in ordered)


def import_policies(market: Market, path: Path) -> Market:
    """Return the market with the policies of a file or folder, and their budgets, added.

    Other tables of the file are not taken.

    Raises
    ------
    InputError
        With every fault of the file; or if an id is used twice or a budget is not there.
    """
    read = read_market(path, complete=False).records
    return market.replace(
        policies=(*market.policies, *read.policies), pools=(*market.pools, *read.pools)
    )
