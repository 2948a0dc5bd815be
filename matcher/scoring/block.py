"""All needs beside one package, by columns: the second reading of `Pair`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.domain.institution import BASIS_POINTS, Product
from matcher.market import Market
from matcher.scoring.columns import PASS, RuleColumns
from matcher.scoring.costs import Charges, Costs, Offers, all_offers
from matcher.scoring.pair import supporting

Fen = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Every need of a market beside one package.

    Parameters
    ----------
    package
        Indices of its products, the leading one first.
    rules
        Shared by the blocks of a market.
    """

    market: Market
    package: tuple[int, ...]
    rules: RuleColumns

    @classmethod
    def of(cls, rules: RuleColumns, product_idx: int) -> Block:
        """Return the block of the package that a product leads."""
        return cls(rules.market, rules.market.parts[product_idx], rules)

    @property
    def product_idx(self) -> int:
        """The leading product."""
        return self.package[0]

    @property
    def product(self) -> Product:
        return self.market.products[self.product_idx]

    @cached_property
    def alone(self) -> tuple[Block, ...]:
        """The companions, each as a block of its own."""
        return tuple(Block(self.market, (part,), self.rules) for part in self.package[1:])

    @cached_property
    def cover_fen(self) -> Fen:
        """(N,) what the leading product may give on each need's collateral, in fen."""
        advance = self.market.product_columns.advance_bp[self.product_idx]
        value = self.market.need_columns.collateral_fen
        # ⌊value × bp / 10,000⌋ without leaving 64 bits: the whole part and the rest apart.
        whole, rest = np.divmod(value, BASIS_POINTS)
        cover = whole * advance + rest * advance // BASIS_POINTS
        unsecured = self.market.product_columns.unsecured_fen[self.product_idx]
        total: Fen = cover.sum(axis=1) + unsecured
        return total

    @cached_property
    def offered_fen(self) -> Fen:
        """(N,) what the package could give to each need, in fen: the least of its parts."""
        needs, products = self.market.need_columns, self.market.product_columns
        within: Fen = np.minimum(needs.amount_fen, products.amount_max_fen[self.product_idx])
        if products.is_secured[self.product_idx]:
            covered = np.minimum(within, self.cover_fen)
            within = np.where(needs.collateral_known, covered, within)
        for part in self.alone:
            within = np.minimum(within, part.offered_fen)
        return within

    @cached_property
    def cash_workdays(self) -> int:
        """Workdays to the money, as `Pair.cash_workdays`; -1 if not known."""
        return _cash_workdays(self.market, self.package)

    @cached_property
    def offers(self) -> Offers:
        """The offers of every need, as `Pair.offers`."""
        market = self.market
        policies = supporting(market, self.product_idx)
        applicable = {
            k: np.logical_and.reduce(
                [self.rules.states(rule) == PASS for rule in market.policies[k].criteria],
                initial=True,
            )
            | np.zeros(market.num_needs, np.bool_)
            for k in policies
        }
        return all_offers(self._charges, self._costs, market.policies, applicable)

    @property
    def _costs(self) -> Costs:
        return Costs.of(self.market, self.product, self.offered_fen)

    @property
    def _charges(self) -> tuple[Charges, Charges] | None:
        """Charges at the lowest and the highest rates; None if a part does not quote one."""
        products = self.market.product_columns
        parts = list(self.package)
        amount = self.offered_fen
        low = Charges.of(self.market, parts, products.rate[parts], amount)
        high = Charges.of(self.market, parts, products.rate_max[parts], amount)
        quoted = not np.isnan([*products.rate[parts], *products.rate_max[parts]]).any()
        return (low, high) if quoted else None


def package_cash_workdays(market: Market) -> NDArray[np.int64]:
    """Return (M,) workdays to the money of each product's package, -1 where not known."""
    return np.array([_cash_workdays(market, parts) for parts in market.parts], np.int64)


def _cash_workdays(market: Market, package: tuple[int, ...]) -> int:
    days = market.product_columns.cash_workdays
    parts = [j for j in package[1:] if not market.products[j].approval_follows]
    if min(days[j] for j in (package[0], *parts)) < 0:
        return -1
    return int(days[package[0]] + max((days[j] for j in parts), default=0))
