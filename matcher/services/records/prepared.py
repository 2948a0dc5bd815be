"""A market that came in, made ready for the store outside of its transaction, and its faults."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from matcher.domain.errors import Fault
from matcher.domain.records import ID_FIELDS, REFERENCES, Records, way_back
from matcher.domain.text import Text
from matcher.services.records.state import State
from matcher.store.mapping import TABLE_ROWS, Prepared, prepare
from matcher.store.mapping.documents import content_of

PreparedMarket: TypeAlias = Mapping[str, Sequence[Prepared]]
"""By table, the rows in their order."""

_NOBODY = Text("引用的编号不存在", "refers to an id that is not there")
_TWICE = Text("编号重复", "id is used twice")
_CYCLE = Text("产品组合首尾相接", "the package leads back to the product itself")


def prepare_market(records: Records) -> PreparedMarket:
    """Make records ready."""
    return {
        table.name: tuple(prepare(table, record) for record in getattr(records, table.name))
        for table in TABLE_ROWS
    }


def write_prepared(market: PreparedMarket) -> bytes:
    """Return a market that is ready as JSON, to be handed to the process that has the database."""
    content = {name: [row.to_json() for row in rows] for name, rows in market.items()}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def read_prepared(content: bytes) -> PreparedMarket:
    """Read what `write_prepared` wrote."""
    tables = json.loads(content)
    return {
        table.name: tuple(Prepared.of(row) for row in tables[table.name]) for table in TABLE_ROWS
    }


def faults_of(market: PreparedMarket, state: State, merging: bool) -> list[Fault]:
    """Return every id that is used twice and every reference that leads nowhere or in a circle.

    Parameters
    ----------
    merging
        Whether what the store holds is there as well.
    """
    known = {name: {row.key for row in rows} for name, rows in market.items()}
    if merging:
        known = {name: keys | state.rows[name].keys() for name, keys in known.items()}
    return [*_doubled(market), *_dangling(market, known), *_cycles(market, state, merging)]


def _doubled(market: PreparedMarket) -> Iterator[Fault]:
    for table in TABLE_ROWS:
        seen: set[str] = set()
        for row in market[table.name]:
            if row.key in seen:
                yield Fault(_TWICE, ID_FIELDS[table.name], row.key, sheet=table.name)
            seen.add(row.key)


def _dangling(market: PreparedMarket, known: Mapping[str, set[str]]) -> Iterator[Fault]:
    for table, field, target in REFERENCES:
        for row in market[table]:
            for key in row.references.get(field, ()):
                if key not in known[target]:
                    yield Fault(_NOBODY, field, key, sheet=table)


def _cycles(market: PreparedMarket, state: State, merging: bool) -> Iterator[Fault]:
    products = market["products"]
    required: dict[str, list[str]] = {}
    if merging:
        for key, kept in state.rows["products"].items():
            required[key] = content_of(kept.document).get("requires", [])
    required |= {row.key: list(row.references.get("requires", ())) for row in products}
    for row in products:
        path = way_back(row.key, required)
        if path:
            none = Text("不循环的组合", "a package without a cycle")
            yield Fault(_CYCLE, "requires", " → ".join(path), none, sheet="products")
