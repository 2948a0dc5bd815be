"""A timetable, or why there is none, and its changes: on the terminal and as JSON."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from matcher.cli.output import Output, text_document
from matcher.cli.tables import NOTHING, add_row, joined, new_table
from matcher.domain.text import Text
from matcher.files.agenda import Agenda
from matcher.files.agenda_words import INSTITUTION, TIME, count_text, quality, remarks, time_text
from matcher.files.timetable_json import agenda_document, plain_json
from matcher.schedule import Fact
from matcher.schedule.constraints import gaps_of
from matcher.services.scheduling import Changed, Scheduled

MAX_SHOWN = 60
_MEETINGS = Text("洽谈场次", "meetings")


def show_scheduled(output: Output, found: Scheduled) -> None:
    """Print a timetable by slot and by institution, or the facts that leave none."""
    output.say(found.task.head.title, style="bold")
    if found.agenda is None:
        _show_conflict(output, found)
        return
    _show_agenda(output, found.agenda)
    output.say(found.result.reason)


def _show_conflict(output: Output, found: Scheduled) -> None:
    output.say(found.result.reason, style="bold red")
    if found.result.conflict:
        title = Text("下列要求不能同时满足：", "These cannot all be met:")
        if found.result.conflict_is_minimal:
            title = Text(
                "下列要求不能同时满足，去掉任何一条就可以：",
                "These cannot all be met; without any one of them the others can:",
            )
        output.say(title)
        for fact in found.result.conflict:
            output.say(Text("- {f}", "- {f}").format(f=fact.text))


def _show_agenda(output: Output, agenda: Agenda) -> None:
    output.console.print(_slots(output, agenda))
    if agenda.institutions:
        output.console.print(_institutions(output, agenda))
    output.say(count_text(agenda), style="bold")
    for label, text in quality(agenda):
        output.say(Text("{a}：{b}", "{a}: {b}").format(a=label, b=text))
    told = [Text("{a}：{b}", "{a}: {b}").format(a=a, b=b) for a, b in remarks(agenda)]
    for line in told[:MAX_SHOWN]:
        output.say(line, style="yellow")
    if len(told) > MAX_SHOWN:
        more = Text("……其余 {n} 条见 --json", "… and {n} more (--json lists all)")
        output.say(more.format(n=len(told) - MAX_SHOWN))


def _slots(output: Output, agenda: Agenda) -> Any:
    held = {slot.slot_id: 0 for slot in agenda.problem.slots}
    for placement in agenda.timetable.placements:
        held[placement.slot_id] += 1
    table = new_table(
        output, agenda.head.kind.text, Text("时段", "slot"), TIME, _MEETINGS, right=[2]
    )
    for slot in agenda.problem.slots:
        cells = (slot.slot_id, time_text(agenda, slot), held[slot.slot_id])
        add_row(output, table, [Text.same(cell) for cell in cells])
    return table


def _institutions(output: Output, agenda: Agenda) -> Any:
    title = Text("各机构", "Institutions")
    headers = (INSTITUTION, _MEETINGS, Text("首场", "first"), Text("末场", "last"),
               Text("空档", "gaps"), Text("桌", "tables"))  # fmt: skip
    table = new_table(output, title, *headers, right=[1, 4])
    gaps = gaps_of(agenda.problem, agenda.timetable)
    for party in agenda.institutions:
        own = agenda.entries[party.participant_id]
        ends = [Text.same(time_text(agenda, e.slot)) for e in (own[:1] + own[-1:])]
        count, idle = Text.same(len(own)), Text.same(gaps[party.participant_id])
        at = joined(dict.fromkeys(e.table.text for e in own))
        add_row(output, table, (party.text, count, *(ends or [NOTHING] * 2), idle, at))
    return table


def show_changed(output: Output, found: Changed) -> None:
    """Print what is new, person by person."""
    output.say(found.agenda.head.title, style="bold")
    table = new_table(
        output, Text("变更", "Changes"), Text("参会方", "participant"), Text("变更", "change")
    )
    people = found.agenda.problem.participant
    for who, moves in groupby(found.moves, key=lambda move: move.participant_id):
        texts = Text.join([move.text for move in moves], "\n", "\n")
        add_row(output, table, (people[who].text, texts))
    if found.moves:
        output.console.print(table)
    told = Text("{n} 场洽谈有变更，涉及 {p} 个参会方", "{n} meetings change, for {p} participants")
    meetings, affected = ({getattr(m, key) for m in found.moves} for key in _WHOSE)
    output.say(told.format(n=len(meetings), p=len(affected)), style="bold")
    for label, text in quality(found.agenda):
        output.say(Text("{a}：{b}", "{a}: {b}").format(a=label, b=text))


_WHOSE = ("meeting_id", "participant_id")


def scheduled_document(found: Scheduled) -> dict[str, Any]:
    """Return what came of a task as JSON values."""
    result = found.result
    if found.agenda is not None:
        document = agenda_document(found.agenda)
    else:
        document = {"status": result.status.value, "objective": None, "bound": None,
                    "levels": [], "meetings": []}  # fmt: skip
    return {
        **document,
        "breaks": dict(result.breaks),
        "conflict": [_fact(fact) for fact in result.conflict],
        "conflict_is_minimal": result.conflict_is_minimal,
        "reason": text_document(result.reason),
        "seconds": round(result.seconds, 3),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {"kind": fact.kind, "subject": list(fact.subject), "text": text_document(fact.text)}


def changed_document(found: Changed) -> dict[str, Any]:
    """Return a changed timetable as JSON values."""
    agenda = found.agenda
    return {
        **agenda_document(agenda),
        "breaks": gaps_of(agenda.problem, agenda.timetable),
        "changes": plain_json(found.moves),
        "seconds": round(found.seconds, 3),
    }
