"""What a refusal names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from matcher.domain.errors import InputError


def fields_of(call: Callable[[], Any]) -> set[str | None]:
    """Return the fields that a call is refused for; fail if it is not refused."""
    with pytest.raises(InputError) as caught:
        call()
    return {fault.field for fault in caught.value.faults}
