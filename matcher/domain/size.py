"""Size class of an enterprise by the statistical rule of 2017."""

from __future__ import annotations

from matcher.domain.choices import Size

_FEN_PER_WAN = 1_000_000

# Industry prefixes → lower limits of large, medium and small: X staff, Y revenue and Z assets in
# 万元. The longest prefix wins; an empty entry is outside the rule.
_X, _Y, _Z = "staff", "revenue", "assets"
_INDUSTRY = {_X: (1000, 300, 20), _Y: (40000, 2000, 300)}
_TRANSPORT = {_X: (1000, 300, 20), _Y: (30000, 3000, 200)}
_CATERING = {_X: (300, 100, 10), _Y: (10000, 2000, 100)}
_OTHER = {_X: (300, 100, 10)}
_RULES: dict[str, dict[str, tuple[int, int, int]]] = {
    "A": {_Y: (20000, 500, 50)},
    "B": _INDUSTRY,
    "C": _INDUSTRY,
    "D": _INDUSTRY,
    "E": {_Y: (80000, 6000, 300), _Z: (80000, 5000, 300)},
    "F51": {_X: (200, 20, 5), _Y: (40000, 5000, 1000)},
    "F52": {_X: (300, 50, 10), _Y: (20000, 500, 100)},
    "G53": {},
    **dict.fromkeys(("G54", "G55", "G56", "G57", "G58"), _TRANSPORT),
    "G59": {_X: (200, 100, 20), _Y: (30000, 1000, 100)},
    "G60": {_X: (1000, 300, 20), _Y: (30000, 2000, 100)},
    "H61": _CATERING,
    "H62": _CATERING,
    "I63": {_X: (2000, 100, 10), _Y: (100000, 1000, 100)},
    "I64": {_X: (2000, 100, 10), _Y: (100000, 1000, 100)},
    "I65": {_X: (300, 100, 10), _Y: (10000, 1000, 50)},
    "K701": {_Y: (200000, 1000, 100), _Z: (10000, 5000, 2000)},
    "K702": {_X: (1000, 300, 100), _Y: (5000, 1000, 500)},
    "K703": _OTHER,
    "K704": {},
    "K709": _OTHER,
    "L": {_X: (300, 100, 10), _Z: (120000, 8000, 100)},
    "M": _OTHER,
    "N": _OTHER,
    "O": _OTHER,
    "Q85": _OTHER,
    "R": _OTHER,
}


def size_of(
    industry: str | None, staff: int | None, revenue_fen: int | None, assets_fen: int | None
) -> Size | None:
    """Return the size class, or None where the figures or the rule do not allow one.

    Large, medium and small need every figure of the industry's rule to reach its lower limit;
    a firm that misses one falls to the class below (so one figure at micro level makes micro).

    Parameters
    ----------
    industry
        GB/T 4754 code with its letter; its longest prefix in the rule decides.
    staff, revenue_fen, assets_fen
        Persons employed; yearly revenue and total assets in fen.

    References
    ----------
    国家统计局《统计上大中小微型企业划分办法(2017)》国统字〔2017〕213号, annexed table.
    """
    code = industry or ""
    prefixes = (code[:n] for n in range(len(code), 0, -1))
    rule = next((_RULES[p] for p in prefixes if p in _RULES), None)
    if not rule:
        return None
    figures = {_X: (staff, 1), _Y: (revenue_fen, _FEN_PER_WAN), _Z: (assets_fen, _FEN_PER_WAN)}
    worst = 0
    is_complete = True
    for name, limits in rule.items():
        value, unit = figures[name]
        if value is None:
            is_complete = False
            continue
        worst = max(worst, next((i for i, low in enumerate(limits) if value >= low * unit), 3))
    decided = list(Size)[worst]
    # One figure at micro level makes micro, whatever the others are.
    return decided if is_complete or decided is Size.MICRO else None
