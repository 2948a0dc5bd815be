from __future__ import annotations

import io
import json
from collections import Counter
from datetime import timedelta
from fractions import Fraction

import openpyxl
import pytest
from pypdf import PdfReader
from sqlmodel import col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.case import CaseAction
from matcher.services.leads.answering import Answer, answer, expire
from matcher.store.tables import CapacityRow, CaseEventRow, EnterpriseRow, InstitutionRow, LeadRow
from tests.api.world import world_on
from tests.databases import KINDS
from tests.rounds import new_round, published_plan
from tests.service import NOW

ROAD = ("accept", "contact", "investigate", "approve", "sign", "disburse")


@pytest.fixture(scope="module", params=KINDS)
def world(request):
    """Return a world in which banks have answered: every third accepts, every third declines."""
    with world_on(request.param, requests_per_minute=0) as found:
        round_id = new_round(found.database, found.people).id
        published_plan(found.database, found.people, round_id)
        answer_leads(found, round_id)
        yield found


def answer_leads(world, round_id):
    """Let institutions answer, some go all the way, and the rest run out of time."""
    with world.database.writing() as session:
        for row in session.scalars(select(CapacityRow)):
            row.capacity = 10**15
            session.add(row)
        leads = session.scalars(
            select(LeadRow).where(LeadRow.round_id == round_id).order_by(col(LeadRow.id))
        ).all()
    for number, lead in enumerate(leads):
        with world.database.writing() as session:
            actor = Actor(
                account_id=world.people.bank.actor.account_id,
                role=Role.BANK,
                institution_id=lead.institution_id,
            )
            at = NOW + timedelta(hours=number % 48)
            if number % 3 == 0:
                parts = json.loads(lead.document)["companions"]
                road = ROAD[: 3 + number % 4] if not parts else ROAD[:2]
                for step in road:
                    do(session, actor, lead, step, at)
                    at += timedelta(hours=5)
            elif number % 3 == 1:
                reason = "no_capacity" if number % 2 else "bad_credit"
                do(session, actor, lead, "decline", at, reason)
    with world.database.writing() as session:
        expire(session, NOW + timedelta(days=20))


def do(session, actor, lead, action, at, reason=None):
    """Do something with a lead."""
    answer(session, actor, lead.id, Answer(action=CaseAction(action), reason=reason), at)


def statistics(world, who="organiser", **params):
    """Return the statistics that somebody sees, blocks by key."""
    person = getattr(world.people, who)
    found = world.client.get("/statistics", headers=person.by_session, params=params)
    assert found.status_code == 200, found.text
    return {block["key"]: block for block in found.json()["blocks"]}


def figures(rows):
    """Return figures by key."""
    return {one["key"]: one["value"] for one in rows}


def recounted(world, institution_id=None):
    """Count the record by hand: (lead, action) pairs, times to the first answer, reasons."""
    with world.database.reading() as session:
        query = select(CaseEventRow).where(CaseEventRow.kind == "case")
        if institution_id is not None:
            query = query.where(CaseEventRow.institution_id == institution_id)
        events = session.scalars(query.order_by(col(CaseEventRow.number))).all()
    actions, proposed, waits, reasons = Counter(), {}, [], Counter()
    for event in events:
        told = json.loads(event.content)
        actions[told["action"]] += 1
        if told["action"] == "propose":
            proposed[event.subject_id] = event.at
        if told["action"] in ("accept", "decline"):
            waits.append((event.at - proposed[event.subject_id]).total_seconds())
        if told["action"] == "decline":
            reasons[told["details"]["reason"]["code"]] += 1
    return actions, waits, reasons


def test_the_figures_are_those_of_a_recount_of_the_record(world):
    """Counts, rates, the mean time to an answer, and the reasons, counted another way."""
    actions, waits, reasons = recounted(world)
    leads = statistics(world)["leads"]
    found = figures(leads["figures"])
    assert found["num_leads"] == actions["propose"]
    for key, action in (("num_accepted", "accept"), ("num_declined", "decline"),
                        ("num_expired", "expire"), ("num_approved", "approve"),
                        ("num_disbursed", "disburse")):  # fmt: skip
        assert found[key] == actions[action] > 0
    mean = Fraction(int(sum(waits)), 86_400 * len(waits))
    assert abs(Fraction(found["response_days"]) - mean) < Fraction(1, 10**9)
    told = next(t for t in leads["tables"] if t["title"]["en"] == "Reasons for declines")
    assert sorted(figures(row["figures"])["count"] for row in told["rows"]) == sorted(
        reasons.values()
    )


