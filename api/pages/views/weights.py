"""The editor of weights, and what another set does to each institution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.pages.views.charts import Chart
from api.pages.views.whatif import charts_of
from matcher.domain.money import rate_text
from matcher.domain.text import Lang, Text
from matcher.scoring.weights import FEATURE_NAMES, FEATURES, default_weights
from matcher.services.bench.weights import plain_values
from matcher.services.bench.wording import SCALE_TEXTS, WEIGHT_TEXTS

_ABOUT: Mapping[str, Text] = {
    "enterprise": Text("对企业好不好：金额、成本、速度", "good for the firm: amount, cost, time"),
    "bank": Text("机构会不会要：行业、偏好、获批前景", "what it wants: sector, outlook"),
    "public": Text("公共要不要先帮：急、小、首贷", "who comes first: urgent, small, first loan"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the editor.

    Parameters
    ----------
    usual
        What comes with the project.
    share
        How much of the score it decides at present; None for what is no part of it.
    """

    name: str
    label: Text
    value: str
    usual: str
    share: Text | None = None

    @property
    def is_changed(self) -> bool:
        """Whether it is another than the usual one."""
        return self.value.strip() != self.usual


@dataclass(frozen=True, slots=True)
class Group:
    """A group of weights."""

    about: Text
    whole: Number
    parts: list[Number]


def editor_of(values: Mapping[str, str]) -> tuple[list[Group], list[Number]]:
    """Return the groups and the scales of the editor, filled in."""
    weights = default_weights()
    usual = plain_values(weights)
    shares = dict(zip(FEATURE_NAMES, weights.vector.tolist(), strict=True))

    def number(name: str, share: float | None) -> Number:
        told = None if share is None else rate_text(Decimal(str(round(share, 3))))
        value = values.get(name, usual[name])
        return Number(name, WEIGHT_TEXTS[name], value, usual[name], told)

    groups = [
        Group(
            _ABOUT[group],
            number(group, sum(shares[name] for name in names)),
            [number(name, shares[name]) for name in names],
        )
        for group, names in FEATURES.items()
    ]
    return groups, [number(name, None) for name in SCALE_TEXTS]


def institutions_of(document: Any, lang: Lang) -> Chart | None:
    """Return what each institution has before and after; None where nothing was compared."""
    found = [chart for chart in charts_of(document, lang) if chart.key == "institution"]
    return found[0] if found else None
