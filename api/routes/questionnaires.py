"""The questionnaire: its schema for everybody, drafts, handing in, what came in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, status

from api.auth import allow
from api.body import BodyDep, parse_json, too_large
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.openapi import problems
from api.paging import PageDep, link_next
from api.problems import encode
from api.routing import Route
from api.schemas.questionnaires import (
    DraftPublic,
    HandedInPublic,
    QuestionnaireDetailPublic,
    QuestionnairePublic,
    QuestionnairesPublic,
    body,
    envelope_schema,
)
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.intake_online import Draft, drop_draft, hand_in, keep_draft, read_draft
from matcher.services.intake_online.listing import find_questionnaire, list_questionnaires

router = APIRouter(tags=["questionnaires"], route_class=Route)

MAX_BYTES = 256 * 1024
"""A questionnaire is never larger."""

Reader = Annotated[Actor, Depends(allow(*OFFICE, Role.ENTERPRISE))]
Giver = Annotated[Actor, Depends(allow(Role.ENTERPRISE, Role.ORGANISER, Role.ADMIN))]
"""A firm for itself, or the organiser in the name of one."""


@router.get(
    "/questionnaire",
    operation_id="read_questionnaire_schema",
    summary="征集表结构 / The schema of the questionnaire",
    responses=problems(),
)
def read_schema() -> dict[str, Any]:
    """Return the JSON Schema of what is handed in, titles and notes in both languages."""
    return envelope_schema()


@router.get(
    "/questionnaires",
    operation_id="list_questionnaires",
    summary="征集表列表 / List questionnaires",
    responses=problems(),
)
def read_questionnaires(
    request: Request, response: Response, actor: Reader, session: ReadSession, page: PageDep
) -> QuestionnairesPublic:
    """Return a page of what was handed in, the newest first; a firm sees its own."""
    found = list_questionnaires(session, actor, page)
    link_next(request, response, found)
    items = [QuestionnairePublic(**QuestionnairePublic.fields_of(one)) for one in found.rows]
    return QuestionnairesPublic(items=items, next=found.next)


@router.post(
    "/questionnaires",
    operation_id="hand_in_questionnaire",
    summary="提交征集表 / Hand a questionnaire in",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=body(),
    responses={
        201: {"headers": {"Location": {"schema": {"type": "string"}}}},
        **problems(409),
    },
)
def hand_in_one(
    request: Request,
    response: Response,
    actor: Giver,
    content: BodyDep,
    session: WriteSession,
    now: ClockDep,
) -> HandedInPublic:
    """Take in a questionnaire: it becomes a need of the live market, which its consents guard.

    A firm hands in for itself, and leaves what the office fills in. For a firm that the market
    does not know the organiser hands in, and it becomes known. What was known of a firm stays;
    what was not is filled in.
    """
    original = _text(content)
    done = hand_in(session, actor, parse_json(content), original, now())
    path = request.app.url_path_for("read_questionnaire", questionnaire_id=done.row.id)
    response.headers["Location"] = str(path)
    return HandedInPublic.of(done)


@router.get(
    "/questionnaires/draft",
    operation_id="read_draft",
    summary="查询草稿 / Read the draft",
    response_model=DraftPublic,
    responses=problems(404),
)
def read_own_draft(actor: Giver, session: ReadSession, now: ClockDep) -> Response:
    """Return the draft of whoever asks, and what is still wrong with it."""
    return _draft(read_draft(session, actor, now()))


@router.put(
    "/questionnaires/draft",
    operation_id="keep_draft",
    summary="保存草稿 / Keep a draft",
    response_model=DraftPublic,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {}, "example": {"need": {}}}},
        }
    },
    responses=problems(),
)
def keep_own_draft(
    actor: Giver, content: BodyDep, session: WriteSession, now: ClockDep
) -> Response:
    """Keep whatever is filled in so far, in the place of the draft before."""
    original = _text(content)
    parse_json(content)
    return _draft(keep_draft(session, actor, original, now()))


@router.delete(
    "/questionnaires/draft",
    operation_id="drop_draft",
    summary="删除草稿 / Forget the draft",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(),
)
def drop_own_draft(actor: Giver, session: WriteSession) -> None:
    """Forget the draft of whoever asks; without one nothing happens."""
    drop_draft(session, actor)


@router.get(
    "/questionnaires/{questionnaire_id}",
    operation_id="read_questionnaire",
    summary="查询征集表 / Read a questionnaire",
    responses=problems(404),
)
def read_questionnaire(
    questionnaire_id: IdPath, actor: Reader, session: ReadSession
) -> QuestionnaireDetailPublic:
    """Return one questionnaire, word for word as it came in."""
    found = find_questionnaire(session, actor, questionnaire_id)
    fields = QuestionnairePublic.fields_of(found)
    return QuestionnaireDetailPublic(**fields, original=found.row.document)


def _text(content: bytes) -> str:
    """Return the words of a body, which JSON says are UTF-8."""
    if len(content) > MAX_BYTES:
        raise too_large(MAX_BYTES)
    return content.decode("utf-8-sig", errors="replace")


def _draft(draft: Draft) -> Response:
    # A fault may show half of a surrogate pair, which only this way of writing bears.
    content = encode(DraftPublic.of(draft).model_dump(mode="json"))
    return Response(content, media_type="application/json")
