"""What is claimed of a plan, and what is found about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NO_LIMIT = 2**63 - 1
"""The entry of a limit or quota that makes no row."""


@dataclass(frozen=True, eq=False)
class PoolClaim:
    """A shared capacity: ``options`` draw 1 (``count``), their amount (``fen``) or ``draw``."""

    options: Any
    capacity: int
    unit: str = "count"
    draw: Any = None


@dataclass(frozen=True, eq=False)
class FloorClaim:
    """A soft lower limit: ``least`` of ``needs`` met, or of the edges of ``options`` chosen.

    Each one that lacks costs ``penalty`` of the objective.
    """

    needs: Any
    options: Any
    least: int
    penalty: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Claim:
    """A problem and what is claimed about it.

    The arrays are those of ``Problem.from_arrays`` under the same names. The multipliers are in
    the order: options with a finite limit, options with a finite quota, groups with a finite
    limit, groups with a finite quota, pools with a finite capacity.

    Parameters
    ----------
    status
        One of optimal, feasible, infeasible, nothing, unknown.
    chosen
        Indices of the chosen edges.
    objective, bound, gap
        What the plan is worth, what no plan exceeds, and how far apart they are, relative to
        the larger of their magnitudes; None where not claimed.
    multipliers
        ``(num_rows,)`` of at least 0; the bound follows from them.
    floor_multipliers
        ``(num_floors,)`` from 0 to the floor's penalty.
    """

    need: Any
    option: Any
    weight: Any
    num_needs: int
    num_options: int
    need_limit: Any = 1
    option_limit: Any = None
    amount: Any = None
    option_quota: Any = None
    group: Any = None
    group_limit: Any = None
    group_quota: Any = None
    one_per_group: bool = False
    pools: Sequence[PoolClaim] = ()
    fixed: Any = None
    floors: Sequence[FloorClaim] = ()
    status: str
    chosen: Any
    objective: float | None
    bound: float | None
    gap: float | None
    multipliers: Any
    floor_multipliers: Any = ()


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold.

    Parameters
    ----------
    code
        Its kind, stable for programs.
    zh, en
        The finding as a sentence.
    """

    code: str
    zh: str
    en: str
