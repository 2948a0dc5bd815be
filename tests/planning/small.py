"""A market small enough to know the plan by heart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Institution, Product
from matcher.domain.records import Records
from matcher.market import Market

WAN = 1_000_000


def small_market() -> Market:
    """Return three needs and two products.

    ``easy`` fits both products, ``slow`` must have money in 6 workdays and only ``quick`` can;
    ``huge`` asks for more than any product gives. The quick bank takes one lead.
    """
    firm = Enterprise(enterprise_id="firm", name="示例企业", name_en="Example firm")
    records = Records(
        enterprises=(firm,),
        needs=(
            Need(need_id="easy", enterprise_id="firm", amount_fen=100 * WAN, priority=1),
            Need(
                need_id="slow",
                enterprise_id="firm",
                amount_fen=150 * WAN,
                needed_by=date(2022, 6, 3),
                priority=5,
            ),
            Need(need_id="huge", enterprise_id="firm", amount_fen=9000 * WAN),
        ),
        institutions=(
            Institution(institution_id="bank-q", name="示例银行甲", name_en="Bank Q", leads=1),
            Institution(institution_id="bank-p", name="示例银行乙", name_en="Bank P"),
        ),
        products=(
            Product(
                product_id="quick",
                institution_id="bank-q",
                name="快贷",
                name_en="Quick",
                amount_max_fen=300 * WAN,
                rate=Decimal("0.045"),
                cash_workdays=5,
            ),
            Product(
                product_id="patient",
                institution_id="bank-p",
                name="稳贷",
                name_en="Patient",
                amount_max_fen=500 * WAN,
                rate=Decimal("0.04"),
                cash_workdays=9,
            ),
        ),
    )
    return Market.from_records(records, date(2022, 5, 25))
