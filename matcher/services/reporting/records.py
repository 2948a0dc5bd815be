"""Records that only a report reads."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.domain.enterprise import require_id
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.services.statistics import Deal


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedDeal(Deal):
    """A deal with the programme that it belongs to; None where it belongs to none."""

    programme_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme that deals are made under.

    Parameters
    ----------
    pool_fen
        The size of the pool that its deals went through, in fen; None where there is none.
    """

    programme_id: str
    name: str
    name_en: str | None = None
    pool_fen: int | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "programme_id", self.programme_id)
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空名称", "a name"))
        faults.amounts(pool_fen=self.pool_fen)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The name in both languages."""
        return Text(self.name, self.name_en or self.name)
