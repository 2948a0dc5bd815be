from __future__ import annotations

import io
import json
import re
import zipfile
from itertools import product
from uuid import uuid4

import pytest
from sqlmodel import col, select, update

from matcher.files import read_records
from matcher.services.records import replace_market
from matcher.store.tables import (
    AccountRow,
    ConflictRow,
    EnterpriseRow,
    EventRow,
    InstitutionRow,
    LeadRow,
    NeedRow,
    PlanRow,
    PolicyRow,
    PoolRow,
    ProductRow,
    QuestionnaireRow,
    RoundRow,
    RunRow,
    TimetableRow,
    WebhookRow,
)
from tests.api.logged import logged
from tests.api.matrix.arranging import run_to_its_end
from tests.api.matrix.canaries import NOBODY, OFFICE, Cage, market
from tests.api.world import world_on
from tests.databases import KINDS
from tests.service import NOW
from tests.working import make_worker, working

ANONYMOUS = "anonymous"
ROWS_OF = {
    "account_id": (AccountRow, None),
    "enterprise_id": (EnterpriseRow, None),
    "institution_id": (InstitutionRow, None),
    "need_id": (NeedRow, None),
    "product_id": (ProductRow, None),
    "pool_id": (PoolRow, None),
    "policy_id": (PolicyRow, None),
    "questionnaire_id": (QuestionnaireRow, None),
    "plan_id": (RunRow, "plan"),
    "scenario_id": (RunRow, "scenario"),
    "import_id": (RunRow, "import"),
    "lead_id": (LeadRow, None),
    "part_id": (ProductRow, None),
    "round_id": (RoundRow, None),
    "round_plan_id": (PlanRow, None),
    "replay_id": (RunRow, "replay"),
    "conflict_id": (ConflictRow, None),
    "webhook_id": (WebhookRow, None),
    "event_id": (EventRow, None),
    "timetable_id": (TimetableRow, None),
}
"""Where the ids of a path come from, and of which kind of runs."""


@pytest.fixture(scope="module", params=KINDS)
def crawled(request):
    """Return the canaries, and by each who came upon it where; and what was logged."""
    cage = Cage()
    records = read_records(market(cage))

    def load(database):
        with database.writing() as session:
            replace_market(session, records, NOW.date(), NOW)

    limits = {"requests_per_minute": 0, "requests_per_minute_of_strangers": 0}
    with (
        logged() as log,
        world_on(request.param, load, metrics_on_loopback=False, **limits) as world,
    ):
        fill(world, cage)
        seen = {canary.token: {} for canary in cage.found}
        for who, where, text in answers(world, cage):
            digits = re.sub(r"[.,\s\u00a0]", "", text)
            for canary in cage.found:
                if canary.token in where:  # it was asked for, and is no news
                    continue
                if canary.token in (digits if canary.token.isdecimal() else text):
                    seen[canary.token].setdefault(who, where)
    return cage.found, seen, log.getvalue()


def test_nobody_comes_upon_what_is_not_for_them(crawled):
    """Every answer to everybody, with every id there is, holds only what its reader may read."""
    found, seen, _ = crawled
    leaks = {
        (canary.place, who): where
        for canary in found
        for who, where in seen[canary.token].items()
        if who not in canary.readers
    }
    assert leaks == {}


def test_everybody_comes_upon_what_is_for_them(crawled):
    """Else the search would find nothing because it looks nowhere."""
    found, seen, _ = crawled
    missed = {
        (canary.place, who)
        for canary in found
        for who in canary.readers - seen[canary.token].keys()
    }
    assert missed == set()


def test_the_log_holds_no_canary(crawled):
    """Neither of the service nor of the worker."""
    found, _, log = crawled
    assert [canary.place for canary in found if canary.token in log] == []
    assert "/needs/{need_id}" in log


