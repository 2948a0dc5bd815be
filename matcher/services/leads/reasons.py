"""Reasons as they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.domain.case import Reason
from matcher.domain.text import Text


def reason_json(reason: Reason) -> dict[str, Any]:
    """Return a reason as values of JSON."""
    return {
        "code": reason.code,
        "zh": reason.text.zh,
        "en": reason.text.en,
        "mendable": reason.mendable,
    }


def reason_of_json(told: Mapping[str, Any]) -> Reason:
    """Return the reason that `reason_json` gave."""
    return Reason(told["code"], Text(told["zh"], told["en"]), told["mendable"])
