"""The words that every form of an agenda shares: times, tables, kinds, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.domain.moments import CHINA
from matcher.domain.text import Text
from matcher.files.agenda import Agenda, Entry, names
from matcher.files.agenda_shortage import shortage
from matcher.schedule import LevelName, Pause, Slot, Status

TIME = Text("时间", "Time")
TABLE = Text("桌", "Table")
FIRM = Text("企业", "Firm")
INSTITUTION = Text("机构", "Institution")
PARTY = Text("参会方", "Participant")
WITH = Text("对方", "With")
TOPICS = Text("议题", "About")
ALONG = Text("同席", "Also there")
STATUSES = {
    Status.OPTIMAL: Text("已证明最优", "proved to be the best"),
    Status.FEASIBLE: Text("可行，未证明最优", "keeps all rules; a better one may exist"),
}
_BOUNDS = {
    LevelName.VALUE: Text("{v}，任何时间表不超过 {b}", "{v}; no timetable has more than {b}"),
}
_LEAST = Text("{v}，任何时间表不少于 {b}", "{v}; no timetable has less than {b}")


def time_text(agenda: Agenda, stretch: Slot | Pause) -> str:
    """Return a time, with the day only where the event has several."""
    start, end = stretch.start.astimezone(CHINA), stretch.end.astimezone(CHINA)
    day = f"{start:%m-%d} " if len(agenda.problem.days) > 1 else ""
    return f"{day}{start:%H:%M}–{end:%H:%M}"


def days_text(agenda: Agenda) -> str:
    """Return the days of an event."""
    return "、".join(day.isoformat() for day in agenda.head.days)


def topics_text(entry: Entry) -> Text:
    """Name the products that a meeting is about."""
    return Text.join(list(entry.talk.topics), "；", "; ")


def along_text(entry: Entry) -> Text:
    """Name who else is at the table."""
    return names(entry.along)


def sides(agenda: Agenda) -> tuple[Text, Text]:
    """Return what the two columns of a meeting are called; not every event has institutions."""
    return (INSTITUTION, FIRM) if agenda.institutions else (PARTY, WITH)


def count_text(agenda: Agenda) -> Text:
    """Say how much takes place."""
    people = Text("{b} 家机构、{f} 家企业", "{b} institutions, {f} firms")
    if not agenda.institutions:
        people = Text("{f} 个参会方", "{f} participants")
    told = Text("{m} 场洽谈：{p}，{s} 个时段，{t} 张桌", "{m} meetings: {p}, {s} slots, {t} tables")
    return told.format(
        m=len(agenda.timetable),
        p=people.format(b=len(agenda.institutions), f=len(agenda.firms)),
        s=len(agenda.problem.slots),
        t=len(agenda.problem.tables),
    )


def facts(agenda: Agenda) -> Iterator[tuple[Text, Text]]:
    """Yield what an agenda says of the event, label and words."""
    head = agenda.head
    yield Text("类型", "Kind"), head.kind.text
    yield Text("日期", "Date"), Text.same(days_text(agenda))
    if head.place.zh:
        yield Text("地点", "Place"), head.place
    if head.organiser:
        yield Text("主办", "Held by"), Text.same(head.organiser)
    yield Text("安排", "Programme"), count_text(agenda)
    if head.revision:
        told = Text("第 {n} 次更新（{at}）", "update {n} ({at})")
        at = f"{agenda.stamp.astimezone(CHINA):%Y-%m-%d %H:%M}"
        yield Text("版本", "Version"), told.format(n=head.revision, at=at)


def quality(agenda: Agenda) -> Iterator[tuple[Text, Text]]:
    """Yield how good the timetable is, level by level, each with what is proved."""
    yield Text("结论", "Outcome"), STATUSES[agenda.status]
    for level in agenda.levels:
        told = _BOUNDS.get(level.name, _LEAST)
        value, bound = Text.same(level.value), Text.same(level.bound)
        yield level.name.text, told.format(v=value, b=bound)


def remarks(agenda: Agenda) -> Iterator[tuple[Text, Text]]:
    """Yield what does not take place, and why where that is known."""
    for meeting in agenda.unplaced:
        why, told = shortage(agenda, meeting), Text("{p}（{w}）", "{p} ({w})")
        pair = agenda.pair_text(meeting)
        yield Text("未安排", "Not placed"), pair if why is None else told.format(p=pair, w=why)
    for item in agenda.off:
        if not item.only and item.meeting.meeting_id not in agenda.problem.meeting:
            yield Text("已取消", "Called off"), agenda.pair_text(item.meeting)
    for reason in agenda.left_out:
        yield Text("未列入", "Left out"), reason
