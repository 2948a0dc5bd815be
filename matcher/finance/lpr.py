"""The loan prime rate (LPR): a dated table that the user supplies, and its look-up."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from matcher.domain.choices import Tenor
from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.institution import BASIS_POINTS, MAX_SPREAD_BP, Product
from matcher.domain.text import Text
from matcher.finance.checks import is_rate, require_rates


@dataclass(frozen=True, slots=True)
class LprEntry:
    """One published figure: the day of publication, the tenor, the yearly rate as a fraction."""

    day: date
    tenor: Tenor
    rate: Decimal

    def __post_init__(self) -> None:
        faults = Faults()
        require_rates(faults, rate=self.rate)
        faults.raise_if_any()


@dataclass(frozen=True, slots=True)
class LprTable:
    """All figures known; the order does not matter, a day has one figure of each tenor.

    References
    ----------
    中国人民银行公告〔2019〕第15号 (reform of the LPR; quoted in percent, applied with a spread in
    basis points).
    """

    entries: tuple[LprEntry, ...]

    def __post_init__(self) -> None:
        counted = Counter((e.day, e.tenor) for e in self.entries)
        twice = sorted(key for key, times in counted.items() if times > 1)
        faults = Faults()
        for day, tenor in twice:
            once = Text("每个日期和期限一行", "one figure for each day and tenor")
            faults.require(False, "date", f"{day} {tenor}", once)
        faults.raise_if_any()

    def rate(self, day: date, tenor: Tenor) -> Decimal:
        """Return the latest figure published on or before a day.

        Raises
        ------
        InputError
            Naming the tenor, if the table has none of it, or the day, if it is before the first.
        """
        mine = sorted((e.day, e.rate) for e in self.entries if e.tenor is tenor)
        if not mine:
            message = Text("LPR 表中没有该期限", "the LPR table has no figure of this tenor")
            raise InputError([Fault(message, field="tenor", value=str(tenor))])
        position = bisect_right([d for d, _ in mine], day)
        if position == 0:
            message = Text(
                "LPR 表（{t}）中没有该日或更早的数据",
                "the LPR table ({t}) has nothing on or before",
            ).format(t=tenor.text)
            expected = Text("不早于 {d}", "{d} or later").format(d=mine[0][0])
            raise InputError([Fault(message, "date", day.isoformat(), expected)])
        return mine[position - 1][1]

    def loan_rate(self, day: date, tenor: Tenor, spread_bp: int) -> Decimal:
        """Return LPR + basis points on a day, a fraction; the spread may be below 0.

        Raises
        ------
        InputError
            As `rate`, and if the sum is no rate from 0 to 1.
        """
        base = self.rate(day, tenor)
        rate = base + Decimal(spread_bp) / BASIS_POINTS
        if abs(spread_bp) > MAX_SPREAD_BP or not is_rate(rate):
            message = Text("加点超出范围", "the spread is out of range")
            lowest = -int(base * BASIS_POINTS)
            expected = Text.same(f"{lowest} … {MAX_SPREAD_BP} bp")
            raise InputError([Fault(message, "spread_bp", spread_bp, expected)])
        return rate


def priced(products: Iterable[Product], table: LprTable, day: date) -> tuple[Product, ...]:
    """Return the products with the rates of those that are quoted as LPR plus basis points.

    Raises
    ------
    InputError
        Naming every product whose rate the table does not give on that day.
    """
    found, faults = list[Product](), list[Fault]()
    for product in products:
        try:
            found.append(_priced(product, table, day))
        except InputError as error:
            faults += [replace(f, field=f"{product.product_id}.{f.field}") for f in error.faults]
    if faults:
        raise InputError(faults)
    return tuple(found)


def _priced(product: Product, table: LprTable, day: date) -> Product:
    if product.lpr is None or product.spread_bp is None:
        return product
    most = product.spread_max_bp
    return replace(
        product,
        rate=table.loan_rate(day, product.lpr, product.spread_bp),
        rate_max=None if most is None else table.loan_rate(day, product.lpr, most),
    )
