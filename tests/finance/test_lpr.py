from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.choices import Tenor
from matcher.domain.errors import InputError
from matcher.domain.institution import Product
from matcher.domain.text import Lang
from matcher.finance.lpr import LprEntry, LprTable, priced
from matcher.finance.lpr_file import parse_lpr
from tests.finance.faults import fields_of
from tests.finance.strategies import days, small_rates

CSV = "date,1y,5y\n2030-05-20,3.00%,3.50%\n2030-01-20,3.10%,3.60%\n"
TABLE = parse_lpr(CSV)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2030, 1, 20), "0.031"),
        (date(2030, 5, 19), "0.031"),
        (date(2030, 5, 20), "0.03"),
        (date(2039, 1, 1), "0.03"),
    ],
)
def test_the_rate_of_a_day_is_the_latest_published_on_or_before(day, expected):
    """The day of publication counts; a later day keeps the last figure."""
    assert TABLE.rate(day, Tenor.ONE_YEAR) == Decimal(expected)


def test_a_day_before_the_first_figure_is_an_error_that_names_it():
    """Nothing is assumed."""
    with pytest.raises(InputError) as caught:
        TABLE.rate(date(2030, 1, 19), Tenor.FIVE_YEARS)
    said = caught.value.sentences(Lang.EN)[0]
    assert "2030-01-19" in said
    assert "5y" in said
    assert "2030-01-20" in said


def test_a_missing_tenor_is_an_error_that_names_it():
    """A table of one tenor says nothing about the other."""
    table = parse_lpr("date,1y\n2030-01-20,3.10%\n")
    with pytest.raises(InputError) as caught:
        table.rate(date(2030, 2, 1), Tenor.FIVE_YEARS)
    assert caught.value.faults[0].field == "tenor"
    assert "5y" in caught.value.sentences(Lang.ZH)[0]


@pytest.mark.parametrize(("spread", "expected"), [(0, "0.031"), (35, "0.0345"), (-45, "0.0265")])
def test_a_spread_is_in_basis_points(spread, expected):
    """It may be below zero."""
    assert TABLE.loan_rate(date(2030, 2, 1), Tenor.ONE_YEAR, spread) == Decimal(expected)


@pytest.mark.parametrize("spread", [-311, 2_401, 30_000])
def test_a_spread_that_makes_no_rate_is_refused(spread):
    """Below zero in all, or beyond any bank."""
    ask = (date(2030, 2, 1), Tenor.ONE_YEAR, spread)
    assert fields_of(lambda: TABLE.loan_rate(*ask)) == {"spread_bp"}


@given(st.dictionaries(days, small_rates, min_size=1, max_size=20), days)
def test_look_up_agrees_with_a_search_through_all(figures, day):
    """Whatever the order of the entries."""
    table = LprTable(tuple(LprEntry(d, Tenor.ONE_YEAR, r) for d, r in figures.items()))
    before = [d for d in figures if d <= day]
    if before:
        assert table.rate(day, Tenor.ONE_YEAR) == figures[max(before)]
    else:
        assert fields_of(lambda: table.rate(day, Tenor.ONE_YEAR)) == {"date"}


@pytest.mark.parametrize(
    ("data", "file"),
    [
        (CSV.encode("utf-8-sig"), "a.csv"),
        (
            "日期,1年期,5年期以上\n2030/05/20,0.03,0.035\n2030-01-20,3.1%,3.6%\n".encode("gb18030"),
            "a.csv",
        ),
        (
            '[[lpr]]\ndate = 2030-01-20\n1y = "3.10%"\n5y = 0.036\n'
            '[[lpr]]\ndate = "2030-05-20"\n1y = "3%"\n5y = "3.5%"\n',
            "a.toml",
        ),
        (
            b"date,1y,5y\r\n2030-05-20,3%,\r\n\r\n2030-05-20,,3.5%\r\n2030-01-20,3.1%,3.6%\r\n",
            "a.csv",
        ),
    ],
)
def test_the_same_table_is_read_from_every_form(data, file):
    """CSV in UTF-8 or GB18030 with Chinese headers, blanks, and TOML."""
    assert set(parse_lpr(data, file).entries) == set(TABLE.entries)


