"""Changes and questions of a what-if, judged before they are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.plan_json_parts import text_json
from matcher.services.bench.judging import judge_changes, judge_questions, offers_of
from matcher.services.bench.wording import in_words
from matcher.services.whatif_asking import Questions
from matcher.store.tables import WhatIfRow
from matcher.whatif.changes import Change, SetWeights

MOST_CHANGES = 50
_TOO_MANY = Text("一个情景最多 {n} 项改动", "a what-if has {n} changes at most")


def add_change(session: Session, row: WhatIfRow, data: Mapping[str, Any], now: datetime) -> None:
    """Add a change behind the others.

    Raises
    ------
    InputError
        With every fault of it.
    """
    kept = json.loads(row.changes)
    if len(kept) >= MOST_CHANGES:
        raise InputError([Fault(_TOO_MANY.format(n=MOST_CHANGES))])
    setting = offers_of(session, row, now.date())
    _, changes = judge_changes(setting, [*(one["data"] for one in kept), data])
    kept.append(_worded(data, changes[-1]))
    _put(session, row, now, changes=json.dumps(kept, ensure_ascii=False))


def remove_change(session: Session, row: WhatIfRow, number: int, now: datetime) -> None:
    """Take a change away, by its number from 0; one that is not there is away already.

    Raises
    ------
    InputError
        If a later change rests on it.
    """
    kept = json.loads(row.changes)
    if not 0 <= number < len(kept):
        return
    del kept[number]
    judge_changes(offers_of(session, row, now.date()), [one["data"] for one in kept])
    _put(session, row, now, changes=json.dumps(kept, ensure_ascii=False))


def set_questions(session: Session, row: WhatIfRow, asked: Questions, now: datetime) -> None:
    """Say what else is asked.

    Raises
    ------
    InputError
        With every fault of it.
    """
    changes = [one["data"] for one in json.loads(row.changes)]
    setting, _ = judge_changes(offers_of(session, row, now.date()), changes)
    judge_questions(setting, asked)
    _put(session, row, now, questions=questions_json(asked))


def questions_json(asked: Questions) -> str:
    """Return questions as they are stored."""
    return json.dumps(asdict(asked), ensure_ascii=False)


def set_weights(session: Session, row: WhatIfRow, values: Mapping[str, str], now: datetime) -> None:
    """Let one change of weights stand in place of all that are there; the others stay.

    Parameters
    ----------
    values
        As `matcher.whatif.changes.SetWeights` takes them; those that are not named are as before.

    Raises
    ------
    InputError
        With every fault of it, also if no weight is named.
    """
    data = {"kind": SetWeights.kind, "values": dict(values)}
    kept = [one for one in json.loads(row.changes) if one["data"]["kind"] != SetWeights.kind]
    setting = offers_of(session, row, now.date())
    _, changes = judge_changes(setting, [*(one["data"] for one in kept), data])
    kept.append(_worded(data, changes[-1]))
    _put(session, row, now, changes=json.dumps(kept, ensure_ascii=False))


def _worded(data: Mapping[str, Any], change: Change) -> dict[str, Any]:
    return {"data": dict(data), "text": text_json(in_words(change.text, data))}


def _put(session: Session, row: WhatIfRow, now: datetime, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now
    session.add(row)
    session.flush()
