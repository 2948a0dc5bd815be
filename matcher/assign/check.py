"""check(): a result is held against its problem by code that shares nothing with the engine."""

from __future__ import annotations

from dataclasses import fields

from matcher.assign.problem import Problem
from matcher.assign.result import Result
from matcher.domain.errors import CheckError, Fault
from matcher.domain.text import Text
from matcher.verify.audit import audit
from matcher.verify.claim import Claim, FloorClaim, PoolClaim


def check(problem: Problem, result: Result) -> None:
    """Hold every limit, the objective, the bound and the status of a result against the problem.

    Raises
    ------
    CheckError
        With every fault found; ``fault.field`` is the finding's code.
    """
    findings = audit(as_claim(problem, result))
    if findings:
        raise CheckError(Fault(Text(f.zh, f.en), field=f.code) for f in findings)


def as_claim(problem: Problem, result: Result) -> Claim:
    """Return problem and result in the plain words of the auditor."""
    given = {field.name: getattr(problem, field.name) for field in fields(problem)}
    given["pools"] = [
        PoolClaim(pool.options, pool.capacity, pool.unit, pool.draw) for pool in problem.pools
    ]
    given["floors"] = [
        FloorClaim(floor.needs, floor.options, floor.least, floor.penalty)
        for floor in problem.floors
    ]
    return Claim(
        **given,
        status=result.status.value,
        chosen=result.chosen,
        objective=result.objective,
        bound=result.bound,
        gap=result.gap,
        multipliers=result.multipliers,
        floor_multipliers=result.floor_multipliers,
    )
