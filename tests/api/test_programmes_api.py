"""Rows of the source documents through the service, from the questionnaire to the statistics.

Everything is asked over HTTP as the people of the row would; the market alone is there before.
"""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

import seeds
from matcher.domain.actor import Role
from matcher.domain.choices import PoolUnit
from matcher.domain.moments import CHINA
from matcher.services.records import replace_market
from matcher.store.tables import AccountRow, EnterpriseRow, InstitutionRow, NeedRow
from tests.api.world import World, world_on
from tests.databases import KINDS
from tests.service import HOST, PASSWORD, make_person
from tests.working import make_worker

WAN = 1_000_000
ROAD = ("contact", "visit", "investigate", "approve", "sign", "disburse")


@dataclass
class Office:
    """A served market, a clock that is turned, and everybody who is asked to do something."""

    world: World

    def at(self, year: int, month: int, day: int, hour: int = 9) -> None:
        """Turn the clock."""
        self.world.clock.now = datetime(year, month, day, hour, tzinfo=CHINA)

    def ask(self, who: str, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """Do something as somebody who logs in for it, and return what is answered."""
        client = self.world.client
        told = {"login": who, "password": PASSWORD}
        login = client.request("POST", "/login", json=told, headers={"Origin": HOST})
        assert login.status_code == 200, login.text
        cookies = login.headers.get_list("set-cookie")
        shown = "; ".join(cookie.partition(";")[0] for cookie in cookies)
        headers = {"Cookie": shown, "Origin": HOST, "If-Match": "*"}
        answer = client.request(method, path, headers=headers, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def account(self, login: str, role: Role, key: str) -> str:
        """Make an account for an institution or a firm of the market, once."""
        table: Any = InstitutionRow if role is Role.BANK else EnterpriseRow
        name = "institution_id" if role is Role.BANK else "enterprise_id"
        with self.world.database.writing() as session:
            if session.scalars(select(AccountRow).where(AccountRow.login == login)).first() is None:
                owner = session.scalars(select(table.id).where(table.key == key)).one()
                make_person(session, login, role, self.world.clock.now, **{name: owner})
        return login

    def plan(self, day: date, is_recommended_only: bool = False, **asked: Any) -> str:
        """Open a round, have it planned, checked, proposed and confirmed; return its path."""
        told = {"name": "一轮", "as_of": day.isoformat(),
                "is_recommended_only": is_recommended_only}  # fmt: skip
        opened = self.ask("organiser", "POST", "/rounds", 201, json=told)
        path = f"/rounds/{opened['id']}"
        run = self.ask("organiser", "POST", f"{path}/runs", 202, json={"method": "greedy", **asked})
        make_worker(self.world.database, clock=self.world.clock).work(once=True)
        done = self.ask("organiser", "GET", f"/plans/{run['id']}")
        assert done["status"] == "done", done["problem"]["faults"]
        draft = self.ask("organiser", "POST", f"{path}/plans", 201, json={"run_id": run["id"]})
        for who, step in (("organiser", "check"), ("organiser", "propose"), ("admin", "publish")):
            self.ask(who, "POST", f"{path}/plans/{draft['id']}/{step}")
        return path

    def leads(self, who: str, **params: Any) -> list[dict[str, Any]]:
        """Return the leads that somebody sees."""
        return self.ask(who, "GET", "/leads", params={"limit": 100, **params})["items"]

    def figures(self, block: str, **params: Any) -> dict[str, Any]:
        """Return one block of the statistics by key."""
        found = self.ask("organiser", "GET", "/statistics", params=params)["blocks"]
        lines = next(one for one in found if one["key"] == block)["figures"]
        return {line["key"]: line["value"] for line in lines}


@contextmanager
def office_on(kind: str, records: Any, day: date):
    """Serve a market of some records on its day."""

    def load(database: Any) -> None:
        with database.writing() as session:
            replace_market(session, records, day, datetime(2022, 5, 1, tzinfo=CHINA))

    with world_on(kind, load, requests_per_minute=0, requests_per_minute_of_strangers=0) as world:
        yield Office(world)


@pytest.fixture(scope="module", params=KINDS)
def office(request):
    """Return the market of the seeds."""
    with office_on(request.param, seeds.load(), seeds.SEED_DATE) as found:
        yield found


def test_row_a1(office):
    """A call at night, offers the next morning, money on 1 June, two days before wages are due."""
    office.at(2022, 5, 24, 22)
    firm = office.account("firm-a1", Role.ENTERPRISE, "binjiang-a1")
    with office.world.database.reading() as session:
        old = session.scalars(select(NeedRow.id).where(NeedRow.key == "binjiang-a1-wages")).one()
    office.ask("organiser", "DELETE", f"/needs/{old}", 204)
    told = {
        "enterprise": {"name": "示例求助企业(滨江)"},
        "need": {
            "amount_fen": 150 * WAN, "term_months": 12, "purpose": "wages",
            "instruments": ["loan", "guarantee", "service"], "needed_by": "2022-06-03",
            "collateral_fen": {"orders": 200 * WAN, "patents": 80 * WAN, "receivables": 260 * WAN},
            "contacts": 8,
        },
        "consent": "all",
    }  # fmt: skip
    handed_in = office.ask(firm, "POST", "/questionnaires", 201, json=told)
    assert handed_in["urgency"] == "urgent"
    need = handed_in["need"]["id"]
    # The office says what comes first.
    record = office.ask("organiser", "GET", f"/needs/{need}")["record"] | {"priority": 5}
    office.ask("organiser", "PUT", f"/needs/{need}", json=record)
    office.at(2022, 5, 25, 8)
    office.plan(date(2022, 5, 25))
    offers = office.ask(firm, "GET", "/offers", params={"need": need, "limit": 100})["items"]
    loans = [o for o in offers if o["instrument"] == "loan"]
    assert len({o["institution"]["key"] for o in loans}) >= 4
    assert all(o["cash_date"] <= "2022-06-03" for o in offers)
    others = office.ask(firm, "GET", f"/needs/{need}/others")["items"]
    slow = next(o for o in others if o["product"]["key"] == "bank-a-tech")
    assert any("06-03" in v["text"]["zh"] or "工作日" in v["text"]["zh"] for v in slow["failing"])
    offer = next(o for o in loans if o["cash_date"] == "2022-06-01")
    bank = office.account("a1-bank", Role.BANK, offer["institution"]["key"])
    lead = next(one for one in office.leads(bank) if one["id"] == offer["id"])
    assert lead["amount_fen"] == 150 * WAN
    office.at(2022, 5, 25, 10)
    office.ask(bank, "POST", f"/leads/{lead['id']}/accept", json={})
    days = {"contact": (25, 13), "visit": (25, 15), "investigate": (26, 9), "approve": (31, 10),
            "sign": (31, 15)}  # fmt: skip
    for step in ROAD:
        office.at(*((2022, 6, 1, 15) if step == "disburse" else (2022, 5, *days[step])))
        office.ask(bank, "POST", f"/leads/{lead['id']}/stage", json={"action": step})
    done = office.ask(bank, "GET", f"/leads/{lead['id']}")
    assert (done["status"], done["clock"]["days"]) == ("disbursed", 7)
    paid = datetime.fromisoformat(done["history"][-1]["at"]).date()
    assert (paid - date(2022, 5, 24)).days == 8
    assert (date(2022, 6, 3) - paid).days == 2
    deals = office.figures("deals")
    assert (deals["num_deals"], deals["amount"]) == (1, lead["offered_fen"])
    assert office.figures("leads")["num_approved"] == 1
    mine = office.ask(firm, "GET", "/offers", params={"need": need})["items"]
    assert next(o for o in mine if o["id"] == lead["id"])["status"] == "disbursed"


def test_row_a4(office):
    """By 17 June: 4 relief meetings, 1 park event, 3 adviser visits; what comes later is not."""
    office.at(2022, 6, 20)
    content = (seeds.report_dir() / "binjiang.toml").read_text()
    for event in tomllib.loads(content)["events"]:
        asked = {"kind": event["kind"], "name": event["event_id"], "key": event["event_id"],
                 "day": event["day"].isoformat()}  # fmt: skip
        office.ask("organiser", "POST", "/events", 201, json=asked)
    later = {"kind": "adviser_visit", "name": "later", "day": "2022-06-18"}
    office.ask("organiser", "POST", "/events", 201, json=later)
    found = office.figures("events", until="2022-06-17")
    kinds = ("relief_meeting", "park_event", "adviser_visit", "num_events")
    assert [found[kind] for kind in kinds] == [4, 1, 3, 8]
    assert office.figures("events")["num_events"] == 9


def test_row_b12():
    """300 talks, 12,000 small firms, 259 problems solved: entered one by one, counted."""
    with office_on("sqlite", seeds.load(), seeds.SEED_DATE) as office:
        office.at(2023, 12, 31)
        count_talks(office)


def count_talks(office: Office) -> None:
    """Enter the talks of a year and read the statistics."""
    world = office.world
    headers = world.people.organiser.by_key
    for number in range(300):
        day = date(2023, 1, 1) + timedelta(days=number)
        asked = {
            "kind": "talk", "name": f"宣讲 {number + 1}", "day": day.isoformat(),
            "outcome": {"num_enterprises": 40, "problems_solved": int(number < 259)},
        }  # fmt: skip
        answer = world.client.request("POST", "/events", json=asked, headers=headers)
        assert answer.status_code == 201, answer.text
    found = office.figures("events", since="2023-01-01", until="2023-12-31")
    told = [found[key] for key in ("talk", "attendance", "problems_solved")]
    assert told == [300, 12_000, 259]


def asked_by(office: Office, number: int, firm: dict[str, Any], **need: Any) -> None:
    """Hand a questionnaire of a firm that is new in, as the office does by telephone."""
    told = {
        "enterprise": {"name": f"示例企业 {number}", "enterprise_id": f"E{number:02}", **firm},
        "need": {"instruments": ["loan"], "needed_by": "2024-12-31", **need},
        "consent": "all",
    }
    office.ask("organiser", "POST", "/questionnaires", 201, json=told)


def ample(pool: Any) -> Any:
    """Return a pool that nothing is short of."""
    return replace(pool, capacity=10**15 if pool.unit is PoolUnit.FEN else 9_999)


@pytest.mark.parametrize("kind", KINDS)
def test_row_b4(kind):
    """One approval by the bank, the guarantee follows; no claim takes the subsidies past 1 m."""
    known = seeds.load()
    kept = "qujiang-subsidy-budget"
    records = replace(
        known,
        needs=(),
        institutions=tuple(replace(i, leads=None, quota_fen=None) for i in known.institutions),
        products=tuple(replace(p, leads=None, quota_fen=None) for p in known.products),
        pools=tuple(p if p.pool_id == kept else ample(p) for p in known.pools),
    )
    with office_on(kind, records, date(2022, 5, 25)) as office:
        office.at(2022, 5, 25)
        firm = {"region": "330803", "industry": "A017", "stated_size": "small"}
        for number in range(17):
            asked_by(office, number, firm, amount_fen=800 * WAN, term_months=36, contacts=1)
        office.plan(date(2022, 5, 25))
        leads = [o for o in office.leads("organiser") if o["product"]["key"] == "qujiang-qudan"]
        assert len(leads) == 17
        claims = sorted(c["support_fen"] for lead in leads for c in lead["claims"])
        assert claims == [6 * WAN] * 16
        bank = office.account("qudan", Role.BANK, leads[0]["office"]["institution"]["key"])
        lead = next(one for one in leads if one["claims"])
        office.ask(bank, "POST", f"/leads/{lead['id']}/accept", json={})
        for step in ("contact", "visit", "investigate", "approve"):
            office.ask(bank, "POST", f"/leads/{lead['id']}/stage", json={"action": step})
        parts = office.ask(bank, "GET", f"/leads/{lead['id']}")["companions"]
        assert [(p["key"], p["approval_follows"], p["status"]) for p in parts] == [
            ("qujiang-guarantee", True, "approved")
        ]
        part = f"/leads/{lead['id']}/parts/{parts[0]['id']}"
        office.ask(bank, "POST", part, 409, json={"action": "approve"})
        found = office.figures("leads")
        assert (found["num_leads"] >= 17, found["num_approved"]) == (True, 1)


TESTS = ("compliant_operation", "fixed_premises", "real_need", "good_credit", "compliant_use")


def test_row_w1(office):
    """One failed test keeps a firm on the first list, named; day 31 undecided is matched again.

    The approved match stays in the next round, and the statistics count all of it.
    """
    office.at(2022, 5, 26)
    firm = {"region": "330108", "industry": "I651", "tags": ["high_tech"], "stated_size": "small"}
    for number in (90, 91, 92):
        asked_by(office, number, firm, amount_fen=100 * WAN, term_months=12, contacts=1)
    recommend_two_of_three(office)
    first = office.plan(seeds.SEED_DATE, overrides=[], is_recommended_only=True)
    with office.world.database.reading() as session:
        keys = {
            firm: need
            for firm, need in session.execute(
                select(EnterpriseRow.key, NeedRow.key).join(
                    NeedRow, col(NeedRow.enterprise_id) == col(EnterpriseRow.id)
                )
            )
        }
    granted, waiting = keys["E90"], keys["E91"]
    by_need = {one["office"]["need"]["key"]: one
               for one in every_lead(office, first.rpartition("/")[2])}  # fmt: skip
    assert set(by_need) == {granted, waiting}
    for key, road in ((granted, ("contact", "investigate", "approve")), (waiting, ("contact",))):
        lead = by_need[key]
        bank = office.account(f"w1-{key}".lower(), Role.BANK, lead["office"]["institution"]["key"])
        office.at(2022, 5, 27)
        office.ask(bank, "POST", f"/leads/{lead['id']}/accept", json={})
        office.at(2022, 6, 15)
        for step in road:
            office.ask(bank, "POST", f"/leads/{lead['id']}/stage", json={"action": step})
    for days, expected in ((30, False), (31, True)):
        office.at(*(date(2022, 5, 26) + timedelta(days=days)).timetuple()[:3])
        carried = office.ask("organiser", "GET", f"{first}/carry-over")
        requeued = {case["need_key"] for case in carried["requeued"]}
        assert (waiting in requeued) is expected
        assert granted not in requeued
        assert granted in {case["need_key"] for case in carried["kept"]}
        late = office.ask("organiser", "GET", "/listings", params={"overdue": True})["items"]
        assert [one["key"] for one in late] == ([waiting] if expected else [])
        assert all("31" in one["rematched"]["zh"] for one in late)
    second = office.plan(
        seeds.SEED_DATE, follows=first.rpartition("/")[2], is_recommended_only=True
    )
    live = office.ask("organiser", "GET", second)["live_plan_id"]
    plan = office.ask("organiser", "GET", f"{second}/plans/{live}/document")
    pairs = {(m["need"], m["product"]) for m in plan["matches"]}
    assert (granted, by_need[granted]["product"]["key"]) in pairs
    assert {need for need, _ in pairs} == {granted, waiting}
    found = office.figures("lists", since="2022-05-26", until="2022-05-26")
    assert {key: found[key] for key in found if key != "within_share"} == {
        "num_applied": 3,
        "num_recommended": 2,
        "num_decided": 1,
        "num_granted": 1,
        "num_within": 1,
        "num_uncontacted": 1,
    }


def recommend_two_of_three(office: Office) -> None:
    """Answer the tests of three firms; one fails one, is named, and stays where it is."""
    stand = {one["enterprise"]["key"]: one for one in every(office, "/listings")}
    assert {stand[f"E{n}"]["stage"] for n in (90, 91, 92)} == {"applied"}
    for key in ("E90", "E91", "E92"):
        tests = dict.fromkeys(TESTS, True) | ({"good_credit": False} if key == "E92" else {})
        path = f"/listings/{stand[key]['id']}"
        office.ask("organiser", "PATCH", path, json={"tests": tests})
    failed = f"/listings/{stand['E92']['id']}"
    refused = office.ask("organiser", "POST", f"{failed}/recommend", 409)
    assert "信用状况良好" in refused["faults"][0]["message"]["zh"]
    done = office.ask("organiser", "POST", "/listings/recommend")
    assert done == {"num_recommended": 2}
    kept = office.ask(office.account("firm-w1", Role.ENTERPRISE, "E92"), "GET", failed)
    assert (kept["stage"], kept["held_back_by"]["zh"]) == ("applied", "未通过：信用状况良好")
    moved = office.ask("organiser", "GET", "/listings", params={"stage": "recommended"})["items"]
    assert {one["enterprise"]["key"] for one in moved} == {"E90", "E91"}
    assert {one["decide_by"] for one in moved} == {"2022-06-25"}


def every_lead(office: Office, round_id: str) -> list[dict[str, Any]]:
    """Return all leads of a round."""
    return every(office, "/leads", round=round_id)


def every(office: Office, path: str, **params: Any) -> list[dict[str, Any]]:
    """Return all items of a list, page by page."""
    found, cursor = [], None
    while True:
        asked = {"limit": 100} | params | ({"cursor": cursor} if cursor else {})
        page = office.ask("organiser", "GET", path, params=asked)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found
