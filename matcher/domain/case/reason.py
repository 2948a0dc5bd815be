"""Why a case fell out, and whether that can be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matcher.domain.enterprise import require_id
from matcher.domain.errors import Faults
from matcher.domain.text import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for a decline or a fall-out.

    Parameters
    ----------
    code
        A stable id, what statistics count by.
    text
        What the firm reads.
    mendable
        Whether the need may come back in the next round: the cause can be put right, or lay
        with the institution alone. If not, the case is over for good.
    """

    code: str
    text: Text
    mendable: bool

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "code", self.code)
        for field, said in (("text.zh", self.text.zh), ("text.en", self.text.en)):
            faults.require(bool(said.strip()), field, said, Text("非空说明", "a sentence"))
        faults.raise_if_any()


_MENDABLE = {
    "papers_missing": Text("材料不齐", "papers are missing"),
    "amount_too_large": Text("金额超出可批额度", "the amount is more than can be approved"),
    "collateral_short": Text("担保不足", "the collateral is too little"),
    "terms_refused": Text("双方条件未谈拢", "the terms were not agreed on"),
    "too_slow": Text("来不及按期到账", "the money would come too late"),
    "quota_used": Text("机构额度用完", "the institution's quota is used up"),
    "no_capacity": Text("机构人手不足", "the institution has nobody free"),
    "out_of_area": Text("不在机构服务区域", "outside the institution's area"),
}

_LASTING = {
    "not_compliant": Text("经营不合规", "the business is not compliant"),
    "bad_credit": Text("信用状况不良", "the credit record is bad"),
    "use_not_allowed": Text("资金用途不合规", "the use of the money is not allowed"),
    "sector_excluded": Text("行业不予支持", "the sector is excluded"),
    "need_gone": Text("企业已无融资需求", "the firm needs the money no more"),
    "served_elsewhere": Text("企业已另获资金", "the firm has the money from elsewhere"),
    "duplicate": Text("重复登记", "a duplicate"),
}

REASONS: Mapping[str, Reason] = MappingProxyType(
    {code: Reason(code, text, True) for code, text in _MENDABLE.items()}
    | {code: Reason(code, text, False) for code, text in _LASTING.items()}
)
"""The usual reasons by code (house convention); an institution may word its own."""
