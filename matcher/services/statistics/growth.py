"""Growth per year, over the right number of years.

From 2019 to 2023 a figure grows four times, not five. The source that reports 5.9 to 17.9
(100 m yuan) "by 25 % a year" has counted the years and not the steps between them: it is 32 %.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.services.statistics.lines import rounded

_STEP = Decimal("1e-12")


def periods_between(first_year: int, last_year: int) -> int:
    """Return the number of yearly steps from one calendar year to another.

    Raises
    ------
    InputError
        If the last year lies before the first.
    """
    faults = Faults()
    faults.ordered("first_year", first_year, "last_year", last_year)
    faults.raise_if_any()
    return last_year - first_year


def yearly_growth(first: int | Decimal, last: int | Decimal, years: int) -> Decimal | None:
    """Return (last ÷ first)^(1 ÷ years) − 1, rounded to twelve places.

    Parameters
    ----------
    first, last
        The figure at the beginning and at the end, of any one unit; not below zero.
    years
        The yearly steps between the two, as `periods_between` counts them.

    Returns
    -------
    Decimal or None
        −1 where the last figure is 0; None where growth is not defined: no step, or from 0.

    Raises
    ------
    InputError
        Naming each figure below zero.
    """
    faults = Faults()
    faults.not_negative(first=first, last=last)
    faults.require(years >= 0, "years", years, Text("不小于 0", "0 or more"))
    faults.raise_if_any()
    if years == 0 or first == 0:
        return None
    with localcontext(prec=50):
        quotient = Decimal(last) / Decimal(first)
        growth = quotient ** (Decimal(1) / years) - 1 if last else Decimal(-1)
    return rounded(growth, _STEP)
