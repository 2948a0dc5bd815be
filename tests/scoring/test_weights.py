from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from matcher.domain.errors import InputError
from matcher.scoring.weights import (
    FEATURE_NAMES,
    FEATURES,
    default_weights,
    parse_weights,
    read_weights,
)

DEFAULT = files("matcher.scoring").joinpath("weights.toml").read_text()


def changed(*pairs: tuple[str, str]) -> bytes:
    """Return the built-in file with lines exchanged."""
    text = DEFAULT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def fields(content: bytes) -> list[str | None]:
    """Return the fields that a file is refused for."""
    with pytest.raises(InputError) as caught:
        parse_weights(content, "w.toml")
    assert all(fault.file == "w.toml" for fault in caught.value.faults)
    return [fault.field for fault in caught.value.faults]


def test_the_weights_add_up_to_one_by_group_and_in_all() -> None:
    """Shares are scaled: 45 % for the firm's side, 30 % the bank's, 25 % the public's."""
    weights = default_weights()
    assert weights.vector.sum() == pytest.approx(1.0)
    assert not weights.vector.flags.writeable
    for group, share in (("enterprise", 0.45), ("bank", 0.30), ("public", 0.25)):
        inside = [name in FEATURES[group] for name in FEATURE_NAMES]
        assert weights.vector[inside].sum() == pytest.approx(share)
        alone = weights.of_group(group)
        assert alone.sum() == pytest.approx(1.0)
        assert not alone[~np.array(inside)].any()


def test_only_the_proportions_count() -> None:
    """Ten times every share of a group is the same weights, though another version."""
    scaled = changed(("enterprise = 0.45\nbank = 0.30\npublic = 0.25",
                      "enterprise = 4.5\nbank = 3.0\npublic = 2.5"))  # fmt: skip
    np.testing.assert_allclose(parse_weights(scaled).vector, default_weights().vector)
    assert parse_weights(scaled).sha256 != default_weights().sha256


def test_a_group_can_be_switched_off() -> None:
    """With no public share the other two sides have it all."""
    weights = parse_weights(changed(("public = 0.25", "public = 0")))
    assert weights.vector.sum() == pytest.approx(1.0)
    assert not weights.of_group("public").any()


def test_every_unusable_entry_is_named_at_once() -> None:
    """Negative, infinite, text, true, unknown and missing entries all stand in one error."""
    content = changed(
        ("bank = 0.30", "bank = -1"),
        ("cost = 3", "cost = inf"),
        ("region = 2", 'region = "much"'),
        ("urgency = 3", "urgency = true"),
        ("smallness = 2", "tininess = 2"),
        ("slow_workdays = 30", "slow_workdays = 0"),
        ("calm_workdays = 40", "calm_workdays = 1.5"),
        ('cost_ceiling = "0.12"', 'cost_ceiling = "12"'),
        ("d = 0.1", "d = 1.1"),
        ('version = "2026-11-1"', "version = 3"),
    )
    assert sorted(filter(None, fields(content))) == [
        "bank.region",
        "enterprise.cost",
        "groups.bank",
        "public.smallness",
        "public.tininess",
        "public.urgency",
        "scales.calm_workdays",
        "scales.cost_ceiling",
        "scales.slow_workdays",
        "standing.d",
        "version",
    ]


@pytest.mark.parametrize("ceiling", ['"0"', '"nan"', '"much"', "true"])
def test_a_ceiling_that_is_no_share_is_refused(ceiling: str) -> None:
    """The feature divides by it, so it must lie above 0 and be at most 1."""
    content = changed(('cost_ceiling = "0.12"', f"cost_ceiling = {ceiling}"))
    assert fields(content) == ["scales.cost_ceiling"]


def test_weights_that_are_all_zero_are_refused() -> None:
    """A score that says nothing is no score."""
    content = changed(("enterprise = 0.45\nbank = 0.30\npublic = 0.25",
                       "enterprise = 0\nbank = 0\npublic = 0"))  # fmt: skip
    assert fields(content) == ["groups"]


def test_a_missing_table_is_named_and_so_is_an_unknown_one() -> None:
    """The whole shape of the file is checked."""
    content = changed(("[standing]", "[standings]"))
    assert {"standing", "standings"} <= set(fields(content))


def test_a_file_that_is_not_there_or_no_toml_is_an_input_error(tmp_path: Path) -> None:
    """The error names the file."""
    with pytest.raises(InputError, match=r"none\.toml"):
        read_weights(tmp_path / "none.toml")
    (tmp_path / "w.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not a TOML file"):
        read_weights(tmp_path / "w.toml")
    (tmp_path / "w.toml").write_text(DEFAULT)
    assert read_weights(tmp_path / "w.toml") == default_weights()
