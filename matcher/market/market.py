"""One immutable snapshot of a round: the only place where ids become indices.

Needs, products and the rest are sorted by id, so that the order of rows in a file changes
nothing. Every array is read-only; `Market.replace` gives variants.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.domain.attributes import Subject, attribute
from matcher.domain.choices import Repayment
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import Fault, UnknownIdError
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.overrides import NO_OVERRIDES, Overrides
from matcher.domain.policy import Policy
from matcher.domain.records import ID_FIELDS, Records
from matcher.domain.text import Text
from matcher.domain.workdays import WorkCalendar, calendar_around
from matcher.market.columns import (
    ItemColumn,
    NeedColumns,
    OrderedColumn,
    ProductColumns,
    SetColumn,
    WordColumn,
    frozen,
    item_column,
    need_columns,
    ordered_column,
    product_columns,
    set_column,
    word_column,
)

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Market:
    """A round's records as of one day, indexed.

    Parameters
    ----------
    as_of
        The day of the round: ages, validity and workdays to cash are counted from it.
    records
        All tables, each sorted by id.
    overrides
        Changes to the working calendar.
    """

    as_of: date
    records: Records
    overrides: Overrides = NO_OVERRIDES
    _columns: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_records(
        cls, records: Records, as_of: date, overrides: Overrides = NO_OVERRIDES
    ) -> Market:
        """Sort and index records.

        Raises
        ------
        InputError
            If ids are used twice, a reference leads nowhere (naming each), or no calendar is
            known of the day.
        """
        records.require_sound()
        calendar_around(as_of)
        tables = {
            f.name: tuple(
                sorted(getattr(records, f.name), key=lambda r: getattr(r, ID_FIELDS[f.name]))
            )
            for f in fields(Records)
        }
        return cls(as_of, Records(**tables), overrides)

    def replace(self, *, as_of: date | None = None, **tables: Sequence[Any]) -> Market:
        """Return a variant with some tables, or the day, exchanged."""
        kept = {f.name: getattr(self.records, f.name) for f in fields(Records)}
        changed = Records(**{**kept, **{name: tuple(rows) for name, rows in tables.items()}})
        return Market.from_records(changed, as_of or self.as_of, self.overrides)

    @property
    def needs(self) -> tuple[Need, ...]:
        return self.records.needs

    @property
    def products(self) -> tuple[Product, ...]:
        return self.records.products

    @property
    def institutions(self) -> tuple[Institution, ...]:
        return self.records.institutions

    @property
    def pools(self) -> tuple[Pool, ...]:
        return self.records.pools

    @property
    def policies(self) -> tuple[Policy, ...]:
        return self.records.policies

    @property
    def num_needs(self) -> int:
        return len(self.needs)

    @property
    def num_products(self) -> int:
        return len(self.products)

    def index(self, table: str, identity: str) -> int:
        """Return the index of a record.

        Raises
        ------
        UnknownIdError
            If the table has no such id.
        """
        positions = self._cached(
            ("index", table),
            lambda: {
                getattr(record, ID_FIELDS[table]): i
                for i, record in enumerate(getattr(self.records, table))
            },
        )
        if identity not in positions:
            message = Text("没有这个编号", "there is no such id")
            raise UnknownIdError([Fault(message, field=ID_FIELDS[table], value=identity)])
        return positions[identity]

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The working calendar around the day of the round."""
        return calendar_around(self.as_of).with_overrides(self.overrides)

    @cached_property
    def enterprise_of(self) -> tuple[Enterprise, ...]:
        """The enterprise of each need."""
        by_id = {e.enterprise_id: e for e in self.records.enterprises}
        return tuple(by_id[need.enterprise_id] for need in self.needs)

    @cached_property
    def institution_idx(self) -> NDArray[np.int32]:
        """Return the (M,) index of each product's institution."""
        found = [self.index("institutions", p.institution_id) for p in self.products]
        return frozen(np.array(found, dtype=np.int32))

    def institution_of(self, product_idx: int) -> Institution:
        """Return the institution of a product."""
        return self.institutions[int(self.institution_idx[product_idx])]

    @cached_property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """The package of each product: itself, then all that it requires, directly or not.

        What is required stands in the order of the indices.
        """
        required = [[self.index("products", i) for i in p.requires] for p in self.products]
        return tuple(_package(product, required) for product in range(self.num_products))

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """Each need with its enterprise and the day, as rules read them."""
        pairs = zip(self.needs, self.enterprise_of, strict=True)
        return tuple(Subject(need, enterprise, self.as_of) for need, enterprise in pairs)

    def ordered(self, name: str) -> OrderedColumn:
        """Return an attribute with an order for all needs."""
        asked = attribute(name)
        key = ("ordered", asked.name)
        return self._cached(key, lambda: ordered_column(asked, self.subjects))

    def words(self, name: str) -> WordColumn:
        """Return an attribute that is a word, a code or a flag for all needs."""
        asked = attribute(name)
        return self._cached(("words", asked.name), lambda: word_column(asked, self.subjects))

    def sets(self, name: str) -> SetColumn:
        """Return an attribute that is a set for all needs."""
        asked = attribute(name)
        return self._cached(("sets", asked.name), lambda: set_column(asked, self.subjects))

    @cached_property
    def consents(self) -> ItemColumn[frozenset[str] | None]:
        """The institutions that may see each need, None for all."""
        return item_column([n.consent for n in self.needs])

    @cached_property
    def conflicts(self) -> ItemColumn[frozenset[str]]:
        """The institutions that the firm of each need is related to."""
        return item_column([e.conflicts for e in self.enterprise_of])

    @cached_property
    def banks(self) -> ItemColumn[frozenset[str] | None]:
        """The institutions that the firm of each need works with, None where not said."""
        return item_column([e.banks for e in self.enterprise_of])

    @cached_property
    def wishes(self) -> ItemColumn[Repayment | None]:
        """How each need is to be repaid, None for no wish."""
        return item_column([n.repayment for n in self.needs])

    @cached_property
    def need_columns(self) -> NeedColumns:
        """The needs by columns."""
        days = {day: self._workdays_to(day) for day in {n.needed_by for n in self.needs}}
        return need_columns(self.needs, [days[n.needed_by] for n in self.needs])

    @cached_property
    def product_columns(self) -> ProductColumns:
        """The products by columns."""
        return product_columns(self.products)

    def workdays_left(self, need: Need) -> int | None:
        """Return the workdays from the round to the need's deadline, None without one."""
        return self._workdays_to(need.needed_by)

    def _workdays_to(self, deadline: date | None) -> int | None:
        return None if deadline is None else self.calendar.left(self.as_of, deadline)

    def _cached(self, key: Hashable, make: Callable[[], T]) -> T:
        # Caching is invisible from outside: columns are functions of the frozen records.
        if key not in self._columns:
            self._columns[key] = make()
        found: T = self._columns[key]
        return found


def _package(product: int, required: Sequence[Sequence[int]]) -> tuple[int, ...]:
    found, front = set[int](), list(required[product])
    while front:
        part = front.pop()
        if part not in found:
            found.add(part)
            front.extend(required[part])
    return (product, *sorted(found))
