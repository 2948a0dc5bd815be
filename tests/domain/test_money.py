from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.domain.money import (
    MAX_FEN,
    WAN,
    YUAN,
    money_text,
    parse_money,
    parse_number,
    parse_rate,
    rate_text,
    to_fen,
)
from tests.domain.subjects import at_least

DIGITS = "零一二三四五六七八九"
FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("万亿", "萬億")
NUMERAL_CHARS = "零〇一二三四五六七八九十百千万亿两壹拾佰仟萬億点"
NUMBER_CHARS = "0123456789.,+-eE%‰ _万亿千百十kmb元整¥bp两三零点"

amounts = st.one_of(st.integers(0, 10**6), st.integers(0, MAX_FEN))


def numeral(number):
    """Write 0 … 10^12 in standard Chinese: groups of four digits, 零 for each gap, 十 as 一十."""
    if number == 0:
        return "零"
    if number == 10**12:
        return "一万亿"
    written = ""
    gap = False
    for group, unit in (
        (number // 10**8, "亿"),
        (number // 10**4 % 10**4, "万"),
        (number % 10**4, ""),
    ):
        for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = group // place % 10
            if digit == 0:
                gap = True
                continue
            written += ("零" if gap and written else "") + DIGITS[digit] + name
            gap = False
        if group:
            written += unit
            gap = gap and group % 10 != 0
        gap = gap or group % 10 == 0
    return written


def test_the_three_spellings_of_a_sheet_are_one_amount():
    """350万, 3,500,000 and 三百五十万 are 350,000,000 fen."""
    assert {parse_money(t) for t in ("350万", "3,500,000", "三百五十万")} == {350_000_000}


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("¥1.2亿元", 12_000_000_000),
        ("￥ 350 万元", 350_000_000),
        ("人民币叁佰伍拾万元整", 350_000_000),
        ("5,000.50元", 500_050),
        ("RMB 5000", 500_000),
        ("5000 CNY", 500_000),
        ("3.5e6", 350_000_000),
        ("３５０万", 350_000_000),
        ("３，５００，０００．００", 350_000_000),
        ("350萬", 350_000_000),
        ("2千万", 2_000_000_000),
        ("5千亿", 50_000_000_000_000),
        ("3m", 300_000_000),
        ("3k", 300_000),
        ("1.5bn", 150_000_000_000),
        ("35wan", 35_000_000),
        ("0.01", 1),
        (".5", 50),
        ("三点五万", 3_500_000),
        ("零点五亿元", 5_000_000_000),
        ("一亿二千万", 12_000_000_000),
        ("三百五十万零五百", 350_050_000),
        ("两万五千", 2_500_000),
        ("十万", 10_000_000),
        ("十二", 1_200),
        ("二〇二三", 202_300),
        ("三五零", 35_000),
        ("一万万", 10_000_000_000),
        ("10000000000000", MAX_FEN),
    ],
)
def test_amounts_are_read_as_people_write_them(text, fen):
    """Units, thousands commas, full width, currency words and numerals are all understood."""
    assert parse_money(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "元", "万", "亿", "¥", "-", ".", ",", "面议", "abc", "一些", "点五", "三点"),
        *("nan", "NaN", "inf", "-inf", "Infinity", "1e", "e5", "1e-5", "0x10", "1/2", "50%"),
        *("3,5", "3,50,000", "3,5000", "0,500", ",500", "1,000,00", "3..5", "1.2.3", "--5", "+-5"),
        *(
            "一万二",
            "一百二",
            "一千二",
            "三亿五",
            "三亿五千",
            "一亿二千三百",
            "三五",
            "十十",
            "百",
            "千五",
        ),
        *(
            "五零",
            "二零",
            "一百零",
            "一零万",
            "一万零",
            "零五零",
            "百千",
            "一百千",
            "一十百",
            "万万",
        ),
        *("3亿5千万", "10万20", "三5", "3十十", "3十千"),
        *("-1", "-350万", "-0.01"),
        *("0.001", "0.001元", "1.005", "0.0000001万", "三点五五五"),
        *(
            "1e16",
            "1e99",
            "1e999",
            "9" * 5000,
            "一" * 5000,
            "10000000000000000万",
            "一亿亿",
            "1e99亿",
        ),
        *("一" + "亿" * 5000, "一" + "万" * 5000, "零" * 5000, "0." + "0" * 5000 + "1"),
        *("1000000000000000.01", "1.00" + "0" * 40 + "1"),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_is_no_amount_or_could_be_two_is_refused(text):
    """Ambiguous, negative, infinite, too large and too fine texts raise ValueError, no guess."""
    with pytest.raises(ValueError, match=r"not a|whole fen|too many digits"):
        parse_money(text)


