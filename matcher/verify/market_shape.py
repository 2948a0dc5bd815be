"""The shape of the canonical market, as far as a plan is held against it."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.verify.claim import Finding
from matcher.verify.plan_shape import UNITS
from matcher.verify.shape import (
    Shape,
    as_day,
    day,
    fields,
    flag,
    many,
    maybe,
    one_of,
    pattern,
    table,
    text,
    whole,
    wrong,
)

MOST_MONTHS, MOST_TERM_DAYS, MOST_WORKDAYS = 600, 18_250, 2_000

_ID, _WORD, _FEN = text(1, 64), text(1, 64), whole()
_RATE = pattern(r"\d{1,9}(\.\d{1,30})?(E-\d{1,2})?", "十进制数", "a decimal number")
_NAMES: dict[str, Shape] = {"name": text(1)}
_NAMES_EN: dict[str, Shape] = {"name_en": maybe(text(1))}
_LIMITS: dict[str, Shape] = {"leads": maybe(_FEN), "quota_fen": maybe(_FEN)}


def _mark(value: object, path: str) -> Iterator[Finding]:
    """Accept true, false and a list of fields."""
    yield from many(text())(value, path) if isinstance(value, list) else flag(value, path)


def _by_day(value: object, path: str) -> Iterator[Finding]:
    """Accept an object from days to fen."""
    yield from table(_FEN)(value, path)
    for key in value if isinstance(value, dict) else ():
        if as_day(key) is None:
            yield wrong(path, key, "日期 YYYY-MM-DD", "a day, YYYY-MM-DD")


_MARK: dict[str, Shape] = {"illustrative": _mark}

_NEED = fields(
    {"need_id": _ID, "enterprise_id": _ID, "amount_fen": _FEN, "contacts": _FEN},
    {
        "term_months": maybe(whole(1, MOST_MONTHS)),
        "term_days": maybe(whole(1, MOST_TERM_DAYS)),
        "needed_by": maybe(day),
        "repayment": maybe(_WORD),
        "collateral_fen": maybe(table(_FEN)),
        **_MARK,
    },
)
_PRODUCT = fields(
    {
        "product_id": _ID,
        "institution_id": _ID,
        "instrument": _WORD,
        "pools": many(_ID),
        "requires": many(_ID),
        "approval_follows": flag,
        **_NAMES,
    },
    {
        "amount_max_fen": maybe(_FEN),
        "rate": maybe(_RATE),
        "rate_max": maybe(_RATE),
        "fee_once_rate": _RATE,
        "fee_yearly_rate": _RATE,
        "fee_monthly_rate": _RATE,
        "fee_fixed_fen": _FEN,
        "unsecured_fen": _FEN,
        "collateral": table(_RATE),
        "repayment": many(_WORD),
        "cash_workdays": maybe(whole(0, MOST_WORKDAYS)),
        **_NAMES_EN,
        **_LIMITS,
        **_MARK,
    },
)
_POLICY = fields(
    {"policy_id": _ID, "benefit": _WORD, "instruments": many(_WORD), **_NAMES},
    {
        "rate": maybe(_RATE),
        "cap_fen": maybe(_FEN),
        "pool_id": maybe(_ID),
        "valid_from": maybe(day),
        "valid_to": maybe(day),
        **_NAMES_EN,
        **_MARK,
    },
)
_POOL = fields(
    {"pool_id": _ID, "unit": one_of(*UNITS), "revolving": flag},
    {
        "capacity": _FEN,
        "capacity_fen": _FEN,
        "returns_fen": _by_day,
        "years_fen": table(_FEN),
        **_MARK,
    },
)

MARKET = fields(
    {
        "enterprises": many(fields({"enterprise_id": _ID, **_NAMES}, {**_NAMES_EN, **_MARK})),
        "needs": many(_NEED),
        "institutions": many(
            fields({"institution_id": _ID, **_NAMES}, {**_NAMES_EN, **_LIMITS, **_MARK})
        ),
        "products": many(_PRODUCT),
        "policies": many(_POLICY),
        "pools": many(_POOL),
    },
    {"as_of": day},
)
