"""Coarse bands instead of figures: what a bank is told of how well a firm fits.

A bank sees why a firm was proposed to it; it does not see the sum by which others were judged,
nor enough decimals to work out the weights.
"""

from __future__ import annotations

from enum import StrEnum

from matcher.domain.text import Text


class Band(StrEnum):
    """How well something fits."""

    STRONG = "strong"
    GOOD = "good"
    FAIR = "fair"

    @property
    def text(self) -> Text:
        """The band's name."""
        return _TEXTS[self]


_TEXTS = {
    Band.STRONG: Text("很好", "strong"),
    Band.GOOD: Text("较好", "good"),
    Band.FAIR: Text("一般", "fair"),
}
_STRONG, _GOOD = 0.75, 0.5


def band(value: float) -> Band:
    """Return the band of a value between 0 and 1 (house convention: from 0.75 and from 0.5)."""
    if value >= _STRONG:
        return Band.STRONG
    return Band.GOOD if value >= _GOOD else Band.FAIR
