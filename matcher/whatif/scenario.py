"""A scenario: a named list of changes, and the exact way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcher.domain.criteria import State
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.scoring.mending import judge
from matcher.scoring.pair import Pair
from matcher.whatif.changes import Change, Pin, RestoreAims, RestoreRecords
from matcher.whatif.changes.aims import NOBODY
from matcher.whatif.draft import Draft
from matcher.whatif.setting import Setting

MAX_CHANGES = 1_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes, made one after the other; each sees what those before it did.

    Two scenarios add up: ``a + b`` makes the changes of a, then those of b.
    """

    name: str
    changes: tuple[Change, ...] = ()

    def __add__(self, other: Scenario) -> Scenario:
        names = [scenario.name for scenario in (self, other) if scenario.name]
        return Scenario(" + ".join(names), self.changes + other.changes)

    def apply(self, setting: Setting, file: str | None = None) -> Applied:
        """Return the setting with every change made; the one given is not touched.

        Raises
        ------
        InputError
            With every fault of every change, each naming the change by number and name, and
            its field. A change that has a fault is not made before the next ones are judged.
        """
        draft = Draft.of(setting)
        if len(self.changes) > MAX_CHANGES:
            raise InputError(Text(f"改动超过 {MAX_CHANGES} 项", f"more than {MAX_CHANGES} changes"))
        faults = [f.at(file=file) for f in make_all(self.changes, draft)]
        if faults:
            raise InputError(faults)
        after = draft.setting(setting)
        unfit = [f.at(file=file) for f in _unfit_pins(self, after)]
        if unfit:
            raise InputError(unfit)
        return Applied(
            self, setting, after, _inverse(self, setting, draft), _touched(setting, draft)
        )


@dataclass(frozen=True, eq=False, slots=True)
class Applied:
    """A scenario applied.

    Parameters
    ----------
    before, after
        The setting that it was applied to, and the one that came out.
    inverse
        The scenario that leads from ``after`` back to ``before``, byte for byte.
    touched
        (table, id) of every record that differs, is new, or is gone.
    """

    scenario: Scenario
    before: Setting
    after: Setting
    inverse: Scenario
    touched: tuple[tuple[str, str], ...]


def make_all(changes: Iterable[Change], draft: Draft) -> Iterator[Fault]:
    """Make changes one after the other; yield the faults of those that cannot be made."""
    for number, change in enumerate(changes, start=1):
        for fault in _make(change, draft):
            yield fault.at(sheet=change.label or change.kind, row=number)


def _make(change: Change, draft: Draft) -> list[Fault]:
    """Make one change if it can be made whole; return its faults."""
    trial, found = draft.copy(), list[Fault]()
    change.edit(trial, found)
    if not found:
        found = [fault.fault for fault in trial.records().faults()]
    if not found:
        draft.take(trial)
    return found


def _unfit_pins(scenario: Scenario, after: Setting) -> Iterator[Fault]:
    """Yield a fault for each pair that is pinned although a rule fails in the market after."""
    market = after.market
    needs = {n.need_id: i for i, n in enumerate(market.needs)}
    products = {p.product_id: j for j, p in enumerate(market.products)}
    for number, change in enumerate(scenario.changes, start=1):
        if not isinstance(change, Pin) or (change.need, change.product) not in after.fixings.pins:
            continue
        pair = Pair.of(market, needs[change.need], products[change.product])
        failing = [v.sentence for v in judge(pair) if v.state is State.FAIL]
        if failing:
            message = Text("不能指定：{v}", "cannot be pinned: {v}").format(v=Text.join(failing))
            fault = Fault(message, "product", change.product)
            yield fault.at(sheet=change.label or change.kind, row=number)


def _differing(setting: Setting, draft: Draft) -> Iterator[tuple[str, str, object]]:
    """Yield table, id and the record before (None: there was none) of all that differs."""
    for table, rows in Draft.of(setting).rows():
        now = draft.tables[table]
        for identity in sorted(rows.keys() | now.keys()):
            before = rows.get(identity)
            if before is not now.get(identity) and before != now.get(identity):
                yield table, identity, before


def _touched(setting: Setting, draft: Draft) -> tuple[tuple[str, str], ...]:
    return tuple((table, identity) for table, identity, _ in _differing(setting, draft))


def _inverse(scenario: Scenario, setting: Setting, draft: Draft) -> Scenario:
    entries = tuple(_differing(setting, draft))
    changes: list[Change] = [RestoreRecords(entries=entries)] if entries else []
    aims = RestoreAims(
        as_of=None if draft.as_of == setting.market.as_of else setting.market.as_of,
        weights=None if draft.weights == setting.weights else setting.weights,
        fixings=None if draft.fixings == setting.fixings else setting.fixings,
        floors=None if draft.floors == setting.floors else setting.floors,
        fair=None if draft.fair == setting.fair else setting.fair or NOBODY,
    )
    if aims != RestoreAims():
        changes.append(aims)
    return Scenario(f"-({scenario.name})", tuple(changes))


def numbered(scenario: Scenario) -> list[Text]:
    """Return each change as a sentence, with its number and name."""
    told = Text("{n}. {t}", "{n}. {t}")
    named = Text("{n}.（{l}）{t}", "{n}. ({l}) {t}")
    return [
        (named if change.label else told).format(n=n, l=change.label, t=change.text)
        for n, change in enumerate(scenario.changes, start=1)
    ]
