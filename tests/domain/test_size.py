import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.choices import Size
from matcher.domain.size import size_of

WAN_FEN = 1_000_000
PLENTY = {"X": 10**6, "Y": 10**15, "Z": 10**15}
# Codes of each row of the annexed table, by the row's name in the data.
CODES = {
    "农、林、牧、渔业": ["A", "A01", "A0511"],
    "工业": ["B", "B06", "C", "C27", "C4390", "D", "D46"],
    "建筑业": ["E", "E47", "E5010"],
    "批发业": ["F51", "F5111"],
    "零售业": ["F52", "F5299"],
    "交通运输业": ["G54", "G55", "G56", "G57", "G58", "G5810"],
    "仓储业": ["G59", "G5990"],
    "邮政业": ["G60", "G6020"],
    "住宿业": ["H61", "H6110"],
    "餐饮业": ["H62", "H6210"],
    "信息传输业": ["I63", "I64", "I6490"],
    "软件和信息技术服务业": ["I65", "I6510"],
    "房地产开发经营": ["K701", "K7010"],
    "物业管理": ["K702", "K7020"],
    "租赁和商务服务业": ["L", "L71", "L7299"],
    "其他未列明行业": ["M", "M75", "N", "N76", "O", "O82", "Q85", "R", "R90", "K703", "K709"],
}


@pytest.fixture(scope="module")
def table(data_dir):
    """Return the rows of the statistical rule by name; skip where the data is not there."""
    path = data_dir / "size-standard-2017" / "thresholds.json"
    if not path.is_file():
        pytest.skip(f"no {path}")
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return {r["industry"]: {k: r[k] for k in "XYZ" if k in r} for r in rows}


def computed(code, figures):
    """Return the class by the project, from figures in the units of the table."""
    staff, revenue, assets = (figures.get(k) for k in "XYZ")
    return size_of(code, staff, revenue, assets)


def by_the_table(limits, figures):
    """Return the first class whose lower limits are all reached; micro where none is."""
    for place, size in enumerate((Size.LARGE, Size.MEDIUM, Size.SMALL)):
        unit = {"X": 1, "Y": WAN_FEN, "Z": WAN_FEN}
        if all(figures[k] >= limits[k][place] * unit[k] for k in limits):
            return size
    return Size.MICRO


def test_every_row_of_the_table_is_tested(table):
    """The codes above name the sixteen rows of the data, no more and no fewer."""
    assert set(table) == set(CODES)
    assert len(table) == 16


@pytest.mark.parametrize("industry", CODES)
def test_each_cut_point_divides_two_classes(table, industry):
    """At a lower limit a firm is in the class; one person or one fen below, in the next."""
    limits = table[industry]
    for code in CODES[industry]:
        for figure, cuts in limits.items():
            for place, cut in enumerate(cuts):
                exact = cut * (1 if figure == "X" else WAN_FEN)
                at = computed(code, PLENTY | {figure: exact})
                below = computed(code, PLENTY | {figure: exact - 1})
                assert at is list(Size)[place], (code, figure, cut)
                assert below is list(Size)[place + 1], (code, figure, cut)


@pytest.mark.parametrize("industry", CODES)
def test_classes_agree_with_an_independent_reading_of_the_table(table, industry):
    """Generated figures get the class of the data: all limits reached, else the class below."""
    limits = table[industry]
    grid = {
        k: sorted({max(0, c * (1 if k == "X" else WAN_FEN) + d) for c in limits.get(k, [0])
                   for d in (-1, 0, 1)} | {0, PLENTY[k]})
        for k in "XYZ"
    }  # fmt: skip

    @given(st.fixed_dictionaries({k: st.sampled_from(grid[k]) for k in "XYZ"}))
    def agree(figures):
        for code in CODES[industry]:
            assert computed(code, figures) is by_the_table(limits, figures)

    agree()


@pytest.mark.parametrize("industry", CODES)
def test_a_figure_of_the_rule_that_is_missing_leaves_the_class_open(table, industry):
    """Without one figure that the row asks there is no class; others may be missing."""
    limits = table[industry]
    for code in CODES[industry]:
        for figure in "XYZ":
            size = computed(code, PLENTY | {figure: None})
            assert (size is None) == (figure in limits), (code, figure)


@pytest.mark.parametrize(
    "code", ["G53", "G5331", "J", "J66", "P83", "Q84", "S91", "T97", "K704", "K7040", None, ""]
)
def test_outside_the_rule_there_is_no_class(code):
    """Railways, finance, letting of own property, schools, health and offices have no class."""
    assert size_of(code, 10**6, 10**15, 10**15) is None


@pytest.mark.parametrize("code", ["F", "G", "H", "I", "K", "K70", "Q"])
def test_a_code_that_could_be_of_several_rows_has_no_class(code):
    """A section whose divisions fall under different rows, or under none, is not guessed."""
    assert size_of(code, 10**6, 10**15, 10**15) is None


def test_one_figure_at_micro_level_makes_micro_though_another_is_missing() -> None:
    """The rule asks one figure of micro firms and every figure of the larger classes."""
    assert size_of("I65", 9, None, None) is Size.MICRO
    assert size_of("I65", 10, None, None) is None
