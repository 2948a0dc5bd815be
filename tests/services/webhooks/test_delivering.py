from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlmodel import select

from matcher.domain.case import CaseAction
from matcher.services.leads.answering import Answer, answer
from matcher.services.records.consents import withdraw_consent
from matcher.services.webhooks.addresses import AddressError, is_public, target_of, url_faults
from matcher.services.webhooks.delivering import MAX_FAILURES, deliver_due, wait_after
from matcher.services.webhooks.managing import make_webhook
from matcher.services.webhooks.sending import Delivery, send_all, sign
from matcher.store import Database, open_database
from matcher.store.tables import LeadRow, WebhookRow
from tests.databases import KINDS, current_url
from tests.rounds import new_round, published_plan
from tests.service import NOW, People, load_seeds, make_accounts

URL = "https://bank.example.com/yinqi"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database with the seeds."""
    with current_url(request.param) as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


@pytest.fixture
def people(database: Database) -> People:
    """Return accounts, a webhook of the bank, and after it a plan that went out."""
    found = make_accounts(database)
    with database.writing() as session:
        make_webhook(session, found.bank.actor, URL, False, NOW)
    chosen = new_round(database, found)
    published_plan(database, found, chosen.id)
    return found


class Post:
    """Takes deliveries and answers what it is told to."""

    def __init__(self, status: int | None = 200) -> None:
        self.status = status
        self.taken: list[Delivery] = []

    def __call__(self, deliveries: Sequence[Delivery]) -> list[int | None]:
        """Take deliveries."""
        self.taken += deliveries
        return [self.status for _ in deliveries]

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events that were delivered."""
        return [event for one in self.taken for event in json.loads(one.body)["events"]]


def _row(database: Database) -> WebhookRow:
    with database.reading() as session:
        return session.scalars(select(WebhookRow)).one()


def _leads(database: Database, people: People) -> list[LeadRow]:
    with database.reading() as session:
        query = select(LeadRow).where(LeadRow.institution_id == people.bank.actor.institution_id)
        return list(session.scalars(query.order_by(LeadRow.record_number)))


def test_each_event_is_told_once_in_order_with_ids_alone(
    database: Database, people: People
) -> None:
    """Its own leads, each proposal, then nothing until something happens; no word of a firm."""
    post = Post()
    assert deliver_due(database, NOW, send=post).done == 1
    leads = _leads(database, people)
    assert [event["lead_id"] for event in post.events] == [str(lead.id) for lead in leads]
    assert [event["number"] for event in post.events] == [lead.record_number for lead in leads]
    assert all(set(event) == {"number", "at", "action", "lead_id"} for event in post.events)
    assert deliver_due(database, NOW, send=post).done == 0
    with database.writing() as session:
        answer(session, people.bank.actor, leads[0].id, Answer(action=CaseAction.ACCEPT), NOW)
    assert deliver_due(database, NOW, send=post).done == 1
    assert [(e["action"], e["lead_id"]) for e in post.events[len(leads) :]] == [
        ("accept", str(leads[0].id))
    ]


def test_what_failed_comes_again_later_and_later_and_then_no_more(
    database: Database, people: People
) -> None:
    """The same numbers; waits that double; switched off after so many in a row."""
    post, now = Post(500), NOW
    for failures in range(1, MAX_FAILURES + 1):
        assert deliver_due(database, now, send=post).failed == 1
        assert deliver_due(database, now + wait_after(failures) / 2, send=post).failed == 0
        assert _row(database).failures == failures
        now += wait_after(failures)
    assert not _row(database).is_active
    assert deliver_due(database, now + timedelta(days=1), send=Post()).done == 0
    assert len({(one.sent_number, one.number, one.body) for one in post.taken}) == 1
    assert [wait_after(n).seconds for n in (1, 2, 3, 9, 15)] == [10, 20, 40, 2560, 3600]


