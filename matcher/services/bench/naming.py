"""What the ids of a document are called: the names of the live market, else the ids themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from matcher.store.mapping import TABLE_NAMES
from matcher.store.tables import EnterpriseRow, InstitutionRow, NeedRow, ProductRow

MOST_SUGGESTED = 1_000


@dataclass(frozen=True, slots=True)
class Names:
    """Names by key.

    Parameters
    ----------
    firms
        Of needs: the name of the firm of each.
    """

    firms: Mapping[str, str]
    products: Mapping[str, str]
    institutions: Mapping[str, str]

    def firm_of(self, need: str) -> str:
        """Return the firm of a need."""
        return self.firms.get(need, need)

    def product(self, key: str) -> str:
        """Return the name of a product."""
        return self.products.get(key, key)

    def institution(self, key: str) -> str:
        """Return the name of an institution."""
        return self.institutions.get(key, key)


def names_of(session: Session, needs: Iterable[str]) -> Names:
    """Return the names of products and institutions, and of the firms of some needs."""
    firms = (
        select(NeedRow.key, EnterpriseRow.name)
        .join(EnterpriseRow, col(EnterpriseRow.id) == col(NeedRow.enterprise_id))
        .where(col(NeedRow.key).in_(set(needs)))
    )
    return Names(
        dict(map(_pair, session.execute(firms))),
        dict(map(_pair, session.execute(select(ProductRow.key, ProductRow.name)))),
        dict(map(_pair, session.execute(select(InstitutionRow.key, InstitutionRow.name)))),
    )


def _pair(row: Any) -> tuple[str, str]:
    key, name = row
    return key, name


def suggestions(session: Session, table: str) -> list[tuple[str, str]]:
    """Return key and name of the records of a table, to choose from; of long ones the first."""
    row = TABLE_NAMES[table].row
    if table == "needs":
        query = select(row.key, EnterpriseRow.name).join(
            EnterpriseRow, col(EnterpriseRow.id) == row.enterprise_id
        )
    else:
        query = select(row.key, row.name)
    found = session.execute(query.order_by(row.position, row.id).limit(MOST_SUGGESTED))
    return [_pair(one) for one in found]
