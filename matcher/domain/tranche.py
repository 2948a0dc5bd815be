"""Money that is paid in parts, each of them when something has been reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from matcher.domain.errors import Faults
from matcher.domain.text import Text

MILESTONES = {
    "private_money": Text("社会资本到位", "private money has arrived"),
    "review": Text("考核通过", "the review is passed"),
    "new_financing": Text("获得新的市场融资", "a new round of financing"),
    "acceptance": Text("项目验收", "the project is accepted"),
}
"""Known milestones. A sheet may bring others; they are kept as written."""

_ABOVE_ZERO = Text("大于 0 且不大于 1 的比例", "fractions above 0 and at most 1")
_IN_ALL = Text("合计恰为 100%", "exactly 100% in all")
_NAMES = Text("非空且不重复的名称", "names, none of them empty or twice")


@dataclass(frozen=True, slots=True)
class Tranche:
    """A part of an amount.

    Parameters
    ----------
    share
        Of the whole, a fraction above 0 and at most 1.
    milestones
        Ids: any one of them releases the part. The failure of the first ends the whole; the
        others are further ways of being paid and cannot fail.
    """

    share: Decimal
    milestones: tuple[str, ...]

    @property
    def text(self) -> Text:
        """The milestones in both languages."""
        named = [milestone_text(name) for name in self.milestones]
        return Text.join(named, zh="或", en=" or ")


def parse_milestone(word: str) -> str:
    """Return the id of a known milestone, or the word itself."""
    plain = word.strip()
    known = MILESTONES.items()
    return next((key for key, text in known if plain in (key, text.zh, text.en)), plain)


def milestone_text(milestone: str) -> Text:
    """Return what a person reads for a milestone."""
    return MILESTONES.get(milestone, Text.same(milestone))


def require_tranches(
    faults: Faults,
    tranches: Sequence[Tranche],
    shares_field: str = "tranches",
    milestones_field: str = "tranches",
) -> None:
    """Note a fault unless the shares add up to 1 exactly and each milestone stands once."""
    shares = [t.share for t in tranches]
    shown = " + ".join(map(str, shares))
    in_range = all(_is_share(share) for share in shares)
    faults.require(in_range, shares_field, shown, _ABOVE_ZERO)
    if in_range:
        total = sum(map(Fraction, shares), Fraction())
        faults.require(total == 1, shares_field, shown, _IN_ALL)
    names = [name for t in tranches for name in t.milestones]
    named = all(t.milestones for t in tranches) and all(name.strip() for name in names)
    unique = len(set(names)) == len(names)
    faults.require(named and unique, milestones_field, ", ".join(names), _NAMES)


def _is_share(share: object) -> bool:
    """Tell whether a value is an exact fraction above 0; a float is not exact."""
    return isinstance(share, Decimal) and share.is_finite() and 0 < share <= 1
