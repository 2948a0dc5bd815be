"""The shape of a plan file: every key there may be, and what its value may be."""

from __future__ import annotations

from matcher.verify.shape import (
    Shape,
    day,
    flag,
    many,
    maybe,
    number,
    one_of,
    pattern,
    record,
    table,
    text,
    whole,
)

FORMAT = "yinqi-plan/2"
STATUSES = ("optimal", "feasible", "nothing", "infeasible", "unknown")
KINDS = ("option_limit", "option_quota", "group_limit", "group_quota", "pool")
REASONS = ("not_eligible", "no_contacts", "no_plan", "banned", "outbid")
UNITS = ("count", "fen")
BENEFITS = ("rate_cut", "interest_subsidy", "fee_cut", "fee_subsidy")
"""The benefits that lower a cost, in the order in which they are reckoned."""

_SHA256 = pattern("[0-9a-f]{64}", "64 位十六进制摘要", "64 hexadecimal digits")
_ID = text(1, 64)
_NAME = text(1)
_SENTENCE = record(zh=text(), en=text())
_NAMES = record(zh=_NAME, en=_NAME)
_RATE = pattern(r"\d{1,30}(\.\d{1,30})?", "十进制数", "a decimal number")
_SHARE = number(0.0, 1.0)
_COUNT = whole()

_INPUT = record(
    as_of=day,
    market_sha256=_SHA256,
    files=many(record(name=_NAME, sha256=_SHA256, bytes=_COUNT)),
    notes=many(_SENTENCE),
)
_WEIGHTS = record(version=_NAME, sha256=_SHA256, vector=table(_SHARE, least=1))
_SOLVER = record(
    method_asked=_NAME,
    method_used=_NAME,
    gap_asked=number(0.0),
    time_limit=maybe(number(0.0)),
    seed=whole(-(10**30), 10**30),
    status=one_of(*STATUSES),
    reason=_SENTENCE,
    fair=maybe(record(by=_NAME, proved=flag)),
    solver_bound=maybe(number()),
)
_VERSIONS = record(
    yinqi=_NAME, python=_NAME, numpy=_NAME, scipy=_NAME, networkx=_NAME, holidays=_NAME
)
_COUNTS = record(
    needs=_COUNT,
    matched_needs=_COUNT,
    unmatched_needs=_COUNT,
    institutions=_COUNT,
    products=_COUNT,
    eligible_pairs=_COUNT,
    offers=_COUNT,
    matches=_COUNT,
    pinned=_COUNT,
    conditional=_COUNT,
    illustrative=_COUNT,
    packages=_COUNT,
    offered_fen=_COUNT,
    support_fen=_COUNT,
)
_COMPANION = record(
    product=_ID,
    product_name=_NAMES,
    institution=_ID,
    institution_name=_NAMES,
    approval_follows=flag,
)
_CLAIM = record(
    policy=_ID, name=_NAMES, benefit=one_of(*BENEFITS), support_fen=_COUNT, pool=maybe(_ID)
)
_MATCH = record(
    need=_ID,
    enterprise=_ID,
    enterprise_name=_NAMES,
    product=_ID,
    product_name=_NAMES,
    institution=_ID,
    institution_name=_NAMES,
    companions=many(_COMPANION),
    claims=many(_CLAIM),
    score=number(),
    offered_fen=_COUNT,
    all_in_low=maybe(_RATE),
    all_in_high=maybe(_RATE),
    cash_date=maybe(day),
    slack_workdays=maybe(_COUNT),
    pinned=flag,
    illustrative=flag,
    missing=many(_SENTENCE),
    terms=many(record(feature=_NAME, value=_SHARE, weight=_SHARE, part=_SHARE), least=1),
    edge=_COUNT,
)
_ROW = {"kind": one_of(*KINDS), "id": _ID, "day": maybe(day)}
_UNMATCHED = record(
    need=_ID,
    enterprise=_ID,
    enterprise_name=_NAMES,
    kind=one_of(*REASONS),
    reason=_NAMES,
    nearest=maybe(_ID),
    changes=maybe(many(record(field=_NAME, text=_NAMES), least=1)),
    blocking=many(record(**_ROW)),
    queued=maybe(record(pool=_ID, position=whole(1), first_day=day, left_fen=_COUNT)),
)
_BOTTLENECK = record(
    needs=many(_ID, least=1),
    places=_COUNT,
    rows=many(record(**_ROW), least=1),
    helps=many(record(**_ROW, more=whole(1))),
    text=_NAMES,
)
_POOL_USE = record(
    **_ROW,
    name=_NAMES,
    unit=one_of(*UNITS),
    capacity=_COUNT,
    used=_COUNT,
    multiplier=number(0.0),
)
_FLOOR = record(
    text=_NAMES,
    where=maybe(_NAME),
    group=maybe(many(_NAME, least=2)),
    institution=maybe(_ID),
    fair=flag,
    share=maybe(_RATE),
    number=maybe(_COUNT),
    members=_COUNT,
    asked=_COUNT,
    reachable=_COUNT,
    matched=_COUNT,
    multiplier=number(0.0),
)
_PROBLEM = record(
    one_per_institution=flag,
    needs=many(record(id=_ID, limit=maybe(_COUNT))),
    institutions=many(record(id=_ID, limit=maybe(_COUNT), quota_fen=maybe(_COUNT))),
    products=many(
        record(
            id=_ID,
            institution=_ID,
            parts=many(_ID),
            limit=maybe(_COUNT),
            quota_fen=maybe(_COUNT),
        )
    ),
    policies=many(record(id=_ID, benefit=_NAME, pool=maybe(_ID))),
    pools=many(
        record(
            **_ROW,
            unit=one_of(*UNITS),
            capacity=maybe(_COUNT),
            products=many(_COUNT),
            draw=maybe(record(edge=many(_COUNT), quantity=maybe(many(whole(1))))),
        )
    ),
    floors=many(
        record(
            needs=maybe(many(_COUNT)),
            products=maybe(many(_COUNT)),
            least=_COUNT,
            penalty=number(0.0),
        )
    ),
    edges=record(
        need=many(_COUNT),
        product=many(_COUNT),
        weight=many(number()),
        amount_fen=many(_COUNT),
        fixed=many(whole(-1, 1)),
    ),
    claims=record(edge=many(_COUNT), policy=many(_COUNT), support_fen=many(_COUNT)),
)

PLAN: Shape = record(
    format=one_of(FORMAT),
    digest=pattern("sha256:[0-9a-f]{64}", "sha256: 摘要", "a sha256: digest"),
    input=_INPUT,
    weights=_WEIGHTS,
    solver=_SOLVER,
    versions=_VERSIONS,
    objective=maybe(number()),
    score=maybe(number()),
    bound=maybe(number()),
    gap=maybe(number(0.0)),
    greedy_objective=maybe(number()),
    gain_over_greedy=maybe(number()),
    score_without_floors=maybe(number()),
    counts=_COUNTS,
    matches=many(_MATCH),
    unmatched=many(_UNMATCHED),
    bottlenecks=maybe(many(_BOTTLENECK)),
    pools_use=many(_POOL_USE),
    floors=many(_FLOOR),
    problem=_PROBLEM,
)
