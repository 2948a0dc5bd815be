"""The smallest request worth sending: one firm, two banks, three products."""

from __future__ import annotations

from typing import Any

PLAN_CREATE: dict[str, Any] = {
    "as_of": "2022-05-25",
    "market": {
        "enterprises": [
            {
                "enterprise_id": "firm-1",
                "name": "示例软件有限公司",
                "name_en": "Example Software",
                "region": "330108",
                "industry": "I651",
                "tax_grade": "a",
            }
        ],
        "needs": [
            {
                "need_id": "need-1",
                "enterprise_id": "firm-1",
                "amount_fen": 150_000_000,
                "term_months": 12,
                "purpose": "wages",
                "instruments": ["loan"],
                "needed_by": "2022-06-03",
                "contacts": 2,
            }
        ],
        "institutions": [
            {"institution_id": "bank-a", "name": "示例银行甲", "region": "330108", "leads": 5},
            {"institution_id": "bank-b", "name": "示例银行乙", "region": "3301"},
        ],
        "products": [
            {
                "product_id": "a-credit",
                "institution_id": "bank-a",
                "name": "科创信用贷",
                "instrument": "loan",
                "amount_max_fen": 300_000_000,
                "rate": "0.0365",
                "cash_workdays": 3,
                "criteria": ["region in 3301", "industry in I"],
            },
            {
                "product_id": "a-slow",
                "institution_id": "bank-a",
                "name": "抵押贷",
                "instrument": "loan",
                "amount_max_fen": 500_000_000,
                "rate": "0.034",
                "cash_workdays": 5,
            },
            {
                "product_id": "b-credit",
                "institution_id": "bank-b",
                "name": "流动资金贷",
                "instrument": "loan",
                "amount_max_fen": 200_000_000,
                "rate": "0.0435",
                "cash_workdays": 2,
            },
        ],
    },
    "solving": {"method": "auto", "gap": 0.0001, "time_limit_seconds": 30, "seed": 0},
    "bans": [{"need_id": "need-1", "product_id": "a-slow"}],
}
