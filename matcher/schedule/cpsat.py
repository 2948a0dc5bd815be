"""CP-SAT on the same clauses: small problems, and those where value is at stake."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from matcher.schedule.formula import Formula, true_in

Terms = Sequence[tuple[int, int]]
"""(literal, weight) pairs; a sum counts the weights of the literals that hold."""


def _value(terms: Terms, model: Sequence[bool]) -> int:
    return sum(weight for literal, weight in terms if true_in(literal, model))


def _weighted(terms: Terms) -> bool:
    return len({weight for _, weight in terms}) > 1


@dataclass(frozen=True)
class Found:
    """The outcome of one minimisation: the value and the bound mean something with a model."""

    model: list[bool] | None
    value: int
    bound: int
    infeasible: bool = False

    @property
    def proven(self) -> bool:
        return self.infeasible or (self.model is not None and self.value == self.bound)


class CpSat:
    """One formula, to be minimised level after level.

    One worker and a fixed seed: the same formula gives the same answer unless time is up.
    OR-Tools brings pandas along: it is loaded here and not by everybody who shows a timetable.
    """

    def __init__(self, formula: Formula, seed: int) -> None:
        from ortools.sat.python import cp_model

        self._cp = cp_model
        self._model = cp_model.CpModel()
        self._seed = seed
        self._variables: list[Any] = [None]
        self._variables += [self._model.new_bool_var("") for _ in range(formula.num_vars)]
        for clause in formula.clauses():
            self._model.add_bool_or([self._literal(literal) for literal in clause])

    def hint(self, literals: Sequence[int]) -> None:
        """Suggest that these hold."""
        self._model.clear_hints()  # type: ignore[no-untyped-call]
        for literal in literals:
            self._model.add_hint(self._variables[abs(literal)], literal > 0)

    def keep(self, terms: Terms, most: int) -> None:
        """Add that a sum is at most ``most``."""
        self._model.add(self._sum(terms) <= most)

    def minimise(self, terms: Terms, deadline: float, *, by_core: bool = True) -> Found:
        """Minimise a sum until it is proven or time is up."""
        self._model.minimize(self._sum(terms))
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self._seed % 2**31
        solver.parameters.linearization_level = 0 if by_core else 1
        solver.parameters.optimize_with_core = by_core
        solver.parameters.max_time_in_seconds = max(0.01, deadline - perf_counter())
        status = solver.solve(self._model)
        if status == self._cp.INFEASIBLE:
            return Found(None, 0, 0, infeasible=True)
        bound = max(0, math.ceil(solver.best_objective_bound - 1e-6))  # no weight is below 0
        if status not in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            return Found(None, 0, bound)
        value = round(solver.objective_value)
        model = [False, *(bool(solver.value(v)) for v in self._variables[1:])]
        return Found(model, value, value if status == self._cp.OPTIMAL else bound)

    def minimise_in_turn(self, stages: Sequence[Terms], deadline: float) -> list[Found]:
        """Minimise sum after sum, each with the ones before at their least.

        Stops after the first that is not proven. A sum that is 0 already needs no search.
        """
        outcomes: list[Found] = []
        model: list[bool] | None = None
        for terms in stages:
            if model is not None and not _value(terms, model):
                outcome = Found(model, 0, 0)
            else:
                outcome = self.minimise(terms, deadline, by_core=not _weighted(terms))
            outcomes.append(outcome)
            if outcome.model is None or not outcome.proven:
                break
            model = outcome.model
            self.keep(terms, outcome.value)
            self.hint([v if holds else -v for v, holds in enumerate(model) if v])
        return outcomes

    def _literal(self, literal: int) -> Any:
        variable = self._variables[abs(literal)]
        return variable if literal > 0 else variable.negated()

    def _sum(self, terms: Terms) -> Any:
        return self._cp.LinearExpr.weighted_sum(
            [self._literal(literal) for literal, _ in terms], [weight for _, weight in terms]
        )
