"""The tables that a report is made from, and how files bring them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from matcher.domain.event import Event, EventKind
from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.kinds import Word
from matcher.files.table_reading import read_tables
from matcher.files.table_set import TableSet
from matcher.files.tables.shared import (
    DAY,
    FLAG,
    IDENTITIES,
    IDENTITY,
    MONEY,
    PROVENANCE,
    WHOLE,
    WORDS,
    menu_note,
)
from matcher.services.people import PEOPLE, Person
from matcher.services.reporting.records import BookedDeal, Programme
from matcher.services.statistics import Cover, Visit


def _id(field: str, zh: str, en: str, example: str) -> Column:
    note = Text("您自定的唯一编号", "Your own unique id")
    return Column(field=field, text=Text(zh, en), kind=IDENTITY, required=True, note=note,
                  others=("id", "编号"), example=example)  # fmt: skip


_FIRM = Column(
    field="enterprise_id",
    text=Text("企业编号", "enterprise id"),
    kind=IDENTITY,
    required=True,
    others=("企业", "enterprise", "统一社会信用代码"),
    note=Text("同一企业始终用同一编号", "One firm has one id throughout"),
    example="例-E1",
)
_SOLVED = Column(
    field="problems_solved",
    text=Text("解决难题数", "problems solved"),
    kind=WHOLE,
    unit="个",
    note=Text("当场或随后解决了几个问题，不填即 0", "How many were settled by it, blank: 0"),
    example=1,
)

PROGRAMMES = Table(
    name="programmes",
    text=Text("项目", "programmes"),
    record=Programme,
    columns=(
        _id("programme_id", "项目编号", "programme id", "例-M1"),
        Column(
            field="name",
            text=Text("项目名称", "name"),
            kind=WORDS,
            required=True,
            others=("名称",),
            note=Text("如 应急转贷资金", "Such as the name of a bridge fund"),
            example="示例转贷资金",
        ),
        Column(
            field="name_en",
            text=Text("英文名称", "name in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="Example bridge fund",
        ),
        Column(
            field="pool_fen",
            text=Text("资金池规模", "pool"),
            kind=MONEY,
            unit="元",
            note=Text("用来计算周转次数，没有就空着", "For the turns of the pool; blank: none"),
            example="5000万",
        ),
    ),
)
DEALS = Table(
    name="deals",
    text=Text("成交", "deals"),
    record=BookedDeal,
    columns=(
        _id("deal_id", "成交编号", "deal id", "例-D1"),
        _FIRM,
        Column(
            field="programme_id",
            text=Text("项目编号", "programme id"),
            kind=IDENTITY,
            others=("项目", "programme"),
            note=Text("属于哪个项目，可不填", "The programme that it belongs to, if any"),
            example="例-M1",
        ),
        Column(
            field="amount_fen",
            text=Text("金额", "amount"),
            kind=MONEY,
            required=True,
            unit="元",
            others=("放款金额", "成交金额"),
            note=Text("发放的金额", "What was paid out"),
            example="500万",
        ),
        Column(
            field="day",
            text=Text("日期", "day"),
            kind=DAY,
            others=("放款日期", "成交日期", "date"),
            note=Text("放款的日期；不填则不计入分年和分期统计", "Day of payment; blank: no year"),
            example="2022-06-01",
        ),
        Column(
            field="saved_fen",
            text=Text("节省成本", "saved"),
            kind=MONEY,
            unit="元",
            note=Text("为企业省下多少；不知道就空着", "What the firm saved; blank: not known"),
            example="3.2万",
        ),
        Column(
            field="is_bad",
            text=Text("坏账", "bad"),
            kind=FLAG,
            note=Text("没有收回填“是”，不填即否", "Yes if it was not paid back, blank: no"),
            example="否",
        ),
    ),
)
EVENTS = Table(
    name="events",
    text=Text("活动", "events"),
    record=Event,
    columns=(
        _id("event_id", "活动编号", "event id", "例-V1"),
        Column(
            field="kind",
            text=Text("类型", "kind"),
            kind=Word(EventKind, shown=tuple(kind.text for kind in EventKind)),
            required=True,
            others=("活动类型",),
            note=menu_note("从下拉表选一项", "Choose one", EventKind),
            example=EventKind.MATCHMAKING.zh,
        ),
        Column(
            field="day",
            text=Text("日期", "day"),
            kind=DAY,
            required=True,
            others=("date", "活动日期"),
            note=Text("举办的日期", "The day on which it was held"),
            example="2022-06-10",
        ),
        Column(
            field="place",
            text=Text("地点", "place"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="示例会议中心",
        ),
        Column(
            field="institutions",
            text=Text("参加机构", "institutions"),
            kind=IDENTITIES,
            note=Text("机构编号，用“、”分隔", "Ids, separated by commas"),
        ),
        Column(
            field="enterprises",
            text=Text("参加企业", "enterprises"),
            kind=IDENTITIES,
            note=Text("知道名字的企业编号，用“、”分隔", "Ids of those known by name"),
        ),
        Column(
            field="num_enterprises",
            text=Text("企业家数", "number of enterprises"),
            kind=WHOLE,
            unit="家",
            note=Text("到场企业总数；不填即所列家数", "All firms present; blank: those named"),
            example=24,
        ),
        _SOLVED,
        Column(
            field="num_deals",
            text=Text("会后签约笔数", "deals signed afterwards"),
            kind=WHOLE,
            others=("签约笔数", "deals signed"),
            note=Text("后续跟踪所得；尚未跟踪就空着", "From the follow-up; blank: not known yet"),
            example=2,
        ),
        Column(
            field="promised_fen",
            text=Text("会后意向金额", "promised afterwards"),
            kind=MONEY,
            unit="元",
            others=("意向金额", "promised"),
            note=Text("会后承诺的金额；未知就空着", "Money promised; blank: not known yet"),
            example="800万",
        ),
        Column(
            field="disbursed_fen",
            text=Text("会后到位金额", "paid out afterwards"),
            kind=MONEY,
            unit="元",
            others=("到位金额", "disbursed"),
            note=Text("会后实际放款的金额；未知就空着", "Money paid out; blank: not known yet"),
            example="500万",
        ),
        *PROVENANCE,
    ),
)
VISITS = Table(
    name="visits",
    text=Text("走访", "visits"),
    record=Visit,
    columns=(
        _id("visit_id", "走访编号", "visit id", "例-W1"),
        Column(
            field="adviser_id",
            text=Text("顾问编号", "adviser id"),
            kind=IDENTITY,
            required=True,
            others=("顾问", "人员编号", "adviser"),
            note=Text("有“人员”表时须在表中", "Stands in the table of people, if there is one"),
            example="例-P1",
        ),
        _FIRM,
        Column(
            field="day",
            text=Text("日期", "day"),
            kind=DAY,
            others=("date", "走访日期"),
            note=Text("走访的日期", "The day of the visit"),
            example="2022-06-12",
        ),
        _SOLVED,
    ),
)
COVERS = Table(
    name="covers",
    text=Text("保单", "covers"),
    record=Cover,
    columns=(
        _id("cover_id", "保单编号", "cover id", "例-C1"),
        _FIRM,
        Column(
            field="cover_fen",
            text=Text("保额", "cover"),
            kind=MONEY,
            required=True,
            unit="元",
            others=("担保金额", "保险金额"),
            note=Text("保险金额或担保金额", "The sum insured or guaranteed"),
            example="500万",
        ),
    ),
)

REPORT_FILES = TableSet((DEALS, PROGRAMMES, EVENTS, VISITS, PEOPLE, COVERS))
_REFERENCES = (
    ("deals", "programme_id", "programmes"),
    ("visits", "adviser_id", "people"),
)


@dataclass(frozen=True, slots=True)
class ReportTables:
    """What files bring for a report; a table that no file has is None."""

    deals: tuple[BookedDeal, ...] | None = None
    programmes: tuple[Programme, ...] | None = None
    events: tuple[Event, ...] | None = None
    visits: tuple[Visit, ...] | None = None
    people: tuple[Person, ...] | None = None
    covers: tuple[Cover, ...] | None = None
    ignored: tuple[str, ...] = ()


def read_report_tables(paths: Iterable[Path]) -> ReportTables:
    """Read workbooks, CSV files named after a table, JSON and TOML files, or folders of them.

    Raises
    ------
    InputError
        With every fault of every file; or if there is no table to read.
    """
    found = read_tables(paths, REPORT_FILES, _REFERENCES)
    there = {name: found.records[name] for name in found.present}
    return ReportTables(**there, ignored=found.ignored)
