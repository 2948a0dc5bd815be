import re
import tomllib

import pytest

import seeds
from tests.seeds.raw import DOCUMENTS, ELLIPSIS, RECORDS, one_spaced

NAMES = ("000_c70e566bcac763fa.txt", "004_9764e48c2a787586.txt")


@pytest.fixture(scope="module")
def documents() -> dict[str, str]:
    """Return the source documents with their white space made even."""
    missing = [name for name in NAMES if not (DOCUMENTS / name).is_file()]
    if missing:
        pytest.skip(f"the source documents are not at {DOCUMENTS}: {missing}")
    return {name: one_spaced((DOCUMENTS / name).read_text(encoding="utf-8")) for name in NAMES}


@pytest.fixture(scope="module")
def all_text() -> str:
    """Return every seed file as one text."""
    paths = sorted(seeds.data_dir().glob("*.toml"))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_every_record_names_one_of_the_two_documents():
    """No record is without the document that it is taken from or illustrates."""
    assert [str(r) for r in RECORDS if r.row.get("source") not in NAMES] == []


def test_every_set_field_is_either_stated_or_illustrative():
    """In a record that a document states, each field is in exactly one of the two lists."""
    wrong = [
        str(r)
        for r in RECORDS
        if not r.is_illustrative and sorted([*r.illustrative, *r.stated]) != sorted(r.fields)
    ]
    assert wrong == []


def test_an_illustrative_record_states_nothing():
    """What is made up as a whole quotes no document."""
    assert [str(r) for r in RECORDS if r.is_illustrative and r.stated] == []


def test_every_quotation_stands_in_its_document(documents: dict[str, str]):
    """Each part of a quotation between ellipses is found word for word."""
    wrong = [
        f"{record}.{field}: {part}"
        for record in RECORDS
        for field, words in record.stated.items()
        for part in words.split(ELLIPSIS)
        if not part.strip() or one_spaced(part) not in documents[record.row["source"]]
    ]
    assert wrong == []


def test_what_is_made_up_is_named_as_an_example():
    """A name that no document gives says 示例, and Example in English."""
    made_up = [
        r.row
        for r in RECORDS
        if r.table != "needs" and (r.is_illustrative or "name" in r.illustrative)
    ]
    assert [row["name"] for row in made_up if "示例" not in row["name"]] == []
    assert [row["name_en"] for row in made_up if "Example" not in row["name_en"]] == []


def test_every_record_with_a_name_has_it_in_english_too():
    """Needs have no names; all else has two."""
    assert [str(r) for r in RECORDS if r.table != "needs" and not r.row.get("name_en")] == []


def test_no_person_is_addressed(all_text: str):
    """No record speaks of a person."""
    assert re.findall(r"先生|女士|\bM(?:r|s|rs)\b\.?", all_text) == []


def test_no_person_or_firm_of_the_documents_is_named(all_text: str, documents: dict[str, str]):
    """Names that the documents give beside an office, a by-line or 有限公司 stay out."""
    first, second = (documents[name] for name in NAMES)
    person = r"[A-Z][a-z]+ [A-Z][a-z]+"
    found = re.findall(rf"({person}), (?:a staff|deputy|head)", first)
    found += re.findall(rf"(?:text|editor)/({person})", first)
    found += re.findall(r"长江学者(\w{2,3})团队", second)
    found += re.findall(r"为(\w{4,16}?)有限公司", second)
    assert len(found) >= 7, "the patterns no longer find what they look for"
    assert [name for name in found if name in all_text] == []


def test_every_company_name_is_an_example(all_text: str):
    """有限公司 ends the names of example firms only."""
    names = re.findall(r"\w+有限公司", all_text)
    assert names
    assert [name for name in names if not name.startswith("示例")] == []


def test_every_event_quotes_its_document(documents: dict[str, str]):
    """What a report counts is stated too, all but the days, which are made up."""
    for path in sorted(seeds.report_dir().glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["events"]:
            assert set(row) - {"event_id", "source", "stated", "illustrative"} == {"kind", "day"}
            assert row["illustrative"] == ["day"]
            assert row["stated"]["kind"] in documents[row["source"]]
