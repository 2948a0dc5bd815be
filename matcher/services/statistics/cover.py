"""Insurance and guarantees in force: how many firms, for how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.domain.enterprise import require_id
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.services.statistics.lines import Line, Unit, ratio, require_new, to_document


@dataclass(frozen=True, slots=True)
class Cover:
    """One policy or guarantee.

    Parameters
    ----------
    cover_fen
        The sum insured or guaranteed, in fen; above 0.
    """

    cover_id: str
    enterprise_id: str
    cover_fen: int

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "cover_id", self.cover_id)
        require_id(faults, "enterprise_id", self.enterprise_id)
        more = Text("大于 0 的金额", "an amount above 0")
        faults.require(self.cover_fen != 0, "cover_fen", self.cover_fen, more)
        faults.amounts(cover_fen=self.cover_fen)
        faults.raise_if_any()


@dataclass(frozen=True, slots=True)
class CoverReport:
    """What a set of covers adds up to; ``cover_fen`` is their sum, in fen."""

    num_covers: int
    num_firms: int
    cover_fen: int

    @property
    def mean_per_firm_fen(self) -> Decimal | None:
        """Cover ÷ firms, in fen."""
        return ratio(self.cover_fen, self.num_firms)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The figures in the order of a report."""
        mean = Text("户均保额", "mean cover of a firm")
        return (
            Line("num_covers", Text("保单数", "covers"), self.num_covers),
            Line("num_firms", Text("在保企业数", "firms covered"), self.num_firms),
            Line("cover", Text("总保额", "cover"), self.cover_fen, Unit.FEN),
            Line("mean_per_firm", mean, self.mean_per_firm_fen, Unit.FEN),
        )

    def to_document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return to_document(self.lines)


def cover_report(covers: Iterable[Cover]) -> CoverReport:
    """Count covers.

    Raises
    ------
    InputError
        If an id is used twice.
    """
    book, faults = tuple(covers), Faults()
    require_new(faults, "cover_id", (c.cover_id for c in book))
    faults.raise_if_any()
    firms = {c.enterprise_id for c in book}
    return CoverReport(len(book), len(firms), sum(c.cover_fen for c in book))
