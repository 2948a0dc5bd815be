"""What a cell of the matrix needs: somebody who asks, ids in the path, a body with nothing wrong.

Cells must not disturb each other: whoever asks for a change is made for that one request, and so
is what the request changes.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.schemas.examples import PLAN_CREATE
from api.schemas.scenarios import EXAMPLE
from matcher.domain.actor import Role
from matcher.domain.lists import ListTest
from matcher.domain.scope import SCOPES_OF
from matcher.services.accounts.tokens import KEY_PREFIX, new_token, token_sha256
from matcher.services.listings.rows import listing_of, put
from matcher.store.tables import (
    ApiKeyRow,
    EnterpriseRow,
    InstitutionRow,
    ListingRow,
    NeedRow,
    PolicyRow,
    PoolRow,
    ProductRow,
    QuestionnaireRow,
    RunRow,
)
from tests.api.matrix import meetings, rounds
from tests.api.matrix.expectations import ABSENT, OWN
from tests.api.world import World
from tests.service import NOW, PASSWORD, Person, make_person
from tests.working import PATIENCE_SECONDS, make_worker, working

CHANGING_ONESELF = frozenset(
    {
        "change_account",
        "change_my_password",
        "create_api_key",
        "drop_draft",
        "keep_draft",
        "log_in",
        "log_out",
        "log_out_everywhere",
        "publish_round_plan",  # not by who proposed it
        "reset_password",
        "revoke_api_key",
    }
)
"""Operations that take something from whoever asks, or from the account that they name."""

SAFE = ("get", "head", "options")
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


@dataclass(frozen=True, slots=True)
class Making:
    """What something is made for.

    Parameters
    ----------
    owner
        Whose it is to be.
    method, operation
        What is going to be done to it.
    """

    stage: Stage
    session: Session
    owner: Person
    method: str
    operation: str = ""

    @property
    def institution_id(self) -> UUID:
        """The institution of the owner, or any."""
        known = self.owner.actor.institution_id
        return known or self.stage.world.people.bank.actor.institution_id

    @property
    def enterprise_id(self) -> UUID:
        """The firm of the owner, or any."""
        return self.owner.actor.enterprise_id or self.stage.world.people.firm.actor.enterprise_id


Target = Callable[[Making], Any]


def _done(world: World) -> dict[str, UUID]:
    """Return a run of each kind that is done."""
    headers = {"Content-Type": "application/json"}
    merged = {"content": json.dumps({"needs": []}), "headers": headers}
    with working(make_worker(world.database)):
        plan_id = run_to_its_end(world, "/plans", {"json": PLAN_CREATE})
        asked = {"baseline": str(plan_id), "scenario": EXAMPLE["scenario"]}
        return {
            "plan": plan_id,
            "scenario": run_to_its_end(world, "/scenarios", {"json": asked}),
            "import": run_to_its_end(world, "/imports?mode=merge&preview=true", merged),
        }


def run_to_its_end(
    world: World,
    path: str,
    options: dict[str, Any],
    who: Person | None = None,
    end: str = "done",
    state: str = "status",
) -> UUID:
    """Ask for a run, an organiser where nobody is named, and wait until it has ended."""
    client, known = world.client, (who or world.people.organiser).by_session
    headers = known | options.pop("headers", {})
    answer = client.request("POST", path, headers=headers, **options)
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := client.get(answer.headers["Location"], headers=known).json())[state] != end:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return UUID(answer.json()["id"])


class Stage:
    """Makes what requests need in one world.

    Parameters
    ----------
    world
        A served app with its database.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.done = _done(world)
        self.hall = meetings.plan_hall(world)
        self.last: dict[str, UUID] = {}
        self._numbers = count(1)
        self._narrow: dict[str, str] = {}
        self._seen: dict[tuple[str, ...], dict[str, UUID]] = {}

    def number(self) -> int:
        """Return a number that was not given out before."""
        return next(self._numbers)

    def person(self, role: str, operation: str) -> Person:
        """Return who asks in a role; somebody made anew for what changes whoever asks for it."""
        known = getattr(self.world.people, _OWN_OF_ROLE[role])
        return self._like(known) if operation in CHANGING_ONESELF else known

    def stranger(self, role: str, operation: str) -> Person:
        """Return somebody whose things are not those of a person of a role."""
        known = getattr(self.world.people, _STRANGER_OF_ROLE.get(role, "other_bank"))
        return self._like(known) if operation in CHANGING_ONESELF else known

    def narrow_key(self, person: Person) -> str:
        """Return a key of a person that may do nothing."""
        if person.login in self._narrow:
            return self._narrow[person.login]
        token = self._narrow[person.login] = new_token(KEY_PREFIX)
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

    def ids(
        self,
        names: list[str],
        method: str,
        person: Person,
        role: str,
        whose: str,
        operation: str,
        is_changed: bool,
    ) -> dict[str, UUID]:
        """Return an id for each name in a path, of something made anew if it is to be changed."""
        if whose == ABSENT or not names:
            return dict.fromkeys(names, ABSENT_ID)
        owner = person if whose == OWN else self.stranger(role, operation)
        if is_changed:
            return self._made(names, method, owner, operation)
        place = (*names, owner.login)
        if place not in self._seen:
            self._seen[place] = self._made(names, method, owner, operation)
        return self._seen[place]

    def making(self, session: Session, owner: Person) -> Making:
        """Return what bodies make things for."""
        return Making(self, session, owner, "post")

    def _made(
        self, names: list[str], method: str, owner: Person, operation: str
    ) -> dict[str, UUID]:
        with self.world.database.writing() as session:
            making = Making(self, session, owner, method, operation)
            return {name: TARGETS[name](making) for name in names}


