"""Many banks accept at once what only one can have; who won, and what was left."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel import Session, select

import seeds
from api import Settings, create_app
from matcher.domain.actor import Role
from matcher.domain.case import CaseStatus
from matcher.services.leads.cases import KIND, PROPOSE, make_case
from matcher.services.leads.showing import refresh
from matcher.services.plans.rounds import RoundAsked, open_round
from matcher.services.record import Happening, append, faults_of_record
from matcher.store import Database, open_database
from matcher.store.tables import (
    CapacityRow,
    EnterpriseRow,
    InstitutionRow,
    LeadRow,
    NeedRow,
    PlanRow,
    ProductRow,
)
from tests.api.client import Client, serving
from tests.api.matrix.rounds import document_of
from tests.databases import current_url
from tests.rounds import checked_plan
from tests.service import NOW, People, Person, load_seeds, make_accounts, make_person

LAST = "pool:the-last"


@dataclass(frozen=True, slots=True)
class Racer:
    """A bank with a product."""

    person: Person
    product_id: UUID


@dataclass(frozen=True, slots=True)
class Race:
    """One race that is over.

    Parameters
    ----------
    statuses
        How often each status was answered.
    used
        What the capacity of one says that is used of it.
    num_accepted
        How many leads are accepted.
    """

    statuses: Counter[int]
    used: int
    num_accepted: int
    seconds: float

    @property
    def is_fair(self) -> bool:
        """Whether exactly one won, all others were told, and the books agree."""
        others = sum(self.statuses.values()) - 1
        return (
            self.statuses == Counter({200: 1, 409: others})
            and self.used == 1
            and self.num_accepted == 1
        )


class Course:
    """Where banks race."""

    def __init__(self, database: Database, client: Client, num_racers: int) -> None:
        self.database = database
        self._client = client
        self._people: People = make_accounts(database)
        with database.writing() as session:
            self._racers = [_racer(session, number) for number in range(num_racers)]
            asked = RoundAsked(name="first", as_of=seeds.SEED_DATE)
            first = open_round(session, self._people.organiser.actor, asked, NOW).id
        checked_plan(database, self._people, first)

    def race(self, is_open: bool = False) -> Race:
        """Let all accept at once.

        Parameters
        ----------
        is_open
            Whether they race for one need of an open round (抢单), and not for the last of a pool.
        """
        leads, round_id = self._prepare(is_open)
        started = time.perf_counter()
        with ThreadPoolExecutor(len(leads)) as pool:
            # Who comes second in an open round has a lead that was taken back, of another version.
            tags = ["*" if is_open else '"1"'] * len(leads)
            statuses = Counter(pool.map(self._accept, self._racers, leads, tags))
        seconds = time.perf_counter() - started
        with self.database.reading() as session:
            capacity = select(CapacityRow.used).where(CapacityRow.round_id == round_id)
            query = select(LeadRow).where(
                LeadRow.round_id == round_id, LeadRow.status == CaseStatus.ACCEPTED
            )
            accepted = len(session.scalars(query).all())
            return Race(statuses, session.scalars(capacity).one(), accepted, seconds)

    def faults(self) -> list[str]:
        """Return what does not hold of the record."""
        with self.database.reading() as session:
            return [str(fault) for fault in faults_of_record(session)]

    def _accept(self, racer: Racer, lead_id: UUID, tag: str) -> int:
        headers = racer.person.by_key | {"If-Match": tag}
        path = f"/leads/{lead_id}/accept"
        return self._client.request("POST", path, json={}, headers=headers).status_code

    def _prepare(self, is_open: bool) -> tuple[list[UUID], UUID]:
        asked = RoundAsked(name="race", as_of=seeds.SEED_DATE, is_open=is_open)
        with self.database.writing() as session:
            chosen = open_round(session, self._people.organiser.actor, asked, NOW)
            plan = session.scalars(select(PlanRow)).first()
            needs = session.scalars(select(NeedRow).order_by(NeedRow.key)).all()
            session.add(
                CapacityRow(round_id=chosen.id, name=LAST, unit="count", capacity=1, used=0)
            )
            leads = [
                # In an open round all race for one need, else each for another.
                _lead(session, racer, chosen.id, plan, needs[0 if is_open else place])
                for place, racer in enumerate(self._racers)
            ]
        return leads, chosen.id


@contextmanager
def course_on(kind: str, num_racers: int) -> Iterator[Course]:
    """Build a course on a new database of a kind."""
    with current_url(kind) as url, closing(open_database(url)) as database:
        load_seeds(database)
        app = create_app(Settings(database_url=url, requests_per_minute=0), clock=lambda: NOW)
        with serving(app) as client:
            yield Course(database, client, num_racers)


def _racer(session: Session, number: int) -> Racer:
    bank = session.scalars(select(InstitutionRow)).first()
    product = session.scalars(select(ProductRow)).first()
    own = InstitutionRow(**_like(bank) | {"id": uuid4(), "key": f"racer-{number}"})
    session.add(own)
    session.flush()
    values = {"id": uuid4(), "key": f"racing-{number}", "institution_id": own.id}
    row = ProductRow(**_like(product) | values)
    session.add(row)
    person = make_person(session, f"racer-{number}", Role.BANK, NOW, institution_id=own.id)
    return Racer(person, row.id)


def _like(row: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in type(row).model_fields}  # type: ignore[attr-defined]


def _lead(session: Session, racer: Racer, round_id: UUID, plan: PlanRow, need: NeedRow) -> UUID:
    product = session.get_one(ProductRow, racer.product_id)
    need.consents_to_all = True
    firm = session.get_one(EnterpriseRow, need.enterprise_id)
    document = document_of(need, product) | {"companions": []}
    lead = LeadRow(
        round_id=round_id,
        plan_id=plan.id,
        need_id=need.id,
        enterprise_id=firm.id,
        product_id=product.id,
        institution_id=product.institution_id,
        status=CaseStatus.PROPOSED,
        rank=1,
        score=0.5,
        amount_fen=need.amount_fen,
        offered_fen=need.amount_fen,
        respond_by=NOW.date(),
        decide_by=NOW.date(),
        draws=json.dumps({LAST: 1}),
        document=json.dumps(document),
        proposed_at=NOW,
        updated_at=NOW,
    )
    told = Happening(
        kind=KIND,
        action=PROPOSE,
        subject_id=lead.id,
        at=NOW,
        account_id=None,
        institution_id=lead.institution_id,
        enterprise_id=lead.enterprise_id,
    )
    (lead.record_number,) = append(session, told)
    refresh(lead, make_case(lead, []))
    session.add(lead)
    session.flush()
    return lead.id
