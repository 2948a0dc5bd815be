"""The columns of institutions."""

from __future__ import annotations

from matcher.domain.choices import (
    InstitutionKind,
)
from matcher.domain.institution import Institution
from matcher.domain.text import Text
from matcher.files.codes import Region
from matcher.files.columns import Column, Table
from matcher.files.kinds import Word
from matcher.files.tables.shared import IDENTITY, MONEY, PROVENANCE, WHOLE, WORDS, menu_note

INSTITUTIONS = Table(
    name="institutions",
    text=Text("机构", "institutions"),
    record=Institution,
    required=True,
    columns=(
        Column(
            field="institution_id",
            text=Text("机构编号", "institution id"),
            kind=IDENTITY,
            required=True,
            others=("id", "编号"),
            note=Text("您自定的唯一编号", "Your own unique id"),
            example="例-B1",
        ),
        Column(
            field="name",
            text=Text("机构名称", "name"),
            kind=WORDS,
            required=True,
            others=("名称", "institution name"),
            note=Text("全称或通用简称", "Its full or usual name"),
            example="示例银行",
        ),
        Column(
            field="name_en",
            text=Text("英文名称", "name in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="Example Bank",
        ),
        Column(
            field="kind",
            text=Text("机构类型", "kind"),
            kind=Word(InstitutionKind),
            others=("类型",),
            note=menu_note("不填即银行", "Blank: bank", InstitutionKind),
            example="银行",
        ),
        Column(
            field="region",
            text=Text("地区代码", "region"),
            kind=Region(),
            others=("地区",),
            note=Text("办公地的 GB/T 2260 代码", "GB/T 2260 code of where it works from"),
            example="330108",
        ),
        Column(
            field="leads",
            text=Text("可接洽数", "leads"),
            kind=WHOLE,
            unit="家",
            note=Text(
                "本轮最多能跟进几家企业，不填即不限",
                "The most needs it can take up this round, blank: no limit",
            ),
            example=10,
        ),
        Column(
            field="quota_fen",
            text=Text("额度", "quota"),
            kind=MONEY,
            unit="元",
            note=Text(
                "本轮最多能承诺的金额，不填即不限",
                "The most money it can promise this round, blank: no limit",
            ),
            example="5000万",
        ),
        *PROVENANCE,
    ),
)
