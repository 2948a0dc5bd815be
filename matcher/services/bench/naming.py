"""What the ids of a document are called: the names of the live market, else the ids themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from matcher.domain.text import Text
from matcher.store.mapping import TABLE_NAMES
from matcher.store.mapping.documents import content_of
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

    firms: Mapping[str, Text]
    products: Mapping[str, Text]
    institutions: Mapping[str, Text]

    def firm_of(self, need: str) -> Text:
        """Return the firm of a need."""
        return self.firms.get(need, Text.same(need))

    def product(self, key: str) -> Text:
        """Return the name of a product."""
        return self.products.get(key, Text.same(key))

    def institution(self, key: str) -> Text:
        """Return the name of an institution."""
        return self.institutions.get(key, Text.same(key))


def names_of(session: Session, needs: Iterable[str]) -> Names:
    """Return the names of products and institutions, and of the firms of some needs."""
    firms = (
        select(NeedRow.key, EnterpriseRow.name, EnterpriseRow.document)
        .join(EnterpriseRow, col(EnterpriseRow.id) == col(NeedRow.enterprise_id))
        .where(col(NeedRow.key).in_(set(needs)))
    )
    products = select(ProductRow.key, ProductRow.name, ProductRow.document)
    institutions = select(InstitutionRow.key, InstitutionRow.name, InstitutionRow.document)
    return Names(
        dict(map(_named, session.execute(firms))),
        dict(map(_named, session.execute(products))),
        dict(map(_named, session.execute(institutions))),
    )


def _named(row: Any) -> tuple[str, Text]:
    key, name, document = row
    return key, Text(name, content_of(document).get("name_en") or name)


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
