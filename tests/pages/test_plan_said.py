"""What a published plan said of a need, on the page of its firm; and plans of before, compared."""

from __future__ import annotations

import html
import json
from uuid import UUID

from sqlmodel import col, select

from matcher.domain.actor import Role
from matcher.services.plans.viewing import PART_LENGTH, read_difference, read_unmatched
from matcher.store import Database
from matcher.store.tables import EnterpriseRow, NeedRow, PlanRow
from tests.api.client import Client
from tests.rounds import new_round, published_plan, seed_plan
from tests.service import NOW, People, make_person, session_headers


def left_out() -> list[dict[str, object]]:
    """Return what the plan of the seeds has of needs without a match."""
    found: list[dict[str, object]] = json.loads(seed_plan()[0])["unmatched"]
    return found


def headers_of_firm(database: Database, enterprise_id: UUID) -> dict[str, str]:
    """Make an account for a firm and return what lets it in."""
    with database.writing() as session:
        login = f"firm-{str(enterprise_id)[:8]}"
        person = make_person(session, login, Role.ENTERPRISE, NOW, enterprise_id=enterprise_id)
    return session_headers(person.session)


def test_a_firm_reads_why_the_plan_has_nothing_for_it(
    client: Client, database: Database, people: People
) -> None:
    """The plan's reason where it is about rules; never the price of what is scarce."""
    entries = {str(entry["need"]): entry for entry in left_out()}
    assert entries
    with database.reading() as session:
        rows = session.scalars(select(NeedRow).where(col(NeedRow.key).in_(entries))).all()
    for row in rows[:3]:
        headers = headers_of_firm(database, row.enterprise_id)
        shown = client.get(f"/ui/financing/{row.id}", headers=headers)
        assert shown.status_code == 200
        text = html.unescape(shown.text)
        assert "暂未为其匹配" in text
        assert "价格" not in text
        entry = entries[row.key]
        if entry["kind"] == "not_eligible":
            assert entry["reason"]["zh"] in text  # type: ignore[index]


def test_a_firm_reads_how_much_the_plan_proposed(
    client: Client, database: Database, people: People
) -> None:
    """As many products as plan.json has matches of the need."""
    plan = json.loads(seed_plan()[0])
    with database.reading() as session:
        firm = session.get_one(EnterpriseRow, people.firm.actor.enterprise_id)
        need = session.scalars(select(NeedRow).where(NeedRow.enterprise_id == firm.id)).first()
    assert need is not None
    num = sum(match["need"] == need.key for match in plan["matches"])
    assert num
    text = client.get(f"/ui/financing/{need.id}", headers=people.firm.by_session).text
    assert f"推荐了 {num} 个产品" in text


def test_a_plan_of_before_briefs_is_compared_and_searched_all_the_same(
    client: Client, database: Database, people: People
) -> None:
    """Without its brief and its index it differs in what it differed in, and says what it said."""
    round_id = new_round(database, people).id
    published_plan(database, people, round_id)
    match = json.loads(seed_plan()[0])["matches"][0]
    published_plan(database, people, round_id, bans=frozenset({(match["need"], match["product"])}))
    with database.reading() as session:
        query = select(PlanRow).where(PlanRow.round_id == round_id).order_by(col(PlanRow.number))
        before, after = session.scalars(query).all()
        known = read_difference(session, before, after)
        need = str(left_out()[0]["need"])
        said = read_unmatched(session, before, need)
        assert said is not None
        assert read_unmatched(session, before, match["need"]) is None
    with database.writing() as session:
        row = session.get_one(PlanRow, before.id)
        places = json.loads(row.view)
        row.view = json.dumps({n: places[n] for n in ("head", "matches", "unmatched")})
        session.add(row)
    with database.reading() as session:
        old = session.get_one(PlanRow, before.id)
        assert read_difference(session, old, after) == known
        assert read_unmatched(session, old, need) == said
        assert read_unmatched(session, old, match["need"]) is None
    path = f"/ui/rounds/{round_id}/compare?before={before.id}&after={after.id}"
    assert client.get(path, headers=people.organiser.by_session).status_code == 200


def test_a_page_of_a_plan_has_fifty_matches(
    client: Client, database: Database, people: People
) -> None:
    """No more in a part; the parts together are all matches of the plan."""
    assert PART_LENGTH == 50
    with database.reading() as session:
        plan = session.scalars(select(PlanRow)).first()
    assert plan is not None
    num = json.loads(plan.summary)["counts"]["matches"]
    path = f"/ui/rounds/{plan.round_id}/plans/{plan.id}"
    rows = 0
    for part in range(-(-num // PART_LENGTH)):
        text = client.get(f"{path}?part={part}", headers=people.staff.by_session).text
        shown = text[text.index('id="matches"') : text.index('id="unmatched"')]
        count = shown.count('<td class="whole"')
        assert count <= PART_LENGTH
        rows += count
    assert rows == num
