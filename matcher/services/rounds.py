"""Load a round: records from files and catalogues, the day, and what the reader should know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.money import rate_text
from matcher.domain.overrides import NO_OVERRIDES, Overrides, parse_overrides
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files import FileStamp, read_market
from matcher.files.cdr import Refusal, read_cdr
from matcher.files.sources import stamp_of
from matcher.finance.lpr import LprTable, priced
from matcher.finance.lpr_file import parse_lpr
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


@dataclass(frozen=True, slots=True)
class LprSource:
    """A table of the loan prime rate with the file that it was read from."""

    table: LprTable
    stamp: FileStamp


def load_round(
    path: Path,
    *,
    today: date,
    as_of: date | None = None,
    catalogue: Path | None = None,
    exchange_rate: Decimal = Decimal(1),
    calendar: Path | None = None,
    lpr: LprSource | None = None,
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
    lpr
        The loan prime rates; see `make_round`.

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
    return make_round(records, day, overrides=overrides, files=files, notes=tuple(notes), lpr=lpr)


def make_round(
    records: Records,
    as_of: date,
    *,
    overrides: Overrides = NO_OVERRIDES,
    files: tuple[FileStamp, ...] = (),
    notes: tuple[Text, ...] = (),
    lpr: LprSource | None = None,
) -> Round:
    """Make a round of records, noting what its calendar does not know.

    Parameters
    ----------
    lpr
        The loan prime rates, of which products quoted as LPR plus basis points take the latest
        on the day of the round. Without it their rate is not known, and a note says so.

    Raises
    ------
    InputError
        Naming every product whose rate the table does not give on that day.
    """
    if lpr is not None:
        records = replace(records, products=priced(records.products, lpr.table, as_of))
        files = (*files, lpr.stamp)
    notes = (*notes, *_quotes(records, as_of, lpr))
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


def read_lpr(path: Path) -> LprSource:
    """Read a table of the loan prime rate, CSV or TOML; see `parse_lpr`.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = Text("无法读取 LPR 表", "cannot read the table of LPR")
        raise InputError([Fault(message, file=path.name, value=str(error))]) from None
    return LprSource(parse_lpr(content, path.name), stamp_of(path.name, content))


def _quotes(records: Records, day: date, lpr: LprSource | None) -> Iterator[Text]:
    """Say which LPR the rates follow, or which products have no rate for want of one."""
    following = [p for p in records.products if p.lpr is not None]
    if lpr is not None:
        tenors = sorted({p.lpr for p in following if p.lpr is not None})
        shown = [
            Text("{t} {r}", "{t} {r}").format(t=t.text, r=rate_text(lpr.table.rate(day, t)))
            for t in tenors
        ]
        if shown:
            told = Text("{n} 个产品按 LPR 加点计价：{r}", "{n} products are priced from LPR: {r}")
            yield told.format(n=len(following), r=Text.join(shown))
    unknown = [p.product_id for p in following if p.rate is None]
    if unknown:
        told = Text(
            "按 LPR 加点报价的产品没有 LPR 表（--lpr），利率未知：{p}",
            "quoted from LPR, and without a table of it (--lpr) the rate is not known: {p}",
        )
        yield told.format(p=Text.join([Text.same(identity) for identity in unknown]))


def latest_received(records: Records) -> date | None:
    """Return the latest day on which a need was received, None if none says."""
    return max((n.received for n in records.needs if n.received is not None), default=None)


def _ignored(name: str) -> Text:
    return Text(f"未读取：{name}", f"not read: {name}")


def _refused(refusal: Refusal) -> Text:
    place = f"{refusal.institution} · {refusal.name} (#{refusal.line})"
    template = Text("目录产品未采用：{p}：{r}", "not taken from the catalogue: {p}: {r}")
    return template.format(p=place, r=refusal.reason)
