"""Load a round: records from files and catalogues, the day, and what the reader should know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.overrides import NO_OVERRIDES, Overrides, parse_overrides
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files import FileStamp, read_market
from matcher.files.cdr import Refusal, read_cdr
from matcher.files.sources import stamp_of
from matcher.market import Market


@dataclass(frozen=True, slots=True)
class Round:
    """A market with where it came from.

    Parameters
    ----------
    files
        Every file read.
    notes
        What the reader of a plan should know about the input.
    """

    market: Market
    files: tuple[FileStamp, ...] = ()
    notes: tuple[Text, ...] = ()


def load_round(
    path: Path,
    *,
    today: date,
    as_of: date | None = None,
    catalogue: Path | None = None,
    exchange_rate: Decimal = Decimal(1),
    calendar: Path | None = None,
) -> Round:
    """Read a market, and a catalogue of products beside it.

    Parameters
    ----------
    path
        Workbook, JSON or TOML file, or folder. With a catalogue it need not hold products.
    today
        The day of the round where nothing else says it.
    as_of
        The day of the round; without it, what the file says or, failing that, the latest day on
        which a need was received.
    catalogue
        CDR product reference data, one JSON object a line.
    exchange_rate
        Units of the market's currency for one of the catalogue's.
    calendar
        Days that differ from the working calendar; see `parse_overrides`.

    Raises
    ------
    InputError
        With every fault of the files.
    """
    found = read_market(path, complete=catalogue is None)
    records, files = found.records, found.files
    notes = [_ignored(name) for name in found.ignored]
    if catalogue is not None:
        offers = read_cdr(catalogue, exchange_rate)
        records = records + offers.records
        files = (*files, stamp_of(catalogue.name, catalogue.read_bytes()))
        notes += [*offers.notes, *(_refused(r) for r in offers.refused)]
    overrides = NO_OVERRIDES
    if calendar is not None:
        overrides, stamp = read_calendar(calendar)
        files = (*files, stamp)
    day = as_of or found.as_of or latest_received(records)
    if day is None:
        day = today
        notes.append(Text(f"未给出日期，按 {day} 计算", f"no day was given: {day} is taken"))
    return make_round(records, day, overrides=overrides, files=files, notes=tuple(notes))


def make_round(
    records: Records,
    as_of: date,
    *,
    overrides: Overrides = NO_OVERRIDES,
    files: tuple[FileStamp, ...] = (),
    notes: tuple[Text, ...] = (),
) -> Round:
    """Make a round of records, noting what its calendar does not know."""
    market = Market.from_records(records, as_of, overrides)
    deadlines = [n.needed_by for n in market.needs if n.needed_by is not None]
    years = {as_of.year: as_of, **{day.year: day for day in deadlines}}
    warnings = [market.calendar.warning(day) for _, day in sorted(years.items())]
    return Round(market, files, (*notes, *(w for w in warnings if w is not None)))


def read_calendar(path: Path) -> tuple[Overrides, FileStamp]:
    """Read a file of days that differ from the working calendar.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, ValueError) as error:
        message = Text("无法读取日历文件", "cannot read the calendar")
        raise InputError([Fault(message, file=path.name, value=str(error))]) from None
    return parse_overrides(text, path.name), stamp_of(path.name, content)


def latest_received(records: Records) -> date | None:
    """Return the latest day on which a need was received, None if none says."""
    return max((n.received for n in records.needs if n.received is not None), default=None)


def _ignored(name: str) -> Text:
    return Text(f"未读取：{name}", f"not read: {name}")


def _refused(refusal: Refusal) -> Text:
    place = f"{refusal.institution} · {refusal.name} (#{refusal.line})"
    template = Text("目录产品未采用：{p}：{r}", "not taken from the catalogue: {p}: {r}")
    return template.format(p=place, r=refusal.reason)
