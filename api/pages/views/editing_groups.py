"""Which fields of a record belong together on its form; ids and what the firm decides are not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matcher.domain.text import Text

GROUPS: Mapping[str, tuple[tuple[Text, tuple[str, ...]], ...]] = MappingProxyType(
    {
        "needs": (
            (
                Text("金额与时间", "How much, and when"),
                ("amount_fen", "amount_min_fen", "needed_by", "received", "priority"),
            ),
            (
                Text("用途与条件", "What for, and on which terms"),
                ("purpose", "instruments", "term_months", "term_days", "max_rate", "repayment"),
            ),
            (Text("押品与接洽", "Security and contacts"), ("collateral", "contacts")),
            (Text("出处", "Where it comes from"), ("source",)),
        ),
        "products": (
            (
                Text("名称", "What it is"),
                ("name", "name_en", "instrument", "valid_from", "valid_to", "note"),
            ),
            (
                Text("金额与期限", "Amount and term"),
                (
                    "amount_min_fen",
                    "amount_max_fen",
                    "term_min_months",
                    "term_max_months",
                    "repayment",
                    "tranches",
                ),
            ),
            (
                Text("利率与费用", "Rate and fees"),
                (
                    "rate",
                    "rate_max",
                    "lpr",
                    "spread_bp",
                    "spread_max_bp",
                    "fee_once_rate",
                    "fee_yearly_rate",
                    "fee_monthly_rate",
                    "fee_fixed_fen",
                ),
            ),
            (
                Text("准入与押品", "Whom it is for, and security"),
                ("criteria", "preferences", "collateral", "unsecured_fen"),
            ),
            (
                Text("时限", "How fast it is"),
                ("acceptance_workdays", "cash_workdays"),
            ),
            (
                Text("名额、额度与组合", "Places, quota and packages"),
                ("leads", "quota_fen", "pools", "requires", "approval_follows"),
            ),
            (Text("出处", "Where it comes from"), ("source",)),
        ),
    }
)
"""Groups of each table in the order of the form, each with the fields of its columns."""
