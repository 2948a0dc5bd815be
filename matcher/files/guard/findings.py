"""What is wrong with a file, gathered while it is looked at."""

from __future__ import annotations

from matcher.domain.errors import Fault
from matcher.domain.text import Text

MAX_SHOWN = 80


class Findings:
    """Faults of one file; many of one kind are told once, with the first place.

    Parameters
    ----------
    file
        What faults name as the file.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self._told: set[str] = set()

    def add(
        self,
        zh: str,
        en: str,
        *,
        part: str | None = None,
        value: object = None,
        expected: Text | None = None,
    ) -> None:
        """Note a fault of the file or of a part of it, once for each sentence."""
        if en in self._told:
            return
        self._told.add(en)
        shown = value if value is None or isinstance(value, int) else f"{value!s:.{MAX_SHOWN}}"
        place = None if part is None else visible(part)
        self.faults.append(Fault(Text(zh, en), None, shown, expected, self.file, place))


def visible(name: str) -> str:
    """Return a name that a stranger chose as one short line without control characters."""
    plain = "".join(c if c.isprintable() else "�" for c in name[: 4 * MAX_SHOWN])
    return plain if len(plain) <= MAX_SHOWN else f"{plain[: MAX_SHOWN - 1]}…"
