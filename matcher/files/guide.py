"""The first sheet of the template: how to fill it in, in both languages."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Font

from matcher.domain.text import Text
from matcher.files.sheet_cells import fill, fit, set_up_page
from matcher.files.tables import TABLES

TITLE = "说明"
_LINES = (
    Text("银企撮合数据模板", "Template for the data of a matching round"),
    Text(
        "1. 各表第一行是表头，请勿改名；红色列必填，其余可空。空白表示“不清楚”，不是“没有”。",
        "1. Row 1 of each sheet has the headers; do not rename them. Red columns are required. "
        "Blank means “not known”, not “none”.",
    ),
    Text(
        "2. 第二行是示例（编号以“例-”开头，“示例”列为“是”）。正式填报时请删去；留着也能读入，"
        "会作为虚拟记录标出。",
        "2. Row 2 is an example (ids begin with 例-, the column 示例 says 是). Delete it when you "
        "fill in real data; if kept, it is read and marked as illustrative.",
    ),
    Text(
        "3. 金额以元为单位，350万、3,500,000、三百五十万 是同一数；表头改为（万元）时按万元读。",
        "3. Amounts are in yuan: 350万, 3,500,000 and 三百五十万 are the same; under a header that "
        "says 万元 bare numbers are 10,000 yuan.",
    ),
    Text(
        "4. 利率、费率写百分号，如 2.65% 或 6‰；只写 2.65 会被退回。",
        "4. Write rates with their sign: 2.65% or 6‰. A bare 2.65 is refused.",
    ),
    Text(
        "5. 日期写 2022-06-03、2022/6/3 或 2022年6月3日。",
        "5. Dates are written 2022-06-03, year first.",
    ),
    Text(
        "6. 多个值用“、”分隔；“名称=数值”之间用分号分隔；确定没有时写“无”。",
        "6. Separate several values by commas, name=value pairs by semicolons; write 无 or none "
        "where there is none.",
    ),
    Text(
        "7. 编号、信用代码、地区代码的单元格是文本格式；18 位代码存成数字会丢失末几位，会被退回。",
        "7. Cells of ids and codes are text. An 18-digit code stored as a number loses digits and "
        "is refused.",
    ),
    Text(
        "8. 条件写成规则，如 营业收入 >= 500万；职工人数 介于 3 .. 300；资质标签 具备 专精特新；"
        "（A 或 B） 且 非 C。规则说不清的原文照录，两边加英文引号。",
        "8. Conditions are rules: revenue >= 5000000; staff between 3 .. 300; tags has exporter; "
        '(A or B) and not C. What no rule can say stands in "quotation marks".',
    ),
    Text(
        "9. 鼠标停在表头上可看每列的说明。错误会逐条列出表、行、列和应填内容，改好再读入即可。",
        "9. Each header has a note. Faults are listed with sheet, row, column and what was "
        "expected; mend them and read the file again.",
    ),
)


_WIDTH = 62


def write_guide(sheet: Any) -> None:
    """Write the instructions and the list of sheets."""
    sheet.title = TITLE
    sheets = Text.join([table.text for table in TABLES])
    required = Text.join([table.text for table in TABLES if table.required])
    tables = Text("表：{s}；必须有：{r}。", "Sheets: {s}; required: {r}.").format(
        s=sheets, r=required
    )
    for row, line in enumerate((*_LINES, tables), start=1):
        for column, words in ((1, line.zh), (2, line.en)):
            cell = sheet.cell(row, column)
            fill(cell, words)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=row == 1, size=14 if row == 1 else 11)
    fit(sheet, [_WIDTH, _WIDTH])
    set_up_page(sheet, TITLE)
    sheet.freeze_panes = "A2"
