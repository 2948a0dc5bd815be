"""Changes that could help: more of what is scarce, and what firms could ask for instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.domain.choices import PoolUnit
from matcher.domain.money import FEN_PER_YUAN
from matcher.domain.text import Text
from matcher.planning.bottlenecks import bottlenecks
from matcher.planning.pools import PoolRow
from matcher.whatif.changes import Change, SetFields
from matcher.whatif.lever import Lever, lever_of_row
from matcher.whatif.selection import one
from matcher.whatif.solving import Solved
from matcher.whatif.warm import RowKey, row_key

WAN = 10_000 * FEN_PER_YUAN
SHARE_OF_CAPACITY = 10
"""Where nobody waits, a tenth more of a priced amount of money is looked at."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change that could help.

    Parameters
    ----------
    source
        ``price``, ``bottleneck`` or ``firm``: where it comes from.
    lever, extra
        The capacity and how much more of it; None of what a firm would change.
    need_id
        The need that a firm would change; None of a capacity.
    """

    change: Change
    text: Text
    source: str
    lever: Lever | None = None
    extra: int | None = None
    need_id: str | None = None


def candidates(baseline: Solved) -> list[Candidate]:
    """Return what is worth a try, each capacity once."""
    found: dict[tuple[str, str], Candidate] = {}
    for row, source in (*_priced(baseline), *_narrow(baseline)):
        key = (row.kind, row.identity)
        if key not in found:
            candidate = _more(baseline, row, source)
            if candidate is not None:
                found[key] = candidate
    return [*found.values(), *_of_firms(baseline)]


def _priced(baseline: Solved) -> Iterator[tuple[PoolRow, str]]:
    """Yield the rows that have a price, the dearest (for all that they hold) first."""
    prices = baseline.result.multipliers
    worth = prices * baseline.problem.row_capacity
    for row in np.lexsort((np.arange(len(worth)), -worth)).tolist():
        if prices[row] > 0:
            yield baseline.encoded.rows[row], "price"


def _narrow(baseline: Solved) -> Iterator[tuple[PoolRow, str]]:
    """Yield the rows that would serve more needs of a bottleneck."""
    for found in bottlenecks(baseline.graph, baseline.encoded) or ():
        for remedy in found.helps:
            yield remedy.row, "bottleneck"


def _more(baseline: Solved, row: PoolRow, source: str) -> Candidate | None:
    """Return one place more, or so much money that the next one who waits is served."""
    lever = lever_of_row(row.kind, row.identity)
    now = lever.value(baseline.setting)
    if now is None:
        return None
    extra = 1 if row.unit is PoolUnit.COUNT else _money(baseline, row)
    change = lever.change_in(baseline.setting, int(now) + extra)
    told = Text("{r}增加 {n}", "{n} more: {r}")
    return Candidate(change, told.format(r=_plain(row, baseline), n=row.show(extra)), source,
                     lever, extra)  # fmt: skip


def _plain(row: PoolRow, baseline: Solved) -> Text:
    """Return the row's name, without its day."""
    if row.day is None:
        return row.text
    market = baseline.graph.market
    return market.pools[market.index("pools", row.identity)].text


def _money(baseline: Solved, row: PoolRow) -> int:
    """Return the least that lets one more match of a need without any in, in whole 万元."""
    wanted = _wanted(baseline, row_key(row))
    index = [row_key(r) for r in baseline.encoded.rows].index(row_key(row))
    holds = int(baseline.problem.row_capacity[index])
    least = min(wanted, default=max(holds // SHARE_OF_CAPACITY, 1))
    return -(-least // WAN) * WAN


def _wanted(baseline: Solved, key: RowKey) -> list[int]:
    """Return what each match that is not chosen lacks on a row; of unserved needs if there are."""
    problem, result = baseline.problem, baseline.result
    keys = [row_key(r) for r in baseline.encoded.rows]
    row = keys.index(key)
    left = int(problem.row_capacity[row] - problem.rows.used(result.chosen)[row])
    inside = problem.rows.row_idx == row
    edges, draws = problem.rows.edge_idx[inside], problem.rows.draw[inside]
    served = np.isin(problem.need[edges], problem.need[result.chosen])
    lacking = (draws > left) & ~np.isin(edges, result.chosen)
    for mask in (lacking & ~served, lacking):
        found = [int(d) - left for d in draws[mask].tolist()]
        if found:
            return found
    return []


def _of_firms(baseline: Solved) -> Iterator[Candidate]:
    """Yield the smallest change of each need that no product fits."""
    for item in baseline.plan.unmatched:
        if not item.changes:
            continue
        values = tuple(sorted((c.field, c.value) for c in item.changes))
        change = SetFields(table="needs", records=one(item.need.need_id), values=values)
        shown = Text.join([c.text for c in item.changes])
        told = Text("{n}：{c}", "{n}: {c}").format(n=item.need.need_id, c=shown)
        yield Candidate(change, told, "firm", need_id=item.need.need_id)
