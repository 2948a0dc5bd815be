"""The firm that needs money, and its need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from matcher.domain.choices import (
    Collateral,
    Instrument,
    Ownership,
    Purpose,
    Repayment,
    Size,
    TaxGrade,
)
from matcher.domain.codes import industry_code, is_credit_code, is_region
from matcher.domain.errors import Faults
from matcher.domain.money import MAX_FEN
from matcher.domain.provenance import NO_SOURCE, Provenance
from matcher.domain.size import size_of
from matcher.domain.text import Text

MAX_TERM_DAYS = 18_250
DAYS_PER_MONTH = 30
DEFAULT_CONTACTS = 4
MAX_CONTACTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """A firm as its questionnaire describes it; None means that nobody has said.

    Parameters
    ----------
    credit_code
        Unified social credit code (GB 32100-2015), its check character verified.
    region
        GB/T 2260 code of 2, 4 or 6 digits.
    industry
        GB/T 4754-2017 code with its section letter.
    stated_size
        The size class as the firm states it; used only where the figures give none.
    revenue_fen, assets_fen
        Of the last full year, in fen.
    banks
        Ids of the institutions it already works with; None where not asked.
    conflicts
        Ids of the institutions it is related to; they are never proposed.
    lead_share, team_share
        Fractions of the shares that the project's lead and the core team hold.
    indicators
        Further figures by name, sorted.
    """

    enterprise_id: str
    name: str
    name_en: str | None = None
    credit_code: str | None = None
    region: str | None = None
    industry: str | None = None
    stated_size: Size | None = None
    founded: date | None = None
    staff: int | None = None
    revenue_fen: int | None = None
    assets_fen: int | None = None
    ownership: Ownership | None = None
    tags: frozenset[str] | None = None
    tax_grade: TaxGrade | None = None
    first_time_borrower: bool | None = None
    banks: frozenset[str] | None = None
    conflicts: frozenset[str] = frozenset()
    lead_share: Decimal | None = None
    team_share: Decimal | None = None
    lead_is_largest: bool | None = None
    indicators: tuple[tuple[str, Decimal], ...] = ()
    provenance: Provenance = NO_SOURCE

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "enterprise_id", self.enterprise_id)
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空名称", "a name"))
        faults.require(
            self.credit_code is None or is_credit_code(self.credit_code),
            "credit_code",
            self.credit_code,
            Text(
                "18 位且校验位正确的统一社会信用代码", "18 characters with a right check character"
            ),
        )
        require_region(faults, self.region)
        require_industry(faults, self.industry)
        faults.not_negative(staff=self.staff)
        faults.amounts(revenue_fen=self.revenue_fen, assets_fen=self.assets_fen)
        share = Text("0 到 100% 之间", "between 0 and 100 %")
        for name, value in (("lead_share", self.lead_share), ("team_share", self.team_share)):
            holds = value is None or (value.is_finite() and 0 <= value <= 1)
            faults.require(holds, name, value, share)
        for name, value in self.indicators:
            finite = Text("有限的数", "a finite number")
            faults.require(value.is_finite(), "indicators", f"{name}={value}", finite)
        faults.raise_if_any()

    @property
    def size(self) -> Size | None:
        """The size class: computed where the figures allow, else as stated."""
        computed = size_of(self.industry, self.staff, self.revenue_fen, self.assets_fen)
        return computed or self.stated_size

    @property
    def text(self) -> Text:
        """The firm's name in both languages."""
        return Text(self.name, self.name_en or self.name)

    def indicator(self, name: str) -> Decimal | None:
        """Return one further figure, None where it is not known."""
        return next((value for key, value in self.indicators if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one firm asks for.

    Parameters
    ----------
    amount_fen, amount_min_fen
        The amount wanted and the least that helps (the whole amount unless stated), in fen.
    term_months
        How long the money is needed, in months; None where not said.
    term_days
        How many days it is needed, for a bridge of days; None where not said.
    instruments
        The instruments that the firm accepts.
    collateral
        What it offers: (kind, value in fen) pairs, sorted; None where not asked.
    needed_by
        The last day on which the money still helps.
    max_rate
        The highest all-in yearly cost it accepts, as a fraction.
    priority
        Public priority from 1 (low) to 5 (urgent).
    consent
        Ids of the institutions that may see the need; None for every institution of the round.
    contacts
        The most institutions it wants to be contacted by.
    received
        The day on which the need came in.
    """

    need_id: str
    enterprise_id: str
    amount_fen: int
    amount_min_fen: int | None = None
    term_months: int | None = None
    term_days: int | None = None
    purpose: Purpose | None = None
    instruments: frozenset[Instrument] = frozenset({Instrument.LOAN})
    collateral: tuple[tuple[Collateral, int], ...] | None = None
    needed_by: date | None = None
    max_rate: Decimal | None = None
    repayment: Repayment | None = None
    priority: int = 3
    consent: frozenset[str] | None = None
    contacts: int = DEFAULT_CONTACTS
    received: date | None = None
    provenance: Provenance = field(default=NO_SOURCE)

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "need_id", self.need_id)
        more = Text("大于 0 的金额", "an amount above 0")
        faults.require(self.amount_fen != 0, "amount_fen", self.amount_fen, more)
        faults.amounts(amount_fen=self.amount_fen, amount_min_fen=self.amount_min_fen)
        faults.not_negative(max_rate=self.max_rate)
        faults.ordered("amount_min_fen", self.amount_min_fen, "amount_fen", self.amount_fen)
        term_holds = self.term_months is None or 1 <= self.term_months <= 600
        faults.require(
            term_holds, "term_months", self.term_months, Text("1 到 600 个月", "1 to 600 months")
        )
        days_hold = self.term_days is None or 1 <= self.term_days <= MAX_TERM_DAYS
        day_span = Text(f"1 到 {MAX_TERM_DAYS} 天", f"1 to {MAX_TERM_DAYS} days")
        faults.require(days_hold, "term_days", self.term_days, day_span)
        faults.require(
            bool(self.instruments), "instruments", None, Text("至少一种融资方式", "at least one")
        )
        for kind, value in self.collateral or ():
            holds = 0 <= value <= MAX_FEN
            faults.require(holds, "collateral", f"{kind}={value}", Text("不小于 0", ">= 0"))
        faults.require(1 <= self.priority <= 5, "priority", self.priority, Text.same("1 – 5"))
        faults.require(
            0 <= self.contacts <= MAX_CONTACTS,
            "contacts",
            self.contacts,
            Text.same(f"0 – {MAX_CONTACTS}"),
        )
        faults.ordered("received", self.received, "needed_by", self.needed_by)
        faults.raise_if_any()

    @property
    def least_fen(self) -> int:
        """The least amount that helps, in fen."""
        return self.amount_fen if self.amount_min_fen is None else self.amount_min_fen

    @property
    def months(self) -> int | None:
        """The term in months, a term of days in months of 30 days, the last one begun."""
        if self.term_months is None and self.term_days is not None:
            return -(-self.term_days // DAYS_PER_MONTH)
        return self.term_months


def require_id(faults: Faults, name: str, value: str) -> None:
    """Note a fault unless ``value`` can serve as an id: printable, no spaces, at most 64 long."""
    holds = 0 < len(value) <= 64 and value.isprintable() and not any(c.isspace() for c in value)
    faults.require(
        holds, name, value, Text("1 到 64 个字符，不含空格", "1 to 64 characters without spaces")
    )


def require_region(faults: Faults, code: str | None) -> None:
    """Note a fault unless ``code`` is absent or of the shape of GB/T 2260."""
    expected = Text("GB/T 2260 的 2、4 或 6 位代码", "a GB/T 2260 code of 2, 4 or 6 digits")
    faults.require(code is None or is_region(code), "region", code, expected)


def require_industry(faults: Faults, code: str | None) -> None:
    """Note a fault unless ``code`` is absent or a GB/T 4754 code in its full form."""
    try:
        holds = code is None or industry_code(code) == code
    except ValueError:
        holds = False
    expected = Text("GB/T 4754 代码，如 C27 或 I651", "a GB/T 4754 code such as C27 or I651")
    faults.require(holds, "industry", code, expected)
