"""`matcher people`: advisers, mentors and lead banks with level loads."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

import seeds
from tests.cli.shell import Shell

TABLE = """人员编号,姓名,角色,所在机构,服务地区,擅长行业,服务条件,最多家数
A1,顾问甲,金融顾问,,330108,,,
A2,顾问乙,金融顾问,,3301,I65,,
A3,顾问丙,金融顾问,bank-a,,,,
M1,导师甲,创业导师,,3301,,,
M2,导师乙,创业导师,,,,职工人数 >= 1,
"""
BINJIANG = ("--where", "region in 330108")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table of three advisers and two mentors; its name says nothing."""
    path = tmp_path / "whoever.csv"
    path.write_text(TABLE)
    return path


def test_advisers_have_level_loads_and_mentors_one_firm_each(shell: Shell, table: Path) -> None:
    """Rows B10 and B11, by one table; who fits better is preferred, with the reasons."""
    roles = shell.document("people", "--people", table, *BINJIANG)["roles"]
    advisers = roles["adviser"]
    assert sorted(advisers["load"].values()) == [6, 7, 7]
    assert advisers["unassigned"] == []
    served = {one["enterprise"]: one["person"] for one in advisers["assigned"]}
    assert served["binjiang-a1"] == "A2"  # region and industry: two rules that hold
    reasons = next(o["reasons"] for o in advisers["assigned"] if o["enterprise"] == "binjiang-a1")
    assert [text["en"] for text in reasons] == [
        "region 330108",
        "industry Software and IT services (I651)",
    ]
    mentors = roles["mentor"]
    assert mentors["load"] == {"M1": 1, "M2": 1}
    assert len(mentors["unassigned"]) == mentors["num_firms"] - 2 == 18


def test_226_visits_over_203_advisers_differ_by_at_most_one(shell: Shell, tmp_path: Path) -> None:
    """Row B10, from files to loads."""
    firms = [{"enterprise_id": f"E{n:03}", "name": f"企业{n}"} for n in range(226)]
    advisers = [{"person_id": f"P{n:03}", "name": f"顾问{n}"} for n in range(203)]
    market, people = tmp_path / "market.json", tmp_path / "people.json"
    rest: dict[str, list[object]] = {"needs": [], "institutions": [], "products": []}
    market.write_text(json.dumps({"enterprises": firms, **rest}))
    people.write_text(json.dumps({"people": advisers}))
    found = shell.document("people", "--market", market, "--people", people)
    load = found["roles"]["adviser"]["load"]
    assert sorted(load.values()) == [1] * 180 + [2] * 23


def test_each_firm_has_one_lead_bank_that_it_works_with_or_that_fits(shell: Shell) -> None:
    """Row B10: without a table the banks of the market lead."""
    (role,) = shell.document("people", "--where", "tags has high_tech")["roles"].items()
    name, found = role
    assert name == "lead_bank"
    firms = [one["enterprise"] for one in found["assigned"]]
    assert len(set(firms)) == len(firms)
    records = seeds.load()
    banks = {i.institution_id for i in records.institutions if i.kind == "bank"}
    known = {firm.enterprise_id: firm for firm in records.enterprises}
    for one in found["assigned"]:
        assert one["person"] in banks
        works = one["person"] in (known[one["enterprise"]].banks or ())
        assert works is ("works with it already" in {text["en"] for text in one["reasons"]})
        assert one["reasons"]


def test_firms_are_not_given_to_whom_they_are_related_to(shell: Shell, tmp_path: Path) -> None:
    """An adviser of the bank that a firm is related to is not eligible for it."""
    firm = {"enterprise_id": "E", "name": "e", "conflicts": ["B"]}
    market = {"enterprises": [firm], "needs": [], "products": [],
              "institutions": [{"institution_id": "B", "name": "b"}]}  # fmt: skip
    path, people = tmp_path / "m.json", tmp_path / "p.toml"
    path.write_text(json.dumps(market))
    people.write_text('[[people]]\nperson_id = "P"\nname = "p"\ninstitution_id = "B"\n')
    found = shell.document("people", "--market", path, "--people", people, code=1)
    (left,) = found["roles"]["adviser"]["unassigned"]
    assert left["reason"]["en"] == "nobody is eligible"
    lead = shell.document("people", "--market", path, "--role", "lead_bank", code=1)
    assert lead["roles"]["lead_bank"]["assigned"] == []


@pytest.mark.parametrize(("lang", "sheet"), [("zh", "金融顾问"), ("en", "adviser")])
def test_it_is_written_as_a_workbook_and_as_json(
    shell: Shell, table: Path, tmp_path: Path, lang: str, sheet: str
) -> None:
    """One sheet of pairs and one of loads for each role; the same bytes each time."""
    words = ("people", "--people", table, *BINJIANG, "--lang", lang)
    assert shell.run(*words, "--out", tmp_path / "a.xlsx").code == 0
    assert shell.run(*words, "--out", tmp_path / "b.xlsx").code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert sheet in book.sheetnames
    assert book[sheet].max_row == 21
    done = shell.run(*words, "--out", tmp_path / "a.json", "--json")
    assert json.loads((tmp_path / "a.json").read_text()) == json.loads(done.out)


def test_the_untouched_template_is_a_table_of_people(shell: Shell, tmp_path: Path) -> None:
    """The example row is an adviser for software firms of Binjiang."""
    book = tmp_path / "people.xlsx"
    assert shell.run("template", book, "--for", "people").code == 0
    found = shell.document("people", "--people", book, *BINJIANG)
    assert list(found["roles"]["adviser"]["load"].values()) == [5]


def test_every_fault_is_named_at_once(shell: Shell, tmp_path: Path) -> None:
    """Rules, the ending of the file to write and each bad cell of the table."""
    path = tmp_path / "people.csv"
    path.write_text("人员编号,姓名,角色,服务地区,最多家数\nP1,,校长,杭州,-1\nP1,乙,,,\n")
    faults = shell.faults(
        "people", "--people", path, "--where", "height > 3", "--where", "(", "--out", "x.pdf"
    )
    assert [(f["field"], f["row"]) for f in faults] == [
        ("--out", None), ("--where", None), ("--where", None), ("role", 2), ("regions", 2),
        ("limit", 2), ("name", 2), ("person_id", 3),
    ]  # fmt: skip


def test_a_lead_bank_must_be_a_bank_of_the_market(shell: Shell, tmp_path: Path) -> None:
    """Each that is none is named; a spread below 1 is refused."""
    path = tmp_path / "people.csv"
    path.write_text("人员编号,姓名,角色\nbank-a,甲,主办银行\nnobody,乙,lead_bank\n")
    (fault,) = shell.faults("people", "--people", path)
    assert (fault["field"], fault["value"]) == ("person_id", "nobody")
    assert [f["field"] for f in shell.faults("people", "--spread", 0)] == ["spread"]
