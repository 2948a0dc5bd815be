"""Every POST of rounds, plans, leads, conflicts and webhooks, sent again in every way."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from tests.api.matrix.arranging import CHANGING_ONESELF, Asked, Stage, body_of
from tests.api.matrix.expectations import OWN
from tests.api.matrix.test_isolation import small_market
from tests.api.world import world_on
from tests.databases import KINDS

SENDERS = {
    "open_round": "organiser",
    "create_round_run": "organiser",
    "draft_round_plan": "organiser",
    "check_round_plan": "organiser",
    "propose_round_plan": "organiser",
    "retract_round_plan": "organiser",
    "discard_round_plan": "organiser",
    "publish_round_plan": "admin",
    "undo_round_plan": "organiser",
    "replay_round_plan": "staff",
    "declare_conflict": "organiser",
    "accept_lead": "bank",
    "decline_lead": "bank",
    "report_stage": "bank",
    "decide_part": "bank",
    "create_webhook": "bank",
}
"""The operations, and who sends them."""

SECRET = {"create_webhook"}
"""What is answered with a secret, which is told once."""

_KEYS = count(1)


@pytest.fixture(scope="module", params=KINDS)
def stage(request: pytest.FixtureRequest) -> Any:
    """Return a served app on which every request makes what it needs."""
    settings = {"requests_per_minute": 0, "max_queued": 100_000}
    with world_on(request.param, small_market, **settings) as world:
        yield Stage(world)


@pytest.fixture(scope="module")
def operations(stage: Stage) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return path and description of every POST by its id."""
    paths = stage.world.client.get("/openapi.json").json()["paths"]
    return {
        item["post"]["operationId"]: (path, item["post"])
        for path, item in paths.items()
        if "post" in item
    }


class Sent:
    """One request, to be sent as often as it is wanted."""

    def __init__(self, stage: Stage, operations: Any, name: str) -> None:
        path, described = operations[name]
        role = SENDERS[name]
        self.stage, self.name = stage, name
        self.person = stage.person(role, "post")
        ids = stage.ids(re.findall(r"{(\w+)}", path), "post", self.person, role, OWN, name, True)
        self.path = path.format(**ids)
        self.body = None
        if "requestBody" in described:
            example = described["requestBody"]["content"]["application/json"].get("example")
            self.body = body_of(Asked(stage, example, self.person, ids), name)
        self.key = f"again-{next(_KEYS)}"

    def send(self, person: Any = None, query: str = "") -> Any:
        """Send it."""
        headers = (person or self.person).by_session | {
            "Idempotency-Key": self.key,
            "If-Match": "*",
        }
        options = {} if self.body is None else {"json": self.body}
        client = self.stage.world.client
        return client.request("POST", self.path + query, headers=headers, **options)


@pytest.mark.parametrize("name", list(SENDERS))
def test_sent_twice_is_done_once_and_answered_the_same(
    stage: Stage, operations: Any, name: str
) -> None:
    """The second is a replay, also where a second effect would be refused."""
    sent = Sent(stage, operations, name)
    first, again = sent.send(), sent.send()
    assert first.status_code < 300, first.text
    assert "Idempotency-Replayed" not in first.headers
    if name in SECRET:
        assert again.status_code == 409
        return
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("name", list(SENDERS))
def test_another_request_under_the_same_key_is_refused(
    stage: Stage, operations: Any, name: str
) -> None:
    """Another query or another body: 422 names the key, and nothing is done."""
    sent = Sent(stage, operations, name)
    assert sent.send().status_code < 300
    others = [sent.send(query="?other=1")]
    if isinstance(sent.body, dict):
        sent.body = {**sent.body, "reason": "another"}
        others.append(sent.send())
    for answer in others:
        assert answer.status_code == 422
        assert answer.json()["faults"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("name", list(SENDERS))
def test_the_key_of_another_account_is_another_key(
    stage: Stage, operations: Any, name: str
) -> None:
    """Whoever sends the same with their own account is given no answer of somebody else's."""
    sent = Sent(stage, operations, name)
    assert sent.send().status_code < 300
    # Somebody of the same role, made anew; of banks one of another institution.
    is_bank = SENDERS[name] == "bank"
    new = next(iter(CHANGING_ONESELF))
    stranger = stage.stranger("bank", new) if is_bank else stage.person(SENDERS[name], new)
    answer = sent.send(stranger)
    assert "Idempotency-Replayed" not in answer.headers
    if "/leads/" in sent.path:
        assert answer.status_code == 404


@pytest.mark.parametrize("name", ["open_round", "publish_round_plan", "accept_lead"])
def test_twenty_at_once_are_done_once(stage: Stage, operations: Any, name: str) -> None:
    """All get the one answer; one of them is no replay."""
    sent = Sent(stage, operations, name)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: sent.send(), range(20)))
    assert {(a.status_code, a.content) for a in answers} == {
        (answers[0].status_code, answers[0].content)
    }
    assert answers[0].status_code < 300
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
