"""Which firms of a market are asked about, and what rules read of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from matcher.domain.attributes import Subject
from matcher.domain.criteria import Criterion, State, Verdict
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import Fault, InputError
from matcher.domain.expression import parse
from matcher.domain.text import Text
from matcher.market import Market


@dataclass(frozen=True, eq=False)
class Firms:
    """The firms of a market, each with its needs.

    A rule is read against each need of a firm, and its best verdict counts; of a firm without
    one, rules about the need read a need of one fen.
    """

    market: Market

    @cached_property
    def by_id(self) -> Mapping[str, Enterprise]:
        return {firm.enterprise_id: firm for firm in self.market.records.enterprises}

    @cached_property
    def _subjects(self) -> Mapping[str, Sequence[Subject]]:
        found: dict[str, list[Subject]] = {firm: [] for firm in self.by_id}
        for subject in self.market.subjects:
            found[subject.enterprise.enterprise_id].append(subject)
        return {firm: some or [self._alone(firm)] for firm, some in found.items()}

    def _alone(self, firm: str) -> Subject:
        need = Need(need_id="-", enterprise_id=firm, amount_fen=1)
        return Subject(need, self.by_id[firm], self.market.as_of)

    def judge(self, firm: str, rules: Iterable[Criterion]) -> tuple[Verdict, ...]:
        """Return the verdict of each rule."""
        subjects = self._subjects[firm]
        return tuple(
            max((rule.judge(subject) for subject in subjects), key=lambda v: v.state)
            for rule in rules
        )


def parse_rules(words: Iterable[str], option: str) -> tuple[Criterion, ...]:
    """Read the rules of an option of the command line.

    Raises
    ------
    InputError
        With every word that is no rule, saying where it stops being one.
    """
    rules: list[Criterion] = []
    faults: list[Fault] = []
    for word in words:
        try:
            rules.append(parse(word))
        except (ValueError, ArithmeticError, RecursionError) as error:
            message = Text("规则无法读取（{e}）", "the rule cannot be read ({e})")
            told = message.format(e=Text.same(f"{error!s:.200}"))
            faults.append(Fault(told, field=option, value=word, expected=_SUCH_AS))
    if faults:
        raise InputError(faults)
    return tuple(rules)


_SUCH_AS = Text("如 地区 属于 3301", "such as: region in 3301")


def chosen_firms(market: Market, rules: Sequence[Criterion] = ()) -> tuple[Enterprise, ...]:
    """Return the firms of which every rule is known to hold, by id."""
    firms = Firms(market)
    return tuple(
        firm
        for identity, firm in firms.by_id.items()
        if all(v.state is State.PASS for v in firms.judge(identity, rules))
    )
