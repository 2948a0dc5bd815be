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
Floats = NDArray[np.float64]

Scalar = TypeVar("Scalar", bound=np.generic)


class NeedTable(NamedTuple):
    """Needs, each (N,) unless said otherwise.

    Parameters
    ----------
    rows
        (N, axes) the row of `PackageTable.fits` on each axis; also places in tables of states.
    amount, least
        In fen.
    month
        Index of the term in the cost table; the assumed one where none is named.
    term_months, days_left
        0 where not known.
    wants_level
        1 where it is to be repaid in equal instalments, else 0.
    most
        The highest cost accepted and the tolerance; NaN where none is named.
    limit, span
        What the features ``cost`` and ``time`` divide by.
    pledged, kind, value
        (N + 1,) where the pledges of each need begin; (K,) their kinds and values in fen.
    region, wish
        Rows of the tables of `Terms`.
    consent, consent_start, consent_item, consent_stated
        Which set of institutions may see each need; where the sets begin, what is in them, and
        whether a set is stated at all.
    conflict …, bank …
        The institutions related to the firm, and those it works with, in the same way.
    base
        What the features of the need alone add to the score.
    standing
        Factor of the feature ``approval``.
    """

    rows: Ints
    amount: Longs
    least: Longs
    month: Ints
    term_months: Longs
    term_known: Bools
    days_left: Longs
    deadline_known: Bools
    wants_level: Ints
    most: Floats
    limit: Floats
    span: Floats
    pledged: Ints
    kind: Ints
    value: Longs
    collateral_known: Bools
    region: Ints
    wish: Ints
    consent: Ints
    consent_start: Ints
    consent_item: Ints
    consent_stated: Bools
    conflict: Ints
    conflict_start: Ints
    conflict_item: Ints
    conflict_stated: Bools
    bank: Ints
    bank_start: Ints
    bank_item: Ints
    bank_stated: Bools
    base: Floats
    standing: Floats


class PackageTable(NamedTuple):
    """Packages, each (P,), and their parts, each (Q,), unless said otherwise.

    Parameters
    ----------
    fits
        (rows, words) bits of the packages that the needs of a class may have.
    instrument_fits
        (rows, words) the same for the instrument of the leading product alone.
    product, institution
        Of the leading product.
    most
        The most that it gives, in fen.
    num_limited
        How many parts limit the term.
    days
        Workdays to the money, -1 where not known.
    num_states
        How many conditions and rules it has.
    rule_start, rule_axis, rule_at
        The rules: those of package ``p`` are ``rule_start[p]:rule_start[p + 1]``; the state of
        rule ``r`` is ``states[rule_at[r] + rows[i, rule_axis[r]]]``.
    wish_start, wish_axis, wish_at
        The preferences in the same way.
    states
        States of all rules, one behind the other.
    cost_at, cost_low, cost_high, charges, fixed
        See `matcher.scoring.candidates.costs.CostTable`.
    repaid, must_level, may_level
        Flags of the way of repaying.
    part_start, pledge_start
        (P + 1,) where its parts, and among ``pledge_part`` those with collateral, begin.
    part_institution … advance
        Of the parts; ``advance`` is (Q, kinds) basis points.
    has
        (institutions, words) bits of the packages that an institution has a part in.
    """

    fits: Words
    instrument_fits: Words
    product: Ints
    institution: Ints
    most: Longs
    num_limited: Ints
    days: Longs
    num_states: Longs
    rule_start: Ints
    rule_axis: Ints
    rule_at: Ints
    wish_start: Ints
    wish_axis: Ints
    wish_at: Ints
    states: Bytes
    cost_at: Ints
    cost_low: Floats
    cost_high: Floats
    charges: Floats
    fixed: Floats
    months: Longs
    repaid: Bools
    may_level: Bools
    must_level: Bools
    part_start: Ints
    pledge_start: Ints
    pledge_part: Ints
    part_institution: Ints
    part_valid: Bools
    amount_min: Longs
    amount_max: Longs
    term_min: Longs
    term_max: Longs
    term_limited: Bools
    secured: Bools
    unsecured: Longs
    advance: Longs
    has: Words


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
        (6,) weights of amount, collateral, cost, time, appetite and approval.
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
        Package that comes nearest, and how many rules it fails, those of another instrument
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
    found = np.ascontiguousarray(values)
    if found.flags.writeable:
        found = found.view()
        found.setflags(write=False)
    return found
