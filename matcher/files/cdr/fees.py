"""Published fees as the cost needs them, and the words of those that it cannot hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from matcher.domain.text import Text
from matcher.files.cdr.figures import read_fen, read_share
from matcher.files.cdr.payload import Fee, Published

_YEARLY = ("P1M", "P1Y")
# Of all upfront fees, those that every borrower pays when the loan is set up.
_SETTING_UP = re.compile(
    r"estab|applic|approval|document|settlement|upfront|package|admin|performance_guarantee", re.I
)
_UNREAD = Text("公布的费用“{v}”不可用，未计入成本", "published fee '{v}' left out of the cost")


@dataclass(frozen=True, slots=True)
class Charges:
    """Fees of a product.

    Parameters
    ----------
    once_rate, yearly_rate
        Fractions of the amount, once and each year.
    fixed_fen
        Paid once, whatever the amount, in fen.
    left_out
        The words of upfront and periodic fees that are in none of the three.
    notes
        What could not be read.
    """

    once_rate: Decimal
    yearly_rate: Decimal
    fixed_fen: int
    left_out: tuple[str, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A fee with its numbers, None where it has none that can be read."""

    fee: Fee
    fen: int | None
    share: Decimal | None

    @property
    def is_nothing(self) -> bool:
        return not self.fen and self.share is None and bool(self.fee.amount)


def read_charges(published: Published, exchange_rate: Decimal) -> Charges:
    """Read what every borrower pays: on setting up, and each year as a share of the amount.

    Of several fees of a kind the largest counts: publishers list tiers and alternatives side by
    side, and their sum would charge all of them. Where one fee is an amount *or* a share, both
    count. A periodic share of P1M or P1Y is a rate per year (NAB: "1.75% per annum … charged
    monthly"; Westpac: "1.20% p.a. … charged at the beginning of the month"); other periods and
    fixed periodic amounts stay words. Fees of events (late, exit, redraw) are no part of it.
    """
    fees = [f for f in published.fees if f.kind in ("UPFRONT", "PERIODIC")]
    read = [_Reading(f, read_fen(f.amount, exchange_rate), read_share(f.share)) for f in fees]
    once = [r for r in read if _is_setting_up(r.fee)]
    yearly = [r for r in read if _is_yearly(r.fee)]
    fixed_fen = max((r.fen for r in once if r.fen), default=0)
    once_rate, yearly_rate = _largest(once), _largest(yearly)
    inside = [r for r in once if r.fen in (None, 0, fixed_fen) and r.share in (None, once_rate)]
    inside += [r for r in yearly if not r.fen and r.share == yearly_rate]
    return Charges(
        once_rate,
        yearly_rate,
        fixed_fen,
        tuple(_words(r.fee) for r in read if r not in inside and not r.is_nothing),
        tuple(dict.fromkeys(_UNREAD.format(v=r.fee.amount) for r in read if _is_unread(r))),
    )


def _is_setting_up(fee: Fee) -> bool:
    return fee.kind == "UPFRONT" and _is_dollar(fee) and bool(_SETTING_UP.search(fee.name))


def _is_yearly(fee: Fee) -> bool:
    return fee.kind == "PERIODIC" and _is_dollar(fee) and fee.period in _YEARLY


def _is_dollar(fee: Fee) -> bool:
    return fee.currency in ("", "AUD")


def _is_unread(reading: _Reading) -> bool:
    return bool(reading.fee.amount) and reading.fen is None


def _largest(readings: list[_Reading]) -> Decimal:
    return max((r.share for r in readings if r.share is not None), default=Decimal(0))


def _words(fee: Fee) -> str:
    parts = (fee.name, fee.currency, fee.amount, fee.share, fee.period)
    return " ".join(part for part in parts if part)
