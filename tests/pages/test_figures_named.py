"""What figures of a record are called on its page."""

from __future__ import annotations

from decimal import Decimal

from api.pages.views.records import shown
from matcher.domain.choices import Collateral
from matcher.domain.text import Lang


def test_collateral_of_a_need_is_money_and_of_a_product_a_share() -> None:
    """A need says what it is worth, a product which part of it is lent on."""
    worth = shown(((Collateral.ORDERS, 200_000_000),), "collateral")
    share = shown(((Collateral.ORDERS, Decimal("0.7")),), "collateral")
    assert "200万元" in worth.of(Lang.ZH)
    assert "70.00%" in share.of(Lang.ZH)
    assert "元" not in share.of(Lang.ZH)


def test_terms_and_days_name_what_they_count() -> None:
    """Months, workdays and places are not bare numbers, in either language."""
    assert shown(3, "term_min_months").of(Lang.ZH) == "3 个月"
    assert shown(7, "cash_workdays").of(Lang.EN) == "7 workdays"
    assert shown(8, "contacts").of(Lang.ZH) == "8 家"
