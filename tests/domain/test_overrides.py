from datetime import date

import pytest

from matcher.domain.errors import InputError
from matcher.domain.overrides import Overrides, parse_overrides
from matcher.domain.text import Lang

COMPLETE = """
workdays = [2027-02-06, 2027-02-20]
days_off = [2027-02-05]
years = [2027]
"""


def faults_of(text):
    """Return (field, value) of each fault of a file, as text."""
    with pytest.raises(InputError) as caught:
        parse_overrides(text, file="days.toml")
    assert all(f.file == "days.toml" for f in caught.value.faults)
    return [(f.field, str(f.value)) for f in caught.value.faults]


def test_a_file_names_workdays_days_off_and_complete_years():
    """The three lists are read as they stand."""
    read = parse_overrides(COMPLETE)
    assert read.workdays == (date(2027, 2, 6), date(2027, 2, 20))
    assert read.days_off == (date(2027, 2, 5),)
    assert read.years == (2027,)


def test_an_empty_file_changes_nothing():
    """Every list may be left out."""
    assert parse_overrides("") == Overrides()


def test_what_is_not_toml_is_one_fault_in_both_languages():
    """The parser's own words are kept, for they name line and column."""
    with pytest.raises(InputError) as caught:
        parse_overrides("workdays = [2027-02-30]")
    (fault,) = caught.value.faults
    assert fault.sentence(Lang.ZH).startswith("不是有效的 TOML：")
    assert "line 1" in fault.sentence(Lang.EN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('workdays = ["2027-02-06"]', [("workdays[1]", "2027-02-06")]),
        ("days_off = [2027-02-05T00:00:00]", [("days_off[1]", "2027-02-05 00:00:00")]),
        ("days_off = [2027-02-05, 20270206]", [("days_off[2]", "20270206")]),
        ("workdays = 2027-02-06", [("workdays", "2027-02-06")]),
        ("years = [true]", [("years[1]", "True")]),
        ("years = [1948, 27, 10000]", [("years[1]", "1948"), ("years[2]", "27"),
                                       ("years[3]", "10000")]),
        ("holidays = []", [("holidays", "None")]),
        ("workdays = [2027-02-06, 2027-02-06]", [("workdays", "2027-02-06")]),
        ("days_off = [2027-02-06, 2027-02-06]", [("days_off", "2027-02-06")]),
        ("years = [2027, 2027]", [("years", "2027")]),
        ("workdays = [2027-02-06]\ndays_off = [2027-02-06]", [("days_off", "2027-02-06")]),
    ],
)  # fmt: skip
def test_each_fault_names_its_list_and_value(text, found):
    """A string, a moment, a number, a stray key, a day twice or in both lists are refused."""
    assert faults_of(text) == found


def test_every_fault_of_a_file_is_named_at_once():
    """Six faults of six kinds come together."""
    text = """
    days = []
    workdays = ["x", 2027-02-06, 2027-02-06]
    days_off = [2027-02-06, 1]
    years = ["2027"]
    """
    fields = [field for field, _ in faults_of(text)]
    assert fields == ["days", "workdays[1]", "days_off[2]", "years[1]", "workdays", "days_off"]


def test_overrides_made_in_code_are_checked_too():
    """A day in both lists cannot exist, file or not."""
    day = date(2027, 2, 6)
    with pytest.raises(InputError, match="both a workday and a day off"):
        Overrides(workdays=(day,), days_off=(day,))
