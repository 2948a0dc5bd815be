"""A setting in the making: tables by id that changes edit, and that becomes a setting again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from matcher.domain.attributes import Subject
from matcher.domain.enterprise import Need
from matcher.domain.institution import Institution
from matcher.domain.record_attributes import Asked
from matcher.domain.records import ID_FIELDS, Records
from matcher.market import Market
from matcher.planning.encode import Fixings
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import Weights
from matcher.whatif.setting import Setting

Table = dict[str, Any]
_NO_NEED = "-"


@dataclass
class Draft:
    """The parts of a setting, open to change. The records themselves are never changed.

    Parameters
    ----------
    tables
        The records of each table of `Records`, by id.
    """

    as_of: date
    tables: dict[str, Table]
    weights: Weights
    fixings: Fixings
    floors: tuple[GroupFloor, ...]
    fair: str | None = None

    @classmethod
    def of(cls, setting: Setting) -> Draft:
        """Open a setting."""
        market = setting.market
        tables = {
            name: {getattr(r, key): r for r in getattr(market.records, name)}
            for name, key in ID_FIELDS.items()
        }
        aims = (setting.weights, setting.fixings, setting.floors, setting.fair)
        return cls(market.as_of, tables, *aims)

    def copy(self) -> Draft:
        """Return a draft that can be changed without this one."""
        tables = {name: dict(rows) for name, rows in self.tables.items()}
        return replace(self, tables=tables)

    def take(self, other: Draft) -> None:
        """Become as another draft is."""
        for field in fields(self):
            setattr(self, field.name, getattr(other, field.name))

    def records(self) -> Records:
        """Return the tables as they stand."""
        return Records(**{name: tuple(rows.values()) for name, rows in self.tables.items()})

    def setting(self, before: Setting) -> Setting:
        """Return the setting, which keeps the calendar of the one before."""
        market = Market.from_records(self.records(), self.as_of, before.market.overrides)
        return Setting(market, self.weights, self.fixings, self.floors, self.fair)

    def asked(self, table: str, record: Any) -> Asked | Subject:
        """Return a record as the rule of a selection is asked of it."""
        if table == "needs":
            return Subject(record, self.tables["enterprises"][record.enterprise_id], self.as_of)
        if table == "enterprises":
            # Rules about firms ask nothing of the need (`record_attributes.FIRM_ATTRIBUTES`).
            need = Need(need_id=_NO_NEED, enterprise_id=record.enterprise_id, amount_fen=1)
            return Subject(need, record, self.as_of)
        owner = None
        if table == "products":
            owner = self.tables["institutions"].get(record.institution_id)
        return Asked(record, owner if isinstance(owner, Institution) else None)

    def rows(self) -> Iterator[tuple[str, Table]]:
        """Yield the tables with their names."""
        yield from self.tables.items()
