"""The kind of cell that holds the tranches of a product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.domain.text import Text
from matcher.domain.tranche import Tranche, parse_milestone
from matcher.files.kinds import Kind, Words
from matcher.files.quantities import Rate
from matcher.files.several import RULE_SIGNS, SetOf, halves, items_of

_EXAMPLE = "40%=社会资本到位; 40%=考核通过/获得新的市场融资; 20%=项目验收"
_SHARE, _NAMES = Rate(), SetOf(Words())


@dataclass(frozen=True)
class Tranches(Kind):
    """Shares with what releases each, in the order of payment.

    Text is ``40%=review/new_financing; 60%=acceptance``; JSON has a list of objects.
    """

    is_open = True
    number_format = "@"

    @property
    def expected(self) -> Text:
        return Text(f"若干“比例=节点”，如 {_EXAMPLE}", f"share=milestone, such as {_EXAMPLE}")

    def read(self, value: object, unit: Decimal | None = None) -> tuple[Tranche, ...]:
        return tuple(self._tranche(item) for item in items_of(value, f"[{RULE_SIGNS}]"))

    def _tranche(self, item: object) -> Tranche:
        if isinstance(item, Mapping):
            share, words = item.get("share"), item.get("milestones")
            if set(item) != {"share", "milestones"} or not isinstance(words, list):
                raise ValueError(f"not a tranche: {item!r}")
        else:
            ((share, names),) = halves([item])
            words = str(names).split("/")
        milestones = tuple(parse_milestone(Words().read(word)) for word in words)
        return Tranche(_SHARE.read(share), milestones)

    def write(self, value: Any) -> Any:
        return [{"share": _SHARE.write(t.share), "milestones": list(t.milestones)} for t in value]

    @property
    def schema(self) -> dict[str, Any]:
        one = {
            "type": "object",
            "properties": {"share": _SHARE.schema, "milestones": _NAMES.schema},
            "required": ["share", "milestones"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": one}