def _account(making: Making) -> UUID:
    return making.owner.actor.account_id


def _key(making: Making) -> UUID:
    if making.owner.key is None:  # firms have none, and may not ask for any
        return ABSENT_ID
    token = token_sha256(making.owner.key)
    query = select(ApiKeyRow.id).where(col(ApiKeyRow.token_sha256) == token)
    return making.session.scalars(query).one()


def _need(making: Making) -> UUID:
    """Make a need that stands on the lists where the operation needs it."""
    found = _copied(making, NeedRow, enterprise_id=making.enterprise_id)
    row = ListingRow(id=found, applied=NOW.date(), stage="applied", updated_at=NOW)
    if making.operation in ("recommend_need", "unrecommend_need"):
        for test in ListTest:
            setattr(row, test.value, True)
    if making.operation == "unrecommend_need":
        put(row, replace(listing_of(row), recommended=NOW.date()), NOW)
    making.session.add(row)
    making.session.flush()
    return found


def _product(making: Making) -> UUID:
    return _copied(making, ProductRow, institution_id=making.institution_id)


def _first(row: Any) -> Target:
    return lambda making: making.session.scalars(select(row.id).order_by(row.key)).first()


def _questionnaire(making: Making) -> UUID:
    row = QuestionnaireRow(
        id=uuid4(),
        account_id=making.owner.actor.account_id,
        enterprise_id=making.enterprise_id,
        need_id=_need(making),
        received_at=NOW,
        document="{}",
    )
    making.session.add(row)
    making.session.flush()
    return row.id


def _copied(making: Making, table: Any, **parent: UUID) -> UUID:
    """Put a copy of the first record of a table into the market, under a key of its own."""
    session, number = making.session, making.stage.number()
    model = session.scalars(select(table).order_by(table.position)).first()
    ((name, parent_id),) = parent.items()
    owner = EnterpriseRow if name == "enterprise_id" else InstitutionRow
    key = session.scalars(select(owner.key).where(owner.id == parent_id)).one()
    content = {f"{table.__tablename__}_id": f"m-{number}", name: key}
    document = json.dumps(json.loads(model.document) | content, ensure_ascii=False, sort_keys=True)
    values = {column: getattr(model, column) for column in table.model_fields} | parent
    values |= {"id": uuid4(), "key": f"m-{number}", "position": 10_000 + number}
    session.add(table(**values | {"document": document}))
    session.flush()
    return values["id"]


def _run(kind: str) -> Target:
    """Return what makes a run: one that waits if it is to be cancelled, else one that is done."""
    return run_of(kind)


def run_of(kind: str, model_id: UUID | None = None) -> Target:
    """Return what makes a run like one that is done, of the same kind if none is named."""

    def make(making: Making) -> UUID:
        session = making.session
        last = session.scalars(select(func.max(RunRow.number))).one() or 0
        model = session.get(RunRow, model_id or making.stage.done[kind])
        values = {name: getattr(model, name) for name in _OF_RUNS}
        if making.method == "delete":
            values = {"state": "queued", "request": model.request}
        account_id = making.owner.actor.account_id
        values |= {"id": uuid4(), "kind": kind, "number": last + 1, "account_id": account_id}
        session.add(RunRow(created_at=NOW, **values))
        session.flush()
        return values["id"]

    return make


_OF_RUNS = (
    "state",
    "request",
    "input_sha256",
    "outcome_sha256",
    "summary",
    "started_at",
    "finished_at",
)

