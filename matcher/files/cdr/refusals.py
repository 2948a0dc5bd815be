"""Which published products no firm can be matched with, and why."""

from __future__ import annotations

import re

from matcher.domain.text import Text
from matcher.files.cdr.figures import Span, Validity
from matcher.files.cdr.payload import Published

LENDING = ("BUSINESS_LOANS", "LEASES", "OVERDRAFTS", "TRADE_FINANCE")
"""Categories of the standard that finance a firm."""

NO_CATEGORY = Text("未公布产品类别", "it states no category")
NOT_LENDING = Text("类别 {c} 不是企业融资产品", "category {c} does not finance firms")
FOR_PERSONS = Text("只面向个人，不面向企业", "it is for persons and not for firms")
NOT_FOR_FIRMS = Text(
    "透支产品，公布内容没有一处说明面向企业", "an overdraft that nowhere says that it is for firms"
)
LIMITS_CROSSED = Text("最低额度高于最高额度", "its lower limit is above its upper limit")
DATES_CROSSED = Text("失效日早于生效日", "it ends before it begins")
REPEATED = Text("同一品牌在第 {n} 行已有此编号", "line {n} already has this id of the same brand")

_FOR_FIRMS = re.compile(
    r"\b(business(es)?|commercial|compan(y|ies)|farm\w*|agri\w*|practices?|working capital)\b", re.I
)
_FOR_PERSONAL_USE = re.compile(r"\bpersonal use\b", re.I)


def find_reason(published: Published, limits: Span, validity: Validity) -> Text | None:
    """Return why a product cannot be used, the first reason of those that hold, or None.

    Eligibility that names businesses is believed over everything else. Without it, a product
    for natural persons or for personal use is refused; so is an overdraft (the one category
    that persons and firms share) whose words never speak of firms.
    """
    if published.category not in LENDING:
        category = published.category
        return NOT_LENDING.format(c=category) if category else NO_CATEGORY
    audience = _audience(published)
    if audience is not None:
        return audience
    if limits.low is not None and limits.high is not None and limits.low > limits.high:
        return LIMITS_CROSSED
    first, last = validity.first, validity.last
    return DATES_CROSSED if first is not None and last is not None and last < first else None


def _audience(published: Published) -> Text | None:
    kinds = {c.kind for c in published.eligibility}
    if kinds & {"BUSINESS", "MIN_TURNOVER"}:
        return None
    words = [published.name, published.description]
    words += [text for c in published.eligibility for text in (c.value, c.info)]
    if "NATURAL_PERSON" in kinds or any(_FOR_PERSONAL_USE.search(w) for w in words):
        return FOR_PERSONS
    is_shared = published.category == "OVERDRAFTS"
    if is_shared and not any(_FOR_FIRMS.search(w) for w in (*words, published.brand_name)):
        return NOT_FOR_FIRMS
    return None
