"""The schema covers the domain, and every header names one column."""

from __future__ import annotations

from dataclasses import MISSING, fields

import pytest

from matcher.domain.provenance import Provenance
from matcher.domain.records import Records
from matcher.files.columns import Table, plain_header
from matcher.files.kinds import RefusedError
from matcher.files.quantities import FEN
from matcher.files.tables import TABLES, table_meant, table_named

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def test_there_is_a_table_for_every_tuple_of_records():
    """The schema has the six tables of Records, by the same names."""
    assert {t.name for t in TABLES} == {f.name for f in fields(Records)}


@each_table
def test_every_field_of_a_record_has_a_column(table: Table):
    """A field that is added to the domain without a column fails here."""
    asked = {f.name for f in fields(table.record)} - {"provenance"}
    sources = {"source", "illustrative", "stated"}
    assert {column.field for column in table.columns} == asked | sources


def test_the_provenance_has_no_field_that_the_columns_cannot_say():
    """Source, illustrative as a whole or by field, and the words of the source are all there is."""
    names = {"source", "illustrative", "illustrative_fields", "stated"}
    assert {f.name for f in fields(Provenance)} == names


@each_table
def test_a_column_is_required_exactly_where_the_record_has_no_default(table: Table):
    """What the record can do without, a sheet can do without."""
    bare = {f.name for f in fields(table.record) if f.default is f.default_factory is MISSING}
    assert {column.field for column in table.columns if column.required} == bare


@each_table
def test_no_header_names_two_columns(table: Table):
    """Chinese, English and field names of a table are all different."""
    for column in table.columns:
        names = {column.field, column.text.zh, column.text.en, *column.others, column.header}
        for name in names:
            heading = table.heading(name)
            assert heading is not None, name
            assert heading.column is column, name


@each_table
def test_every_example_can_be_read(table: Table):
    """The example row of the template is valid cell by cell."""
    row = {column.field: column.example for column in table.columns}
    for column in table.columns:
        if column.example is not None:
            kind, unit = column.kind_in(row)
            kind.read(column.example, unit)


@each_table
def test_every_required_column_has_a_stand_in(table: Table):
    """A row with an unreadable required cell can still be checked against the others."""
    for column in table.columns:
        if column.required and not column.field.endswith("_id"):
            assert column.kind.stand_in is not None, column.field


@pytest.mark.parametrize(
    "header",
    [
        "融资金额", "融资金额(元)", "融资金额\uff08元\uff09", " 融资 金额 ", "Amount",
        "AMOUNT (Yuan)", "\uff21\uff2d\uff2f\uff35\uff2e\uff34", "amount_fen", "Amount Fen",
        "融资金额*", "金额[万元]",
    ],
)  # fmt: skip
def test_a_header_is_known_in_every_spelling(header: str):
    """Case, spaces, width and brackets make no difference."""
    needs = table_named("需求")
    assert needs is not None
    heading = needs.heading(header)
    assert heading is not None
    assert heading.column.field == "amount_fen"
    assert (heading.unit == FEN) == ("fen" in header.lower())


@pytest.mark.parametrize("header", ["融资金额(美元)", "amount_fen(元)", "期限(天)", "编号(万元)"])
def test_a_header_with_a_foreign_unit_is_not_known(header: str):
    """A unit that the column does not have is refused, never dropped."""
    needs = table_named("needs")
    assert needs is not None
    assert needs.heading(header) is None


def test_a_wrong_name_is_traced_to_the_table_it_was_meant_for():
    """Slips of the six names are told apart from names that mean something else."""
    assert table_meant("产品表") is table_named("products")
    assert table_meant("polices") is table_named("政策")
    assert table_meant("统计图") is None


def test_plain_headers_forget_spelling():
    """Two spellings of a header compare equal."""
    assert plain_header(" Amount_Fen ") == plain_header("amount-fen")


def test_a_refusal_is_a_value_error():
    """Callers that know only ValueError still catch it."""
    assert issubclass(RefusedError, ValueError)
