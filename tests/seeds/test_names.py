"""No programme is a branch in the code: its names stand in the seeds and in tests only."""

from pathlib import Path

import pytest

import seeds
from matcher.domain.records import ID_FIELDS

ROOT = Path(seeds.__file__).parent.parent
TABLES = ("institutions", "products", "policies", "pools", "enterprises", "needs")
GENERAL = {
    "见贷即保": "what any guarantee does whose approval follows the loan's",
    "金融顾问": "a role, as adviser is in English",
    "金融顾问走访": "a kind of event",
    "创业导师": "a role, as mentor is in English",
}
"""Names of records that are words of the trade as well."""


def programme_names() -> set[str]:
    """Return ids and names, both languages, of all that a document states."""
    records = seeds.load()
    found: set[str] = set()
    for table in TABLES:
        for record in getattr(records, table):
            if not record.provenance.illustrative:
                named = (ID_FIELDS[table], "name", "name_en")
                found |= {getattr(record, field, None) or "" for field in named}
    return found - {"", *GENERAL}


def sources() -> list[Path]:
    """Return every file of the code that could hold a name."""
    kinds = {".py", ".toml", ".html", ".css", ".js", ".typ"}
    folders = (ROOT / "matcher", ROOT / "api")
    return sorted(p for f in folders for p in f.rglob("*") if p.suffix in kinds)


def test_no_code_names_a_programme():
    """Neither by its id nor by its name in either language."""
    names, read = programme_names(), sources()
    assert len(names) > 100
    assert len(read) > 150
    texts = {path: path.read_text(encoding="utf-8") for path in read}
    found = [(str(p), name) for p, text in texts.items() for name in names if name in text]
    assert found == []


@pytest.mark.parametrize("name", ["舟转灵", "惠担贷", "科融保", "拨投联动", "山南投融汇", "遂亩保"])
def test_the_names_that_are_looked_for_are_those_of_the_documents(name: str):
    """The look-up would find the programmes by the words that people use for them."""
    assert any(name in known for known in programme_names())
