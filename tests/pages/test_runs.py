"""The page of a run of a round: what can be done with its plan, once."""

from __future__ import annotations

from sqlmodel import col, select

from matcher.store import Database
from matcher.store.tables import PlanRow
from tests.api.client import Client
from tests.rounds import seed_plan, store_run
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
