from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import Settings, create_app
from api.limits import Buckets
from matcher.store import open_database
from tests.api.client import serving
from tests.api.test_problems import is_problem
from tests.api.world import world_on
from tests.databases import KINDS, current_url
from tests.service import NOW, load_seeds, make_accounts


class Watch:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@given(
    st.integers(1, 50),
    st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab")), max_size=60),
)
def test_no_window_lets_more_through_than_a_full_bucket_and_what_fills_it(per_minute, asked):
    """In any span of time at most the size of the bucket and what flowed in meanwhile."""
    watch = Watch()
    buckets = Buckets(per_minute, watch)
    passed = {"a": [], "b": []}
    for pause, key in asked:
        watch.now += pause
        if not buckets.wait(key):
            passed[key].append(watch.now)
    for times in passed.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                most = per_minute + (times[last] - times[first]) * per_minute / 60
                assert last - first + 1 <= most + 1e-6


@given(st.integers(1, 50), st.integers(0, 100))
def test_the_wait_that_is_told_is_enough_and_not_too_long(per_minute, asked):
    """Just before it is over nothing passes, and right after it does."""
    watch = Watch()
    buckets = Buckets(per_minute, watch)
    for _ in range(asked):
        seconds = buckets.wait("a")
    seconds = next(filter(None, iter(lambda: buckets.wait("a"), None)))
    watch.now += seconds * 0.99
    assert buckets.wait("a") > 0
    watch.now += seconds * 0.01 + 1e-9
    assert buckets.wait("a") == 0


def test_strangers_cannot_make_it_remember_without_end():
    """The bucket that was not asked for the longest is forgotten, and no other."""
    buckets = Buckets(1, Watch(), max_keys=3)
    for key in "abcd":
        assert buckets.wait(key) == 0
    assert buckets.wait("b") > 0
    assert buckets.wait("a") == 0


def test_no_limit_is_no_limit():
    """0 in the settings lets everything through."""
    buckets = Buckets(0, Watch())
    assert not any(buckets.wait("a") for _ in range(1000))


@pytest.fixture
def market():
    """Return the URL of a database with accounts, and the accounts."""
    with current_url("sqlite") as url:
        database = open_database(url)
        load_seeds(database)
        people = make_accounts(database)
        database.close()
        yield url, people


def served(url, accounts, strangers):
    """Serve an app with limits."""
    settings = Settings(
        database_url=url,
        requests_per_minute=accounts,
        requests_per_minute_of_strangers=strangers,
    )
    return serving(create_app(settings, lambda: NOW))


def test_an_account_that_asks_too_often_is_told_when_to_come_back(market):
    """429 with Retry-After; others, and the same address without a login, are not held up."""
    url, people = market
    with served(url, 3, 100) as client:
        statuses = [client.get("/me", headers=people.bank.by_key).status_code for _ in range(6)]
        assert statuses == [200] * 4 + [429] * 2  # the first counts for the address
        answer = client.get("/me", headers=people.bank.by_key)
        assert is_problem(answer, 429)["type"] == "urn:yinqi:problem:too-many-requests"
        assert 1 <= int(answer.headers["retry-after"]) <= math.ceil(60 / 3)
        assert client.get("/me", headers=people.organiser.by_key).status_code == 200
        assert client.get("/me").status_code == 401


def test_all_that_lets_an_account_in_draws_on_one_bucket(market):
    """A key and a session of one account do not add up to more."""
    url, people = market
    with served(url, 4, 100) as client:
        ways = [people.bank.by_key, people.bank.by_session] * 4
        statuses = [client.get("/me", headers=way).status_code for way in ways]
        assert statuses.count(200) == 6
        assert statuses[-1] == 429


def test_guessing_keys_counts_for_the_address(market):
    """Another secret with every request is still one stranger; who is known goes on."""
    url, people = market
    with served(url, 100, 5) as client:
        assert client.get("/me", headers=people.bank.by_key).status_code == 200
        guesses = [
            client.get("/me", headers={"Authorization": f"Bearer yq_{n}"}).status_code
            for n in range(8)
        ]
        assert guesses == [401] * 4 + [429] * 4
        assert client.get("/me", headers=people.bank.by_key).status_code == 200
        assert client.get("/healthz/live").status_code == 200
        assert client.get("/no/such/path").status_code == 429


def test_a_key_that_lets_nobody_in_any_more_is_a_strangers(market):
    """A revoked key draws on the bucket of its account at most once more."""
    url, people = market
    with served(url, 100, 3) as client:
        key = {"Authorization": f"Bearer {people.bank.revoked_key}"}
        statuses = [client.get("/me", headers=key).status_code for _ in range(5)]
        assert statuses == [401] * 3 + [429] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_crowd_is_served_whole(kind):
    """Far more requests than threads and connections, reading and writing, all in one moment."""
    with world_on(kind, requests_per_minute=0) as world:
        who = world.people.firm.by_session
        draft = ("DELETE", "/questionnaires/draft", who)
        crowd = [("GET", "/needs", who), ("GET", "/me", who), draft] * 60
        statuses = {answer.status_code for answer in world.client.at_once(*crowd)}
        assert statuses == {200, 204}  # 503 where a connection is waited for in vain
