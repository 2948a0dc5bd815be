"""Those who can give money, cover or help, what they offer, and what is scarce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.domain.choices import Collateral, InstitutionKind, Instrument, PoolUnit, Repayment
from matcher.domain.criteria import Criterion
from matcher.domain.enterprise import require_id, require_region
from matcher.domain.errors import Faults
from matcher.domain.provenance import NO_SOURCE, Provenance
from matcher.domain.text import Text

MAX_WORKDAYS = 2_000
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
        What is left of it, in that unit.
    """

    pool_id: str
    name: str
    name_en: str | None = None
    unit: PoolUnit = PoolUnit.FEN
    capacity: int
    provenance: Provenance = NO_SOURCE

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "pool_id", self.pool_id)
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空名称", "a name"))
        faults.amounts(capacity=self.capacity)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The pool's name in both languages."""
        return Text(self.name, self.name_en or self.name)


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
        expected = Text("0 到 100% 之间的比例", "a fraction between 0 and 1")
        names = ("rate", "rate_max", "fee_once_rate", "fee_yearly_rate", "fee_monthly_rate")
        rates = [(name, getattr(self, name)) for name in names]
        rates += [("collateral", rate) for _, rate in self.collateral]
        for name, rate in rates:
            holds = rate is None or (rate.is_finite() and 0 <= rate <= 1)
            faults.require(holds, name, rate, expected)
        if not any(rate is not None and rate.is_nan() for rate in (self.rate, self.rate_max)):
            faults.ordered("rate", self.rate, "rate_max", self.rate_max)

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
