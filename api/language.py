"""Which language a client reads: ``Accept-Language``, Chinese without it."""

from __future__ import annotations

from matcher.domain.text import Lang


def preferred_lang(header: str | None) -> Lang:
    """Return the language asked for with the greatest quality; of two alike the first.

    Examples
    --------
    >>> preferred_lang("fr, en-GB;q=0.8, zh;q=0.7").value
    'en'
    """
    asked = [_weighed(part) for part in (header or "").split(",")]
    known = [(quality, lang) for quality, lang in asked if lang is not None and quality > 0]
    return max(known, key=lambda pair: pair[0])[1] if known else Lang.ZH


def _weighed(part: str) -> tuple[float, Lang | None]:
    """Read one range with its quality; what cannot be read counts as not asked for."""
    name, _, quality = part.partition(";")
    primary = name.strip().lower().partition("-")[0]
    lang = Lang(primary) if primary in tuple(Lang) else None
    try:
        return float(quality.strip().lower().removeprefix("q=") or 1), lang
    except ValueError:
        return 0.0, None
