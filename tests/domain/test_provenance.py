from matcher.domain.provenance import NO_SOURCE, Provenance


def test_a_record_without_source_claims_nothing_and_invents_nothing():
    """What a user types in is not illustrative."""
    assert not NO_SOURCE.is_illustrative("rate")
    assert NO_SOURCE.source is None


def test_an_illustrative_record_is_so_in_every_field():
    """A record that no source states has no stated field."""
    assert Provenance(illustrative=True).is_illustrative("rate")


def test_single_fields_may_be_illustrative():
    """Beside stated fields, only the named ones are made up."""
    mixed = Provenance(source="表1", illustrative_fields=frozenset({"cash_workdays"}))
    assert mixed.is_illustrative("cash_workdays")
    assert not mixed.is_illustrative("rate")
