"""The editor of weights: what differs is tried, its effect shown, and planning takes the file."""

from __future__ import annotations

import hashlib
import json
import re
from uuid import UUID

import pytest

from matcher.scoring.weights import FEATURE_NAMES, default_weights, parse_weights
from matcher.store import Database, blobs
from matcher.store.tables import RunRow
from tests.api.client import Client
from tests.pages.forms import HOSTILE, post
from tests.pages.test_whatif import changed, text, worked
from tests.rounds import new_round
from tests.service import People
from tests.service_kills.work import live_hash
from tests.whatifs import HALF

USUAL = {"enterprise": "0.45", "bank": "0.30", "public": "0.25", "cost": "3", "time": "3"}


def test_the_effect_on_each_institution_is_shown_before_use(
    client: Client, database: Database, people: People
) -> None:
    """Other weights are tried by a run; the page follows, then has chart, table and the counts."""
    who, before = people.staff, live_hash(database, besides=("what_if",))
    page = text(client, who, "/ui/weights")
    assert 'name="cost" value="3"' in page
    assert "占得分 45.0%" in page
    answer = post(client, who, "/ui/weights", **{**USUAL, "cost": "9", "name": "看重成本"})
    path = answer.headers["location"]
    page = text(client, who, path)
    assert f'data-refresh="{path}/part"' in page
    assert 'name="cost" value="9"' in page
    assert "现行为 3" in page
    assert "各机构的得失" not in page
    worked(database)
    part = text(client, who, f"{path}/part")
    assert f'data-go="{path}?answered=1#answers"' in part
    page = text(client, who, path)
    assert "各机构的得失" in page
    assert re.search(r"保留 \d+ 条撮合", page)
    assert live_hash(database, besides=("what_if",)) == before


def test_only_what_differs_is_a_change(client: Client, people: People) -> None:
    """The usual numbers, written otherwise, are no change; the what-if names what differs."""
    who = people.staff
    same = post(client, who, "/ui/weights", **{**USUAL, "bank": "0.3", "cost": "3.00"})
    assert same.status_code == 422
    answer = post(client, who, "/ui/weights", **{**USUAL, "time": "5"})
    bench = answer.headers["location"].replace("weights", "whatif")
    assert "权重 到账速度 = 5" in text(client, who, bench)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ({"cost": "-1"}, "综合成本"),
        ({"cost": "viel"}, "综合成本"),
        ({"enterprise": "0", "bank": "0", "public": "0"}, "权重"),
        ({"slow_workdays": "1.5"}, "慢的工作日数"),
        ({"cost": HOSTILE}, "综合成本"),
    ],
)
def test_what_is_no_weight_is_told_with_what_was_typed(
    client: Client, people: People, typed: dict[str, str], label: str
) -> None:
    """The fault stands under the label of the field; nothing is begun."""
    who = people.staff
    before = text(client, who, "/ui/whatif?of=own").count("<tr>")
    answer = post(client, who, "/ui/weights", **{**USUAL, **typed})
    assert answer.status_code == 422
    faults = re.findall(r'<div class="faults".*?</div>', answer.text, re.DOTALL)
    assert label in faults[0]
    assert "<script>alert" not in answer.text
    if HOSTILE not in typed.values():
        for name, value in typed.items():
            assert f'name="{name}" value="{value}"' in answer.text
    assert text(client, who, "/ui/whatif?of=own").count("<tr>") == before


def test_tried_again_the_weights_take_the_place_of_those_before(
    client: Client, people: People
) -> None:
    """Other changes of the what-if stay; a fault changes nothing; a colleague cannot."""
    who = people.staff
    path = post(client, who, "/ui/weights", **{**USUAL, "cost": "5"}).headers["location"]
    bench = path.replace("weights", "whatif")
    halved = {**HALF, "way": "all", "fields": "leads"}
    assert changed(client, who, bench, **{k: str(v) for k, v in halved.items()}).status_code == 303
    assert post(client, who, path, **{**USUAL, "time": "1"}).status_code == 303
    page = text(client, who, bench)
    assert "可接洽数 × 0.5" in page
    assert "到账速度 = 1" in page
    assert "综合成本 = 5" not in page
    assert post(client, who, path, **{**USUAL, "time": "x"}).status_code == 422
    assert "到账速度 = 1" in text(client, who, bench)
    colleague = people.organiser
    assert client.get(path, headers=colleague.by_session).status_code == 404
    assert post(client, colleague, path, **USUAL).status_code == 404
    post(client, who, f"{bench}/share", is_shared="1")
    assert "看看效果" not in text(client, colleague, path)
    assert post(client, colleague, path, **{**USUAL, "cost": "7"}).status_code == 403


def test_the_file_is_what_planning_takes(client: Client, people: People) -> None:
    """Read again it has what was typed, and the usual numbers elsewhere, under its name."""
    who, usual = people.staff, default_weights()
    name = '看重"成本"\\'
    answer = post(client, who, "/ui/weights", **{**USUAL, "cost": "9", "name": name})
    path = answer.headers["location"]
    found = parse_weights(client.get(f"{path}/weights.toml", headers=who.by_session).content)
    assert found.version == name
    assert found.features["cost"] == 9
    assert {**found.features, "cost": 3.0} == dict(usual.features)
    assert (found.groups, found.standing) == (usual.groups, usual.standing)
    assert (found.cost_ceiling, found.slow_workdays) == (usual.cost_ceiling, usual.slow_workdays)


def test_a_round_is_planned_with_the_weights_that_were_tried(
    client: Client, database: Database, people: People
) -> None:
    """Shared they can be chosen; the plan is made with that very file, and is a baseline then."""
    who, organiser = people.staff, people.organiser
    path = post(client, who, "/ui/weights", **{**USUAL, "cost": "9", "name": "看重成本"}).headers[
        "location"
    ]
    bench = path.rpartition("/")[2]
    round_path = f"/ui/rounds/{new_round(database, people, is_alone=False).id}"
    assert bench not in text(client, organiser, round_path)
    assert post(client, organiser, f"{round_path}/runs", weights=bench).status_code == 422
    assert post(client, organiser, f"{round_path}/runs", weights="x").status_code == 422
    post(client, who, f"/ui/whatif/{bench}/share", is_shared="1")
    assert f'<option value="{bench}"' in text(client, organiser, round_path)
    asked = post(client, organiser, f"{round_path}/runs", weights=bench)
    run_id = asked.headers["location"].rpartition("/")[2]
    worked(database)
    file = client.get(f"{path}/weights.toml", headers=who.by_session).content
    with database.reading() as session:
        run = session.get_one(RunRow, UUID(run_id))
        assert run.state == "done", run.problem
        plan = json.loads(blobs.fetch(session, run.outcome_sha256))
    assert plan["weights"]["version"] == "看重成本"
    assert plan["weights"]["sha256"] == hashlib.sha256(file).hexdigest()
    usual = dict(zip(FEATURE_NAMES, default_weights().vector.tolist(), strict=True))
    assert plan["weights"]["vector"]["cost"] > usual["cost"]
    fields = {**USUAL, "cost": "9", "time": "6", "baseline": run_id}
    path = post(client, who, "/ui/weights", **fields).headers["location"]
    assert "现行为 9" not in text(client, who, path)
    assert re.search(r'name="cost" value="9"', text(client, who, path))
    worked(database)
    assert "各机构的得失" in text(client, who, path)
    assert "权重 到账速度 = 6" in text(client, who, path.replace("weights", "whatif"))
