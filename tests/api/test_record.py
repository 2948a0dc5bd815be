"""The record over HTTP: every entry can be checked by whoever reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from matcher.domain.chain import GENESIS
from matcher.services.chores import sign_yesterday
from matcher.services.record.heads import read_head
from tests.api.market import World, world
from tests.rounds import new_round, published_plan
from tests.service import NOW


@pytest.fixture(scope="module")
def market() -> Iterator[World]:
    """Return a service over the seeds, a plan out."""
    with world("sqlite") as found:
        chosen = new_round(found.database, found.people)
        published_plan(found.database, found.people, chosen.id)
        yield found


def test_the_chain_can_be_checked_from_outside(market: World) -> None:
    """Numbers without a gap; each hash is that of number, hash before and content."""
    entries = list(reversed(market.items(market.people.auditor, "/record")))
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    before = GENESIS
    for entry in entries:
        hashed = f"{entry['number']}\n{before}\n{entry['content']}".encode()
        assert entry["previous_sha256"] == before
        before = hashlib.sha256(hashed).hexdigest()
        assert entry["sha256"] == before
    head = market.get(market.people.auditor, "/record/head").json()
    assert (head["number"], head["sha256"]) == (len(entries), before)


def test_it_can_be_narrowed_down(market: World) -> None:
    """By kind, and by what it happened to."""
    who = market.people.auditor
    plans = market.items(who, "/record?kind=plan")
    assert [entry["action"] for entry in reversed(plans)] == ["check", "propose", "publish"]
    one = market.items(who, f"/record?subject={plans[0]['subject_id']}")
    assert one == plans
    assert market.get(who, "/record?kind=Plan").status_code == 422


def test_the_head_of_a_day_is_signed_on_the_next(market: World, tmp_path: Path) -> None:
    """With its public key; a day without one, and what is no day, are not there."""
    who = market.people.auditor
    assert sign_yesterday(market.database, NOW + timedelta(days=1), tmp_path / "key.pem")
    found = market.get(who, f"/record/heads/{NOW.date()}").json()
    head = read_head({k: v for k, v in found.items() if k != "public_key"}, found["public_key"])
    assert head.sha256 == market.get(who, "/record/head").json()["sha256"]
    for other in ("2020-01-01", "yesterday", "2026-3-2", "20260302"):
        assert market.get(who, f"/record/heads/{other}").status_code == 404
