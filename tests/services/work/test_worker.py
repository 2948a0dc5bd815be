"""The worker: what it makes of runs that end well, badly, too late or not at all."""

from __future__ import annotations

import json
import logging
import os
import time
from datetime import timedelta

import pytest

from matcher.domain.errors import InputError
from matcher.domain.run import RunState
from matcher.services.work import queue
from matcher.services.work.child import ProcessChild
from matcher.services.work.errors import BrokenRunError, RunLimitError, error_of
from matcher.services.work.queue import Asked
from matcher.services.work.settings import WorkSettings
from matcher.services.work.warm import warm
from matcher.store import blobs
from matcher.store.tables import RunRow
from tests import working
from tests.services.work.kinds import KINDS, SECRET, STAGE
from tests.working import PATIENCE_SECONDS, QUICK
from tests.working import shanghai_now as clock


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    # A process of its own finds the kinds of the tests as this one does.
    monkeypatch.setenv("PYTHONPATH", os.getcwd())


def make_worker(database, kinds=KINDS, **options):
    """Return a worker for quick kinds."""
    return working.make_worker(database, kinds=kinds, **options)


def at_work(database, **options):
    """Let a worker for quick kinds work in a thread."""
    return working.working(make_worker(database, **options))


def submit(database, account_id, kind="test", **request):
    """Queue a run."""
    with database.writing() as session:
        return queue.submit(session, Asked(kind, account_id, request), QUICK, clock()).id


def row_of(database, run_id):
    """Return a run."""
    with database.reading() as session:
        return session.get_one(RunRow, run_id)


