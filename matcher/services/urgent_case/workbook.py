"""An urgent case as a workbook: the offers, the table, the steps."""

from __future__ import annotations

from matcher.domain.money import FEN_PER_YUAN
from matcher.domain.text import Lang, Text
from matcher.files.sheet_cells import Column, Form
from matcher.files.workbook import Sheet, workbook_bytes
from matcher.planning.convening import Part, Party
from matcher.services.urgent_case.case import UrgentCase
from matcher.services.urgent_case.offers import TimedOffer
from matcher.services.urgent_case.steps import CaseStep

TITLE = Text("紧急融资", "Urgent case")
Row = tuple[Text, Party, Part]

_INSTITUTION = Text("机构", "institution")
_PRODUCT = Text("产品", "product")
_AMOUNT = Text("可得金额（元）", "on offer (yuan)")
_CASH = Text("到账日", "cash on")
_SPARE = Text("余量（工作日）", "workdays to spare")
_PAPERS = Text("待补材料", "to be shown")

_OFFERS: tuple[Column[TimedOffer], ...] = (
    Column(_INSTITUTION, lambda o, lang: o.pair.institution.text.of(lang)),
    Column(_PRODUCT, lambda o, lang: o.pair.product.text.of(lang)),
    Column(_AMOUNT, lambda o, _: o.pair.offered_fen / FEN_PER_YUAN, Form.MONEY),
    Column(_CASH, lambda o, _: o.cash_date, Form.DAY),
    Column(_SPARE, lambda o, _: o.slack_workdays, Form.COUNT),
    Column(Text("综合年成本（低）", "all-in cost, low"), lambda o, _: o.cost_low, Form.RATE),
    Column(Text("综合年成本（高）", "all-in cost, high"), lambda o, _: o.cost_high, Form.RATE),
    Column(_PAPERS, lambda o, lang: Text.join(list(o.papers)).of(lang), most=50),
)
_PARTIES: tuple[Column[Row], ...] = (
    Column(Text("角色", "role"), lambda row, lang: row[0].of(lang)),
    Column(_INSTITUTION, lambda row, lang: row[1].institution.text.of(lang)),
    Column(Text("方式", "instrument"), lambda row, lang: row[2].instrument.text.of(lang)),
    Column(_PRODUCT, lambda row, lang: row[2].product.text.of(lang)),
    Column(_CASH, lambda row, _: row[2].cash_date, Form.DAY),
    Column(_SPARE, lambda row, _: row[2].slack_workdays, Form.COUNT),
    Column(_PAPERS, lambda row, lang: Text.join(list(row[2].missing)).of(lang), most=50),
)
_STEPS: tuple[Column[CaseStep], ...] = (
    Column(Text("时间", "when"), lambda step, lang: step.when.of(lang)),
    Column(Text("步骤", "step"), lambda step, lang: step.kind.text.of(lang)),
    Column(Text("说明", "what"), lambda step, lang: step.text.of(lang), most=70),
)
AT_THE_TABLE = Text("召集", "at the table")
RESERVE = Text("候补", "reserve")


def case_workbook(case: UrgentCase, lang: Lang) -> bytes:
    """Return an urgent case as the bytes of an Excel workbook."""
    parties = [(AT_THE_TABLE, p, part) for p in case.table.parties for part in p.parts]
    parties += [(RESERVE, p, part) for p in case.table.reserves for part in p.parts]
    sheets = (
        Sheet(Text("召集名单", "Convening list"), _PARTIES, parties),
        Sheet(Text("能按期到账", "Offers in time"), _OFFERS, case.offers),
        Sheet(Text("步骤", "Steps"), _STEPS, case.steps),
    )
    return workbook_bytes(TITLE, case.today, sheets, lang)