@given(st.integers(0, 10**12))
@example(10**8)
@example(10**8 + 2000)
@example(10_200)
@example(10**12)
@at_least(400)
def test_standard_numerals_are_read_back(number):
    """A numeral written by rule, in plain or financial characters, is the number it was."""
    plain = numeral(number)
    assert parse_number(plain) == number
    assert parse_number(plain.translate(FINANCIAL)) == number
    assert parse_number(plain.translate(TRADITIONAL)) == number
    if plain.startswith("一十"):
        assert parse_number(plain[1:]) == number
    assert parse_money(plain + "元整") == number * 100


@pytest.mark.parametrize(
    ("characters", "value"),
    [
        *[(chars, n) for n, chars in enumerate(
            ["零〇", "一壹", "二贰两兩", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
        )],
        ("十拾", 10),
    ],
)  # fmt: skip
def test_each_way_of_writing_a_digit_is_known(characters, value):
    """Plain, financial and traditional forms are one digit."""
    assert {parse_number(c) for c in characters} == {value}


@pytest.mark.parametrize(
    ("units", "value"),
    [
        (["十"], 10),
        (["百"], 100),
        (["千", "k", "K"], 1000),
        (["万", "萬", "wan"], 10**4),
        (["m", "M", "mn", "百万"], 10**6),
        (["亿", "億", "yi"], 10**8),
        (["bn", "十亿"], 10**9),
        (["千亿"], 10**11),
    ],
)
def test_each_unit_behind_a_number_is_known(units, value):
    """Three and a unit is three times the unit."""
    assert {parse_number(f"3{unit}") for unit in units} == {3 * value}


@pytest.mark.parametrize(
    ("units", "value"),
    [("十拾", 10), ("百佰", 100), ("千仟", 1000), ("万萬", 10**4), ("亿億", 10**8)],
)
def test_each_unit_of_a_numeral_is_known(units, value):
    """Plain, financial and traditional forms are one unit, also behind a fraction."""
    for unit in units:
        assert parse_number(f"三{unit}") == 3 * value
        if value >= 10**4:
            assert parse_number(f"三点五{unit}") == 3.5 * value


@pytest.mark.parametrize("digit", DIGITS[1:])
@pytest.mark.parametrize(
    "template", ["三百{}", "三千{}", "三万{}", "三亿{}", "三亿{}千", "三亿{}百"]
)
def test_a_numeral_that_drops_its_last_unit_is_refused(template, digit):
    """一万二 is 12,000 to a speaker and 10,002 to a reader: nobody is asked, nothing is guessed."""
    with pytest.raises(ValueError, match="not a number"):
        parse_number(template.format(digit))
    spoken = template.replace("{}", "零{}").format(digit)
    assert parse_number(spoken) > 300, "with its 零 the numeral is plain"


@given(amounts)
def test_fen_are_exact_up_to_the_largest_amount(fen):
    """Every whole number of fen is read as itself, with and without commas."""
    yuan, cents = divmod(fen, 100)
    assert parse_money(f"{yuan}.{cents:02d}") == fen
    assert parse_money(f"{yuan:,}.{cents:02d}元") == fen
    assert to_fen(Decimal(fen) / 100) == fen


@given(amounts, st.integers(0, 60), st.integers(1, 9))
def test_a_part_of_a_fen_is_refused_however_small(fen, zeros, digit):
    """Digits below the fen are never dropped, also beyond the 28 digits of Decimal's default."""
    text = f"{fen // 100}.{fen % 100:02d}{'0' * zeros}{digit}"
    with pytest.raises(ValueError, match=r"whole fen|too many digits|not an amount"):
        parse_money(text)
    with pytest.raises(ValueError, match=r"whole fen|not an amount"):
        to_fen(Decimal(text))


@given(st.decimals(0, 10**11, places=6))
def test_units_scale_exactly(number):
    """X 万 is ten thousand X and x 亿 ten thousand times that."""
    assert parse_number(f"{number}万") == number * 10**4
    assert parse_number(f"{number}亿") == number * 10**8
    assert parse_number(f"{number}千万") == number * 10**7


@pytest.mark.parametrize("value", [-1, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"),
                                   Decimal("-Infinity"), Decimal(MAX_FEN), Decimal("1e999999"),
                                   Decimal("1e-999999")])  # fmt: skip
def test_a_number_that_is_no_amount_raises_value_error(value):
    """NaN, infinities and absurd exponents end as ValueError and as nothing else."""
    with pytest.raises(ValueError, match="amount"):
        to_fen(value)


@pytest.mark.parametrize("text", ["350", "三百五十", "¥350", "350整", "3.5e2"])
def test_the_header_gives_the_unit_that_a_cell_leaves_open(text):
    """Under a header that says 万元, a bare 350 is 3.5 million yuan."""
    assert parse_money(text, WAN) == 350_000_000
    assert parse_money(text, YUAN) == 35_000


@pytest.mark.parametrize(
    "text", ["350元", "350 yuan", "0.035万", "0.035萬", "0.035wan", "0.35k", "0.00035m",
             "0.0000035yi", "0.0000035亿", "三百五十元整", "0.00000035bn"]
)  # fmt: skip
def test_a_cell_that_names_its_unit_means_what_it_says(text):
    """The unit of the cell goes before the header's."""
    assert parse_money(text, WAN) == parse_money(text) == 35_000


arbitrary = st.one_of(
    st.text(),
    st.text(NUMERAL_CHARS, max_size=80),
    st.text(NUMBER_CHARS, max_size=80),
    st.from_regex(
        r"[+-]?[0-9,]{1,40}(\.[0-9]{0,40})?(e[0-9]{1,3})?[千百]?[万亿]?元?", fullmatch=True
    ),
)


@given(arbitrary)
@at_least(500)
def test_any_text_gives_whole_fen_or_value_error(text):
    """Parsing never returns anything but an int within bounds, and raises nothing else."""
    for unit in (YUAN, WAN):
        try:
            fen = parse_money(text, unit)
        except ValueError:
            continue
        assert type(fen) is int
        assert 0 <= fen <= MAX_FEN


@given(arbitrary)
@at_least(500)
def test_any_text_gives_a_finite_number_or_value_error(text):
    """Numbers and rates are finite Decimals with at most 28 digits, so that sums stay exact."""
    for parse in (parse_number, parse_rate):
        try:
            number = parse(text)
        except ValueError:
            continue
        assert isinstance(number, Decimal)
        assert number.is_finite()
        assert number == +number, "rounded on the way"


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("2.65%", "0.0265"),
        ("２．６５％", "0.0265"),
        (" 2.65 % ", "0.0265"),
        ("6‰", "0.006"),
        ("25bp", "0.0025"),
        ("0.0265", "0.0265"),
        ("-1%", "-0.01"),
        ("百", None),
        ("5%%", None),
        ("%", None),
        ("nan%", None),
        ("inf", None),
    ],
)
def test_rates_are_exact_fractions(text, rate):
    """Percent, per mille, basis points and fractions are the same number; the rest is refused."""
    if rate is None:
        with pytest.raises(ValueError, match="not a number"):
            parse_rate(text)
    else:
        assert parse_rate(text) == Decimal(rate)


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0万元", "0 yuan"),
        (350_000_000, "350万元", "3,500,000 yuan"),
        (1_234_500, "1.2345万元", "12,345 yuan"),
        (999_900, "9,999元", "9,999 yuan"),
        (1_000_000, "1万元", "10,000 yuan"),
        (1_000_001, "10,000.01元", "10,000.01 yuan"),
        (12_345_678_900_000, "12,345,678.9万元", "123,456,789,000 yuan"),
        (7, "0.07元", "0.07 yuan"),
        (-500, "-5元", "-5 yuan"),
    ],
)
def test_money_is_written_as_screens_show_it(fen, zh, en):
    """万元 from ten thousand yuan on, yuan and fen below and where fen are left over."""
    assert (money_text(fen).zh, money_text(fen).en) == (zh, en)


@given(amounts)
def test_written_money_is_read_back_in_both_languages(fen):
    """What a screen shows can be pasted into a sheet without loss."""
    text = money_text(fen)
    assert parse_money(text.zh) == parse_money(text.en) == fen


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        ("0.0265", "2.65%"),
        ("0.3", "30.00%"),
        ("0", "0.00%"),
        ("1", "100.00%"),
        ("10", "1000.00%"),
        ("0.02655", "2.655%"),
        ("0.0000001", "0.00001%"),
        ("-0.01", "-1.00%"),
    ],
)
def test_a_rate_has_as_many_places_as_it_needs(rate, text):
    """At least two places, and never fewer than the rate has."""
    assert rate_text(Decimal(rate)).zh == rate_text(Decimal(rate)).en == text


@given(st.decimals(-10, 10, allow_nan=False, places=12))
def test_written_rates_are_read_back(rate):
    """No digit of a rate is lost on a screen."""
    assert parse_rate(rate_text(rate).en) == rate