def test_a_success_forgets_the_failures(database: Database, people: People) -> None:
    """It goes on where it stood."""
    assert deliver_due(database, NOW, send=Post(None)).failed == 1
    post = Post(204)
    assert deliver_due(database, NOW + wait_after(1), send=post).done == 1
    row = _row(database)
    assert (row.failures, row.next_try_at, row.last_status) == (0, None, 204)
    assert row.sent_number == post.taken[0].number


def test_two_workers_do_not_tell_the_same_at_once(database: Database, people: People) -> None:
    """While one delivers the other finds nothing to do."""

    def other(deliveries: Sequence[Delivery]) -> list[int | None]:
        assert deliver_due(database, NOW, send=Post()).done == 0
        return [200 for _ in deliveries]

    assert deliver_due(database, NOW, send=other).done == 1


def test_leads_that_it_may_not_see_any_more_are_passed_over(
    database: Database, people: People
) -> None:
    """A consent that was taken back counts for what was not delivered yet."""
    lead, bank = _leads(database, people)[0], people.bank.actor.institution_id
    assert bank is not None
    with database.writing() as session:
        withdraw_consent(session, people.organiser.actor, lead.need_id, bank, NOW)
    post = Post()
    deliver_due(database, NOW, send=post)
    assert str(lead.id) not in {event["lead_id"] for event in post.events}
    assert _row(database).sent_number == _leads(database, people)[-1].record_number


class Receiver(BaseHTTPRequestHandler):
    """A bank's system: keeps what comes, answers by the path."""

    seen: list[tuple[Any, bytes]]

    def do_POST(self) -> None:
        """Take a delivery."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers, body))
        if self.path == "/slow":
            threading.Event().wait(2)
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[tuple[str, list[tuple[Any, bytes]]]]:
    """Serve a receiver on this machine."""
    seen: list[tuple[Any, bytes]] = []
    handler = type("Own", (Receiver,), {"seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()


def _delivery(url: str) -> Delivery:
    from uuid import UUID

    return Delivery(UUID(int=1), url, "secret", 0, 1, 1_770_000_000, b'{"events":[]}')


def test_a_delivery_is_signed_over_its_time_and_its_body() -> None:
    """The receiver computes the same; redirects are not followed, slowness is no answer."""
    with receiving() as (base, seen):
        asked = [_delivery(base + path) for path in ("/", "/elsewhere", "/slow")]
        assert send_all(asked, allows_local=True, limit_seconds=1.0) == [200, 302, None]
        headers, body = seen[0]
        given = sign("secret", int(headers["Yinqi-Timestamp"]), body)
        assert headers["Yinqi-Signature"] == given
        assert given != sign("another", int(headers["Yinqi-Timestamp"]), body)
        assert len(seen) == 3
        assert send_all([_delivery(base)], allows_local=False) == [None]
        assert len(seen) == 3


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.4", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "::",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_no_address_of_the_house_is_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, and IPv6 that carries them."""
    assert not is_public(address)
    shown = f"[{address.partition('%')[0]}]" if ":" in address else address
    assert url_faults(f"https://{shown}/", allows_local=False)
    with pytest.raises(AddressError):
        target_of(f"https://{shown}/", allows_local=False)


def test_public_addresses_are_public() -> None:
    """So that the test above is none that refuses all."""
    assert is_public("1.1.1.1")
    assert is_public("2606:4700:4700::1111")
    assert url_faults("https://1.1.1.1:8443/a?b=c", allows_local=False) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://bank.example.com/", "ftp://bank.example.com/", "https://", "https:///x",
        "https://user:pw@bank.example.com/", "https://bank.example.com/#f", "https://localhost/",
        "https://printer.local/", "https://bank.example.com:x/", "https://银行.cn/", "https://a b/",
        "https://2130706433/", "https://0x7f.1/", "javascript:alert(1)", "x" * 2001,
    ],
)  # fmt: skip
def test_what_is_no_address_for_deliveries_is_refused(url: str) -> None:
    """By its letters, or at the latest where it would be looked up."""
    if not url_faults(url, allows_local=False):
        with pytest.raises(AddressError):
            target_of(url, allows_local=False)
