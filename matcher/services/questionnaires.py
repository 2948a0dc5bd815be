"""Filled-in questionnaires into a market: every fault of every form, then firms and needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from matcher.domain.enterprise import Enterprise
from matcher.domain.errors import Fault, InputError
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files import read_market, write_json
from matcher.files.atomic import write_whole
from matcher.files.pretty_json import pretty_json
from matcher.files.questionnaire import ENTERPRISE, read_answers
from matcher.services.intake import (
    DEFAULT_TRIAGE,
    Intake,
    TriageSettings,
    most_urgent_first,
    take_in,
    take_in_form,
)

MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Merged:
    """Records with those of questionnaires added.

    Parameters
    ----------
    as_of
        The day of the round, where the market said it: not before the day of the intake.
    notes
        Which firms were there already, and what they now tell otherwise.
    """

    records: Records
    as_of: date | None
    notes: tuple[Text, ...]


def take_in_files(
    paths: Iterable[Path], as_of: date, settings: TriageSettings = DEFAULT_TRIAGE
) -> tuple[Intake, ...]:
    """Take in forms (.xlsx) and answers (.json), the most urgent first.

    Raises
    ------
    InputError
        With every fault of every file; nothing is half taken.
    """
    faults: list[Fault] = []
    found: list[Intake] = []
    for path in paths:
        try:
            found.append(_take_in_file(path, as_of, settings))
        except InputError as error:
            faults += [f if f.file else f.at(file=path.name) for f in error.faults]
    if faults:
        raise InputError(faults)
    return tuple(most_urgent_first(found))


def _take_in_file(path: Path, as_of: date, settings: TriageSettings) -> Intake:
    if path.suffix.lower() != ".json":
        return take_in_form(path, as_of, settings)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("too large")
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        message = Text("无法读取 JSON", "the JSON cannot be read")
        reason = f"{getattr(error, 'strerror', None) or error!s:.200}"
        raise InputError([Fault(message, file=str(path), value=reason)]) from None
    return take_in(read_answers(data, as_of, path.name), as_of, settings)


def merge(intakes: Sequence[Intake], day: date, market: Path | None = None) -> Merged:
    """Put firms and needs of questionnaires behind those of a market.

    A firm that is known already, by its id or its credit code, stays as it is, for the office
    may have added its banks and conflicts; a note names the fields that the questionnaire tells
    otherwise.

    Raises
    ------
    InputError
        With every fault of the market, and every need that stands twice.
    """
    known, said = _read_known(market)
    firms = {firm.enterprise_id: firm for firm in known.enterprises}
    by_code = {firm.credit_code: firm for firm in known.enterprises if firm.credit_code}
    notes: list[Text] = []
    needs = list(known.needs)
    for intake in intakes:
        firm = intake.enterprise
        before = by_code.get(firm.credit_code or "") or firms.setdefault(firm.enterprise_id, firm)
        if before is not firm:
            notes.append(_known_note(before, firm))
        needs.append(replace(intake.need, enterprise_id=before.enterprise_id))
    records = replace(known, enterprises=tuple(firms.values()), needs=tuple(needs))
    if market is None:
        _require_new_needs(records)
    else:
        records.require_sound()
    return Merged(records, None if said is None else max(said, day), tuple(notes))


def _read_known(market: Path | None) -> tuple[Records, date | None]:
    """Return the records of a market and the day of its round, if it says one."""
    if market is None:
        return Records(), None
    found = read_market(market)
    return found.records, found.as_of


def _known_note(before: Enterprise, firm: Enterprise) -> Text:
    names = [f.name for f in fields(Enterprise) if f.name not in ("enterprise_id", "provenance")]
    told = [n for n in names if _tells_otherwise(getattr(before, n), getattr(firm, n))]
    labels = {column.field: column.text for column in ENTERPRISE.table.columns}
    kept = Text("企业 {e} 已在市场中，保留原记录", "{e} is in the market already and kept as it is")
    note = kept.format(e=firm.enterprise_id)
    if not told:
        return note
    more = Text("{n}；问卷所填不同：{f}", "{n}; the questionnaire tells otherwise: {f}")
    return more.format(n=note, f=Text.join([labels.get(name, Text.same(name)) for name in told]))


def _tells_otherwise(before: object, now: object) -> bool:
    says_nothing = now is None or now == () or now == frozenset()
    return before != now and not says_nothing


def _require_new_needs(records: Records) -> None:
    faults = [
        f.fault for f in records.faults() if f.table == "needs" and f.fault.field == "need_id"
    ]
    if faults:
        raise InputError(faults)


def save_merged(path: Path, merged: Merged) -> None:
    """Write the records as a market file in JSON.

    Tables without a record are left out, so that the file can stand in a folder beside the
    rest of a market.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    day: dict[str, Any] = {} if merged.as_of is None else {"as_of": merged.as_of.isoformat()}
    tables = {name: rows for name, rows in write_json(merged.records).items() if rows}
    write_whole(path, (pretty_json({**day, **tables}) + "\n").encode())
