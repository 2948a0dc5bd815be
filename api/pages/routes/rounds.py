"""Rounds and their plans: opened, planned, looked at, let out by two people, taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, SettingsDep
from api.pages.page import (
    Form,
    OfficePage,
    OrganiserPage,
    Page,
    PostedForm,
    actor_of,
    go,
    page_router,
)
from api.pages.views.plans import (
    RUN_KINDS,
    STATE_KINDS,
    actions_of,
    picture,
    reasons_of,
)
from api.pages.views.weights import choices_of, chosen_weights
from api.paging import PageDep
from matcher.domain.actor import Actor, Role
from matcher.domain.errors import Fault, InputError, MatcherError
from matcher.domain.plan_state import PlanAction, PlanState
from matcher.domain.run import RunState
from matcher.domain.text import Text
from matcher.services.errors import ConflictError, NotAllowedError
from matcher.services.plans import drafting, publishing
from matcher.services.plans.asking import (
    Override,
    OverrideKind,
    RoundPlanAsked,
    ask_round_plan,
)
from matcher.services.plans.listing import (
    find_plan,
    find_round,
    list_plans,
    list_round_runs,
    list_rounds,
)
from matcher.services.plans.rounds import RoundAsked, open_round, takes_recommended_only
from matcher.services.plans.viewing import read_part, read_view
from matcher.services.runs import running
from matcher.services.work.errors import QueueFullError
from matcher.store.paging import MAX_LIMIT
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.runs import Runs

router = page_router("/rounds")

_ROUNDS_SHOWN = 50
_REFUSALS = (InputError, ConflictError, NotAllowedError, QueueFullError)
_EDITORS = frozenset({Role.ORGANISER, Role.ADMIN})

Move = Callable[[Session, Actor, UUID, datetime], Any]
_MOVES: Mapping[PlanAction, Move] = MappingProxyType(
    {
        PlanAction.CHECK: drafting.check,
        PlanAction.DISCARD: drafting.discard,
        PlanAction.PROPOSE: publishing.propose,
        PlanAction.RETRACT: publishing.retract,
        PlanAction.PUBLISH: publishing.publish,
        PlanAction.UNDO: publishing.undo,
    }
)


@router.get("")
def show_rounds(page: OfficePage, session: ReadSession, part: PageDep) -> Response:
    """Show the rounds, the newest first, and the form to open one."""
    return _rounds(page, session, part.after, (), {}, 200)


@router.post("")
def take_round(
    page: OrganiserPage, form: PostedForm, session: WriteSession, now: ClockDep
) -> Response:
    """Open a round."""
    try:
        asked = _round_asked(form)
        row = open_round(session, actor_of(page), asked, now())
    except InputError as error:
        session.rollback()
        return _rounds(page, session, None, error.faults, form.fields, 422)
    return go(f"/rounds/{row.id}", "saved")


@router.get("/{round_id}")
def show_round(page: OfficePage, session: ReadSession, round_id: IdPath) -> Response:
    """Show one round: its plans, and the form to ask for one, filled in as the address says."""
    return _round(page, session, round_id, (), dict(page.request.query_params), 200)


@router.post("/{round_id}/runs")
def take_run(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    round_id: IdPath,
    now: ClockDep,
) -> Response:
    """Ask for a plan of the round, and go to where it is made."""
    try:
        asked = RoundPlanAsked(
            floors=tuple(line for line in form.text("floors").splitlines() if line.strip()),
            fair=form.text("fair") or None,
            overrides=_overrides(form),
            follows=_round_before(form),
            weights=chosen_weights(session, actor_of(page), form.text("weights"), now().date()),
        )
        run = ask_round_plan(session, actor_of(page), round_id, asked, settings.work, now())
    except _REFUSALS as error:
        session.rollback()
        return _round(page, session, round_id, error.faults, form.fields, 422)
    return go(f"/rounds/{round_id}/runs/{run.id}")


@router.get("/{round_id}/runs/{run_id}")
def show_run(page: OfficePage, session: ReadSession, round_id: IdPath, run_id: IdPath) -> Response:
    """Show how far a run is."""
    return page.render("run.html", **_run_values(page, session, round_id, run_id))


@router.get("/{round_id}/runs/{run_id}/part")
def show_run_part(
    page: OfficePage, session: ReadSession, round_id: IdPath, run_id: IdPath
) -> Response:
    """Return the part of the page that changes while a run is under way."""
    return page.render("run_part.html", **_run_values(page, session, round_id, run_id))


@router.post("/{round_id}/plans")
def take_draft(
    page: OrganiserPage, form: PostedForm, session: WriteSession, round_id: IdPath, now: ClockDep
) -> Response:
    """Take the plan of a run as a draft of the round and have it checked."""
    actor = actor_of(page)
    try:
        run_id = UUID(form.text("run_id"))
    except ValueError:
        return go(f"/rounds/{round_id}")
    try:
        plan = drafting.draft(session, actor, round_id, run_id, now())
        drafting.check(session, actor, plan.id, now())
    except _REFUSALS as error:
        session.rollback()
        return _round(page, session, round_id, error.faults, {}, 422)
    return go(f"/rounds/{round_id}/plans/{plan.id}", "saved")


@router.get("/{round_id}/plans/{plan_id}")
def show_plan(
    page: OfficePage, session: ReadSession, round_id: IdPath, plan_id: IdPath
) -> Response:
    """Show a plan: the picture, matches, unmatched, pools, certificate."""
    return _plan(page, session, round_id, plan_id, (), 200)


@router.post("/{round_id}/plans/{plan_id}")
def take_move(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    round_id: IdPath,
    plan_id: IdPath,
    now: ClockDep,
) -> Response:
    """Move a plan: check, propose, publish, take back."""
    word = form.text("action")
    action = PlanAction.parse(word) if word in tuple(PlanAction) else None
    move = None if action is None else _MOVES.get(action)
    if move is None:
        return go(f"/rounds/{round_id}/plans/{plan_id}")
    find_plan(session, actor_of(page), round_id, plan_id)
    try:
        move(session, actor_of(page), plan_id, now())
    except _REFUSALS as error:
        session.rollback()
        return _plan(page, session, round_id, plan_id, error.faults, 422)
    return go(
        f"/rounds/{round_id}/plans/{plan_id}",
        "published" if action is PlanAction.PUBLISH else "saved",
    )


def _round_asked(form: Form) -> RoundAsked:
    day = form.text("as_of")
    try:
        as_of = date.fromisoformat(day)
    except ValueError:
        message = Text("无法读取", "cannot be read")
        expected = Text("日期，如 2027-06-18", "a day, as 2027-06-18")
        raise InputError([Fault(message, "as_of", day[:40], expected)]) from None
    return RoundAsked(
        name=form.text("name"),
        as_of=as_of,
        is_open=form.text("is_open") == "1",
        is_recommended_only=form.text("is_recommended_only") == "1",
    )


def _round_before(form: Form) -> UUID | None:
    word = form.text("follows")
    try:
        return UUID(word) if word else None
    except ValueError:
        fault = Fault(Text("没有这一轮", "there is no such round"), "follows", word[:40])
        raise InputError([fault]) from None


def _overrides(form: Form) -> tuple[Override, ...]:
    need, product = form.text("need"), form.text("product")
    if not need and not product:
        return ()
    kind = OverrideKind.BAN if form.text("kind") == OverrideKind.BAN else OverrideKind.PIN
    return (Override(need, product, kind, form.text("why")),)


def _rounds(
    page: Page,
    session: Session,
    after: str | None,
    faults: tuple[Fault, ...],
    typed: Mapping[str, Any],
    status: int,
) -> Response:
    found = list_rounds(session, actor_of(page), ListPage(_ROUNDS_SHOWN, after))
    more = None if found.next is None else f"?cursor={found.next}"
    return page.render(
        "rounds.html",
        status,
        rounds=found.rows,
        more=more,
        faults=faults,
        typed=typed,
        may_edit=actor_of(page).role in _EDITORS,
    )


def _round(
    page: Page,
    session: Session,
    round_id: UUID,
    faults: tuple[Fault, ...],
    typed: Mapping[str, Any],
    status: int,
) -> Response:
    actor = actor_of(page)
    shown = find_round(session, actor, round_id)
    plans = list_plans(session, actor, round_id, ListPage(MAX_LIMIT))
    return page.render(
        "round.html",
        status,
        shown=shown,
        round=shown.row,
        is_recommended_only=takes_recommended_only(shown.row),
        plans=[(plan, PlanState.parse(plan.state)) for plan in plans.rows],
        state_kinds=STATE_KINDS,
        summaries=[_summary(plan.summary) for plan in plans.rows],
        runs=[(run, RunState(run.state)) for run in list_round_runs(session, actor, round_id)],
        run_kinds=RUN_KINDS,
        faults=faults,
        typed=typed,
        may_edit=actor.role in _EDITORS,
        weights=choices_of(session, actor),
        others=[
            (str(one.row.id), f"{one.row.name} · {one.row.as_of}")
            for one in list_rounds(session, actor, ListPage(_ROUNDS_SHOWN)).rows
            if one.row.id != round_id
        ],
    )


def _summary(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def _plan(
    page: Page,
    session: Session,
    round_id: UUID,
    plan_id: UUID,
    faults: tuple[Fault, ...],
    status: int,
) -> Response:
    plan = find_plan(session, actor_of(page), round_id, plan_id)
    view = read_view(session, plan)
    part, rest = _number(page, "part"), _number(page, "rest")
    shown = find_round(session, actor_of(page), round_id)
    state = PlanState.parse(plan.state)
    return page.render(
        "plan.html",
        status,
        round=shown.row,
        plan=plan,
        state=state,
        state_kind=STATE_KINDS[state],
        document=view.head,
        view=view,
        part=part,
        rest=rest,
        matches=read_part(session, plan, "matches", part),
        unmatched=read_part(session, plan, "unmatched", rest),
        figure=picture(view.head["links"], page.lang),
        reasons=lambda match: reasons_of(match, page.lang),
        actions=actions_of(plan, actor_of(page)) if actor_of(page).role in _EDITORS else [],
        overrides=_summary(plan.overrides),
        may_edit=actor_of(page).role in _EDITORS,
        faults=faults,
    )


def _number(page: Page, name: str) -> int:
    """Return a number of a part in the address; 0 if it is none."""
    given = page.request.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 0


def _run_values(page: Page, session: Session, round_id: UUID, run_id: UUID) -> dict[str, Any]:
    actor = actor_of(page)
    shown, run = find_round(session, actor, round_id), Runs(session, actor).find(run_id)
    plans = list_plans(session, actor, round_id, ListPage(MAX_LIMIT)).rows
    problem: MatcherError | None = running.problem_of(run)
    return {
        "round": shown.row,
        "run": run,
        "plan": next((plan for plan in plans if plan.run_id == run.id), None),
        "state": RunState(run.state),
        "stage": running.stage_of(run),
        "progress": running.progress_of(run),
        "problems": () if problem is None else problem.faults,
        "summary": running.summary_of(run),
        "may_edit": actor.role in _EDITORS,
    }
