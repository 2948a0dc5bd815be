"""What is handed in: the answers, and whom the firm lets see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.questionnaire import ENTERPRISE, NEED, Answers, read_answers

CONSENT = "consent"
ALL, NONE = "all", "none"
MAX_RECIPIENTS = 1000

_SECTIONS = {"enterprise": ENTERPRISE, "need": NEED}
_OFFICE = Text("由受理人员填写", "is filled in by the office")
_WHO = Text(
    "所有机构（all）、暂不授权（none）或选定机构的列表",
    "every institution (all), nobody for now (none) or a list of those named",
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A questionnaire as read.

    Parameters
    ----------
    recipients
        Ids of the institutions' rows that may see the need; None for every one.
    """

    answers: Answers
    recipients: frozenset[UUID] | None


def read_envelope(data: object, as_of: date, own_key: str | None = None) -> Envelope:
    """Read what was handed in: ``{"enterprise": …, "need": …, "consent": …}``.

    Parameters
    ----------
    as_of
        The day on which it comes in.
    own_key
        The key of the firm that hands it in for itself; what only the office fills in is then
        refused. None where the office hands it in.

    Raises
    ------
    InputError
        With every fault found.
    """
    faults: list[Fault] = []
    given = data if isinstance(data, Mapping) else {}
    recipients = _recipients(given, faults)
    answers = {key: part for key, part in given.items() if key != CONSENT}
    if own_key is not None:
        faults += _of_the_office(answers)
        answers = _for(own_key, answers)
    read = None
    try:
        read = read_answers(answers if isinstance(data, Mapping) else data, as_of)
    except InputError as error:
        faults += error.faults
    if faults or read is None:
        raise InputError(faults)
    return Envelope(read, recipients)


def _recipients(given: Mapping[Any, Any], faults: list[Fault]) -> frozenset[UUID] | None:
    """Read whom the firm lets see its need; it has to say."""
    said = given.get(CONSENT)
    if said == ALL:
        return None
    if said == NONE:
        return frozenset()
    if not isinstance(said, list) or len(said) > MAX_RECIPIENTS:
        message = Text("须说明谁可查看", "has to say who may see it")
        faults.append(Fault(message, CONSENT, said if isinstance(said, str) else None, _WHO))
        return frozenset()
    found = set()
    for index, word in enumerate(said):
        try:
            found.add(UUID(word))
        except (ValueError, AttributeError, TypeError):
            message = Text("不是机构 id", "is no id of an institution")
            faults.append(Fault(message, f"{CONSENT}[{index}]", word))
    return frozenset(found)


def _of_the_office(answers: Mapping[Any, Any]) -> list[Fault]:
    """Return a fault for each field of the office that a firm filled in."""
    found = []
    for key, section in _SECTIONS.items():
        part = answers.get(key)
        for label, cell in part.items() if isinstance(part, Mapping) else ():
            heading = section.table.heading(label) if isinstance(label, str) else None
            if heading is not None and heading.column.field in section.office:
                found.append(Fault(_OFFICE, heading.column.field, cell, sheet=key))
    return found


def _for(own_key: str, answers: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return the answers as those of the firm itself, whatever else they hold."""
    firm = answers.get("enterprise")
    if not isinstance(firm, Mapping):
        return dict(answers)
    return {**answers, "enterprise": {**firm, "enterprise_id": own_key}}
