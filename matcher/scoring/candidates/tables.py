"""What the compiled scan reads and writes: plain arrays under names.

All that it reads is read-only and contiguous, so that it is compiled for one set of types.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Bytes = NDArray[np.int8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]
Singles = NDArray[np.float32]
Floats = NDArray[np.float64]

Scalar = TypeVar("Scalar", bound=np.generic)

# Columns of `PackageTable.whole`.
(INSTITUTION, PLEDGE, PLEDGE_END, COST, COST_LEVEL, DAYS, STATES, WISHES, PRODUCT, PART, PART_END,
 REPAID, MAY_LEVEL, MUST_LEVEL) = range(14)  # fmt: skip
# Columns of `PackageTable.charges`.
ACCRUING, ACCRUING_HIGH, YEARLY, YEARLY_HIGH, MONTHLY, ONCE, FIXED = range(7)
# Columns of `PackageTable.parts`.
(Q_INSTITUTION, Q_VALID, Q_AMOUNT_MIN, Q_AMOUNT_MAX, Q_TERM_MIN, Q_TERM_MAX, Q_SECURED,
 Q_UNSECURED) = range(8)  # fmt: skip
# Columns of `Terms.weight`.
W_AMOUNT, W_COLLATERAL, W_COST, W_APPROVAL = range(4)


class NeedTable(NamedTuple):
    """Needs by columns, each (N,) unless said otherwise.

    Parameters
    ----------
    rows
        (axes, N) the row of `PackageTable.fits` of each need's class.
    amount, least, most
        In fen; the highest cost accepted and the tolerance, NaN where none is named.
    month
        Place of the term in the cost table; the assumed one where none is named.
    level
        Whether it is to be repaid in equal instalments.
    pledged, kind, value
        (N + 1,) where the pledges of each need begin; their kinds and values in fen.
    consent, conflict, bank
        The sets of institutions that may see the need (-1: all), that are related to the firm,
        and that it works with (-1: not said).
    set_start, set_item
        (S + 1,) where each set of institutions begins, and what is in it.
    region, wish, span
        Rows of `Terms.region`, ``steady`` and ``time``.
    limit
        What the feature ``cost`` divides by.
    base
        What the need's own features add to the score.
    standing
        Factor of the feature ``approval``.
    """

    rows: Ints
    amount: Longs
    least: Longs
    term: Longs
    term_known: Bools
    days_left: Longs
    deadline_known: Bools
    most: Floats
    month: Longs
    level: Bools
    pledged: Longs
    kind: Ints
    value: Longs
    collateral_known: Bools
    consent: Ints
    conflict: Ints
    bank: Ints
    set_start: Longs
    set_item: Ints
    region: Ints
    wish: Ints
    span: Ints
    limit: Floats
    base: Floats
    standing: Floats


class PackageTable(NamedTuple):
    """P packages of Q parts.

    Parameters
    ----------
    fits
        (rows, words) bits of the packages that the needs of a class may have.
    unsure_at, failed_at, liked_at
        (rows,) the row of ``counts`` that a class adds to the number of undecided rules, of
        rules that fail, and to the states of preferences; -1 for none.
    counts
        (·, P).
    instrument_fits
        (rows, words) as ``fits``, for the instrument of the leading product alone.
    has
        (institutions, words) bits of the packages that an institution has a part in.
    whole
        (P, 14) leading institution, span in ``pledge_part``, where the costs begin for needs
        that do not and that do wish for instalments, column of `Terms.time`, number of rules
        and conditions, number of preferences, leading product, span of the parts, and flags of
        the way of repaying.
    days
        (P,) workdays to the money, -1 where not known.
    most
        (P,) the most it gives, in fen.
    charges
        (P, 7) fractions of the amount, fixed fees in fen.
    cost
        (·, 2) all-in yearly cost at the lowest and the highest rate, fixed fees left aside; NaN
        where not quoted.
    months
        The terms of the cost table.
    pledge_part
        The parts that ask for collateral.
    parts
        (Q, 8) institution, whether on offer, limits in fen and months, collateral.
    advance
        (Q, kinds) basis points of a collateral's value that count.
    """

    fits: Words
    unsure_at: Ints
    failed_at: Ints
    liked_at: Ints
    counts: Bytes
    instrument_fits: Words
    has: Words
    whole: Ints
    days: Longs
    most: Longs
    charges: Floats
    cost: Floats
    months: Longs
    pledge_part: Ints
    parts: Longs
    advance: Longs


class Terms(NamedTuple):
    """What features add to the score, weight × feature, where a table gives it.

    Parameters
    ----------
    steady
        (wishes, P) ``sector`` and ``repayment``.
    region
        (regions + 1, institutions).
    relationship
        (3,) where the firm does not work with the institution, where it does, where nothing is
        said.
    time
        (spans, distinct days).
    liked, appetite
        (preferences, states) share of the preferences that hold (NaN of none), and its term.
    evidence
        (rules, undecided) share of the rules known to pass.
    weight
        (4,) weights of the features that are reckoned for each pair.
    """

    steady: Floats
    region: Floats
    relationship: Floats
    time: Floats
    liked: Singles
    appetite: Floats
    evidence: Singles
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
    evidence: Singles
    appetite: Singles
    score: Singles
    kept: Ints
    nearest: Ints
    distance: Ints

    @classmethod
    def of(cls, num_edges: int, num_needs: int) -> Sink:
        """Return a sink with room for so many edges and needs."""
        edges = (np.empty(num_edges, kind) for kind in EDGE_COLUMNS.values())
        return cls(*edges, *(np.empty(num_needs, np.int32) for _ in range(3)))

    def cut_to(self, num_edges: int) -> Sink:
        """Return the edges written, not holding much more memory than they need."""
        keep = 2 * num_edges >= len(self.score)
        columns = {name: getattr(self, name)[:num_edges] for name in EDGE_COLUMNS}
        return self._replace(**{n: c if keep else c.copy() for n, c in columns.items()})


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
