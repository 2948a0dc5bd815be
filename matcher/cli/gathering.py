"""Several readings of one command line: the faults of all of them are told together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from matcher.domain.errors import Fault, InputError

T = TypeVar("T")


class Gathering:
    """Notes the faults of what is read, so that none hides another."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def attempt(self, make: Callable[[], T], stand_in: T) -> T:
        """Return what is made; if it cannot be, note why and return the stand-in."""
        try:
            return make()
        except InputError as error:
            self.faults += error.faults
            return stand_in

    def raise_if_any(self) -> None:
        """Raise one `InputError` with all faults, or return."""
        if self.faults:
            raise InputError(self.faults)
