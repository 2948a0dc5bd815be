"""Every page with who sees it, for the tests that look at all of them.

A path may name an id: ``{need}`` is filled in from what the world of the tests has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlmodel import Session, col, select

from matcher.domain.actor import Role
from matcher.domain.run import IMPORT
from matcher.store.tables import (
    AccountRow,
    EventRow,
    LeadRow,
    NeedRow,
    PlanRow,
    ProductRow,
    QuestionnaireRow,
    RunRow,
    WhatIfRow,
)

OFFICE = frozenset({Role.ORGANISER, Role.STAFF, Role.AUDITOR, Role.ADMIN})
ANALYSTS = frozenset({Role.ORGANISER, Role.STAFF, Role.ADMIN})
ORGANISERS = frozenset({Role.ORGANISER, Role.ADMIN})
BANK = frozenset({Role.BANK})
FIRM = frozenset({Role.ENTERPRISE})
AUDITORS = frozenset({Role.AUDITOR, Role.ADMIN})
EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Sample:
    """A page.

    Parameters
    ----------
    route
        The path of its route, as the app has it.
    roles
        Who sees it; others are answered 403.
    ids
        How each id of the path is found.
    """

    route: str
    roles: frozenset[Role]
    ids: Mapping[str, Callable[[Session], object]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def path(self, session: Session) -> str:
        """Return the path with its ids filled in."""
        return self.route.format(**{name: find(session) for name, find in self.ids.items()})


def _first_need(session: Session) -> object:
    return session.scalars(select(NeedRow.id).order_by(col(NeedRow.position))).first()


def _bank(session: Session) -> object:
    query = select(AccountRow.institution_id).where(AccountRow.login == "bank")
    return session.scalars(query).one()


def _account(session: Session) -> object:
    return session.scalars(select(AccountRow.id).where(AccountRow.login == "bank")).one()


def _lead_of_the_bank(session: Session) -> object:
    query = select(LeadRow.id).where(LeadRow.institution_id == _bank(session))
    return session.scalars(query.order_by(col(LeadRow.rank))).first()


def _product_of_the_bank(session: Session) -> object:
    query = select(ProductRow.id).where(ProductRow.institution_id == _bank(session))
    return session.scalars(query.order_by(col(ProductRow.position))).first()


def _firm(session: Session) -> object:
    query = select(AccountRow.enterprise_id).where(AccountRow.login == "firm")
    return session.scalars(query).one()


def _need_of_the_firm(session: Session) -> object:
    query = select(NeedRow.id).where(NeedRow.enterprise_id == _firm(session))
    return session.scalars(query.order_by(col(NeedRow.position))).first()


def _lead_of_the_firm(session: Session) -> object:
    query = select(LeadRow.id).where(LeadRow.enterprise_id == _firm(session))
    return session.scalars(query.order_by(col(LeadRow.rank))).first()


def _handed_in(session: Session) -> object:
    return session.scalars(select(QuestionnaireRow.id)).first()


def _round(session: Session) -> object:
    return session.scalars(select(PlanRow.round_id)).first()


def _plan(session: Session) -> object:
    return session.scalars(select(PlanRow.id)).first()


def _run(session: Session) -> object:
    return session.scalars(select(PlanRow.run_id)).first()


def _import(session: Session) -> object:
    return session.scalars(select(RunRow.id).where(RunRow.kind == IMPORT)).first()


def _event(session: Session) -> object:
    return session.scalars(select(EventRow.id)).first()


def _what_if(session: Session) -> object:
    query = select(WhatIfRow.id).where(col(WhatIfRow.is_shared))
    return session.scalars(query.order_by(col(WhatIfRow.created_at))).first()


SAMPLES = (
    Sample("/ui", EVERYONE),
    Sample("/ui/questionnaire", FIRM),
    Sample("/ui/questionnaire/check", FIRM),
    Sample("/ui/questionnaire/{key}", FIRM, {"key": lambda _: "need"}),
    Sample("/ui/questionnaire/sent/{questionnaire_id}", FIRM, {"questionnaire_id": _handed_in}),
    Sample("/ui/data", FIRM),
    Sample("/ui/data/{need_id}", FIRM, {"need_id": _need_of_the_firm}),
    Sample("/ui/financing/{need_id}", FIRM, {"need_id": _need_of_the_firm}),
    Sample("/ui/financing/{need_id}/fit", FIRM, {"need_id": _need_of_the_firm}),
    Sample("/ui/offers/{lead_id}", FIRM, {"lead_id": _lead_of_the_firm}),
    Sample("/ui/leads", BANK),
    Sample("/ui/statistics", BANK),
    Sample("/ui/access", BANK),
    Sample("/ui/leads/{lead_id}", BANK, {"lead_id": _lead_of_the_bank}),
    Sample("/ui/products", OFFICE | BANK),
    Sample("/ui/products/{product_id}", OFFICE | BANK, {"product_id": _product_of_the_bank}),
    Sample("/ui/rounds", OFFICE),
    Sample("/ui/rounds/{round_id}", OFFICE, {"round_id": _round}),
    Sample("/ui/rounds/{round_id}/plans/{plan_id}", OFFICE, {"round_id": _round, "plan_id": _plan}),
    Sample("/ui/rounds/{round_id}/runs/{run_id}", OFFICE, {"round_id": _round, "run_id": _run}),
    Sample("/ui/rounds/{round_id}/compare", OFFICE, {"round_id": _round}),
    Sample("/ui/events", OFFICE),
    Sample("/ui/events/new", ORGANISERS),
    Sample("/ui/events/{event_id}", OFFICE, {"event_id": _event}),
    Sample("/ui/events/{event_id}/convening", ORGANISERS, {"event_id": _event}),
    Sample("/ui/events/{event_id}/convening/part", ORGANISERS, {"event_id": _event}),
    Sample("/ui/imports", OFFICE - {Role.STAFF}),
    Sample("/ui/imports/{import_id}", OFFICE - {Role.STAFF}, {"import_id": _import}),
    Sample("/ui/needs", OFFICE),
    Sample("/ui/needs/{need_id}", OFFICE, {"need_id": _first_need}),
    Sample("/ui/lists", OFFICE),
    Sample("/ui/lists/{which}", OFFICE, {"which": lambda _: "recommended"}),
    Sample("/ui/calculators", EVERYONE),
    Sample("/ui/calculators/{name}", EVERYONE, {"name": lambda _: "loan"}),
    Sample("/ui/urgent", ORGANISERS),
    Sample("/ui/urgent/{need_id}", ORGANISERS, {"need_id": _first_need}),
    Sample("/ui/cockpit", OFFICE),
    Sample("/ui/whatif", ANALYSTS),
    Sample("/ui/whatif/{bench_id}", ANALYSTS, {"bench_id": _what_if}),
    Sample("/ui/weights", ANALYSTS),
    Sample("/ui/weights/{bench_id}", ANALYSTS, {"bench_id": _what_if}),
    Sample("/ui/needs/{need_id}/edit", ORGANISERS, {"need_id": _first_need}),
    Sample("/ui/products/{product_id}/edit", ORGANISERS, {"product_id": _product_of_the_bank}),
    Sample("/ui/record", AUDITORS),
    Sample("/ui/accounts", AUDITORS),
    Sample("/ui/accounts/{account_id}", AUDITORS, {"account_id": _account}),
    Sample("/ui/institutions", OFFICE),
    Sample("/ui/institutions/{institution_id}", OFFICE, {"institution_id": _bank}),
)
"""All pages but the login, and the parts that pages fetch."""

PARTS = frozenset(
    {
        "/ui/calculators/{name}/answer.xlsx",
        "/ui/urgent/{need_id}/case.xlsx",
        "/ui/cockpit/figures.xlsx",
        "/ui/whatif/{bench_id}/answers.xlsx",
        "/ui/whatif/{bench_id}/part",
        "/ui/weights/{bench_id}/part",
        "/ui/weights/{bench_id}/weights.toml",
        "/ui/record/heads/{day}",
        "/ui/needs/export.xlsx",
        "/ui/products/export.xlsx",
        "/ui/rounds/{round_id}/runs/{run_id}/part",
        "/ui/imports/{import_id}/part",
        "/ui/events/{event_id}/timetables/{timetable_id}/part",
    }
)
"""Routes that answer with a part of a page; tests of their pages cover them."""

WITHOUT_LOGIN = frozenset({"/ui/login", "/ui/language", "/ui/logout"})
