"""The published format: what is wrong with a file is told at once."""

import pytest

from matcher.domain.errors import InputError
from matcher.domain.text import Lang
from matcher.schedule import Absence, Precedence, Session, parse_dzn, read_dzn

GOOD = """
nBusiness = 3; nMeetings = 2; nTables = 1; % a remark
nTotalSlots = 4; nMorningSlots = 2;
requested = [|1, 2,1,
|1, 3,3,
|];
meetingsxBusiness = [{1,2}];
forbidden = [{0}, {2}, {}];
fixed = [0,3];
precedences = [{}, {1}];
"""


def faults_of(text):
    """Return the sentences of the error that a text gives."""
    with pytest.raises(InputError) as caught:
        parse_dzn(text)
    return caught.value.sentences(Lang.EN)


def test_a_file_is_read():
    """Counts, sessions, absences, fixed slots and order."""
    problem = parse_dzn(GOOD)
    assert len(problem.participants) == 3
    assert [m.wish for m in problem.meetings] == [Session.MORNING, None]
    assert [m.slot for m in problem.meetings] == [None, "3"]
    assert all(m.must for m in problem.meetings)
    assert problem.absences == (Absence("2", frozenset({"2"})),)
    assert problem.precedences == (Precedence("1", "2"),)
    assert problem.fairness == 2


@pytest.mark.parametrize("cut", [20, 60, 110, 150, 200, 221])
def test_a_file_cut_off_anywhere_is_refused(cut):
    """A truncated file is never read as a smaller one."""
    assert any("breaks off" in s or "missing" in s for s in faults_of(GOOD[:cut]))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nTables = 1", "nTables = x", "nTables: should be an integer"),
        ("nTables = 1;", "", "nTables: is missing"),
        ("nTables = 1;", "nTables = 1; nTables = 2;", "more than once"),
        ("|1, 3,3,", "|1, 9,3,", "item 2 should be 1 to 3 9"),
        ("|1, 3,3,", "|1, 1,3,", "row 2: a participant meets itself"),
        ("|1, 3,3,", "|1, 3,", "row 2 should have three numbers"),
        ("|1, 3,3,", "", "has 1 items, should have 2"),
        ("|1, 3,3,", "|1, 3,4,", "item 2 should be 1 to 3 4"),
        ("[0,3]", "[0,9]", "item 2 should be 0 to 4 9"),
        ("[0,3]", "[0,3", "should begin with [ and end with ]"),
        ("[0,3]", "[0,-3]", "is not an integer '-3'"),
        ("{2}, {}", "{2}, 7", "should be sets in braces"),
        ("nMorningSlots = 2", "nMorningSlots = 7", "is more than all slots"),
        ("nBusiness = 3;", "nBusiness 3;", "not of the form name = value"),
    ],
)
def test_each_fault_is_named(old, new, words):
    """With its place and what was expected."""
    assert old in GOOD
    assert any(words in sentence for sentence in faults_of(GOOD.replace(old, new)))


def test_all_faults_are_named_at_once():
    """Three mistakes, three faults."""
    bad = (
        GOOD.replace("nTables = 1", "nTables = x").replace("[0,3]", "[0,9]").replace(" 3,3", " 7,8")
    )
    assert len(faults_of(bad)) >= 4


def test_a_fault_carries_the_name_of_the_file(tmp_path):
    """So that one of eighty is found."""
    path = tmp_path / "cut.dzn"
    path.write_text(GOOD[:100], encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_dzn(path)
    assert all(fault.file == "cut.dzn" for fault in caught.value.faults)
    with pytest.raises(InputError, match="cannot be read"):
        read_dzn(tmp_path / "absent.dzn")


def test_order_in_a_circle_is_refused(tmp_path):
    """Faults of the problem come with the file's name as well."""
    path = tmp_path / "circle.dzn"
    path.write_text(GOOD.replace("[{}, {1}]", "[{2}, {1}]"), encoding="utf-8")
    with pytest.raises(InputError, match="circle") as caught:
        read_dzn(path)
    assert caught.value.faults[0].file == "circle.dzn"
