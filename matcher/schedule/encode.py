"""Encoding: a problem as clauses, one method for each family of constraints."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from matcher.schedule import facts
from matcher.schedule.formula import Formula
from matcher.schedule.frame import Frame
from matcher.schedule.gaps import gap_counts, spread_limits
from matcher.schedule.implied import add_loads, add_parity
from matcher.schedule.owners import Share, shares
from matcher.schedule.result import Fact


@dataclass
class Encoding:
    """The clauses of a problem, and which variable means what.

    Attributes
    ----------
    at
        For each meeting, slot → the variable "it is in this slot".
    placed
        For each meeting, the variable "it takes place"; 0 where it does anyway.
    busy
        For each participant, slot → the variable "has a meeting in it".
    gaps
        For each participant, variables "has more than k gaps" for k = 0, 1, …
    spread
        Variable k, if true, keeps the difference of gaps at k or less.
    guards
        Variable → the fact that it switches on; empty where all facts hold anyway.
    """

    frame: Frame
    formula: Formula
    at: list[dict[int, int]] = field(default_factory=list)
    placed: list[int] = field(default_factory=list)
    busy: list[dict[int, int]] = field(default_factory=list)
    gaps: list[list[int]] = field(default_factory=list)
    spread: list[int] = field(default_factory=list)
    guards: dict[int, Fact] = field(default_factory=dict)


def encode(frame: Frame, *, hold: Collection[int] = (), guarded: bool = False) -> Encoding:
    """Write a problem as clauses.

    Parameters
    ----------
    hold
        Meetings, by index, that take place whether they must or not.
    guarded
        Every fact has a variable that switches it on, for the search of a clash. This costs
        the implied constraints that several facts have together.
    """
    return _Encoder(frame, hold, guarded).encoding()


class _Encoder:
    def __init__(self, frame: Frame, hold: Collection[int], guarded: bool) -> None:
        self._frame, self._problem = frame, frame.problem
        self._guarded = guarded
        self._formula = Formula()
        self._result = Encoding(frame, self._formula)
        self._sure = [
            not guarded and (m.must or index in hold)
            for index, m in enumerate(self._problem.meetings)
        ]

    def encoding(self) -> Encoding:
        self._one_slot_each()
        if self._guarded:
            self._asked_of_meetings()
        self._officers()
        self._tables()
        self._implied()
        self._precedences()
        self._never_together()
        self._max_run()
        self._gaps()
        return self._result

    def _unless(self, make: Callable[[], Fact]) -> tuple[int, ...]:
        """Return the literals by which a fact's clauses are void while it is switched off."""
        if not self._guarded:
            return ()
        guard = self._formula.new()
        self._result.guards[guard] = make()
        return (-guard,)

    def _one_slot_each(self) -> None:
        formula, frame = self._formula, self._frame
        every = range(frame.num_slots)
        for meeting, sure in enumerate(self._sure):
            slots = every if self._guarded else frame.domain[meeting]
            at = {t: formula.new() for t in slots}
            formula.at_most_one(list(at.values()))
            if sure:
                formula.add(*at.values())
            self._result.at.append(at)
            self._result.placed.append(0 if sure else formula.any_of(list(at.values())))

    def _asked_of_meetings(self) -> None:
        """Switchable facts that otherwise show in the slots a meeting may have."""
        problem, frame, result = self._problem, self._frame, self._result
        for index, m in enumerate(problem.meetings):
            if m.must:
                off = self._unless(lambda m=m: facts.must_fact(problem, m))  # type: ignore[misc]
                self._formula.add(result.placed[index], *off)
            if m.wish is not None:
                off = self._unless(lambda m=m: facts.wish_fact(problem, m))  # type: ignore[misc]
                wrong = {t for t, s in enumerate(problem.slots) if s.session is not m.wish}
                self._forbid(index, wrong, off)
            if m.slot is not None:
                off = self._unless(lambda m=m: facts.fixed_slot_fact(problem, m))  # type: ignore[misc]
                self._forbid(index, set(range(frame.num_slots)) - {frame.slot_at[m.slot]}, off)
        for absence in problem.absences:
            off = self._unless(lambda a=absence: facts.absence_fact(problem, a))  # type: ignore[misc]
            slots = {frame.slot_at[slot_id] for slot_id in absence.slots}
            for index in frame.own[frame.person_at[absence.participant_id]]:
                self._forbid(index, slots, off)

    def _forbid(self, meeting: int, slots: set[int], unless: tuple[int, ...]) -> None:
        for t in sorted(slots):
            self._formula.add(-self._result.at[meeting][t], *unless)

    def _officers(self) -> None:
        """Tie busy to meetings; a participant holds no more at once than it has officers."""
        frame, formula = self._frame, self._formula
        for person, own in enumerate(frame.own):
            participant = self._problem.participants[person]
            off = self._unless(lambda p=participant: facts.officers_fact(p))  # type: ignore[misc]
            busy: dict[int, int] = {}
            for t in range(frame.num_slots):
                here = [self._result.at[m][t] for m in own if t in self._result.at[m]]
                if not here:
                    continue
                busy[t] = formula.any_of(here)
                if frame.officers[person] == 1:
                    formula.at_most_one(here, *off)
                else:
                    formula.at_most(here, frame.officers[person], *off)
            self._result.busy.append(busy)

    def _tables(self) -> None:
        """No more meetings in a slot than their set of tables holds."""
        frame, formula = self._frame, self._formula
        for pool, ids in enumerate(frame.pool_tables):
            off = self._unless(lambda ids=ids: facts.tables_fact(self._problem, ids))  # type: ignore[misc]
            counted = self._shares(pool)
            for t in range(frame.num_slots):
                held, most = self._held(counted, t), frame.capacity[pool][t]
                if len(held) > most:
                    meetings = formula.count(held, most + 1)
                    formula.add(-meetings[most], *off)
                    if not self._guarded:
                        add_parity(frame, formula, t, meetings, self._result.busy)

    def _shares(self, pool: int) -> list[Share]:
        """Return what is counted as one; each meeting where officers may be switched off."""
        if self._guarded:
            return [Share((m,)) for m, p in enumerate(self._frame.pool) if p == pool]
        return shares(self._frame, pool)

    def _held(self, counted: list[Share], slot: int) -> list[int]:
        """Return literals of which as many hold as there are meetings in the slot."""
        at, busy = self._result.at, self._result.busy
        literals = []
        for share in counted:
            here = [at[m][slot] for m in share.meetings if slot in at[m]]
            if len(here) <= 1:
                literals += here
            elif share.person is not None:
                literals.append(busy[share.person][slot])
            else:
                literals.append(self._formula.any_of(here))
        return literals

    def _implied(self) -> None:
        """Add what follows from all meetings of a participant taking place."""
        for person in range(len(self._frame.own)):
            if self._all_sure(person):
                add_loads(self._frame, self._formula, self._result.busy[person], person)

    def _all_sure(self, person: int) -> bool:
        own = self._frame.own[person]
        return bool(own) and all(self._sure[m] for m in own)

    def _load(self, person: int) -> int | None:
        """Return in how many slots one is busy, if that is known."""
        alone = self._frame.officers[person] == 1
        return len(self._frame.own[person]) if alone and self._all_sure(person) else None

    def _precedences(self) -> None:
        at = self._result.at

        def missing(meeting: int) -> list[int]:
            placed = self._result.placed[meeting]
            return [-placed] if placed else []

        for order in self._problem.precedences:
            off = self._unless(lambda o=order: facts.precedence_fact(self._problem, o))  # type: ignore[misc]
            first = self._frame.meeting_at[order.before]
            later = self._frame.meeting_at[order.after]
            for t, variable in at[later].items():
                earlier = [v for s, v in at[first].items() if s < t]
                self._formula.add(-variable, *missing(first), *earlier, *off)
            for t, variable in at[first].items():
                after = [v for s, v in at[later].items() if s > t]
                self._formula.add(-variable, *missing(later), *after, *off)

    def _never_together(self) -> None:
        frame = self._frame
        for rule in self._problem.never_together:
            off = self._unless(lambda r=rule: facts.never_together_fact(self._problem, r))  # type: ignore[misc]
            people = [self._result.busy[frame.person_at[p]] for p in sorted(rule.participants)]
            meetings = [self._result.at[frame.meeting_at[m]] for m in sorted(rule.meetings)]
            for t in range(frame.num_slots):
                for those in (people, meetings):
                    self._formula.at_most_one([v[t] for v in those if t in v], *off)

    def _max_run(self) -> None:
        """Of n officers, none needs more than k in a row if k + 1 slots have n·k meetings."""
        frame = self._frame
        for person, participant in enumerate(self._problem.participants):
            most = self._problem.max_run_of(participant)
            if most is None:
                continue
            off = self._unless(lambda p=participant, k=most: facts.max_run_fact(p, k))  # type: ignore[misc]
            for row in frame.rows:
                for start in range(len(row) - most):
                    window = row[start : start + most + 1]
                    held = [
                        self._result.at[m][t]
                        for m in frame.own[person]
                        for t in window
                        if t in self._result.at[m]
                    ]
                    self._formula.at_most(held, most * frame.officers[person], *off)

    def _gaps(self) -> None:
        result, problem = self._result, self._problem
        loads = [self._load(person) for person in range(len(self._frame.own))]
        result.gaps = gap_counts(self._frame, self._formula, result.busy, loads)
        if problem.fairness is None:
            result.spread = spread_limits(self._formula, result.gaps)
            return
        limits = spread_limits(self._formula, result.gaps, [problem.fairness])
        off = self._unless(lambda: facts.fairness_fact(problem.fairness or 0))
        for limit in limits:
            self._formula.add(limit, *off)
