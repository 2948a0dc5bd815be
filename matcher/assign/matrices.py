"""The constraints of a problem as sparse matrices, one function for each family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from matcher.assign.arrays import Floats, Int64s
from matcher.assign.problem import Problem


@dataclass(frozen=True, eq=False)
class Block:
    """Constraints ``matrix @ x <= upper``.

    Parameters
    ----------
    matrix
        ``(num_constraints, num_edges)``.
    upper
        ``(num_constraints,)``.
    """

    matrix: csr_array[np.float64, tuple[int, int]]
    upper: Floats


def stack(*blocks: Block) -> Block:
    """Return the constraints of all blocks, one below the other."""
    matrix = csr_array(vstack([b.matrix for b in blocks], format="csr"))
    return Block(matrix, np.concatenate([b.upper for b in blocks]))


def need_rows(problem: Problem) -> Block:
    """Σ_{e of need i} x_e ≤ need_limit_i, one row for each need."""
    # A limit above the number of edges, such as UNLIMITED, says no more than that number.
    upper = np.minimum(problem.need_limit, problem.num_edges)
    edges = np.arange(problem.num_edges)
    return _block(problem.need, edges, np.ones(len(edges)), upper.astype(np.float64), problem)


def group_rows(problem: Problem) -> Block:
    """Σ_{e of need i, group g} x_e ≤ 1, one row for each pair that has several edges."""
    if problem.need_group is None:
        return _block([], [], [], np.zeros(0), problem)
    _, pair, count = np.unique(problem.need_group, return_inverse=True, return_counts=True)
    edges = np.flatnonzero(count[pair] > 1)
    _, row = np.unique(pair[edges], return_inverse=True)
    upper = np.ones(int((count > 1).sum()))
    return _block(row, edges, np.ones(len(edges)), upper, problem)


def capacity_rows(problem: Problem, capacity: Int64s, scale: Int64s) -> Block:
    """Σ_e (a_pe / s_p) x_e ≤ c_p / s_p, one row for each capacity row.

    Parameters
    ----------
    capacity, scale
        ``(num_rows,)`` c_p and s_p, the latter at least 1.
    """
    rows = problem.rows
    # A capacity beyond all draws together never binds; the sum keeps the numbers small.
    total = np.zeros(len(rows), dtype=np.int64)
    np.add.at(total, rows.row_idx, rows.draw)
    upper = np.minimum(capacity, total) / scale
    return _block(rows.row_idx, rows.edge_idx, rows.draw / scale[rows.row_idx], upper, problem)


def cut_rows(cuts: list[tuple[Int64s, int]], problem: Problem) -> Block:
    """Σ_{e ∈ C} x_e ≤ k, one row for each pair of a set C of edges and a number k."""
    row = [r for r, (edges, _) in enumerate(cuts) for _ in edges]
    column = [int(e) for edges, _ in cuts for e in edges]
    upper = np.array([float(most) for _, most in cuts], dtype=np.float64)
    return _block(row, column, np.ones(len(row)), upper, problem)


@dataclass(frozen=True, eq=False)
class FloorColumns:
    """More variables, after the edges: u_i for each need that floors count, then s_f.

    Parameters
    ----------
    penalty
        ``(num_more,)`` what each costs: 0 for u, ρ_f for s.
    upper
        ``(num_more,)`` 1 for u, infinity for s.
    rows
        u_i − Σ_{e of need i} x_e ≤ 0, then −Σ u_i − Σ x_e − s_f ≤ −least_f; all columns.
    """

    penalty: Floats
    upper: Floats
    rows: Block


def floor_columns(problem: Problem) -> FloorColumns:
    """Return what floors add to the problem; without floors nothing."""
    floors = problem.floor_rows
    counted = np.flatnonzero(np.asarray(floors.of_needs.sum(axis=0)).ravel() > 0)
    met, many, edges = len(counted), len(floors), problem.num_edges
    of_edges = np.flatnonzero(np.isin(problem.need, counted))
    links = _csr(np.searchsorted(counted, problem.need[of_edges]), of_edges, (met, edges))
    serves = csr_array(floors.of_options[:, problem.option])
    matrix = vstack(
        [
            hstack([-links, eye_array(met), _csr([], [], (met, many))]),
            hstack([-serves, -csr_array(floors.of_needs[:, counted]), -eye_array(many)]),
        ],
        format="csr",
    )
    least = floors.least.astype(np.float64)
    return FloorColumns(
        penalty=np.concatenate([np.zeros(met), floors.penalty]),
        upper=np.concatenate([np.ones(met), np.full(many, np.inf)]),
        rows=Block(csr_array(matrix), np.concatenate([np.zeros(met), -least])),
    )


def with_floors(limits: Block, more: FloorColumns) -> Block:
    """Return the constraints on edges, widened, and those of the floors below them."""
    height, width = limits.matrix.shape[0], len(more.penalty)
    wide = csr_array(hstack([limits.matrix, _csr([], [], (height, width))], format="csr"))
    return stack(Block(wide, limits.upper), more.rows)


def _csr(
    row: np.typing.ArrayLike, column: np.typing.ArrayLike, shape: tuple[int, int]
) -> csr_array[np.float64, tuple[int, int]]:
    at = (np.asarray(row, dtype=np.int32), np.asarray(column, dtype=np.int32))
    return csr_array(coo_array((np.ones(len(at[0])), at), shape=shape))


def _block(
    row: np.typing.ArrayLike,
    column: np.typing.ArrayLike,
    value: np.typing.ArrayLike,
    upper: Floats,
    problem: Problem,
) -> Block:
    at = (np.asarray(row, dtype=np.int32), np.asarray(column, dtype=np.int32))
    values = np.asarray(value, dtype=np.float64)
    matrix = coo_array((values, at), shape=(len(upper), problem.num_edges))
    return Block(csr_array(matrix), upper)
