"""What all schemas share."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from matcher.domain.text import Text


class Schema(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextPublic(Schema):
    """A sentence in Chinese and in English."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> Self:
        """Take over a sentence."""
        return cls(zh=text.zh, en=text.en)