def fill(world, cage):
    """Add what people do: hand in, begin, ask for plans and what-ifs, send files in."""
    client, people = world.client, world.people
    everybody = dict(people)
    with world.database.writing() as session:
        for who, person in everybody.items():
            readers = {"admin", "auditor", who} - {"gone"}
            name = cage.word(f"{who}'s account name", readers)
            account = update(AccountRow).where(col(AccountRow.id) == person.actor.account_id)
            session.execute(account.values(name=name))
            for secret in (person.session, person.key):
                if secret is not None:
                    cage.keep(f"{who}'s secret", secret, NOBODY)
        row = session.get(AccountRow, people.firm.actor.account_id)
        cage.keep("hash of the password", row.password_hash, NOBODY)
        subject = cage.word("subject of the provider", {"admin", "auditor", "staff"})
        staff = col(AccountRow.id) == people.staff.actor.account_id
        session.execute(update(AccountRow).where(staff).values(oidc_subject=subject))
    handed_in = {
        "enterprise": {"name": "示例"},
        "need": {
            "amount_fen": cage.number("amount handed in", OFFICE | {"firm"}),
            "needed_by": "2026-07-01",
            "term_months": 12,
            "instruments": ["loan"],
        },
        "consent": "none",
    }
    sent = client.request("POST", "/questionnaires", json=handed_in, headers=people.firm.by_session)
    assert sent.status_code == 201, sent.text
    for who in ("firm", "other_firm", "organiser"):
        draft = json.dumps({"need": {"x": cage.word(f"draft of {who}", {who})}})
        headers = everybody[who].by_session | {"Content-Type": "application/json"}
        kept = client.request("PUT", "/questionnaires/draft", content=draft, headers=headers)
        assert kept.status_code == 200, kept.text
    with working(make_worker(world.database)):
        plan_id = run_to_its_end(world, "/plans", {"json": {}})
        plan = client.get(f"/plans/{plan_id}/document", headers=people.staff.by_session).json()
        cage.keep("digest of a plan", plan["digest"], OFFICE)
        publish(world, cage, plan_id)
        for who, readers in {"staff": OFFICE, "organiser": OFFICE - {"staff"}}.items():
            name = cage.word(f"name of a what-if of {who}", readers)
            asked = {"baseline": str(plan_id), "scenario": {"name": name, "changes": HALF}}
            run_to_its_end(world, "/scenarios", {"json": asked}, everybody[who])
        word = cage.word("fault of an import", OFFICE - {"staff"})
        file = json.dumps({"needs": [{"need_id": "n", "amount_fen": word}]})
        options = {"content": file, "headers": {"Content-Type": "application/json"}}
        run_to_its_end(world, "/imports?mode=merge", options, end="failed")


def publish(world, cage, run_id):
    """Let a plan out, so that there are leads, with a conflict that was and a webhook beside."""
    client, people = world.client, world.people
    firm = people.other_firm.actor.enterprise_id
    with world.database.writing() as session:
        unknown = update(NeedRow).where(col(NeedRow.enterprise_id) == firm)
        session.execute(unknown.values(is_anonymous=True))
        session.add(
            ConflictRow(
                institution_id=people.bank.actor.institution_id,
                enterprise_id=firm,
                reason=cage.word("reason of a conflict", OFFICE | {"bank"}),
                declared_by=people.organiser.actor.account_id,
                declared_at=NOW,
                withdrawn_at=NOW,
            )
        )

    def post(who, path, body=None):
        answer = client.request("POST", path, json=body, headers=getattr(people, who).by_session)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    name = cage.word("name of a round", OFFICE)
    found = post("organiser", "/rounds", {"name": name, "as_of": NOW.date().isoformat()})
    place = f"/rounds/{found['id']}/plans"
    plan = post("organiser", place, {"run_id": str(run_id)})
    for who, move in (("organiser", "check"), ("organiser", "propose"), ("admin", "publish")):
        post(who, f"{place}/{plan['id']}/{move}")
    url = f"https://bank.example.com/{cage.word('path of a webhook', {'bank'})}"
    made = post("bank", "/webhooks", {"url": url})
    cage.keep("secret of a webhook", made["secret"], NOBODY)


HALF = [{"kind": "scale", "table": "institutions", "all": True, "fields": ["leads"], "factor": 0.5}]


def answers(world, cage):
    """Ask for everything that can be read, as everybody, with every id there is."""
    client = world.client
    document = client.get("/openapi.json")
    with world.database.reading() as session:
        ids = {name: all_ids(session, *where) for name, where in ROWS_OF.items()}
        ids["day"] = [NOW.date()]
    keys = [c.token for c in cage.found if c.place.endswith("institution id")]
    people = {ANONYMOUS: {}} | {who: person.by_session for who, person in world.people}
    yield ANONYMOUS, "/openapi.json", document.text
    for who, headers in people.items():
        for path in paths(document.json(), ids, keys):
            answer = client.get(path, headers=headers)
            assert answer.status_code < 500, (who, path, answer.text)
            yield who, path, f"{answer.headers}\n{text_of(answer)}"


def paths(document, ids, keys):
    """Return every path that can be read, lists in pages of a hundred."""
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        names = re.findall(r"{(\w+)}", path)
        asked = {one["name"]: one for one in item["get"].get("parameters", ())}
        queries = ["?limit=100"] if "limit" in asked else [""]
        if "institution" in asked:
            queries = [f"?institution={key}" for key in keys]
        for chosen in product(*(ids[name] for name in names)):
            filled = path.format(**dict(zip(names, chosen, strict=True)))
            yield from (filled + query for query in queries)


def all_ids(session, table, kind):
    """Return the ids of all rows of a table, and one that no row has."""
    query = select(table.id)
    if kind is not None:
        query = query.where(table.kind == kind)
    return [*session.scalars(query), uuid4()]


def text_of(answer):
    """Return what an answer says; of a workbook, every part of it."""
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return answer.text
