"""The optimiser: it knows arrays and not banks.

Examples
--------
>>> from matcher.assign import Problem, check, solve
>>> problem = Problem.from_arrays(
...     [0, 0, 1], [0, 1, 0], [3.0, 2.0, 2.0], num_needs=2, num_options=2, option_limit=[1, 1]
... )
>>> result = solve(problem)
>>> result.status.value, result.objective, result.chosen.tolist()
('optimal', 4.0, [1, 2])
>>> check(problem, result)
"""

from matcher.assign.arrays import UNLIMITED
from matcher.assign.certificate import bound
from matcher.assign.check import check
from matcher.assign.floor import Floor
from matcher.assign.pool import Pool
from matcher.assign.problem import Problem
from matcher.assign.result import Result, Status
from matcher.assign.solve import solve

__all__ = ["UNLIMITED", "Floor", "Pool", "Problem", "Result", "Status", "bound", "check", "solve"]
