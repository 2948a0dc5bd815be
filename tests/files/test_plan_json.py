import hashlib
import json
import math
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from matcher.domain.errors import InputError
from matcher.domain.text import Text
from matcher.files.plan_json import PlanInputs, plan_bytes, plan_document, write_plan
from matcher.files.pretty_json import pretty_json
from matcher.market import Market
from matcher.planning.make import make_plan
from matcher.scoring.weights import default_weights
from matcher.verify.plan_file import verify_plan
from tests.planning_examples import AS_OF, FILE, INPUTS, RECORDS, example_plan


def test_the_same_input_gives_the_same_bytes():
    """Planning and writing twice gives one file: no clock, no path, no running time."""
    first, second = (plan_bytes(plan_document(example_plan(), INPUTS)) for _ in range(2))
    assert first == second


def test_the_order_of_rows_and_files_changes_nothing():
    """Tables read backwards and files named in another order give the same document."""
    backwards = replace(
        RECORDS, needs=RECORDS.needs[::-1], products=RECORDS.products[::-1], pools=RECORDS.pools
    )
    other = SimpleNamespace(name="b.csv", sha256="c" * 64, num_bytes=1)
    first, second = (
        plan_document(
            make_plan(Market.from_records(records, AS_OF), default_weights()),
            replace(INPUTS, files=files),
        )
        for records, files in ((RECORDS, (FILE, other)), (backwards, (other, FILE)))
    )
    assert first == second


def test_the_document_is_what_is_read_back(tmp_path):
    """Every float, id and sentence survives the file unchanged."""
    document = plan_document(example_plan(), INPUTS)
    write_plan(tmp_path / "plan.json", document)
    assert json.loads((tmp_path / "plan.json").read_bytes()) == document


def test_the_digest_is_that_of_the_canonical_json():
    """Anyone can compute it: sorted keys, no spaces, UTF-8, without the digest itself."""
    document = plan_document(example_plan(), INPUTS)
    digest = document.pop("digest")
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert digest == f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def test_a_plan_reads_by_ids_and_adds_up():
    """Matches name ids and firms, their terms add up to their score, scores to the objective."""
    plan = example_plan()
    document = plan_document(plan, INPUTS)
    first = document["matches"][0]
    assert (first["need"], first["enterprise"], first["product"]) == ("N1", "E1", "P1")
    assert first["enterprise_name"] == {"zh": "甲软件", "en": "Alpha Software"}
    assert (first["all_in_low"], first["all_in_high"]) == ("0.04", "0.05")
    assert first["cash_date"] == "2022-06-01"
    for match in document["matches"]:
        assert math.isclose(sum(t["part"] for t in match["terms"]), match["score"], abs_tol=1e-6)
    assert document["objective"] == math.fsum(m["score"] for m in document["matches"])
    assert document["input"]["notes"] == [{"zh": "仅为示例", "en": "an example only"}]
    assert document["counts"]["conditional"] == sum(bool(m.missing) for m in plan.matches)
    assert [u["multiplier"] for u in document["pools_use"]] == plan.result.multipliers.tolist()


def test_no_limit_is_null():
    """A product without places or quota has null, never a huge number."""
    document = plan_document(example_plan(), INPUTS)
    limits = {p["id"]: (p["limit"], p["quota_fen"]) for p in document["problem"]["products"]}
    assert limits["P1"] == (None, None)
    assert limits["P3"] == (2, 100_000_000)
    assert document["problem"]["institutions"][0] == {"id": "B1", "limit": 2, "quota_fen": None}


def test_an_endless_time_limit_is_null():
    """Infinity is no JSON number."""
    document = plan_document(example_plan(), replace(INPUTS, time_limit=math.inf))
    assert document["solver"]["time_limit"] is None
    assert verify_plan(plan_bytes(document)) == []


def test_a_long_cost_is_cut_to_twelve_digits():
    """A third of a percent does not run to 28 digits."""
    plan = example_plan()
    match = replace(plan.matches[0], all_in_low=Decimal(1) / 300, all_in_high=None)
    document = plan_document(replace(plan, matches=(match, *plan.matches[1:])), INPUTS)
    assert document["matches"][0]["all_in_low"] == "0.00333333333333"
    assert document["matches"][0]["all_in_high"] is None


def test_half_a_character_does_not_spoil_the_file():
    """A lone surrogate, which UTF-8 cannot hold, becomes a question mark."""
    document = plan_document(example_plan(), replace(INPUTS, notes=(Text("坏\ud800", "bad"),)))
    assert document["input"]["notes"][0]["zh"] == "坏?"
    assert verify_plan(plan_bytes(document)) == []


def test_what_is_no_hash_is_refused():
    """The market's hash has 64 hexadecimal digits."""
    with pytest.raises(InputError, match="hash"):
        PlanInputs((), "no hash")


def test_a_person_can_read_the_file():
    """Chinese stands as it is, short things share a line and no line is endless."""
    text = plan_bytes(plan_document(example_plan(), INPUTS)).decode()
    assert '"enterprise_name": {"zh": "甲软件", "en": "Alpha Software"}' in text
    assert '{"id": "N1", "limit": 2}' in text
    assert text.endswith("}\n")
    assert pretty_json(list(range(40))).count("\n") == 4


def test_a_file_is_whole_or_as_before(tmp_path, monkeypatch):
    """If the last step fails the old file stands, nothing else is left behind."""
    file = tmp_path / "plan.json"
    file.write_text("before")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(InputError, match="No space"):
        write_plan(file, {"a": 1})
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """The error names the file that could not be written."""
    with pytest.raises(InputError, match=r"none.*plan\.json"):
        write_plan(tmp_path / "none" / "plan.json", {})


def test_numbers_that_json_lacks_are_refused(tmp_path):
    """Nan never reaches a file."""
    with pytest.raises(ValueError, match="JSON"):
        write_plan(Path(tmp_path / "plan.json"), {"gap": math.nan})
    assert not (tmp_path / "plan.json").exists()