def wait_for(condition):
    """Wait until something holds."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < ends, "waited for nothing"
        time.sleep(0.01)


def ended(database, run_id):
    """Wait until a run is over, and return it."""
    wait_for(lambda: RunState(row_of(database, run_id).state).is_final)
    return row_of(database, run_id)


def worked(database, run_id, **options):
    """Work until nothing is left, and return a run."""
    make_worker(database, **options).work(once=True)
    return row_of(database, run_id)


def test_a_run_is_prepared_computed_and_kept(database, account_id):
    """Input and outcome are blobs; the row says when and with what."""
    run_id = submit(database, account_id, prepare="content")
    row = worked(database, run_id)
    assert (row.state, row.attempts, row.worker, row.stage) == (RunState.DONE, 1, None, None)
    assert json.loads(row.summary) == {"size": 7}
    assert row.created_at <= row.started_at <= row.finished_at
    with database.reading() as session:
        assert blobs.fetch(session, row.input_sha256) == b"content"
        assert blobs.fetch(session, row.outcome_sha256) == b"content!"


def test_every_way_of_failing_is_kept_with_its_reason(database, account_id, caplog):
    """Faults are told; a bug tells nothing but that it is one; the next run is worked at."""
    caplog.set_level(logging.INFO)
    asked = {
        (step, how): submit(database, account_id, **{step: how})
        for step in ("prepare", "do")
        for how in ("fault", "bug")
    }
    late = submit(database, account_id, apply="fault")
    unknown = submit(database, account_id, kind="newer")
    good = submit(database, account_id)
    make_worker(database).work(once=True)
    assert row_of(database, good).state == RunState.DONE
    for (_, how), run_id in asked.items():
        row = row_of(database, run_id)
        assert row.state == RunState.FAILED
        assert type(error_of(row.problem)) is (InputError if how == "fault" else BrokenRunError)
    fault = error_of(row_of(database, asked["do", "fault"]).problem).faults[0]
    assert (fault.field, fault.file, fault.row, len(fault.value)) == ("do", "f", 3, 200)
    for run_id in (late, unknown):
        row = row_of(database, run_id)
        assert (row.state, row.outcome_sha256) == (RunState.FAILED, None)
        assert type(error_of(row.problem)) is InputError
    assert "ZeroDivisionError" in caplog.text
    assert SECRET not in caplog.text


def test_a_run_is_followed_while_it_is_computed(database, account_id):
    """Stage and progress come into the row."""
    run_id = submit(database, account_id, seconds=60)
    with at_work(database):
        wait_for(lambda: "left" in (row_of(database, run_id).progress or ""))
        assert json.loads(row_of(database, run_id).stage) == {"zh": STAGE.zh, "en": STAGE.en}


def test_a_stopped_worker_gives_its_run_back_and_the_next_one_ends_it(database, account_id):
    """The same input is computed, and the stop is no attempt."""
    run_id = submit(database, account_id, seconds=1, prepare="first")
    with at_work(database):
        wait_for(lambda: "left" in (row_of(database, run_id).progress or ""))
    row = row_of(database, run_id)
    assert (row.state, row.attempts, row.progress) == (RunState.QUEUED, 0, None)
    again = worked(database, run_id)
    assert (again.state, again.input_sha256) == (RunState.DONE, row.input_sha256)


def test_a_running_run_is_cancelled_soon(database, account_id):
    """Within a beat its computing is ended, and nothing of it is kept."""
    run_id = submit(database, account_id, seconds=60)
    with at_work(database):
        wait_for(lambda: "left" in (row_of(database, run_id).progress or ""))
        with database.writing() as session:
            assert queue.cancel(session, run_id, clock())
        row = ended(database, run_id)
    assert (row.state, row.outcome_sha256, row.is_wanted) == (RunState.CANCELLED, None, False)


def test_a_run_over_its_limit_is_failed(database, account_id):
    """The reason names the limit."""
    settings = WorkSettings(run_limit_seconds=0.2, beat_seconds=0.1, lease_seconds=1.0)
    row = worked(database, submit(database, account_id, seconds=60), settings=settings)
    assert row.state == RunState.FAILED
    assert type(error_of(row.problem)) is RunLimitError
    assert "0.2" in str(error_of(row.problem))


def test_a_worker_keeps_its_run_for_longer_than_a_lease(database, account_id):
    """Its heart beats, so that nobody else takes the run up."""
    run_id = submit(database, account_id, seconds=2.5)
    with at_work(database), at_work(database):
        row = ended(database, run_id)
    assert (row.state, row.attempts) == (RunState.DONE, 1)


def test_a_run_that_is_somebody_elses_by_now_is_left_alone(database, account_id):
    """A worker that slept too long finds that out and writes nothing."""
    run_id = submit(database, account_id, seconds=60)
    with at_work(database):
        wait_for(lambda: "left" in (row_of(database, run_id).progress or ""))
        with database.writing() as session:
            later = clock() + timedelta(hours=1)
            assert queue.claim(session, "other", QUICK, later).id == run_id
        other = submit(database, account_id)
        assert row_of(database, other).state == RunState.QUEUED
        time.sleep(0.5)  # the other one holds it, and max_running is 1
        row = row_of(database, run_id)
        assert (row.worker, row.state, row.attempts) == ("other", RunState.RUNNING, 2)


def test_two_workers_race_for_many_runs_and_each_is_computed_once(database, account_id):
    """Nothing is done twice, and nothing is left."""
    settings = WorkSettings(
        beat_seconds=0.1, lease_seconds=5.0, poll_seconds=0.01, max_running=2, max_queued=100
    )
    runs = [submit(database, account_id, prepare=str(n)) for n in range(20)]
    with at_work(database, settings=settings), at_work(database, settings=settings):
        rows = [ended(database, run_id) for run_id in runs]
    assert {row.state for row in rows} == {RunState.DONE}
    assert {row.attempts for row in rows} == {1}


def test_a_process_computes_and_is_ended_with_all_that_it_started(
    database, account_id, monkeypatch
):
    """A real process: its outcome without our secrets, its death, and that of what it started."""
    monkeypatch.setenv("MATCHER_API_DATABASE_URL", "postgresql://user:secret@host/name")
    good = submit(database, account_id, prepare="content", do="tell")
    dead = submit(database, account_id, do="die")
    spawning = submit(database, account_id, do="spawn", seconds=60)
    with at_work(database, start_child=ProcessChild):
        summary = json.loads(ended(database, good).summary)
        assert summary["size"] == 7
        assert "MATCHER_API_DATABASE_URL" not in summary["names"]
        row = ended(database, dead)
        assert type(error_of(row.problem)) is BrokenRunError
        wait_for(lambda: "pid" in (row_of(database, spawning).progress or ""))
        pid = json.loads(row_of(database, spawning).progress)["pid"]
        assert is_alive(pid)
        with database.writing() as session:
            queue.cancel(session, spawning, clock())
        assert ended(database, spawning).state == RunState.CANCELLED
        wait_for(lambda: not is_alive(pid))


def is_alive(pid):
    """Tell whether a process runs and is no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_spare_process_has_made_a_plan_before_its_job_comes():
    """What is made ready is sound: the smallest market is planned by each method."""
    warm()
