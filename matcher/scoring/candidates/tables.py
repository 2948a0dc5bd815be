"""What the compiled scan reads and writes: few plain arrays, their columns under names.

All that it reads is read-only and contiguous, so that it is compiled for one set of types. What
belongs to one need, or to one package, stands in one row: a pair then reads few lines of memory.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]
Floats = NDArray[np.float64]

Scalar = TypeVar("Scalar", bound=np.generic)

# Columns of `NeedTable.whole`. Flags are 0 and 1; what is not known is 0.
(N_AMOUNT, N_LEAST, N_MONTH, N_TERM, N_TERM_KNOWN, N_DAYS, N_DEADLINE_KNOWN, N_LEVEL, N_PLEDGED,
 N_PLEDGED_END, N_COLLATERAL_KNOWN, N_REGION, N_WISH, N_CONSENT, N_CONFLICT, N_BANK) = range(16)  # fmt: skip
# Columns of `NeedTable.real`.
R_MOST, R_LIMIT, R_SPAN, R_BASE, R_STANDING = range(5)
# Columns of `PackageTable.whole`.
(P_PRODUCT, P_INSTITUTION, P_MOST, P_NUM_LIMITED, P_DAYS, P_NUM_STATES, P_RULE, P_RULE_END, P_WISH,
 P_WISH_END, P_COST, P_COST_LEVEL, P_REPAID, P_MAY_LEVEL, P_MUST_LEVEL, P_PART, P_PART_END,
 P_PLEDGE, P_PLEDGE_END) = range(19)  # fmt: skip
# Columns of `PackageTable.charges`.
(C_ACCRUING, C_ACCRUING_HIGH, C_YEARLY, C_YEARLY_HIGH, C_MONTHLY, C_ONCE, C_FIXED) = range(7)
# Columns of `PackageTable.parts`.
(Q_INSTITUTION, Q_VALID, Q_AMOUNT_MIN, Q_AMOUNT_MAX, Q_TERM_MIN, Q_TERM_MAX, Q_SECURED,
 Q_UNSECURED) = range(8)  # fmt: skip
# Columns of `Terms.weight`.
W_AMOUNT, W_COLLATERAL, W_COST, W_TIME, W_APPETITE, W_APPROVAL = range(6)


class NeedTable(NamedTuple):
    """The needs of a market.

    Parameters
    ----------
    rows
        (N, axes) the row of `PackageTable.fits` on each axis; also a place among the states.
    whole
        (N, 16) amount and least in fen, place of the term in the cost table, term in months,
        workdays left, whether instalments are wished for, span of the pledges, region, wish,
        and the sets of institutions that may see the need (-1: all), that are related to the
        firm, and that it works with (-1: not said).
    real
        (N, 5) highest cost accepted and the tolerance (NaN: none), what the features ``cost``
        and ``time`` divide by, what the need's own features add to the score, and the factor of
        the feature ``approval``.
    kind, value
        (K,) kind and value in fen of each pledge.
    set_start, set_item
        (S + 1,) where each set of institutions begins, and what is in it.
    """

    rows: Ints
    whole: Longs
    real: Floats
    kind: Ints
    value: Longs
    set_start: Ints
    set_item: Ints


class PackageTable(NamedTuple):
    """P packages of Q parts.

    Parameters
    ----------
    fits
        (rows, words) bits of the packages that the needs of a class may have.
    instrument_fits
        (rows, words) the same for the instrument of the leading product alone.
    has
        (institutions, words) bits of the packages that an institution has a part in.
    whole
        (P, 19) product and institution that lead, the most given in fen, how many parts limit
        the term, workdays to the money (-1: not known), number of conditions and rules, spans
        of the rules, preferences, parts and parts with collateral, where the costs begin for
        needs that do not and that do wish for instalments, and flags of the way of repaying.
    charges
        (P, 7) fractions of the amount, fixed fees in fen.
    rules
        (R, 2) axis and place: the state of rule ``r`` is ``states[place + rows[i, axis]]``.
    states
        int8 states of all rules, one behind the other.
    cost
        (rows × T, 2) all-in yearly cost at the lowest and the highest rate, fixed fees left
        aside; NaN where not quoted.
    months
        (T,) the terms of the cost table.
    pledge_part
        The parts that ask for collateral.
    parts
        (Q, 8) institution, whether on offer, limits in fen and months, collateral.
    advance
        (Q, kinds) basis points of a collateral's value that count.
    """

    fits: Words
    instrument_fits: Words
    has: Words
    whole: Longs
    charges: Floats
    rules: Ints
    states: NDArray[np.int8]
    cost: Floats
    months: Longs
    pledge_part: Ints
    parts: Longs
    advance: Longs


class Terms(NamedTuple):
    """What features add to the score, weight × feature, where a table gives it.

    Parameters
    ----------
    sector
        (P,).
    region
        (regions + 1, institutions).
    relationship
        (3,) where the firm does not work with the institution, where it does, where nothing is
        said.
    repayment
        (wishes, P).
    weight
        (6,) weights of the features that are reckoned for each pair.
    """

    sector: Floats
    region: Floats
    relationship: Floats
    repayment: Floats
    weight: Floats


class Sink(NamedTuple):
    """Where the scan writes the edges that it keeps, and (rows,) what it says of each need.

    Parameters
    ----------
    kept
        How many edges.
    nearest, distance
        Product that comes nearest, and how many rules it fails, those of another instrument
        moved further away.
    """

    product: Ints
    low: Floats
    high: Floats
    offered: Longs
    unknown: Ints
    evidence: NDArray[np.float32]
    appetite: NDArray[np.float32]
    score: NDArray[np.float32]
    kept: Ints
    nearest: Ints
    distance: Ints

    @classmethod
    def of(cls, num_edges: int, num_needs: int) -> Sink:
        """Return a sink with room for so many edges and needs."""
        edges = (np.empty(num_edges, kind) for kind in EDGE_COLUMNS.values())
        return cls(*edges, *(np.empty(num_needs, np.int32) for _ in range(3)))  # type: ignore[arg-type]


EDGE_COLUMNS: dict[str, type[np.generic]] = {
    "product": np.int32,
    "low": np.float64,
    "high": np.float64,
    "offered": np.int64,
    "unknown": np.int32,
    "evidence": np.float32,
    "appetite": np.float32,
    "score": np.float32,
}
"""The columns of a `Sink` that hold one value for each edge."""


def sealed(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return the values contiguous and read-only."""
    found = np.ascontiguousarray(values).view()
    found.setflags(write=False)
    return found
