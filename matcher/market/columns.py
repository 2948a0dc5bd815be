"""Columns of a market: what rules and scores read of all needs, or all products, at once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.domain.attributes import Attribute, Kind, Subject
from matcher.domain.choices import Collateral, Instrument, Repayment
from matcher.domain.enterprise import Need
from matcher.domain.institution import BASIS_POINTS, Product

NO_LIMIT = np.iinfo(np.int64).max
"""Stands for an upper limit that is not stated, so that comparing with it always holds."""

Scalar = TypeVar("Scalar", bound=np.generic)
Item = TypeVar("Item", bound=Hashable)


def frozen(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return ``values`` made read-only."""
    values.setflags(write=False)
    return values


@dataclass(frozen=True, eq=False, slots=True)
class OrderedColumn:
    """An attribute that has an order: (N,) int64 ticks, and where they are known."""

    ticks: NDArray[np.int64]
    known: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class WordColumn:
    """An attribute that is a word: (N,) int32 index into the words, -1 where not known."""

    codes: NDArray[np.int32]
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class SetColumn:
    """An attribute that is a set of words: (N, W) membership, and where it is known."""

    member: NDArray[np.bool_]
    known: NDArray[np.bool_]
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class ItemColumn(Generic[Item]):
    """Values of any kind: (N,) int32 index of each need's among the distinct ones.

    These stand in the order in which the needs bring them, so that nothing has to be sorted.
    """

    codes: NDArray[np.int32]
    items: tuple[Item, ...]


@dataclass(frozen=True, eq=False, slots=True)
class NeedColumns:
    """What scoring reads of the needs, each (N,) unless said otherwise.

    ``term_months`` and ``workdays_left`` hold 0 where not ``*_known``; ``max_rate`` is NaN where
    the firm names no limit. ``instruments`` is (N, number of instruments) membership,
    ``collateral_fen`` (N, number of kinds).
    """

    amount_fen: NDArray[np.int64]
    least_fen: NDArray[np.int64]
    term_months: NDArray[np.int64]
    term_known: NDArray[np.bool_]
    workdays_left: NDArray[np.int64]
    deadline_known: NDArray[np.bool_]
    max_rate: NDArray[np.float64]
    instruments: NDArray[np.bool_]
    collateral_fen: NDArray[np.int64]
    collateral_known: NDArray[np.bool_]
    wants_instalments: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class ProductColumns:
    """What scoring reads of the products, each (M,) unless said otherwise.

    Limits that are not stated are 0 below and `NO_LIMIT` above; ``rate``, ``rate_max`` are NaN
    and ``cash_workdays`` is -1 where not stated. ``advance_bp`` is (M, number of kinds), basis
    points of a collateral's value that count.
    """

    amount_min_fen: NDArray[np.int64]
    amount_max_fen: NDArray[np.int64]
    term_min_months: NDArray[np.int64]
    term_max_months: NDArray[np.int64]
    rate: NDArray[np.float64]
    rate_max: NDArray[np.float64]
    cash_workdays: NDArray[np.int64]
    unsecured_fen: NDArray[np.int64]
    advance_bp: NDArray[np.int64]
    is_secured: NDArray[np.bool_]
    instrument: NDArray[np.int32]


INSTRUMENTS = tuple(Instrument)
COLLATERALS = tuple(Collateral)


def ordered_column(asked: Attribute, subjects: Sequence[Subject]) -> OrderedColumn:
    """Read an attribute with an order from every subject."""
    values = [asked.get(s) for s in subjects]
    ticks_of = {v: 0 if v is None else asked.ticks(v) for v in set(values)}
    ticks = [ticks_of[v] for v in values]
    known = [v is not None for v in values]
    return OrderedColumn(frozen(np.array(ticks, np.int64)), frozen(np.array(known, np.bool_)))


def word_column(asked: Attribute, subjects: Sequence[Subject]) -> WordColumn:
    """Read a word, a code or a flag (as ``yes`` and ``no``) from every subject."""
    flag = asked.kind is Kind.FLAG
    values = [asked.get(s) for s in subjects]
    texts = [None if v is None else ("yes" if v else "no") if flag else str(v) for v in values]
    words = tuple(sorted({t for t in texts if t is not None}))
    position = {word: i for i, word in enumerate(words)}
    codes = [-1 if t is None else position[t] for t in texts]
    return WordColumn(frozen(np.array(codes, np.int32)), words)


