"""Questionnaires on the wire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.base import Schema, TextPublic
from api.schemas.problem import FaultPublic
from api.schemas.records import Identity, Key, Named, Next
from matcher.domain.text import Text
from matcher.files.questionnaire import questionnaire_schema
from matcher.services.intake_online import Draft, HandedIn
from matcher.services.intake_online.listing import ListedQuestionnaire

_WHEN = "2022-05-25T09:00:00+08:00"
_EXAMPLE = {
    "enterprise": {"name": "示例软件有限公司", "credit_code": "91350100M000100Y43"},
    "need": {
        "amount_fen": 150_000_000,
        "needed_by": "2027-06-30",
        "term_months": 12,
        "instruments": ["loan"],
    },
    "consent": "all",
}


def envelope_schema() -> dict[str, Any]:
    """Return the JSON Schema of what is handed in: an answer, and who may see it."""
    schema = questionnaire_schema()
    ids = {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 1000}
    schema["properties"]["consent"] = {
        "description": "谁可查看：all、none 或机构 id 列表 / Who may see it.",
        "anyOf": [{"type": "string", "enum": ["all", "none"]}, ids],
    }
    schema["required"] = [*schema["required"], "consent"]
    return schema


def body() -> dict[str, Any]:
    """Return what the OpenAPI document says of the body of a questionnaire."""
    schema = envelope_schema()
    parts = schema.pop("$defs")
    schema.pop("$schema")
    inlined = {
        name: {**parts[property["$ref"].removeprefix("#/$defs/")], **_described(property)}
        if "$ref" in property
        else property
        for name, property in schema["properties"].items()
    }
    content = {"schema": {**schema, "properties": inlined}, "example": _EXAMPLE}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def _described(property: dict[str, Any]) -> dict[str, Any]:
    return {"description": property["description"]}


class NeedNamed(Schema):
    """The need that a questionnaire became."""

    id: Identity
    key: Key


class MissingPublic(Schema):
    """A field that nobody filled in and that would help."""

    field: str
    label: TextPublic
    note: TextPublic


class QuestionnairePublic(Schema):
    """A questionnaire that was handed in."""

    id: Identity
    enterprise: Named
    need: NeedNamed
    received_at: Annotated[datetime, Field(examples=[_WHEN])]

    @classmethod
    def fields_of(cls, one: HandedIn | ListedQuestionnaire) -> dict[str, Any]:
        """Return the fields of a questionnaire."""
        firm = one.enterprise
        return {
            "id": one.row.id,
            "enterprise": Named(id=firm.id, key=firm.key, name=firm.name),
            "need": NeedNamed(id=one.need.id, key=one.need.key),
            "received_at": one.row.received_at,
        }


class QuestionnairesPublic(Schema):
    """A page of questionnaires."""

    items: list[QuestionnairePublic]
    next: Next


class QuestionnaireDetailPublic(QuestionnairePublic):
    """A questionnaire with the words that it came in."""

    original: Annotated[str, Field(description="The JSON that was sent, word for word.")]


class HandedInPublic(QuestionnairePublic):
    """What became of a questionnaire."""

    urgency: Annotated[str, Field(description="How soon it must be seen to.", examples=["urgent"])]
    days_left: Annotated[
        int | None, Field(description="Days to the deadline, negative after it.", examples=[9])
    ]
    reason: Annotated[TextPublic, Field(description="The same as a sentence.")]
    missing: Annotated[list[MissingPublic], Field(description="What would help to know.")]
    notes: Annotated[
        list[TextPublic], Field(description="What of the firm was known otherwise, and stays.")
    ]

    @classmethod
    def of(cls, one: HandedIn) -> Self:
        """Take over what was handed in."""
        return cls(
            **cls.fields_of(one),
            urgency=one.triage.urgency.value,
            days_left=one.triage.days_left,
            reason=TextPublic.of(one.triage.reason),
            missing=[
                MissingPublic(
                    field=gap.field, label=TextPublic.of(gap.label), note=TextPublic.of(gap.note)
                )
                for gap in one.missing
            ],
            notes=_texts(one.notes),
        )


class DraftPublic(Schema):
    """A questionnaire that is not handed in yet."""

    original: Annotated[str, Field(description="The JSON that was sent, word for word.")]
    updated_at: Annotated[datetime, Field(examples=[_WHEN])]
    faults: Annotated[
        list[FaultPublic], Field(description="What would be said if it were handed in now.")
    ]

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Take over a draft."""
        faults = [FaultPublic.of(fault) for fault in draft.faults]
        return cls(original=draft.original, updated_at=draft.updated_at, faults=faults)


def _texts(texts: Iterable[Text]) -> list[TextPublic]:
    return [TextPublic.of(text) for text in texts]
