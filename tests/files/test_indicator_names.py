"""The names of further figures: known ones by any of their names, others as written."""

import pytest

from matcher.files import read_records
from matcher.market import Market
from matcher.scoring.explain import explain
from matcher.scoring.weights import default_weights
from tests.strategies import AS_OF


@pytest.mark.parametrize("name", ["融资轮次", "financing_rounds", "rounds of financing"])
@pytest.mark.parametrize("asked", ["指标.融资轮次 >= 3", "indicator.financing_rounds >= 3"])
def test_a_rule_finds_the_figure_whichever_name_the_sheet_and_the_rule_use(name, asked):
    """A firm of 5 rounds passes a rule of 3, in every mixture of languages."""
    records = read_records(
        {
            "enterprises": [{"enterprise_id": "E", "name": "甲", "indicators": f"{name}=5"}],
            "needs": [{"need_id": "N", "enterprise_id": "E", "amount": "1万"}],
            "institutions": [{"institution_id": "B", "name": "乙"}],
            "products": [
                {"product_id": "P", "institution_id": "B", "name": "丙", "criteria": asked}
            ],
        }
    )
    assert records.enterprises[0].indicators[0][0] == "financing_rounds"
    assert explain(Market.from_records(records, AS_OF), default_weights(), 0, 0).eligible
