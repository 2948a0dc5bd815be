"""Tranches of a product, as sheets, TOML and JSON have them."""

from decimal import Decimal

import pytest

from matcher.domain.errors import InputError
from matcher.domain.tranche import Tranche
from matcher.files import read_records, write_json

THREE = (
    Tranche(Decimal("0.4"), ("private_money",)),
    Tranche(Decimal("0.4"), ("review", "new_financing")),
    Tranche(Decimal("0.2"), ("acceptance",)),
)


def market(tranches):
    """Return a market of one product with such a cell."""
    return {
        "enterprises": [{"enterprise_id": "E", "name": "丙"}],
        "needs": [{"need_id": "N", "enterprise_id": "E", "amount": "1万"}],
        "institutions": [{"institution_id": "B", "name": "甲"}],
        "products": [
            {"product_id": "P", "institution_id": "B", "name": "乙", "tranches": tranches}
        ],
    }


@pytest.mark.parametrize(
    "cell",
    [
        "40%=社会资本到位; 40%=考核通过/获得新的市场融资; 20%=项目验收",
        "0.4=private_money；0.4=review/new_financing；0.2=acceptance",
        ["40%=private_money", "40%=review / new_financing", "20%=acceptance"],
        [
            {"share": "0.4", "milestones": ["private_money"]},
            {"share": "40%", "milestones": ["考核通过", "new_financing"]},
            {"share": "20%", "milestones": ["acceptance"]},
        ],
    ],
)
def test_tranches_are_read_in_their_order_however_they_are_written(cell):
    """The order is that of payment: nothing is sorted."""
    records = read_records(market(cell))
    assert records.products[0].tranches == THREE
    again = read_records(write_json(records))
    assert again.products[0].tranches == THREE


@pytest.mark.parametrize(
    "cell",
    [
        "40%=a; 40%=b; 30%=c",
        "40%=a; 60%=a",
        "40; 60",
        "100%=",
        "150%=a",
        [{"share": "100%"}],
        [{"share": "100%", "milestones": "a"}],
        [{"share": "100%", "milestones": ["a"], "more": 1}],
    ],
)
def test_tranches_that_cannot_be_are_refused_by_their_column(cell):
    """Shares that add up to 110 %, a milestone twice, a half that is missing."""
    with pytest.raises(InputError) as caught:
        read_records(market(cell))
    assert {fault.sheet for fault in caught.value.faults} == {"products"}
    assert {fault.column for fault in caught.value.faults} == {"tranches"}
