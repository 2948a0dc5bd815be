"""The page of a run of a round: what can be done with its plan, once."""

from __future__ import annotations

import json
from uuid import UUID

from sqlmodel import col, select

from matcher.store import Database
from matcher.store.tables import PlanRow, RunRow
from tests.api.client import Client
from tests.pages.forms import post
from tests.rounds import new_round, seed_plan, store_run
from tests.service import People


def test_a_run_leads_to_its_plan_once_that_was_taken(
    client: Client, database: Database, people: People
) -> None:
    """What became a plan is not offered as a draft again; what did not is."""
    with database.writing() as session:
        plan = session.scalars(select(PlanRow).order_by(col(PlanRow.number))).first()
        assert plan is not None
        content, market = seed_plan()
        other = store_run(session, people.organiser.actor.account_id, content, market).id
        taken, plan_path = plan.run_id, f"/ui/rounds/{plan.round_id}/plans"
        base, plan_id = f"/ui/rounds/{plan.round_id}/runs", plan.id
    for run_id, has_plan in ((taken, True), (other, False)):
        shown = client.get(f"{base}/{run_id}", headers=people.organiser.by_session)
        assert shown.status_code == 200
        assert (f'action="{plan_path}"' in shown.text) is not has_plan
        assert (f'href="{plan_path}/{plan_id}"' in shown.text) is has_plan


def test_a_plan_may_follow_the_round_before(
    client: Client, database: Database, people: People
) -> None:
    """The form names the other rounds; the run carries over what the chosen one kept."""
    with database.reading() as session:
        before = session.scalars(select(PlanRow.round_id)).first()
    after = new_round(database, people, is_alone=False).id
    path = f"/ui/rounds/{after}"
    shown = client.get(path, headers=people.organiser.by_session).text
    assert f'<option value="{before}">' in shown
    assert f'<option value="{after}">' not in shown
    wrong = post(client, people.organiser, f"{path}/runs", follows="the last one")
    assert wrong.status_code == 422
    asked = post(client, people.organiser, f"{path}/runs", follows=str(before))
    assert asked.status_code == 303
    with database.reading() as session:
        run = session.get(RunRow, UUID(asked.headers["location"].split("/")[-1]))
        assert run is not None
        assert json.loads(run.request)["round"]["follows"] == str(before)
