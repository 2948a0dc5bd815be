"""All records of one round together, and the faults that show only between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import Fault, InputError
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.policy import Policy
from matcher.domain.text import Text


@dataclass(frozen=True, slots=True)
class RecordFault:
    """A fault and the record that it belongs to, so that a reader can add file and row."""

    table: str
    index: int
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The six tables of a round, each in the order in which it was read."""

    enterprises: tuple[Enterprise, ...] = ()
    needs: tuple[Need, ...] = ()
    institutions: tuple[Institution, ...] = ()
    products: tuple[Product, ...] = ()
    pools: tuple[Pool, ...] = ()
    policies: tuple[Policy, ...] = ()

    def __add__(self, other: Records) -> Records:
        """Put two sets of records one behind the other, table by table."""
        tables = [f.name for f in fields(Records)]
        return Records(**{name: getattr(self, name) + getattr(other, name) for name in tables})

    def faults(self) -> list[RecordFault]:
        """Return every duplicate id and every reference to a record that is not there."""
        return [*self._duplicates(), *self._dangling(), *self._cycles()]

    def require_sound(self) -> None:
        """Raise one `InputError` with every fault between records, if there are any."""
        found = [f.fault for f in self.faults()]
        if found:
            raise InputError(found)

    def _duplicates(self) -> Iterator[RecordFault]:
        for table, key in ID_FIELDS.items():
            seen: set[str] = set()
            for index, record in enumerate(getattr(self, table)):
                identity = getattr(record, key)
                if identity in seen:
                    message = Text("编号重复", "id is used twice")
                    yield RecordFault(table, index, Fault(message, field=key, value=identity))
                seen.add(identity)

    def _dangling(self) -> Iterator[RecordFault]:
        known = {
            table: {getattr(record, key) for record in getattr(self, table)}
            for table, key in ID_FIELDS.items()
        }
        for table, field, target in REFERENCES:
            for index, record in enumerate(getattr(self, table)):
                value = getattr(record, field)
                named = value if isinstance(value, frozenset) else {value} - {None}
                for identity in sorted(named - known[target]):
                    yield RecordFault(table, index, _dangling(field, identity, target))

    def _cycles(self) -> Iterator[RecordFault]:
        """Yield a fault for each product that a package leads back to."""
        required = {p.product_id: sorted(p.requires) for p in self.products}
        for index, product in enumerate(self.products):
            path = way_back(product.product_id, required)
            if path:
                message = Text("产品组合首尾相接", "the package leads back to the product itself")
                none = Text("不循环的组合", "a package without a cycle")
                shown = " → ".join(path)
                yield RecordFault("products", index, Fault(message, "requires", shown, none))


def way_back(start: str, required: dict[str, list[str]]) -> list[str]:
    """Return the shortest way from a product through what is required back to it, or nothing."""
    came_from: dict[str, str] = {}
    front = [start]
    while front:
        behind = front
        front = []
        for here in behind:
            for there in required.get(here, ()):
                if there == start:
                    return _path(start, here, came_from)
                if there not in came_from:
                    came_from[there] = here
                    front.append(there)
    return []


def _path(start: str, last: str, came_from: dict[str, str]) -> list[str]:
    back = [last]
    while back[-1] != start:
        back.append(came_from[back[-1]])
    return [*reversed(back), start]


ID_FIELDS = {
    "enterprises": "enterprise_id",
    "needs": "need_id",
    "institutions": "institution_id",
    "products": "product_id",
    "pools": "pool_id",
    "policies": "policy_id",
}

REFERENCES = (
    ("needs", "enterprise_id", "enterprises"),
    ("products", "institution_id", "institutions"),
    ("products", "pools", "pools"),
    ("products", "requires", "products"),
    ("policies", "pool_id", "pools"),
    ("needs", "consent", "institutions"),
    ("enterprises", "conflicts", "institutions"),
    ("enterprises", "banks", "institutions"),
)
"""(table, field, table referred to) for every reference between records."""

_TABLE_TEXTS = {
    "enterprises": Text("企业", "enterprises"),
    "needs": Text("需求", "needs"),
    "institutions": Text("机构", "institutions"),
    "products": Text("产品", "products"),
    "pools": Text("资源池", "pools"),
    "policies": Text("政策", "policies"),
}


def _dangling(field: str, identity: str, target: str) -> Fault:
    return Fault(
        Text("引用的编号不存在", "refers to an id that is not there"),
        field=field,
        value=identity,
        expected=Text("{t}表中的编号", "an id of the table {t}").format(t=_TABLE_TEXTS[target]),
    )
