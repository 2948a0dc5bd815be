"""What belongs to an institution: the pools that its products draw on, with what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col

from matcher.domain.actor import Actor
from matcher.domain.choices import InstitutionKind, PoolUnit
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.store.mapping import read_documents
from matcher.store.repositories.market import Pools, Products
from matcher.store.tables import InstitutionRow, PoolRow, ProductRow


@dataclass(frozen=True, slots=True)
class DrawnPool:
    """A shared pool, what it holds, and how many products of an institution draw on it."""

    key: str
    name: Text
    holds: Text
    num_products: int


def kind_text(row: InstitutionRow) -> Text:
    """Return the name of an institution's kind."""
    return InstitutionKind.parse(row.kind).text


def pools_of(session: Session, actor: Actor, institution_id: UUID) -> list[DrawnPool]:
    """Return the pools that the products of an institution draw on, by their ids."""
    query = Products(session, actor).query().where(col(ProductRow.institution_id) == institution_id)
    documents = [row.document for row in session.scalars(query)]
    drawn = [key for product in read_documents("products", documents) for key in product.pools]
    if not drawn:
        return []
    rows = Pools(session, actor).query().where(col(PoolRow.key).in_(set(drawn)))
    pools = read_documents("pools", [row.document for row in session.scalars(rows)])
    return [
        DrawnPool(
            key=pool.pool_id,
            name=pool.text,
            holds=_holds(pool.unit, pool.capacity),
            num_products=drawn.count(pool.pool_id),
        )
        for pool in sorted(pools, key=lambda one: str(one.pool_id))
    ]


def _holds(unit: PoolUnit, capacity: int) -> Text:
    if unit is PoolUnit.FEN:
        return money_text(capacity)
    return Text("{n} 个", "{n} places").format(n=capacity)
