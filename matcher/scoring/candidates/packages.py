"""The packages of a market by columns, their parts one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.domain.choices import Repayment
from matcher.domain.criteria import Criterion
from matcher.domain.institution import Product
from matcher.finance.cost import REPAID
from matcher.market import Market
from matcher.scoring.block import package_cash_workdays
from matcher.scoring.conditions import CONDITIONS, PART_CONDITIONS


@dataclass(frozen=True, eq=False)
class Packages:
    """Some packages of a market; P packages, Q parts in all, leading parts first.

    Parameters
    ----------
    products
        (P,) index of the leading product of each, ascending.
    parts
        (Q,) indices of products; those of package ``p`` are ``start[p]:start[p + 1]``.
    """

    market: Market
    products: NDArray[np.int32]
    parts: NDArray[np.int32]
    start: NDArray[np.int32]

    @classmethod
    def of(cls, market: Market, products: Sequence[int]) -> Packages:
        """Take the packages that some products lead."""
        found = [market.parts[j] for j in products]
        parts = [part for package in found for part in package]
        start = np.cumsum([0, *map(len, found)])
        return cls(
            market, np.array(products, np.int32), np.array(parts, np.int32), start.astype(np.int32)
        )

    @property
    def num(self) -> int:
        return len(self.products)

    @cached_property
    def leading(self) -> list[Product]:
        """(P,) the leading products."""
        return [self.market.products[j] for j in self.products]

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """(Q,) the package of each part."""
        return np.repeat(np.arange(self.num), np.diff(self.start))

    def products_of(self, package: int) -> list[Product]:
        """Return the products of a package, the leading one first."""
        span = self.parts[self.start[package] : self.start[package + 1]]
        return [self.market.products[j] for j in span]

    @cached_property
    def criteria(self) -> list[list[Criterion]]:
        """(P,) all rules of the parts of each package."""
        every = [self.products_of(p) for p in range(self.num)]
        return [[rule for part in parts for rule in part.criteria] for parts in every]

    @cached_property
    def num_states(self) -> NDArray[np.int64]:
        """(P,) how many conditions and rules each has, as `Eligibility.states` counts them."""
        companions = np.diff(self.start) - 1
        rules = np.array([len(found) for found in self.criteria], np.int64)
        return len(CONDITIONS) + companions * len(PART_CONDITIONS) + rules

    @cached_property
    def num_wishes(self) -> NDArray[np.int64]:
        """(P,) how many preferences the leading product states."""
        return np.array([len(p.preferences) for p in self.leading], np.int64)

    @cached_property
    def cash_workdays(self) -> NDArray[np.int64]:
        """(P,) workdays to the money, -1 where not known."""
        return package_cash_workdays(self.market)[self.products]

    @property
    def is_repaid(self) -> NDArray[np.bool_]:
        """(P,) whether it is money that is repaid."""
        return np.array([p.instrument in REPAID for p in self.leading], np.bool_)

    @property
    def can_be_level(self) -> NDArray[np.bool_]:
        """(P,) whether it may be repaid in equal instalments."""
        offered = [Repayment.INSTALMENTS in p.repayment for p in self.leading]
        return np.array(offered, np.bool_) & self.is_repaid

    @property
    def must_be_level(self) -> NDArray[np.bool_]:
        """(P,) whether it is repaid in equal instalments, whatever is wished."""
        return self.can_be_level & np.array([len(p.repayment) == 1 for p in self.leading], np.bool_)

    def summed(self, of_product: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (P,) sums over the parts of an (M,) column."""
        total = np.zeros(self.num)
        np.add.at(total, self.owner, of_product[self.parts])
        return total

    def highest(self, of_product: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return (P,) the highest of an (M,) column over the parts."""
        return _over_parts(np.maximum, self, of_product)

    def lowest(self, of_product: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return (P,) the lowest of an (M,) column over the parts."""
        return _over_parts(np.minimum, self, of_product)


def _over_parts(
    join: np.ufunc, packages: Packages, of_product: NDArray[np.int64]
) -> NDArray[np.int64]:
    if not packages.num:
        return np.empty(0, np.int64)
    found: NDArray[np.int64] = join.reduceat(of_product[packages.parts], packages.start[:-1])
    return found
