"""The editor of weights, and what another set does to each institution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.pages.views.charts import Chart
from api.pages.views.whatif import charts_of
from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, InputError, UnknownIdError
from matcher.domain.text import Lang, Text
from matcher.scoring.weights import FEATURES, Weights
from matcher.services.bench.judging import tried_weights
from matcher.services.bench.looking import find_bench, list_benches
from matcher.services.bench.weights import NAMES, plain_values
from matcher.services.bench.wording import SCALE_TEXTS, WEIGHT_TEXTS
from matcher.store.paging import Page

_MOST_LISTED = 60
_ABOUT: Mapping[str, Text] = MappingProxyType(
    {
        "enterprise": Text(
            "对企业好不好：金额、成本、速度", "good for the firm: amount, cost, time"
        ),
        "bank": Text("机构会不会要：行业、偏好、获批前景", "what it wants: sector, outlook"),
        "public": Text(
            "公共要不要先帮：急、小、首贷", "who comes first: urgent, small, first loan"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the editor.

    Parameters
    ----------
    usual
        What it is before any change.
    share
        How much of the score it decides, in percent; None for what is no part of it.
    """

    name: str
    label: Text
    value: str
    usual: str
    share: str | None = None

    @property
    def is_changed(self) -> bool:
        """Whether it is another than the usual one."""
        return self.value.strip() != self.usual


@dataclass(frozen=True, slots=True)
class Group:
    """A group of weights."""

    name: Text
    about: Text
    whole: Number
    parts: list[Number]


def editor_of(values: Mapping[str, str], base: Weights) -> tuple[list[Group], list[Number]]:
    """Return the groups and the scales of the editor, filled in."""
    usual = plain_values(base)
    shares = shares_of({**usual, **values})

    def number(name: str) -> Number:
        value = values.get(name, usual[name])
        share = f"{shares[name]:.1%}" if name in shares else None
        return Number(name, WEIGHT_TEXTS[name], value, usual[name], share)

    groups = [
        Group(WEIGHT_TEXTS[group], _ABOUT[group], number(group), [number(name) for name in names])
        for group, names in FEATURES.items()
    ]
    return groups, [number(name) for name in SCALE_TEXTS]


def shares_of(values: Mapping[str, str]) -> dict[str, float]:
    """Return which part of the score each group and feature decides; none of what is no number."""
    try:
        numbers = {name: Decimal(values[name]) for name in NAMES}
    except InvalidOperation:
        return {}
    found: dict[str, float] = {}
    total = sum(numbers[group] for group in FEATURES)
    for group, names in FEATURES.items():
        inside = sum(numbers[name] for name in names)
        if not total or not inside or not all(n.is_finite() for n in numbers.values()):
            return {}
        found[group] = float(numbers[group] / total)
        found |= {name: float(numbers[name] / inside) * found[group] for name in names}
    return found


def choices_of(session: Session, actor: Actor) -> list[tuple[str, Text]]:
    """Return the weights that a plan can be made with: the usual ones, and what was tried."""
    found = list_benches(session, actor, Page(_MOST_LISTED)).rows
    tried = [bench for bench in found if any(c.data["kind"] == "weights" for c in bench.changes)]
    usual = Text("现行权重", "the usual weights")
    return [("", usual), *((str(bench.row.id), Text.same(bench.row.name)) for bench in tried)]


def chosen_weights(session: Session, actor: Actor, chosen: str, today: date) -> str:
    """Return the file of the weights that somebody chose; empty for the usual ones.

    Raises
    ------
    InputError
        If the choice is none that the actor may see, or if it cannot be used any more.
    """
    if not chosen:
        return ""
    try:
        return tried_weights(session, find_bench(session, actor, UUID(chosen)), today)
    except (ValueError, UnknownIdError):
        message = Text("没有这组权重", "there are no such weights")
        raise InputError([Fault(message, "weights", chosen[:40])]) from None


def institutions_of(document: Any, lang: Lang) -> Chart | None:
    """Return what each institution has before and after; None where nothing was compared."""
    found = [chart for chart in charts_of(document, lang) if chart.key == "institution"]
    return found[0] if found else None
