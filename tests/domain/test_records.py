from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import InputError
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.policy import Policy
from matcher.domain.records import ID_FIELDS, REFERENCES, Records
from matcher.domain.text import Lang

SOUND = Records(
    enterprises=(
        Enterprise(
            enterprise_id="E1", name="甲", banks=frozenset({"B1"}), conflicts=frozenset({"B2"})
        ),
        Enterprise(enterprise_id="E2", name="乙"),
    ),
    needs=(
        Need(need_id="N1", enterprise_id="E1", amount_fen=1, consent=frozenset({"B1", "B2"})),
        Need(need_id="N2", enterprise_id="E1", amount_fen=1, consent=frozenset()),
    ),
    institutions=(
        Institution(institution_id="B1", name="甲行"),
        Institution(institution_id="B2", name="乙行"),
    ),
    products=(
        Product(product_id="P1", institution_id="B1", name="贷", pools=frozenset({"K1", "K2"})),
        Product(product_id="P2", institution_id="B2", name="贷"),
    ),
    pools=(Pool(pool_id="K1", name="池", capacity=1), Pool(pool_id="K2", name="池", capacity=1)),
    policies=(
        Policy(policy_id="G1", name="贴息", pool_id="K1"),
        Policy(policy_id="G2", name="贴息"),
    ),
)
TABLES = [f.name for f in fields(Records)]


def changed(table, index, **values):
    """Return the sound records with one record changed."""
    rows = list(getattr(SOUND, table))
    rows[index] = replace(rows[index], **values)
    return replace(SOUND, **{table: tuple(rows)})


def places(records):
    """Return (table, index, field, value) of each fault."""
    return [(f.table, f.index, f.fault.field, f.fault.value) for f in records.faults()]


def test_sound_records_have_no_fault():
    """Ids differ, references lead somewhere, and an absent reference is none."""
    assert SOUND.faults() == []
    SOUND.require_sound()
    Records().require_sound()


def test_every_table_has_its_id():
    """The six tables are all checked for duplicates."""
    assert list(ID_FIELDS) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_an_id_used_twice_is_named_where_it_comes_again(table):
    """The second record of the same id is the one at fault, and a third is another."""
    first = getattr(SOUND, table)[0]
    twice = replace(SOUND, **{table: (*getattr(SOUND, table), first, first)})
    key = ID_FIELDS[table]
    identity = getattr(first, key)
    assert places(twice) == [(table, 2, key, identity), (table, 3, key, identity)]


def test_the_same_id_in_two_tables_is_no_duplicate():
    """A need and its firm may be numbered alike."""
    alike = Records(
        enterprises=(Enterprise(enterprise_id="1", name="甲"),),
        needs=(Need(need_id="1", enterprise_id="1", amount_fen=1),),
    )
    assert alike.faults() == []


@pytest.mark.parametrize(("table", "field", "target"), REFERENCES)
def test_a_reference_to_nothing_is_named(table, field, target):
    """Each reference is followed; the fault has table, row, field, id and what was expected."""
    is_set = isinstance(getattr(getattr(SOUND, table)[0], field), frozenset)
    broken = changed(table, 0, **{field: frozenset({"X9"}) if is_set else "X9"})
    assert places(broken) == [(table, 0, field, "X9")]
    fault = broken.faults()[0].fault
    assert target in fault.expected.en
    assert fault.sentence(Lang.ZH) != fault.sentence(Lang.EN)


def test_every_reference_between_records_is_checked():
    """Every field that holds ids of another table is in the list of references."""
    keys = set(ID_FIELDS.values())
    expected = {("enterprises", "banks"), ("enterprises", "conflicts"), ("needs", "consent"),
                ("products", "pools"), ("products", "requires")}  # fmt: skip
    for table in TABLES:
        for field in fields(getattr(SOUND, table)[0]):
            if field.name in keys - {ID_FIELDS[table]}:
                expected.add((table, field.name))
    assert {(table, field) for table, field, _ in REFERENCES} == expected


def test_each_missing_id_of_a_set_is_a_fault_in_a_fixed_order():
    """Only the unknown ones of a consent are named, sorted."""
    broken = changed("needs", 0, consent=frozenset({"B1", "X2", "X1"}))
    assert places(broken) == [("needs", 0, "consent", "X1"), ("needs", 0, "consent", "X2")]


def test_a_reference_leads_into_its_own_table_only():
    """The id of a pool is no institution."""
    assert places(changed("products", 0, institution_id="K1")) == [
        ("products", 0, "institution_id", "K1")
    ]


def test_all_faults_are_raised_at_once():
    """One error names the duplicate and every dangling reference."""
    broken = SOUND + Records(
        needs=(Need(need_id="N1", enterprise_id="E9", amount_fen=1),),
        policies=(Policy(policy_id="G3", name="贴息", pool_id="K9"),),
    )
    with pytest.raises(InputError) as caught:
        broken.require_sound()
    found = {(f.field, f.value) for f in caught.value.faults}
    assert found == {("need_id", "N1"), ("enterprise_id", "E9"), ("pool_id", "K9")}


@given(st.lists(st.sampled_from(TABLES), max_size=6), st.lists(st.sampled_from(TABLES), max_size=6))
def test_addition_puts_each_table_behind_the_other(left, right):
    """Order is kept, nothing is lost, and neither side changes."""

    def with_rows(tables):
        return Records(**{t: getattr(SOUND, t)[:1] * tables.count(t) for t in TABLES})

    first, second = with_rows(left), with_rows(right)
    total = first + second
    for table in TABLES:
        assert getattr(total, table) == getattr(first, table) + getattr(second, table)
    assert (first, second) == (with_rows(left), with_rows(right))


def test_nothing_added_changes_nothing():
    """Empty records are the neutral element on both sides."""
    assert SOUND + Records() == Records() + SOUND == SOUND


def test_rows_of_a_sum_are_numbered_through():
    """A fault of the second file has the index behind the first file's rows."""
    second = Records(needs=(Need(need_id="N3", enterprise_id="E9", amount_fen=1),))
    assert places(SOUND + second) == [("needs", 2, "enterprise_id", "E9")]