@pytest.mark.parametrize(
    ("data", "file", "places"),
    [
        ("date,1y\n2030-01-20,3.10\n", "a.csv", [(2, "1y")]),
        ("date,1y\nsoon,3.1%\n2030-02-01,NaN\n", "a.csv", [(2, "date"), (3, "1y")]),
        ("date,1y\n2030-01-20,3.1%,9\n", "a.csv", [(2, None)]),
        ("day,1y\n2030-01-20,3.1%\n", "a.csv", [(None, "day"), (None, None)]),
        ("date,3y\n2030-01-20,3.1%\n", "a.csv", [(None, "3y")]),
        ("date,1y\n", "a.csv", [(None, None)]),
        ("", "a.csv", [(None, None)]),
        ("date,1y\n2030-01-20,3%\n2030-01-20,3%\n", "a.csv", [(None, None)]),
        ("[[lpr]]\n1y = '3%'\n", "a.toml", [(1, "date")]),
        ("[[lpr]]\ndate = 2030-01-01\n1y = 3.1\nx = 1\n", "a.toml", [(1, "1y"), (1, "x")]),
        ("lpr = 3\n", "a.toml", [(None, None)]),
        ("= 3\n", "a.toml", [(None, None)]),
        (b"\xff\xff\xff", "a.csv", [(None, None)]),
    ],
)
def test_every_fault_of_a_file_is_named_with_its_place(data, file, places):
    """A bare 3.10 (310 %), no dates, unknown columns, figures twice, nothing at all."""
    with pytest.raises(InputError) as caught:
        parse_lpr(data, file)
    assert [(f.row, f.column) for f in caught.value.faults] == places
    assert {f.file for f in caught.value.faults} == {file}


@given(st.text(max_size=60), st.sampled_from(["a.csv", "a.toml"]))
def test_any_text_is_a_table_or_an_error_of_input(text, file):
    """Nothing else comes out of a broken file."""
    try:
        table = parse_lpr("date,1y\n" + text if file == "a.csv" else text, file)
    except InputError:
        return
    assert table.entries


def test_an_entry_that_is_no_rate_is_refused():
    """A rate of 300 % is a slip."""
    day = date(2030, 1, 1) + timedelta(days=1)
    assert fields_of(lambda: LprEntry(day, Tenor.ONE_YEAR, Decimal(3))) == {"rate"}


def quoted(**fields):
    """Return a product quoted as LPR plus points."""
    values = {"product_id": "P", "institution_id": "B", "name": "p", "lpr": Tenor.ONE_YEAR}
    return Product(**{**values, "spread_bp": 45, **fields})


def test_a_product_quoted_on_the_lpr_is_priced_by_the_table_of_the_day():
    """3.10 % and 45 to 145 basis points; one with a rate of its own is left as it is."""
    table = parse_lpr(CSV)
    fixed = Product(product_id="F", institution_id="B", name="f", rate=Decimal("0.05"))
    found, same = priced([quoted(spread_max_bp=145), fixed], table, date(2030, 3, 1))
    assert (found.rate, found.rate_max) == (Decimal("0.0355"), Decimal("0.0455"))
    assert same is fixed
    (later,) = priced([quoted(spread_bp=-20)], table, date(2030, 5, 20))
    assert (later.rate, later.rate_max) == (Decimal("0.028"), None)


def test_every_product_that_the_table_cannot_price_is_named():
    """A day before the first figure is a fault of each product, with the day."""
    with pytest.raises(InputError) as caught:
        priced([quoted(), quoted(product_id="Q")], parse_lpr(CSV), date(2030, 1, 1))
    assert [(f.field, f.value) for f in caught.value.faults] == [
        ("P.date", "2030-01-01"),
        ("Q.date", "2030-01-01"),
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"spread_bp": None}, "spread_bp"),
        ({"lpr": None}, "spread_bp"),
        ({"spread_bp": 2_401}, "spread_bp"),
        ({"spread_max_bp": 44}, "spread_bp"),
        ({"spread_bp": None, "lpr": None, "spread_max_bp": 1}, "spread_max_bp"),
    ],
)
def test_a_spread_that_says_no_rate_is_refused(fields, field):
    """Tenor and spread go together, and the range is in order."""
    with pytest.raises(InputError) as caught:
        quoted(**fields)
    assert field in {f.field for f in caught.value.faults}
