"""Webhooks over HTTP: a secret that is shown once, five for an institution, nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.market import World, world

URL = "https://bank.example.com/yinqi"


@pytest.fixture(scope="module")
def market() -> Iterator[World]:
    """Return a service over the seeds."""
    with world("sqlite") as found:
        yield found


def test_a_webhook_is_made_listed_and_removed(market: World) -> None:
    """Its secret stands in the first answer alone; another bank has none of it."""
    bank, other = market.people.bank, market.people.other_bank
    made = market.call(bank, "POST", "/webhooks", json={"url": URL})
    assert made.status_code == 201, made.text
    secret, identity = made.json()["secret"], made.json()["webhook"]["id"]
    listed = market.get(bank, "/webhooks")
    assert [one["id"] for one in listed.json()["items"]] == [identity]
    assert secret not in listed.text
    assert market.get(other, "/webhooks").json()["items"] == []
    assert market.call(other, "DELETE", f"/webhooks/{identity}").status_code == 404
    assert market.call(bank, "DELETE", f"/webhooks/{identity}").status_code == 204
    assert market.get(bank, "/webhooks").json()["items"] == []


def test_five_are_enough(market: World) -> None:
    """The sixth is refused."""
    bank = market.people.bank
    codes = [
        market.call(bank, "POST", "/webhooks", json={"url": f"{URL}/{n}"}).status_code
        for n in range(6)
    ]
    assert codes == [201] * 5 + [409]


@pytest.mark.parametrize(
    "url", ["http://bank.example.com/", "https://127.0.0.1/", "https://169.254.169.254/x", ""]
)
def test_deliveries_go_to_public_addresses_by_https(market: World, url: str) -> None:
    """422, and the fault names the field."""
    answer = market.call(market.people.bank, "POST", "/webhooks", json={"url": url})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == "url"