def test_groups_add_up_to_the_whole(world):
    """By institution, by size and by sector: each lead is in one group."""
    leads = statistics(world)["leads"]
    whole = figures(leads["figures"])
    for table in leads["tables"][:3]:
        for key in ("num_leads", "num_accepted", "num_approved", "disbursed"):
            assert sum(figures(row["figures"])[key] for row in table["rows"]) == whole[key]


def test_approval_rates_are_those_of_each_institution(world):
    """Approved ÷ decided, for every institution, out of the rows."""
    table = statistics(world)["leads"]["tables"][0]
    with world.database.reading() as session:
        rows = session.execute(
            select(InstitutionRow.name, LeadRow.id).join(
                LeadRow, col(LeadRow.institution_id) == col(InstitutionRow.id)
            )
        ).all()
        approved = {
            event.subject_id
            for event in session.scalars(select(CaseEventRow))
            if json.loads(event.content)["action"] == "approve"
        }
    expected = Counter(name for name, lead_id in rows if lead_id in approved)
    for row in table["rows"]:
        found = figures(row["figures"])
        assert found["num_approved"] == expected[row["label"]["zh"]]
        decided = found["num_approved"] + found["num_rejected"]
        assert (found["approval_rate"] is None) == (decided == 0)


def test_a_bank_sees_its_own_alone_and_no_small_cell(world):
    """Its leads and deals, no needs and events of others; groups under five are hidden."""
    bank = world.people.bank.actor.institution_id
    actions, _, _ = recounted(world, bank)
    blocks = statistics(world, "bank")
    assert set(blocks) == {"leads", "deals"}
    whole = figures(blocks["leads"]["figures"])
    assert whole["num_leads"] == actions["propose"]
    titles = [table["title"]["en"] for table in blocks["leads"]["tables"]]
    assert titles == ["By size", "By sector", "Reasons for declines"]
    hidden_somewhere = False
    for table, key in zip(
        blocks["leads"]["tables"], ("num_leads", "num_leads", "count"), strict=True
    ):
        shown = [figures(row["figures"])[key] for row in table["rows"]]
        assert all(value is None or value >= 5 for value in shown)
        hidden = [row for row in table["rows"] if row["figures"][0]["is_suppressed"]]
        hidden_somewhere |= bool(hidden)
        assert all(one["value"] is None for row in hidden for one in row["figures"])
        if key == "num_leads" and hidden and len(hidden) < len(shown):
            assert len(hidden) >= 2
            assert whole[key] - sum(value or 0 for value in shown) >= 5
    assert hidden_somewhere
    with world.database.reading() as session:
        others = session.scalars(select(InstitutionRow.name).where(InstitutionRow.id != bank)).all()
        firms = session.scalars(select(EnterpriseRow.name)).all()
    told = json.dumps(blocks, ensure_ascii=False)
    assert not [name for name in (*others, *firms) if name in told]


def test_a_period_counts_by_the_day_of_each_thing(world):
    """Leads by their proposal, deals by their payment; a period that is upside down is refused."""
    nothing = statistics(world, until=(NOW - timedelta(days=1)).date().isoformat())
    assert figures(nothing["leads"]["figures"])["num_leads"] == 0
    after = statistics(world, since=(NOW + timedelta(days=1)).date().isoformat())
    assert figures(after["leads"]["figures"])["num_leads"] == 0
    whole = statistics(world)
    assert figures(after["deals"]["figures"])["num_deals"] > 0
    assert (
        figures(after["deals"]["figures"])["num_deals"]
        <= figures(whole["deals"]["figures"])["num_deals"]
    )
    organiser = world.people.organiser.by_session
    odd = world.client.get(
        "/statistics", headers=organiser, params={"since": "2026-03-02", "until": "2026-03-01"}
    )
    assert odd.status_code == 422


def test_the_workbook_and_the_print_say_the_same(world):
    """The same figures in both; a bank's hold nobody else's name."""
    headers = dict(world.people.organiser.by_session)
    count = figures(statistics(world)["leads"]["figures"])["num_leads"]
    content = world.client.get("/reports/statistics.xlsx", headers=headers).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert count in [row[2].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert len(book.sheetnames) > 6
    for lang, word in (("zh", "受理率"), ("en", "share accepted")):
        told = world.client.get(
            "/reports/statistics.pdf", headers=headers | {"Accept-Language": lang}
        )
        assert told.status_code == 200
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(told.content)).pages)
        assert word in text
        assert str(count) in text
    bank = world.client.get("/reports/statistics.xlsx", headers=world.people.bank.by_session)
    sheets = openpyxl.load_workbook(io.BytesIO(bank.content)).sheetnames
    assert not [name for name in sheets if "分机构" in name]
