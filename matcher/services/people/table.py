"""The table of people: a sheet, a CSV file of any name, JSON or TOML."""

from __future__ import annotations

from pathlib import Path

from matcher.domain.text import Text
from matcher.files.codes import Industry, Region
from matcher.files.columns import Column, Table
from matcher.files.kinds import Word
from matcher.files.several import SetOf
from matcher.files.table_reading import read_tables
from matcher.files.table_set import TableSet
from matcher.files.tables.shared import (
    IDENTITY,
    PROVENANCE,
    RULE_NOTE,
    RULES,
    WHOLE,
    WORDS,
    menu_note,
)
from matcher.services.people.person import Person, Role

PEOPLE = Table(
    name="people",
    text=Text("人员", "people"),
    record=Person,
    required=True,
    columns=(
        Column(
            field="person_id",
            text=Text("人员编号", "person id"),
            kind=IDENTITY,
            required=True,
            others=("id", "编号"),
            note=Text(
                "您自定的唯一编号；主办银行写它在机构表中的编号",
                "Your own unique id; of a lead bank, that of its institution",
            ),
            example="例-P1",
        ),
        Column(
            field="name",
            text=Text("姓名", "name"),
            kind=WORDS,
            required=True,
            others=("名称",),
            note=Text("姓名或称呼", "Name, or how the person is called"),
            example="示例顾问",
        ),
        Column(
            field="name_en",
            text=Text("英文名称", "name in English"),
            kind=WORDS,
            note=Text("可不填", "Optional"),
            example="Example adviser",
        ),
        Column(
            field="role",
            text=Text("角色", "role"),
            kind=Word(Role),
            others=("类型", "kind"),
            note=menu_note("不填即金融顾问", "Blank: adviser", Role),
            example="金融顾问",
        ),
        Column(
            field="institution_id",
            text=Text("所在机构", "institution"),
            kind=IDENTITY,
            others=("机构编号", "institution id"),
            note=Text(
                "与该机构有关联关系的企业不会分给此人",
                "Firms that are related to it are never given to the person",
            ),
        ),
        Column(
            field="regions",
            text=Text("服务地区", "regions"),
            kind=SetOf(Region()),
            others=("地区",),
            note=Text(
                "GB/T 2260 代码，用“、”分隔，不填即全部",
                "GB/T 2260 codes, separated by commas; blank: all",
            ),
            example="330108",
        ),
        Column(
            field="industries",
            text=Text("擅长行业", "industries"),
            kind=SetOf(Industry()),
            others=("行业",),
            note=Text(
                "GB/T 4754 代码，用“、”分隔，不填即全部",
                "GB/T 4754 codes, separated by commas; blank: all",
            ),
            example="I65、C39",
        ),
        Column(
            field="criteria",
            text=Text("服务条件", "criteria"),
            kind=RULES,
            others=("条件",),
            note=RULE_NOTE,
        ),
        Column(
            field="limit",
            text=Text("最多家数", "limit"),
            kind=WHOLE,
            unit="家",
            note=Text(
                "最多服务几家企业；不填：导师 1 家，其余不限",
                "The most firms; blank: one for a mentor, no limit for others",
            ),
            example=5,
        ),
        *PROVENANCE,
    ),
)

PEOPLE_FILE = TableSet((PEOPLE,), sole=PEOPLE)


def read_people(path: Path) -> tuple[Person, ...]:
    """Read a table of people.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    return read_tables([path], PEOPLE_FILE).records[PEOPLE.name]
