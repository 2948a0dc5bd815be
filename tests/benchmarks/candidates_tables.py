"""The benchmark's market as two flat tables, made for the engines that read SQL or expressions.

Every rule of a benchmark market is a bound or a set of words, so that it fits columns: bounds
that nothing fails where a product does not ask, and bits where it does. Bits let an engine test
five attributes by one AND; whatever depends on the product, the term and the way of repaying
alone (does the term fit? the all-in cost) stands ready in a table of *offers*, one row for each
combination. So what is left for the engine is the pairing, the filter, the sum and the best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import Criterion, Has, OneOf, Range, Under
from matcher.market import Market
from matcher.scoring.candidates.costs import cost_table
from matcher.scoring.candidates.packages import Packages
from matcher.scoring.candidates.terms import base_of, standing_of
from matcher.scoring.conditions.terms import RATE_TOLERANCE
from matcher.scoring.sums import OF_PAIR, STEADY
from matcher.scoring.weights import FEATURE_NAMES, Weights

Table = dict[str, NDArray[Any]]

WORDS = ("industry", "size", "tax_grade", "first_time_borrower")
BOUNDS = ("age", "revenue", "staff")
FAR = 2**62
UNKNOWN_BIT = {name: 1 << k for k, name in enumerate((*WORDS, *BOUNDS, "tags"))}


def pair_weights(weights: Weights) -> dict[str, float]:
    """Return the weights of the features that the engines reckon."""
    return {name: float(weights.vector[FEATURE_NAMES.index(name)]) for name in (*STEADY, *OF_PAIR)}


class Bits:
    """Places of the words of some attributes in one 64-bit number; one bit each for unknown."""

    def __init__(self, market: Market, names: Iterable[str]) -> None:
        self.first: dict[str, int] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        size = 0
        for name in names:
            self.first[name], self.words[name] = size, market.words(name).words
            size += len(self.words[name]) + 1
        assert size <= 63, size

    def all_of(self, name: str) -> int:
        return ((2 << len(self.words[name])) - 1) << self.first[name]

    def where(self, name: str, holds: Callable[[str], bool]) -> int:
        return sum(1 << (self.first[name] + k) for k, w in enumerate(self.words[name]) if holds(w))

    def unknown(self, name: str) -> int:
        return 1 << (self.first[name] + len(self.words[name]))

    def of_needs(self, market: Market, name: str) -> NDArray[np.int64]:
        """Return (N,) the one bit of each need."""
        codes = market.words(name).codes
        place = self.first[name] + np.where(codes < 0, len(self.words[name]), codes)
        return np.int64(1) << place.astype(np.int64)


class Regions:
    """Regions have more words than one number has bits: two numbers."""

    HALF = 60

    def __init__(self, market: Market) -> None:
        self.words = market.words("region").words
        assert len(self.words) < 2 * self.HALF

    def split(self, flags: list[bool]) -> tuple[int, int]:
        bits = sum(1 << k for k, flag in enumerate(flags) if flag)
        return bits & ((1 << self.HALF) - 1), bits >> self.HALF

    def passing(self, rule: Under) -> list[bool]:
        return [*(rule.holds(w) for w in self.words), False]

    def open(self, rule: Under) -> list[bool]:
        return [*(rule.holds(w) or rule.is_too_coarse(w) for w in self.words), True]


def need_rows(market: Market, weights: Weights) -> Table:
    """Return the needs, one row each."""
    needs, bits, packages = market.need_columns, Bits(market, WORDS), _packages(market)
    months = cost_table(packages).months
    term = np.where(needs.term_known, needs.term_months, 12)
    region = market.words("region").codes.astype(np.int64)
    region = np.where(region < 0, len(market.words("region").words), region)
    span = np.where(needs.deadline_known, needs.workdays_left, weights.slow_workdays)
    limited = np.nan_to_num(needs.max_rate) > 0
    tags = market.sets("tags")
    unknown = sum(np.where(~_known(market, name), bit, 0) for name, bit in UNKNOWN_BIT.items())
    table: Table = {
        "need": np.arange(market.num_needs, dtype=np.int32),
        "amount": needs.amount_fen,
        "least": needs.least_fen,
        "class": np.searchsorted(months, term) * 4
        + needs.wants_instalments * 2
        + ~needs.term_known,
        "days_left": np.where(needs.deadline_known, needs.workdays_left, FAR),
        "has_deadline": needs.deadline_known.astype(np.int32),
        "most": np.where(np.isnan(needs.max_rate), np.inf, needs.max_rate) + float(RATE_TOLERANCE),
        "limited": (~np.isnan(needs.max_rate)).astype(np.int32),
        "max_cost": np.where(limited, needs.max_rate, float(weights.cost_ceiling)),
        "span": np.maximum(span, 1).astype(np.float64),
        "pledge_known": needs.collateral_known.astype(np.int32),
        "instruments": needs.instruments @ (1 << np.arange(needs.instruments.shape[1])),
        "bits": sum(bits.of_needs(market, name) for name in WORDS),
        **_region_columns([e.region for e in market.enterprise_of]),
        "reach_0": np.where(region < 60, np.int64(1) << np.minimum(region, 60), 0),
        "reach_1": np.where(region >= 60, np.int64(1) << np.maximum(region - 60, 0), 0),
        "tags": (tags.member @ (1 << np.arange(len(tags.words)))) * tags.known
        + np.where(tags.known, 0, 1 << 40)
        + (1 << 41),
        "unknown": np.asarray(unknown, np.int64),
        "wish": np.array([0 if w is None else 1 << _wish(market, w) for w in market.wishes.items],
                         np.int64)[market.wishes.codes],
        "may_see": _institutions(market, market.consents, None)
        & ~_institutions(market, market.conflicts, None),
        "banks": _institutions(market, market.banks, 0),
        "banks_known": np.array([b is not None for b in market.banks.items], np.int32)[
            market.banks.codes
        ],
        "base": base_of(market, weights),
        "standing": standing_of(market, weights),
    }  # fmt: skip
    for k in _kinds(market):
        table[f"pledge_{k}"] = needs.collateral_fen[:, k]
    for name in BOUNDS:
        column = market.ordered(name)
        table[f"{name}_low"] = np.where(column.known, column.ticks, FAR)
        table[f"{name}_high"] = np.where(column.known, column.ticks, -FAR)
    return table


def offer_rows(market: Market, weights: Weights) -> Table:
    """Return products × classes of terms and ways of repaying, those that fit, one row each."""
    rows = product_rows(market)
    packages = _packages(market)
    costs = cost_table(packages)
    num_terms = len(costs.months)
    parts = []
    for term, months in enumerate(costs.months.tolist()):
        for level in (0, 1):
            for unknown in (0, 1):
                at = costs.at[:, level] + term
                fits = (rows["term_min"] <= months) & (months <= rows["term_max"])
                keep = np.flatnonzero(fits | (unknown == 1))
                part = {name: column[keep] for name, column in rows.items()}
                part["class"] = np.full(len(keep), term * 4 + level * 2 + unknown)
                part["low"], part["high"] = costs.low[at][keep], costs.high[at][keep]
                part["term_unknown"] = part["term_limited"] * unknown
                if not unknown or months == 12:
                    parts.append(part)
    assert num_terms
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def product_rows(market: Market) -> Table:
    """Return the products, one row each."""
    products, columns = market.products, market.product_columns
    low, high = columns.rate, columns.rate_max
    assert not any(p.requires or p.fee_fixed_fen for p in products)
    assert not market.policies
    table: Table = {
        "product": np.arange(len(products), dtype=np.int32),
        **_region_columns([market.institution_of(j).region for j in range(len(products))]),
        "institution_bit": np.int64(1) << market.institution_idx.astype(np.int64),
        "instrument_bit": np.int64(1) << columns.instrument.astype(np.int64),
        "amount_min": columns.amount_min_fen,
        "amount_max": columns.amount_max_fen,
        "term_min": columns.term_min_months,
        "term_max": columns.term_max_months,
        "term_limited": np.array(
            [bool(p.term_min_months) or p.term_max_months is not None for p in products]
        ).astype(np.int32),
        "days": columns.cash_workdays,
        "days_test": np.where(columns.cash_workdays < 0, -FAR, columns.cash_workdays),
        "secured": columns.is_secured.astype(np.int32),
        "unsecured": columns.unsecured_fen,
        "num_states": _packages(market).num_states,
        "num_wishes": np.array([len(p.preferences) for p in products], np.int32),
        "repayment": np.array([sum(1 << _wish(market, w) for w in p.repayment) for p in products]),
        "sector": np.array(
            [1.0 if any(r.name == "industry" for r in p.criteria) else 0.5 for p in products]
        ),
        "quoted": (~np.isnan(low) & ~np.isnan(high)).astype(np.int32),
    }
    for k in _kinds(market):
        table[f"advance_{k}"] = columns.advance_bp[:, k]
    table.update(_rule_columns(market, [p.criteria for p in products], "ask", liked=False))
    table.update(_rule_columns(market, [p.preferences for p in products], "like", liked=True))
    return table


def _codes(regions: list[str | None], digits: int) -> NDArray[np.int32]:
    """Return the first digits of each code as a number, -1 where it has not so many."""
    return np.array(
        [int(r[:digits]) if r is not None and len(r) >= digits else -1 for r in regions], np.int32
    )


def _region_columns(regions: list[str | None]) -> Table:
    """Return the columns from which the feature ``region`` follows."""
    columns: Table = {f"region_{d}": _codes(regions, d) for d in (2, 4, 6)}
    return {**columns, "region_known": (columns["region_2"] >= 0).astype(np.int32)}


def _rule_columns(
    market: Market, rules: list[tuple[Criterion, ...]], prefix: str, liked: bool
) -> Table:
    """Return the columns that test rules.

    Where nothing is asked, criteria let all pass and preferences nothing.
    """
    bits, regions = Bits(market, WORDS), Regions(market)
    num = len(market.words("region").words) + 1
    tag_place = {word: k for k, word in enumerate(market.sets("tags").words)}
    rows = []
    for mine in rules:
        row: dict[str, int] = {"bits": 0, "asked": 0}
        named = {rule.name: rule for rule in mine}  # type: ignore[attr-defined]
        for name in WORDS:
            rule = named.get(name)
            if rule is None:
                row["bits"] |= 0 if liked else bits.all_of(name)
                continue
            holds = rule.holds if isinstance(rule, Under) else (lambda w, r=rule: w in r.values)
            row["bits"] |= bits.where(name, holds) | (0 if liked else bits.unknown(name))
        for name in BOUNDS:
            rule = named.get(name)
            none = (FAR * 2 - 1, -FAR) if liked else (-FAR * 2, FAR * 2 - 1)
            row[f"{name}_low"], row[f"{name}_high"] = none
            if isinstance(rule, Range):
                row[f"{name}_low"] = -FAR + 1 if rule.low_ticks is None else rule.low_ticks
                row[f"{name}_high"] = FAR - 1 if rule.high_ticks is None else rule.high_ticks
                if not liked and rule.low_ticks is None:
                    row[f"{name}_low"] = -FAR * 2
                if not liked and rule.high_ticks is None:
                    row[f"{name}_high"] = FAR * 2 - 1
        where = named.get("region")
        passing = [not liked] * num if where is None else regions.passing(where)
        open_ = [not liked] * num if where is None else regions.open(where)
        row["reach_0"], row["reach_1"] = regions.split(open_)
        row["sure_0"], row["sure_1"] = regions.split(passing)
        tags = named.get("tags")
        row["tags"] = 0 if liked else 1 << 41
        if isinstance(tags, Has):
            row["tags"] = sum(1 << tag_place[w] for w in tags.values if w in tag_place)
            row["tags"] |= 0 if liked else 1 << 40
        row["asked"] = sum(UNKNOWN_BIT[name] for name in named if name != "region")
        row["asks_region"] = int(where is not None)
        rows.append(row)
        assert all(isinstance(r, OneOf | Range | Under | Has) for r in mine)
    return {f"{prefix}_{k}": np.array([row[k] for row in rows], np.int64) for k in rows[0]}


def _packages(market: Market) -> Packages:
    return Packages.of(market, range(market.num_products))


def _kinds(market: Market) -> list[int]:
    return np.flatnonzero(market.product_columns.advance_bp.any(axis=0)).tolist()


def _known(market: Market, name: str) -> NDArray[np.bool_]:
    if name in BOUNDS:
        return market.ordered(name).known
    return market.sets(name).known if name == "tags" else market.words(name).codes >= 0


def _wish(market: Market, wish: Any) -> int:
    return list(type(wish)).index(wish)


def _institutions(market: Market, column: Any, none: int | None) -> NDArray[np.int64]:
    """Return (N,) bits of the institutions of each need's set; None: all, or ``none``."""
    every = (1 << len(market.institutions)) - 1
    found = [
        (every if none is None else none)
        if named is None
        else sum(1 << market.index("institutions", i) for i in named)
        for named in column.items
    ]
    return np.array(found, np.uint64).astype(np.int64)[column.codes]
