"""The part of an event file about people: guests, absences, meetings, order, keeping apart."""

from __future__ import annotations

from matcher.domain.text import Text
from matcher.files.event_hall import Hall, moments
from matcher.files.event_sheet import Apart, Asked, Away, Guest, Order, Place
from matcher.files.event_times import missed, missed_between
from matcher.files.toml_table import MISSING, TomlTable
from matcher.schedule import ParticipantKind, Session

_KINDS = {"institutions": ParticipantKind.INSTITUTION, "firms": ParticipantKind.FIRM}


def _place(row: TomlTable) -> Place:
    return Place(row.section or "", row.row or 0)


def read_people(top: TomlTable, hall: Hall) -> tuple[tuple[Guest, ...], tuple[Away, ...]]:
    """Read what the file says of institutions and firms, and who is away when."""
    guests: list[Guest] = []
    away: list[Away] = []
    for section, kind in _KINDS.items():
        for row in top.rows(section):
            guest = _guest(row, kind, hall)
            guests.append(guest)
            away.append(Away(guest.guest_id, _missed(row, hall), guest.place))
            row.close()
    away += [_absence(row, hall) for row in top.rows("absences")]
    return tuple(guests), tuple(item for item in away if item.slots)


def _guest(row: TomlTable, kind: ParticipantKind, hall: Hall) -> Guest:
    tables = row.texts("tables")
    known = {table.table_id for table in hall.tables}
    unknown = [table for table in tables if table not in known]
    if unknown and known:
        row.refuse("tables", Text("没有此桌", "there is no such table"), ", ".join(unknown))
    return Guest(
        guest_id=row.text("id", required=True),
        kind=kind,
        place=_place(row),
        name=row.text("name"),
        name_en=row.text("name_en"),
        officers=row.integer("officers", 1, 1, 500),
        tables=tables,
        max_run=row.optional_integer("max_in_a_row", 1),
        wish=row.choice("wish", Session),
    )


def _absence(row: TomlTable, hall: Hall) -> Away:
    who, slots = row.text("who", required=True), _missed(row, hall) | _between(row, hall)
    slots |= hall.slots_at(row, "slots")
    if not any(map(row.has, ("arrives", "leaves", "from", "to", "slots"))):
        expected = Text.same("arrives, leaves, from + to, slots")
        row.refuse(None, Text("没有说明何时不在", "does not say when"), expected=expected)
    row.close()
    return Away(who, slots, _place(row))


def _missed(row: TomlTable, hall: Hall) -> frozenset[str]:
    arrives, leaves = row.when("arrives"), row.when("leaves")
    return missed(hall.slots, moments(hall, arrives), moments(hall, leaves))


def _between(row: TomlTable, hall: Hall) -> frozenset[str]:
    start, end = row.when("from"), row.when("to")
    for key, other in (("from", "to"), ("to", "from")):
        if row.has(other) and not row.has(key):
            row.refuse(key, MISSING)
    pairs = list(zip(moments(hall, start), moments(hall, end), strict=False))
    if any(last <= first for first, last in pairs):
        row.refuse("to", Text("不晚于 from", "is no later than from"), row.raw("to"))
    missing = [missed_between(hall.slots, *pair) for pair in pairs]
    return frozenset[str]().union(*missing)


def read_asked(top: TomlTable, hall: Hall) -> tuple[Asked, ...]:
    """Read the meetings that are musts, have a time, or are not in the plan."""
    found = []
    for row in top.rows("meetings"):
        pair = row.text("firm", required=True), row.text("institution", required=True)
        asked = Asked(
            pair=pair,
            place=_place(row),
            must=row.flag("must"),
            value=row.number("value"),
            session=row.choice("session", Session),
            slot=hall.slot_at(row, "at"),
        )
        found.append(asked)
        row.close()
    return tuple(found)


def read_apart(top: TomlTable) -> tuple[Apart, ...]:
    """Read who and what is never at the same time."""
    found = []
    for row in top.rows("never_together"):
        apart = Apart(row.texts("guests"), row.pairs("meetings"), _place(row))
        if len(apart.guests) < 2 and len(apart.meetings) < 2:
            expected = Text(
                "guests 或 meetings，至少各两个", "guests or meetings, two or more of them"
            )
            row.refuse(None, Text("至少要两个", "needs two at least"), expected=expected)
        found.append(apart)
        row.close()
    return tuple(found)


def read_orders(top: TomlTable) -> tuple[Order, ...]:
    """Read which meeting comes before which."""
    found = []
    for row in top.rows("precedence"):
        before, after = row.pair("before", required=True), row.pair("after", required=True)
        if before and after:
            found.append(Order(before, after, _place(row)))
        row.close()
    return tuple(found)
