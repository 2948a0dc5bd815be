"""The record: read by auditors, verified at a button, its signed heads taken out of the house."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session
from starlette.responses import Response

from api.database import ReadSession
from api.downloads import download
from api.pages.page import Form, Page, PostedForm, actor_of, page_for, page_router
from api.pages.views.filters import ANY, Reading, unreadable
from api.pages.views.record import KINDS, read_entries
from api.pages.views.records import query_of
from api.paging import PageDep
from api.routes.record import DayPath
from matcher.domain.chain import Head
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.accounts.listing import account_of_login
from matcher.services.record.append import head_of
from matcher.services.record.heads import read_head
from matcher.services.record.reading import (
    READERS,
    EntryFilter,
    head_of_day,
    list_entries,
    signed_days,
)
from matcher.services.record.verify import faults_of_record
from matcher.store.paging import Page as ListPage

router = page_router("/record")

ReaderPage = Annotated[Page, Depends(page_for(*READERS))]
_ON_A_PAGE = 50
_HEADS = 14
_MOST_FAULTS = 50
_MOST_BYTES = 10_000
_A_LOGIN = Text("已有账号的登录名", "the login of an account")
_NO_HEAD = Text("不是留存的链头文件", "is no file of a head that was kept")


@router.get("")
def show_record(page: ReaderPage, session: ReadSession, part: PageDep) -> Response:
    """Show a page of all that happened, the newest first, as it was asked for."""
    return _show(page, session, part.after, (), None, 200)


@router.post("")
def take_verification(page: ReaderPage, form: PostedForm, session: ReadSession) -> Response:
    """Look at every entry, and hold the record to a head that somebody kept outside."""
    try:
        kept = _kept(form)
    except InputError as error:
        return _show(page, session, None, error.faults, None, 422)
    return _show(page, session, None, (), _verified(session, kept), 200)


@router.get("/heads/{day}")
def take_head(page: ReaderPage, session: ReadSession, day: DayPath) -> Response:
    """Return the signed head of a day as a file, to be kept outside."""
    signed, public_key = head_of_day(session, day)
    content = json.dumps({**signed.document, "public_key": public_key}).encode()
    return download(content, f"head-{day.isoformat()}.json", "application/json")


def _kept(form: Form) -> list[Head]:
    """Return the head of the file that was sent in, none if none was."""
    file = form.file("head")
    if file is None or not file.filename:
        return []
    try:
        document = json.loads(file.file.read(_MOST_BYTES))
        return [read_head(document, str(document["public_key"]))]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError([Fault(_NO_HEAD, "head")]) from None


def _verified(session: Session, kept: list[Head]) -> dict[str, Any]:
    faults, end = faults_of_record(session, kept), head_of(session)
    return {
        "faults": faults[:_MOST_FAULTS],
        "num_faults": len(faults),
        "number": 0 if end is None else end.number,
        "sha256": None if end is None else end.sha256,
        "kept": kept[0].number if kept else None,
    }


def _show(
    page: Page,
    session: Session,
    after: str | None,
    faults: tuple[Fault, ...],
    verified: dict[str, Any] | None,
    status: int,
) -> Response:
    actor, params = actor_of(page), dict(page.request.query_params)
    asked, wrong = _asked(page, session)
    found = list_entries(session, actor, ListPage(_ON_A_PAGE, after), asked)
    more = None if found.next is None else f"?{query_of(params, cursor=found.next)}"
    heads = signed_days(session, _day(params.get("heads_before", "")), _HEADS + 1)
    return page.render(
        "record.html",
        status,
        entries=read_entries(session, actor, found.rows),
        more=more,
        params=params,
        kinds=[
            ("", ANY.of(page.lang)),
            *((key, text.of(page.lang)) for key, text in KINDS.items()),
        ],
        heads=heads[:_HEADS],
        older=heads[_HEADS - 1].day if len(heads) > _HEADS else None,
        query_of=query_of,
        verified=verified,
        faults=(*faults, *wrong),
    )


def _asked(page: Page, session: Session) -> tuple[EntryFilter, tuple[Fault, ...]]:
    """Return which entries the address asks for; all of them where it has faults."""
    faults = list[Fault]()
    reading = Reading(page.request.query_params, faults)
    login, account = reading.letters("login"), None
    if login is not None:
        account = account_of_login(session, actor_of(page), login)
        if account is None:
            faults.append(unreadable("login", login, _A_LOGIN))
    asked = EntryFilter(
        kind=reading.one_of("kind", tuple(KINDS)),
        subject_id=_subject(reading.letters("subject"), faults),
        account_id=None if account is None else account.id,
        day=reading.day("day"),
    )
    return (EntryFilter() if faults else asked), tuple(faults)


def _subject(given: str | None, faults: list[Fault]) -> UUID | None:
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        faults.append(unreadable("subject", given, Text("一个编号", "an id")))
        return None


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        return None
