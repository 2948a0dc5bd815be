"""What the questionnaire asks: columns of the tables of enterprises and needs, in its order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.tables.enterprises import ENTERPRISES
from matcher.files.tables.needs import NEEDS

TITLE = Text("企业融资需求意向征集表", "Financing needs questionnaire")
HEADS = (Text("项目", "item"), Text("填写", "answer"), Text("说明", "note"))
"""The header row of the form."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the form.

    Parameters
    ----------
    table
        The part of a market's table that it asks; its required columns must be filled in, and
        the credit code, unless the office gives the firm an id.
    office
        The fields that the office fills in, not the firm.
    """

    text: Text
    table: Table
    office: tuple[str, ...]


def _part(table: Table, fields: str, required: tuple[str, ...]) -> Table:
    """Return the table of some of the columns; ids are given by the reader where left blank."""
    columns = tuple(_asked(table.column(f), f in required) for f in fields.split())
    return Table(name=table.name, text=table.text, record=table.record, columns=columns)


def _asked(column: Column, is_required: bool) -> Column:
    return replace(column, required=is_required, note=_NOTES.get(column.field, column.note))


_NOTES = {
    "enterprise_id": Text("留空即用统一社会信用代码", "Blank: the credit code"),
    "need_id": Text("留空即“企业编号-提出日期”", "Blank: the firm's id and the day received"),
    "received": Text("留空即受理当天", "Blank: the day on which the form is taken in"),
}


_ENTERPRISE_FIELDS = """
    name credit_code region industry stated_size founded staff revenue_fen assets_fen ownership
    tags tax_grade first_time_borrower lead_share team_share lead_is_largest indicators
    enterprise_id"""
_NEED_FIELDS = """
    amount_fen amount_min_fen term_months term_days purpose instruments collateral needed_by
    max_rate repayment contacts priority received need_id"""
# Not asked: banks, conflicts and consent name institutions by the ids of a round, which a firm
# does not know; the office adds them to the market.

ENTERPRISE = Section(
    Text("一、企业情况", "1. The firm"),
    _part(ENTERPRISES, _ENTERPRISE_FIELDS, ("name",)),
    ("enterprise_id",),
)
NEED = Section(
    Text("二、融资需求", "2. The need"),
    _part(NEEDS, _NEED_FIELDS, ("amount_fen", "needed_by")),
    ("priority", "received", "need_id"),
)
SECTIONS = (ENTERPRISE, NEED)
OFFICE = Text("三、受理栏（由工作人员填写）", "3. For the office")
CREDIT_CODE = "credit_code"


def is_asked_for(column: Column) -> bool:
    """Tell whether the form marks a field as one that must be filled in."""
    return column.required or column.field == CREDIT_CODE
