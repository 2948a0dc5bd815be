"""Every page with who sees it, for the tests that look at all of them.

A path may name an id: ``{need}`` is filled in from what the world of the tests has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlmodel import Session, col, select

from matcher.domain.actor import Role
from matcher.store.tables import NeedRow

OFFICE = frozenset({Role.ORGANISER, Role.STAFF, Role.AUDITOR, Role.ADMIN})
ANALYSTS = frozenset({Role.ORGANISER, Role.STAFF, Role.ADMIN})
ORGANISERS = frozenset({Role.ORGANISER, Role.ADMIN})
BANK = frozenset({Role.BANK})
FIRM = frozenset({Role.ENTERPRISE})
EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Sample:
    """A page.

    Parameters
    ----------
    route
        The path of its route, as the app has it.
    roles
        Who sees it; others are answered 403.
    ids
        How each id of the path is found.
    """

    route: str
    roles: frozenset[Role]
    ids: Mapping[str, Callable[[Session], object]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def path(self, session: Session) -> str:
        """Return the path with its ids filled in."""
        return self.route.format(**{name: find(session) for name, find in self.ids.items()})


def _first_need(session: Session) -> object:
    return session.scalars(select(NeedRow.id).order_by(col(NeedRow.position))).first()


SAMPLES = (
    Sample("/ui", EVERYONE),
    Sample("/ui/leads", BANK),
    Sample("/ui/needs", OFFICE),
    Sample("/ui/needs/{need_id}", OFFICE, {"need_id": _first_need}),
)
"""All pages but the login, and the parts that pages fetch."""

PARTS = frozenset[str]()
"""Routes that answer with a part of a page; tests of their pages cover them."""

WITHOUT_LOGIN = frozenset({"/ui/login", "/ui/language", "/ui/logout"})
