import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from matcher.domain.codes import credit_check_char, industry_code, is_credit_code, is_region

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# GB/T 4754-2017: first and last division of each section.
SECTIONS = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52),
    "G": (53, 60), "H": (61, 62), "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72),
    "M": (73, 75), "N": (76, 79), "O": (80, 82), "P": (83, 83), "Q": (84, 85), "R": (86, 90),
    "S": (91, 96), "T": (97, 97),
}  # fmt: skip
LETTER = {n: s for s, (first, last) in SECTIONS.items() for n in range(first, last + 1)}

bodies = st.tuples(
    st.sampled_from("159"),
    st.sampled_from("123"),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
).map("".join)
codes = bodies.map(lambda body: body + credit_check_char(body))


@given(bodies)
def test_the_check_character_agrees_with_stdnum(body):
    """Two implementations of GB 32100-2015 compute the same last character."""
    assert credit_check_char(body) == uscc.calc_check_digit(body)
    assert uscc.is_valid(body + credit_check_char(body))


@given(bodies, st.sampled_from(ALPHABET))
def test_a_credit_code_holds_exactly_where_stdnum_says_so(body, last):
    """Of the 31 possible last characters one is taken, the same one as by stdnum."""
    assert is_credit_code(body + last) == uscc.is_valid(body + last)


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET + "IOSVZ-a 一"))
def test_one_wrong_character_is_always_caught(code, position, char):
    """Any substitution of one character, of the alphabet or not, makes a code wrong."""
    wrong = code[:position] + char + code[position + 1 :]
    assert is_credit_code(wrong) == (wrong == code)


@given(codes, st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_caught(code, position):
    """The commonest slip of typing makes a code wrong, unless the two are alike."""
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    assert is_credit_code(swapped) == (swapped == code)


@pytest.mark.parametrize("code", ["91110000600037341L", "91350100M000100Y43"])
def test_published_credit_codes_hold(code):
    """Codes of the literature pass."""
    assert is_credit_code(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91110000600037341",
        "91110000600037341L ",
        "91110000600037341LL",
        "91110000600037341l",
        "９１１１０００0600037341L",
        "A1110000600037341L",
        "一" * 18,
    ],
)
def test_what_has_not_the_shape_is_no_credit_code(code):
    """Length, capitals and alphabet are checked before the sum; nothing is raised."""
    assert not is_credit_code(code)


def test_the_region_inside_a_credit_code_is_digits():
    """A letter at place 3 is refused although the check character fits."""
    body = "91A10000600037341"
    assert not is_credit_code(body + credit_check_char(body))


def test_a_farmers_collective_may_begin_with_a_letter():
    """GB 32100 gives the departments letters too: N is agriculture (stdnum asks for a digit)."""
    body = "N2330108MF1234567"
    assert is_credit_code(body + credit_check_char(body))


@pytest.mark.parametrize(
    "body", ["", "9111000060003734", "9111000060003734I", "91110000600037341L"]
)
def test_no_check_character_is_made_up_for_a_wrong_body(body):
    """Seventeen characters of the alphabet or ValueError."""
    with pytest.raises(ValueError, match="not the body"):
        credit_check_char(body)


@pytest.mark.parametrize("code", ["33", "3301", "330108", "11", "659012", "82"])
def test_provinces_cities_and_districts_are_regions(code):
    """Two, four or six digits are a region."""
    assert is_region(code)


@pytest.mark.parametrize(
    "code",
    ["", "3", "330", "33010", "3301080", "0301", "33010a", " 33", "33\n", "浙江", "3３", "3٣"],
)
def test_other_shapes_are_no_region(code):
    """Odd lengths, a leading zero, and digits that are not ASCII are refused."""
    assert not is_region(code)


@pytest.mark.parametrize("division", range(100))
def test_each_division_has_the_letter_of_its_section(division):
    """All 97 divisions get their letter, keep it, and refuse the letter of any other section."""
    digits = f"{division:02d}"
    for code in (digits, digits + "1", digits + "10"):
        if division not in LETTER:
            with pytest.raises(ValueError, match="not an industry code"):
                industry_code(code)
            continue
        right = LETTER[division]
        assert industry_code(code) == right + code
        assert industry_code(f" {right.lower()}{code} ") == right + code
        for letter in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - {right}:
            with pytest.raises(ValueError, match="not an industry code"):
                industry_code(letter + code)


@pytest.mark.parametrize("letter", SECTIONS)
def test_a_section_alone_is_an_industry(letter):
    """A letter from A to T stands for its whole section."""
    assert industry_code(letter) == industry_code(letter.lower()) == letter


@pytest.mark.parametrize(
    "code",
    ["", " ", "U", "C2", "2", "C27100", "27100", "CC27", "C27x", "C２７", "٢٧", "制造业", "-27"],
)
def test_other_shapes_are_no_industry(code):
    """A wrong letter, one digit, five digits, and digits that are not ASCII are refused."""
    with pytest.raises(ValueError, match="not an industry code"):
        industry_code(code)
