"""What every change is: a name, a kind, an edit of a draft, and a sentence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.whatif.draft import Draft
from matcher.whatif.varying import varied


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ABC):
    """One typed change of a setting.

    Attributes
    ----------
    kind
        Its name in files; see `matcher.whatif.changes.CHANGES`.
    label
        What the person who wrote it calls it; may be empty.
    """

    kind: ClassVar[str]
    label: str = ""

    @abstractmethod
    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        """Change a draft; what cannot be done is noted, and then the draft is thrown away."""

    @property
    @abstractmethod
    def text(self) -> Text:
        """What it does, as people read it."""


def vary(
    draft: Draft, table: str, identity: str, values: Mapping[str, Any], faults: list[Fault]
) -> None:
    """Set fields of one record of a draft, or note every fault with the record's id."""
    try:
        draft.tables[table][identity] = varied(draft.tables[table][identity], **values)
    except InputError as error:
        faults += [of_record(identity, fault) for fault in error.faults]


def of_record(identity: str, fault: Fault) -> Fault:
    """Return a fault that says which record it is of."""
    told = Text("{i}：{m}", "{i}: {m}").format(i=identity, m=fault.message)
    shown = fault.value.isoformat() if isinstance(fault.value, date) else fault.value
    return fault.at(message=told, value=shown)


def fault_of(
    field: str, zh: str, en: str, value: object = None, expected: Text | None = None
) -> Fault:
    """Return a fault of a field of a change."""
    return Fault(Text(zh, en), field, value, expected)


TABLE_TEXTS = {
    "enterprises": Text("企业", "enterprises"),
    "needs": Text("需求", "needs"),
    "institutions": Text("机构", "institutions"),
    "products": Text("产品", "products"),
    "pools": Text("资源池", "pools"),
    "policies": Text("政策", "policies"),
}


def known_table(table: str, faults: list[Fault], only: tuple[str, ...] = ()) -> bool:
    """Tell whether a change can be about a table, or note that it cannot."""
    allowed = only or tuple(TABLE_TEXTS)
    if table in allowed:
        return True
    expected = Text.same(", ".join(allowed))
    faults.append(fault_of("table", "不是可用的表", "is no table for this", table, expected))
    return False
