"""An insurance premium of which public money pays a share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matcher.domain.errors import Faults
from matcher.finance.checks import require_amounts, require_rates
from matcher.finance.rounding import share_fen


@dataclass(frozen=True, slots=True)
class Premium:
    """Who pays what of a premium, in fen."""

    premium_fen: int
    subsidy_fen: int

    @property
    def pays_fen(self) -> int:
        """What is left to the firm."""
        return self.premium_fen - self.subsidy_fen


def subsidised_premium(premium_fen: int, share: Decimal, cap_fen: int | None = None) -> Premium:
    """Return min(premium × share, cap) as the subsidy, and the rest as what the firm pays.

    Parameters
    ----------
    share
        What public money pays, as a fraction.
    cap_fen
        The most it pays, in fen; None for no cap.

    Raises
    ------
    InputError
        Naming every figure out of range.
    """
    faults = Faults()
    require_amounts(faults, premium_fen=premium_fen)
    require_amounts(faults, 0, cap_fen=cap_fen)
    require_rates(faults, share=share)
    faults.raise_if_any()
    subsidy = share_fen(premium_fen, share)
    return Premium(premium_fen, subsidy if cap_fen is None else min(subsidy, cap_fen))
