"""Those who can give money, cover or help, what they offer, and what is scarce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.domain.choices import (
    Collateral,
    InstitutionKind,
    Instrument,
    PoolUnit,
    Repayment,
    Tenor,
)
from matcher.domain.criteria import Criterion
from matcher.domain.enterprise import require_id, require_region
from matcher.domain.errors import Faults
from matcher.domain.money import MAX_FEN
from matcher.domain.provenance import NO_SOURCE, Provenance
from matcher.domain.text import Text
from matcher.domain.tranche import Tranche, require_tranches

MAX_WORKDAYS = 2_000
MAX_SPREAD_BP = 2_400
BASIS_POINTS = 10_000
"""Advance rates count in whole basis points, so that what a collateral covers is exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A bank, guarantor, insurer, fund or office.

    Parameters
    ----------
    region
        GB/T 2260 code of where it works from.
    leads
        The most needs it can take up in one round; None for no limit.
    quota_fen
        The most money it can promise in one round, in fen; None for no limit.
    """

    institution_id: str
    name: str
    name_en: str | None = None
    kind: InstitutionKind = InstitutionKind.BANK
    region: str | None = None
    leads: int | None = None
    quota_fen: int | None = None
    provenance: Provenance = NO_SOURCE

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "institution_id", self.institution_id)
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空名称", "a name"))
        require_region(faults, self.region)
        faults.not_negative(leads=self.leads)
        faults.amounts(quota_fen=self.quota_fen)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The institution's name in both languages."""
        return Text(self.name, self.name_en or self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Anything scarce: a fund, a guarantor's book, a subsidy budget, visits of advisers.

    Parameters
    ----------
    unit
        Whether it is counted in places or in fen.
    capacity
        What is left of it on the day of the round, in that unit.
    revolving
        Whether what a match draws comes back at the end of its term (a bridge fund), so that
        it is scarce by the day; else it is gone.
    returns
        (day, quantity) pairs, sorted: what earlier matches bring back, and when. Only a
        revolving pool has any.
    years
        (year, quantity) pairs, sorted: a yearly budget, what each calendar year has left. A
        round draws on its own year instead of ``capacity``; what is left over lapses.
    """

    pool_id: str
    name: str
    name_en: str | None = None
    unit: PoolUnit = PoolUnit.FEN
    capacity: int
    revolving: bool = False
    returns: tuple[tuple[date, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()
    provenance: Provenance = NO_SOURCE

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "pool_id", self.pool_id)
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空名称", "a name"))
        faults.amounts(capacity=self.capacity)
        for day, quantity in self.returns:
            faults.require(0 <= quantity <= MAX_FEN, "returns", f"{day}={quantity}", _AT_LEAST_0)
        for year, quantity in self.years:
            faults.require(0 <= quantity <= MAX_FEN, "years", f"{year}={quantity}", _AT_LEAST_0)
        money = self.unit is PoolUnit.FEN or not (self.revolving or self.years)
        faults.require(money, "unit", self.unit.text, Text("按金额计", "a pool counted in money"))
        only = Text("仅周转资金池可填", "only of a pool that revolves")
        faults.require(self.revolving or not self.returns, "returns", len(self.returns), only)
        either = Text("周转或按年预算，二者其一", "a revolving pool or a yearly budget, not both")
        faults.require(not (self.revolving and self.years), "years", len(self.years), either)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The pool's name in both languages."""
        return Text(self.name, self.name_en or self.name)

    def capacity_on(self, round_day: date, day: date) -> int:
        """Return what matches of the round of ``round_day`` may hold of it on ``day``.

        A yearly budget gives what the round's year has left, 0 in a year that it does not
        name; a revolving pool what is left plus all that has come back by ``day``.
        """
        if self.years:
            return dict(self.years).get(round_day.year, 0)
        return self.capacity + sum(quantity for back, quantity in self.returns if back <= day)


_AT_LEAST_0 = Text("不小于 0", "at least 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What an institution offers; None means that it does not say.

    Parameters
    ----------
    amount_min_fen, amount_max_fen
        The least and the most for one need, in fen; None for no limit.
    term_min_months, term_max_months
        Shortest and longest term, in months; None for no limit.
    rate, rate_max
        Yearly interest (premium, share of profit) as a fraction: the lowest quoted, and the
        highest where a range is quoted.
    lpr, spread_bp, spread_max_bp
        A rate quoted as LPR plus basis points: the tenor, and the lowest and highest spread.
        ``rate`` and ``rate_max`` follow from it once a table of LPR is given
        (`matcher.finance.lpr.priced`).
    fee_once_rate, fee_yearly_rate, fee_monthly_rate
        Fees as fractions of the amount: once, each year, each month.
    fee_fixed_fen
        Fee once, whatever the amount, in fen.
    collateral
        (kind, advance rate) pairs, sorted: what it takes and the fraction of its value that
        counts. Empty: none is asked.
    unsecured_fen
        The part of the amount that needs no collateral, in fen.
    acceptance_workdays, cash_workdays
        Workdays from application to the answer, and to money in the account.
    repayment
        The ways of repaying that it offers.
    criteria, preferences
        Rules that must hold; rules that the institution likes to see, for its appetite.
    leads, quota_fen
        Places and money of this product in one round; None for no limit.
    pools
        Ids of the shared pools that every match draws on.
    requires
        Ids of the products that always go with it: the guarantee or the insurance without
        which it is not given. Together they are a package (see `matcher.market.Market.parts`).
    approval_follows
        As part of a package its own approval follows from that of the product that requires
        it, with no second review (见贷即保).
    tranches
        The parts in which the amount is paid out, and what releases each; empty: all at once.
    valid_from, valid_to
        First and last day on which it can be applied for.
    """

    product_id: str
    institution_id: str
    name: str
    name_en: str | None = None
    instrument: Instrument = Instrument.LOAN
    amount_min_fen: int | None = None
    amount_max_fen: int | None = None
    term_min_months: int | None = None
    term_max_months: int | None = None
    rate: Decimal | None = None
    rate_max: Decimal | None = None
    lpr: Tenor | None = None
    spread_bp: int | None = None
    spread_max_bp: int | None = None
    fee_once_rate: Decimal = Decimal(0)
    fee_yearly_rate: Decimal = Decimal(0)
    fee_monthly_rate: Decimal = Decimal(0)
    fee_fixed_fen: int = 0
    collateral: tuple[tuple[Collateral, Decimal], ...] = ()
    unsecured_fen: int = 0
    acceptance_workdays: int | None = None
    cash_workdays: int | None = None
    repayment: frozenset[Repayment] = frozenset()
    criteria: tuple[Criterion, ...] = ()
    preferences: tuple[Criterion, ...] = ()
    leads: int | None = None
    quota_fen: int | None = None
    pools: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    approval_follows: bool = False
    tranches: tuple[Tranche, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    note: str | None = None
    provenance: Provenance = NO_SOURCE

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "product_id", self.product_id)
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空名称", "a name"))
        self._check_quantities(faults)
        self._check_rates(faults)
        self._check_spread(faults)
        own = Text("其他产品的编号", "ids of other products")
        faults.require(self.product_id not in self.requires, "requires", self.product_id, own)
        if self.tranches:
            require_tranches(faults, self.tranches)
        faults.ordered("valid_from", self.valid_from, "valid_to", self.valid_to)
        faults.raise_if_any()

    def _check_quantities(self, faults: Faults) -> None:
        faults.not_negative(
            term_min_months=self.term_min_months,
            term_max_months=self.term_max_months,
            leads=self.leads,
        )
        amounts = (
            "amount_min_fen",
            "amount_max_fen",
            "fee_fixed_fen",
            "unsecured_fen",
            "quota_fen",
        )
        faults.amounts(**{name: getattr(self, name) for name in amounts})
        faults.ordered("amount_min_fen", self.amount_min_fen, "amount_max_fen", self.amount_max_fen)
        faults.ordered(
            "term_min_months", self.term_min_months, "term_max_months", self.term_max_months
        )
        for name in ("acceptance_workdays", "cash_workdays"):
            days = getattr(self, name)
            holds = days is None or 0 <= days <= MAX_WORKDAYS
            faults.require(holds, name, days, Text.same(f"0 – {MAX_WORKDAYS}"))
        faults.ordered(
            "acceptance_workdays", self.acceptance_workdays, "cash_workdays", self.cash_workdays
        )

    def _check_rates(self, faults: Faults) -> None:
        expected = Text("0 到 100% 之间的比例", "a share from 0 to 100%")
        names = ("rate", "rate_max", "fee_once_rate", "fee_yearly_rate", "fee_monthly_rate")
        rates = [(name, getattr(self, name)) for name in names]
        rates += [("collateral", rate) for _, rate in self.collateral]
        for name, rate in rates:
            holds = rate is None or (rate.is_finite() and 0 <= rate <= 1)
            faults.require(holds, name, rate, expected)
        if not any(rate is not None and rate.is_nan() for rate in (self.rate, self.rate_max)):
            faults.ordered("rate", self.rate, "rate_max", self.rate_max)

    def _check_spread(self, faults: Faults) -> None:
        spreads = {"spread_bp": self.spread_bp, "spread_max_bp": self.spread_max_bp}
        for name, spread in spreads.items():
            holds = spread is None or abs(spread) <= MAX_SPREAD_BP
            expected = Text.same(f"-{MAX_SPREAD_BP} … {MAX_SPREAD_BP} bp")
            faults.require(holds, name, spread, expected)
        both = Text("与 LPR 期限一起填写", "given together with the tenor of the LPR")
        faults.require((self.lpr is None) == (self.spread_bp is None), "spread_bp", self.lpr, both)
        needs_low = self.spread_max_bp is None or self.spread_bp is not None
        faults.require(needs_low, "spread_max_bp", self.spread_max_bp, both)
        faults.ordered("spread_bp", self.spread_bp, "spread_max_bp", self.spread_max_bp)

    @property
    def text(self) -> Text:
        """The product's name in both languages."""
        return Text(self.name, self.name_en or self.name)

    @property
    def gives_money(self) -> bool:
        """Whether a match puts money, or cover in money, on the table: a service does not."""
        return self.instrument is not Instrument.SERVICE

    def cover_fen(self, offered: tuple[tuple[Collateral, int], ...]) -> int:
        """Return what collateral of these values covers: Σ ⌊value × advance rate⌋, in fen."""
        advance_bp = {kind: int(rate * BASIS_POINTS) for kind, rate in self.collateral}
        return sum(value * advance_bp.get(kind, 0) // BASIS_POINTS for kind, value in offered)
