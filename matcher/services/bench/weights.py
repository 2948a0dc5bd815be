"""Weights as people edit them: what is typed, what differs, and a file that planning takes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from matcher.scoring.weights import FEATURES, Weights
from matcher.whatif.changes import SetWeights
from matcher.whatif.changes.aims import SCALES

NAMES = (*FEATURES, *(name for names in FEATURES.values() for name in names), *SCALES)


def plain_values(weights: Weights) -> dict[str, str]:
    """Return each number of weights that can be changed, as people write it."""
    found = {**weights.groups, **weights.features, **{s: getattr(weights, s) for s in SCALES}}
    return {name: f"{Decimal(str(found[name])).normalize():f}" for name in NAMES}


def values_of(changes: Sequence[Mapping[str, Any]], base: Weights) -> dict[str, str]:
    """Return the numbers that hold under changes of weights, as scenario files have them."""
    found = plain_values(base)
    for change in changes:
        if change["kind"] == SetWeights.kind:
            found |= {name: str(value) for name, value in change["values"].items()}
    return found


def differing(typed: Mapping[str, str], base: Weights) -> dict[str, str]:
    """Return what was typed and is another number than before.

    What is left empty stays as it is; what is no number is kept, for whoever reads it to refuse.
    """
    usual = plain_values(base)
    given = {name: typed.get(name, "").strip() for name in NAMES}
    return {n: word for n, word in given.items() if word and not _is_same(word, usual[n])}


def _is_same(word: str, usual: str) -> bool:
    try:
        return Decimal(word) == Decimal(usual)
    except InvalidOperation:
        return False


def weights_file(weights: Weights, version: str) -> str:
    """Return weights as the text of the TOML file that ``matcher plan --weights`` takes.

    Parameters
    ----------
    version
        What the set is called.
    """
    lines = [f"version = {_quoted(version)}", "", "[groups]"]
    lines += [f"{group} = {weights.groups[group]!r}" for group in FEATURES]
    for group, names in FEATURES.items():
        lines += ["", f"[{group}]", *(f"{name} = {weights.features[name]!r}" for name in names)]
    lines += ["", "[scales]", f'cost_ceiling = "{weights.cost_ceiling:f}"']
    lines += [f"{name} = {getattr(weights, name)}" for name in SCALES if name != "cost_ceiling"]
    lines += ["", "[standing]", *(f"{grade} = {v!r}" for grade, v in weights.standing.items()), ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Return a text as TOML quotes it: as JSON does, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
