"""`matcher schedule`: from matches to a hall that runs on time, and changes on the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.gathering import Gathering
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang
from matcher.cli.schedule_changes import Words, parse_changes, parse_now
from matcher.cli.show_schedule import (
    changed_document,
    scheduled_document,
    show_changed,
    show_scheduled,
)
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.agenda import Agenda
from matcher.files.timetable_json import read_timetable
from matcher.schedule import Change
from matcher.services.scheduling import (
    Task,
    Timing,
    change_day,
    make_timetable,
    read_instance,
    read_task,
    require_printable,
    save_agenda,
)

_CHANGE_SECONDS = 30.0

Instance = Annotated[
    Path | None, typer.Argument(help="公开算例 .dzn / a published instance, *.dzn")
]
PlanPath = Annotated[
    Path | None, typer.Option("--plan", help="撮合方案 / plan.json of matcher plan")
]
EventPath = Annotated[
    Path | None,
    typer.Option("--event", help="活动文件 TOML / event file (matcher template --for event)"),
]
TimetablePath = Annotated[
    Path | None,
    typer.Option("--replan", help="当天变更：已有时间表 / timetable.json to change on the day"),
]
Now = Annotated[
    str | None, typer.Option("--now", help="现在时间 / now, as in 2027-06-18T10:00+08:00")
]
Absent = Annotated[
    list[str] | None, typer.Option("--absent", help="不来的参会方 / id of who does not come")
]
Late = Annotated[
    list[str] | None, typer.Option("--late", help="迟到 编号@时刻 / ID@HH:MM, comes late")
]
Leaves = Annotated[
    list[str] | None, typer.Option("--leaves", help="早退 编号@时刻 / ID@HH:MM, leaves early")
]
Broken = Annotated[
    list[str] | None,
    typer.Option("--table-broken", help="停用的桌 编号[@时刻] / TABLE[@HH:MM], out of use till"),
]
Cancel = Annotated[
    list[str] | None, typer.Option("--cancel", help="取消的洽谈 / id of a meeting called off")
]
Fairness = Annotated[
    int | None,
    typer.Option("--fairness", help="空档数最多相差 / how far numbers of gaps may lie apart"),
]
TimeLimit = Annotated[
    float | None,
    typer.Option("--time-limit", help="求解秒数上限（60，变更时 30）/ seconds (60; replan: 30)"),
]
Pdf = Annotated[bool, typer.Option("--pdf/--no-pdf", help="是否生成 PDF / print a PDF or not")]
OutDir = Annotated[
    Path | None,
    typer.Option("--out", help="输出文件夹 / folder for timetable.json, .xlsx, .pdf, calendars"),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schedule", help="排会议时间表 / a timetable for the meetings, and its changes")(
        schedule
    )


def schedule(
    instance: Instance = None,
    plan: PlanPath = None,
    event: EventPath = None,
    earlier: TimetablePath = None,
    now: Now = None,
    absent: Absent = None,
    late: Late = None,
    leaves: Leaves = None,
    table_broken: Broken = None,
    cancel: Cancel = None,
    fairness: Fairness = None,
    time_limit: TimeLimit = None,
    seed: options.Seed = 0,
    pdf: Pdf = True,
    out: OutDir = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Make a timetable, or change one on the day."""
    output = Output(lang or default_lang(), as_json)
    words = Words(absent, late, leaves, table_broken, cancel)
    _require_one_mode(instance, plan, event, earlier, now, words)
    if earlier is not None:
        timing = Timing(_CHANGE_SECONDS if time_limit is None else time_limit, seed)
        _change(output, _Earlier(earlier, now, words), timing, out, pdf)
        return
    timing = Timing(60.0 if time_limit is None else time_limit, seed)
    _schedule(output, _read(instance, plan, event, fairness), timing, out, pdf)


def _read(
    instance: Path | None, plan: Path | None, event: Path | None, fairness: int | None
) -> Task:
    if instance is not None:
        return read_instance(instance, fairness)
    assert plan is not None
    assert event is not None
    return read_task(plan, event, fairness)


def _schedule(output: Output, task: Task, timing: Timing, out: Path | None, pdf: bool) -> None:
    if out is not None and pdf:
        require_printable(task)
    with output.quiet_stdout():
        found = make_timetable(task, timing)
    show_scheduled(output, found)
    if found.agenda is not None and out is not None:
        _save(output, found.agenda, out, pdf)
    output.document(scheduled_document(found))
    output.leave(DONE if found.agenda is not None and len(found.agenda.timetable) else CHECK_FAILED)


@dataclass(frozen=True)
class _Earlier:
    """A timetable that was given out, and what is told of the day, in words."""

    path: Path
    now: str | None
    words: Words

    def read(self) -> tuple[Agenda, datetime, list[Change]]:
        """Read it all, or raise all faults."""
        told = Gathering()
        moment = told.attempt(lambda: parse_now(self.now), None)
        agenda: Agenda | None = told.attempt(lambda: read_timetable(self.path), None)
        no_changes: list[Change] = []
        changes = told.attempt(lambda: parse_changes(self.words, moment), no_changes)
        told.raise_if_any()
        assert agenda is not None
        assert moment is not None
        return agenda, moment, changes


def _change(output: Output, earlier: _Earlier, timing: Timing, out: Path | None, pdf: bool) -> None:
    agenda, now, changes = earlier.read()
    with output.quiet_stdout():
        found = change_day(agenda, now, changes, timing)
    show_changed(output, found)
    if out is not None:
        _save(output, found.agenda, out, pdf)
    output.document(changed_document(found))
    output.leave(DONE)


def _save(output: Output, agenda: Agenda, out: Path, pdf: bool) -> None:
    for path in save_agenda(agenda, out, pdf=pdf):
        output.say(Text(f"已写入 {path}", f"wrote {path}"))


def _require_one_mode(
    instance: Path | None,
    plan: Path | None,
    event: Path | None,
    earlier: Path | None,
    now: str | None,
    words: Words,
) -> None:
    """Refuse what names no task, or more than one."""
    faults: list[Fault] = []
    modes = [instance is not None, plan is not None or event is not None, earlier is not None]
    if sum(modes) != 1:
        expected = Text(
            "FILE.dzn，或 --plan 与 --event，或 --replan",
            "FILE.dzn, or --plan with --event, or --replan",
        )
        message = Text("请给出一项任务", "give one task")
        faults.append(Fault(message, field="FILE", expected=expected))
    elif modes[1]:
        faults += _missing((("--plan", plan), ("--event", event)))
    if earlier is not None:
        faults += _missing((("--now", now),))
    else:
        message = Text("只能与 --replan 同用", "goes with --replan only")
        faults += [Fault(message, field=name) for name in words.given(now)]
    if faults:
        raise InputError(faults)


def _missing(given: Sequence[tuple[str, object]]) -> list[Fault]:
    message = Text("缺少此选项", "is missing")
    return [Fault(message, field=name) for name, value in given if value is None]