TARGETS: dict[str, Target] = {
    "event_id": meetings.make_event,
    "guest_id": meetings.make_guest,
    "timetable_id": meetings.make_timetable,
    "account_id": _account,
    "key_id": _key,
    "institution_id": lambda making: making.institution_id,
    "enterprise_id": lambda making: making.enterprise_id,
    "need_id": _need,
    "product_id": _product,
    "pool_id": _first(PoolRow),
    "policy_id": _first(PolicyRow),
    "questionnaire_id": _questionnaire,
    "plan_id": _run("plan"),
    "import_id": _run("import"),
    "scenario_id": _run("scenario"),
    "lead_id": rounds.make_lead,
    "round_id": rounds.make_round,
    "round_plan_id": rounds.make_round_plan,
    "replay_id": rounds.make_replay,
    "conflict_id": rounds.make_conflict,
    "webhook_id": rounds.make_webhook,
    "day": rounds.make_day,
    "part_id": lambda making: rounds.PART_ID,
}
"""What an id in a path names, made for its owner."""


QUERIES: dict[tuple[str, str], Any] = {
    ("list_plan_leads", "institution"): "bank-a",
    ("read_timetable_calendar", "participant"): "canary001x",  # the first firm of the market
}
"""Parameters of a query that have to be there, by operation and name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a body is made for.

    Parameters
    ----------
    example
        The example of the document.
    """

    stage: Stage
    example: Any
    person: Person
    ids: dict[str, UUID]

    def copied(self, table: Any) -> dict[str, Any]:
        """Return the record of the first row of a table, under a key that is not there yet."""
        with self.stage.world.database.reading() as session:
            model = session.scalars(select(table).order_by(table.position)).first()
        name = f"{table.__tablename__}_id"
        return json.loads(model.document) | {name: f"n-{self.stage.number()}"}

    def kept(self, table: Any, name: str) -> dict[str, Any]:
        """Return the record of the row that the path names, or any other where there is none."""
        with self.stage.world.database.reading() as session:
            row = session.get(table, self.ids[name])
        return self.copied(table) if row is None else json.loads(row.document)


def body_of(asked: Asked, operation: str) -> Any:
    """Return a body for an operation: the example of the document, or what it asks for."""
    make = BODIES.get(operation)
    return asked.example if make is None else make(asked)


def _handed_in(asked: Asked) -> dict[str, Any]:
    number = asked.stage.number()
    given = copy.deepcopy(asked.example)
    given["need"]["amount_fen"] += number * 10_000
    if asked.person.actor.enterprise_id is not None:
        given["enterprise"] = {"name": given["enterprise"]["name"]}
    return given


CONTACTED = {"action": "contact"}


def _stage(asked: Asked) -> dict[str, Any]:
    role = asked.person.actor.role
    return {"action": "cancel", "reason": "duplicate"} if role is Role.ADMIN else CONTACTED


BODIES: dict[str, Callable[[Asked], Any]] = {
    "create_event": meetings.event_asked,
    "change_event": lambda asked: {"name": "改名"},
    "create_timetable": lambda asked: {},
    "replan_event": lambda asked: {
        "changes": [{"kind": "cancelled", "who": asked.stage.hall.meeting}]
    },
    "check_in": meetings.check_in_asked,
    "move_meeting": meetings.move_asked,
    "log_in": lambda asked: {"login": asked.person.login, "password": PASSWORD},
    "change_my_password": lambda asked: {
        "current": PASSWORD,
        "password": "another long pass phrase",
    },
    "create_account": lambda asked: {
        "login": f"new-{asked.stage.number()}",
        "name": "新账号",
        "role": "staff",
    },
    "create_api_key": lambda asked: {
        "name": "系统",
        "scopes": sorted(SCOPES_OF[asked.person.actor.role])[:1],
    },
    "change_account": lambda asked: {"name": "改名"},
    "create_need": lambda asked: asked.copied(NeedRow),
    "change_need": lambda asked: asked.kept(NeedRow, "need_id"),
    "create_product": lambda asked: asked.copied(ProductRow),
    "change_product": lambda asked: asked.kept(ProductRow, "product_id"),
    "hand_in_questionnaire": _handed_in,
    "report_stage": _stage,
    "decide_part": lambda asked: {"action": "approve"},
    "draft_round_plan": lambda asked: {"run_id": str(asked.stage.done["plan"])},
    "create_round_run": lambda asked: {},
    "declare_conflict": rounds.conflict_asked,
    "create_webhook": rounds.webhook_asked,
    "create_import": lambda asked: {"file": ("market.json", b"{}", "application/json")},
}
"""Bodies of operations whose example names things that are not there, or only once."""