def set_column(asked: Attribute, subjects: Sequence[Subject]) -> SetColumn:
    """Read a set of words from every subject."""
    values = [asked.get(s) for s in subjects]
    found = [v if isinstance(v, frozenset) else frozenset[str]() for v in values]
    words = tuple(sorted(frozenset[str]().union(*found)))
    member = np.array([[w in v for w in words] for v in found], np.bool_)
    known = np.array([v is not None for v in values], np.bool_)
    return SetColumn(frozen(member.reshape(len(found), len(words))), frozen(known), words)


def item_column(values: Sequence[Item]) -> ItemColumn[Item]:
    """Read values of any kind, the distinct ones numbered."""
    position: dict[Item, int] = {}
    codes = [position.setdefault(value, len(position)) for value in values]
    return ItemColumn(frozen(np.array(codes, np.int32)), tuple(position))


def _ints(values: Sequence[int | None], missing: int) -> NDArray[np.int64]:
    return frozen(np.array([missing if v is None else v for v in values], np.int64))


def _floats(values: Sequence[Any]) -> NDArray[np.float64]:
    return frozen(np.array([np.nan if v is None else float(v) for v in values], np.float64))


def _known(values: Sequence[object]) -> NDArray[np.bool_]:
    return frozen(np.array([v is not None for v in values], np.bool_))


def need_columns(needs: Sequence[Need], workdays_left: Sequence[int | None]) -> NeedColumns:
    """Read the needs; ``workdays_left`` is None for a need without a deadline."""
    return NeedColumns(
        amount_fen=_ints([n.amount_fen for n in needs], 0),
        least_fen=_ints([n.least_fen for n in needs], 0),
        term_months=_ints([n.months for n in needs], 0),
        term_known=_known([n.months for n in needs]),
        workdays_left=_ints(workdays_left, 0),
        deadline_known=_known(workdays_left),
        max_rate=_floats([n.max_rate for n in needs]),
        instruments=_membership([n.instruments for n in needs]),
        collateral_fen=_collateral([n.collateral or () for n in needs]),
        collateral_known=_known([n.collateral for n in needs]),
        wants_instalments=frozen(
            np.array([n.repayment is Repayment.INSTALMENTS for n in needs], np.bool_)
        ),
    )


def _membership(accepted: Sequence[frozenset[Instrument]]) -> NDArray[np.bool_]:
    """Return (N, instruments) which each need accepts; equal sets are read once."""
    column = item_column(accepted)
    rows = [[i in found for i in INSTRUMENTS] for found in column.items]
    table = np.array(rows, np.bool_).reshape(len(rows), len(INSTRUMENTS))
    return frozen(table[column.codes])


def _collateral(offered: Sequence[tuple[tuple[Collateral, int], ...]]) -> NDArray[np.int64]:
    """Return (N, kinds) what each need offers, in fen."""
    position = {kind: k for k, kind in enumerate(COLLATERALS)}
    table = np.zeros((len(offered), len(COLLATERALS)), np.int64)
    for row, pairs in enumerate(offered):
        for kind, value in pairs:
            table[row, position[kind]] = value
    return frozen(table)


def product_columns(products: Sequence[Product]) -> ProductColumns:
    """Read the products."""
    advances = [dict(p.collateral) for p in products]
    bp = [[int(a.get(kind, 0) * BASIS_POINTS) for kind in COLLATERALS] for a in advances]
    return ProductColumns(
        amount_min_fen=_ints([p.amount_min_fen for p in products], 0),
        amount_max_fen=_ints([p.amount_max_fen for p in products], NO_LIMIT),
        term_min_months=_ints([p.term_min_months for p in products], 0),
        term_max_months=_ints([p.term_max_months for p in products], NO_LIMIT),
        rate=_floats([p.rate for p in products]),
        rate_max=_floats([p.rate if p.rate_max is None else p.rate_max for p in products]),
        cash_workdays=_ints([p.cash_workdays for p in products], -1),
        unsecured_fen=_ints([p.unsecured_fen for p in products], 0),
        advance_bp=frozen(np.array(bp, np.int64).reshape(len(products), len(COLLATERALS))),
        is_secured=frozen(np.array([bool(p.collateral) for p in products], np.bool_)),
        instrument=frozen(np.array([INSTRUMENTS.index(p.instrument) for p in products], np.int32)),
    )
