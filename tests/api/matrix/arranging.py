"""What a cell of the matrix needs: somebody who asks, ids in the path, a body with nothing wrong.

Cells must not disturb each other: whoever asks for a change is made for that one request, and so
is what the request changes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.services.accounts.tokens import KEY_PREFIX, new_token, token_sha256
from matcher.store.tables import ApiKeyRow
from tests.api.matrix.expectations import FOREIGN, OWN
from tests.api.world import World
from tests.service import NOW, PASSWORD, Person, make_person

ABSENT_ID = UUID("deadbeef-dead-4bad-8bad-deadbeefdead")

_OWN_OF_ROLE = {
    "enterprise": "firm",
    "bank": "bank",
    "organiser": "organiser",
    "staff": "staff",
    "auditor": "auditor",
    "admin": "admin",
}
_STRANGER_OF_ROLE = {"enterprise": "other_firm", "bank": "other_bank"}


class Stage:
    """Makes what requests need in one world.

    Parameters
    ----------
    world
        A served app with its database.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._numbers = count(1)

    def number(self) -> int:
        """Return a number that was not given out before."""
        return next(self._numbers)

    def person(self, role: str) -> Person:
        """Return who asks in a role, made anew: what they do to themselves hurts nobody."""
        return self._like(getattr(self.world.people, _OWN_OF_ROLE[role]))

    def stranger(self, role: str) -> Person:
        """Return somebody, made anew, whose things are not those of a person of a role."""
        return self._like(getattr(self.world.people, _STRANGER_OF_ROLE.get(role, "other_bank")))

    def narrow_key(self, person: Person) -> str:
        """Return a key of a person that may do nothing."""
        token = new_token(KEY_PREFIX)
        with self.world.database.writing() as session:
            session.add(
                ApiKeyRow(
                    account_id=person.actor.account_id,
                    name="narrow",
                    hint=token[:8],
                    token_sha256=token_sha256(token),
                    scopes="",
                    created_at=NOW,
                    expires_at=NOW + timedelta(days=1),
                )
            )
        return token

    def query(self, operation: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters that an operation cannot do without."""
        return {
            one["name"]: QUERIES[operation["operationId"], one["name"]](self)
            for one in operation.get("parameters", ())
            if one["in"] == "query" and one["required"]
        }

    def _like(self, model: Person) -> Person:
        with self.world.database.writing() as session:
            return make_person(
                session,
                f"{model.login}-{self.number()}",
                model.actor.role,
                NOW,
                institution_id=model.actor.institution_id,
                enterprise_id=model.actor.enterprise_id,
            )

    def ids(self, names: list[str], person: Person, role: str, whose: str) -> dict[str, UUID]:
        """Return an id for each name in a path."""
        if whose == OWN:
            owner = person
        elif whose == FOREIGN:
            owner = self.stranger(role)
        else:
            return dict.fromkeys(names, ABSENT_ID)
        with self.world.database.writing() as session:
            return {name: TARGETS[name](self, session, owner) for name in names}


def _account(stage: Stage, session: Session, owner: Person) -> UUID:
    return owner.actor.account_id


def _key(stage: Stage, session: Session, owner: Person) -> UUID:
    if owner.key is None:  # firms have none; whose it is does not matter to those who may not ask
        return ABSENT_ID
    query = select(ApiKeyRow.id).where(col(ApiKeyRow.token_sha256) == token_sha256(owner.key))
    return session.scalars(query).one()


TARGETS: dict[str, Callable[[Stage, Session, Person], UUID]] = {
    "account_id": _account,
    "key_id": _key,
}
"""What an id in a path names, made for its owner."""


QUERIES: dict[tuple[str, str], Callable[[Stage], Any]] = {}
"""Parameters of a query that have to be there, by operation and name."""


def body_of(stage: Stage, operation: str, example: Any, person: Person | None) -> Any:
    """Return a body for an operation: the example of the document, or what it asks for."""
    change = BODIES.get(operation)
    return example if change is None else change(stage, example, person)


BODIES: dict[str, Callable[[Stage, Any, Person | None], Any]] = {
    "log_in": lambda stage, example, person: {
        "login": (person or stage.world.people.staff).login,
        "password": PASSWORD,
    },
    "change_my_password": lambda stage, example, person: {
        "current": PASSWORD,
        "password": "another long pass phrase",
    },
    "create_account": lambda stage, example, person: {
        "login": f"new-{stage.number()}",
        "name": "新账号",
        "role": "staff",
    },
    "create_api_key": lambda stage, example, person: {"name": "系统", "scopes": []},
    "change_account": lambda stage, example, person: {"name": "改名"},
}
"""Bodies of operations whose example names things that are not there."""
