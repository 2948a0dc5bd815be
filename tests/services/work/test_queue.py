"""The moves of a run: each changes a row from the states that allow it, and from no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import col, select

from matcher.domain.errors import Fault, InputError
from matcher.domain.run import TRANSITIONS, RunAction, RunState
from matcher.domain.text import Text
from matcher.services.work import queue
from matcher.services.work.errors import QueueFullError, WorkerLostError, error_of
from matcher.services.work.kinds import Result
from matcher.services.work.queue import Asked, Standing
from matcher.services.work.settings import WorkSettings
from matcher.store import blobs
from matcher.store.tables import BlobRow, RunRow
from tests.services.work.conftest import NOW

SETTINGS = WorkSettings(max_queued=1000)
LATER = NOW + timedelta(seconds=SETTINGS.lease_seconds)
ERROR = InputError([Fault(Text("不可用", "no use"), "pins", "a\0b", Text("别的", "other"), row=3)])


def submit(database, account_id, settings=SETTINGS, **options):
    """Queue a run."""
    with database.writing() as session:
        asked = Asked("test", account_id, {"a": 1}, **options)
        return queue.submit(session, asked, settings, NOW).id


def claim(database, worker="w", now=NOW, settings=SETTINGS):
    """Claim a run, and return its id."""
    with database.writing() as session:
        row = queue.claim(session, worker, settings, now)
        return None if row is None else row.id


def moved(database, move, *arguments):
    """Make a move, and tell whether it changed anything."""
    with database.writing() as session:
        return move(session, *arguments)


def row_of(database, run_id):
    """Return a run."""
    with database.reading() as session:
        return session.get_one(RunRow, run_id)


def make(database, account_id, state):
    """Make a run in a state."""
    run_id = submit(database, account_id)
    if state is not RunState.QUEUED:
        assert claim(database) == run_id
    if state is RunState.DONE:
        assert moved(database, queue.finish, run_id, "w", Result(b"x"), NOW)
    if state is RunState.FAILED:
        assert moved(database, queue.fail, run_id, "w", ERROR, NOW)
    if state is RunState.CANCELLED:
        assert moved(database, queue.drop, run_id, "w", NOW)
    return run_id


MOVES = {
    RunAction.CLAIM: lambda db, run: claim(db, "v", LATER) is not None,
    RunAction.GIVE_BACK: lambda db, run: moved(db, queue.give_back, run, "w"),
    RunAction.FINISH: lambda db, run: moved(db, queue.finish, run, "w", Result(b"y"), NOW),
    RunAction.FAIL: lambda db, run: moved(db, queue.fail, run, "w", ERROR, NOW),
    RunAction.CANCEL: lambda db, run: (
        moved(db, queue.cancel, run, NOW) and moved(db, queue.drop, run, "w", NOW)
    ),
}


def test_every_action_in_every_state_moves_as_the_table_says_or_changes_nothing(
    database, account_id
):
    """All pairs of a state and an action; a waiting run is cancelled before any worker looks."""
    for state in RunState:
        for action in RunAction:
            run_id = make(database, account_id, state)
            before = row_of(database, run_id)
            MOVES[action](database, run_id)
            after = row_of(database, run_id)
            to = TRANSITIONS.get((state, action), state)
            assert after.state == to, (state, action)
            if to is state and action is not RunAction.CLAIM:
                assert after == before
            assert (after.finished_at is not None) == to.is_final
            for left in (queue.drop, queue.cancel):
                arguments = (run_id, "v", NOW) if left is queue.drop else (run_id, NOW)
                moved(database, left, *arguments)
            moved(database, queue.drop, run_id, "w", NOW)


def test_runs_are_taken_up_in_the_order_in_which_they_came(database, account_id):
    """First come, first served, one at a time."""
    runs = [submit(database, account_id) for _ in range(3)]
    for run_id in runs:
        assert claim(database) == run_id
        assert claim(database, "v") is None
        assert moved(database, queue.finish, run_id, "w", Result(None), NOW)
    assert claim(database) is None


def test_a_lease_keeps_others_away_until_it_is_over(database, account_id):
    """A beat renews it; who comes after its end takes the run up, and the first one has lost it."""
    run_id = submit(database, account_id)
    assert claim(database, "w") == run_id
    told = {"stage": "1", "progress": "2"}
    beaten = moved(database, queue.beat, run_id, "w", SETTINGS, NOW + timedelta(seconds=2), told)
    assert beaten is Standing.WANTED
    assert (row_of(database, run_id).stage, row_of(database, run_id).progress) == ("1", "2")
    assert claim(database, "v", LATER) is None
    assert claim(database, "v", LATER + timedelta(seconds=2)) == run_id
    assert row_of(database, run_id).attempts == 2
    assert row_of(database, run_id).stage is None
    assert moved(database, queue.beat, run_id, "w", SETTINGS, LATER) is Standing.LOST
    assert not moved(database, queue.hold, run_id, "w")
    assert not moved(database, queue.finish, run_id, "w", Result(b"late"), LATER)
    assert not moved(database, queue.keep_input, run_id, "w", b"late", "text/plain", LATER)
    assert moved(database, queue.finish, run_id, "v", Result(b"good"), LATER)


def test_a_run_that_kills_its_workers_is_failed_in_the_end(database, account_id):
    """After three attempts it says so, and the next one is taken up."""
    run_id, other = submit(database, account_id), submit(database, account_id)
    now = NOW
    for _ in range(SETTINGS.max_attempts):
        assert claim(database, now=now) == run_id
        now = now + timedelta(seconds=SETTINGS.lease_seconds)
    assert claim(database, now=now) == other
    row = row_of(database, run_id)
    assert (row.state, row.finished_at, row.worker) == (RunState.FAILED, now, None)
    assert isinstance(error_of(row.problem), WorkerLostError)
    assert "3" in str(error_of(row.problem))


def test_an_unwanted_run_of_a_dead_worker_is_cancelled(database, account_id):
    """Nobody takes up what nobody wants."""
    run_id = submit(database, account_id)
    claim(database)
    assert moved(database, queue.cancel, run_id, NOW)
    assert moved(database, queue.beat, run_id, "w", SETTINGS, NOW) is Standing.UNWANTED
    assert not moved(database, queue.hold, run_id, "w")
    assert claim(database, "v", LATER) is None
    assert row_of(database, run_id).state == RunState.CANCELLED


def test_a_run_that_is_given_back_keeps_its_place(database, account_id):
    """It does not count as an attempt, and is the next one."""
    run_id = submit(database, account_id)
    submit(database, account_id)
    claim(database)
    assert moved(database, queue.give_back, run_id, "w")
    row = row_of(database, run_id)
    assert (row.attempts, row.worker, row.lease_until) == (0, None, None)
    assert claim(database, "v") == run_id


def test_a_full_queue_takes_nothing_on_even_when_many_ask_at_once(database, account_id):
    """Of twenty at once as many are taken on as there is room, and no number is given twice."""
    settings = WorkSettings(max_queued=4)

    def ask(_):
        try:
            return submit(database, account_id, settings, content=b"the same")
        except QueueFullError:
            return None

    with ThreadPoolExecutor(8) as pool:
        taken = [run_id for run_id in pool.map(ask, range(20)) if run_id is not None]
    assert len(taken) == len(set(taken)) == 4
    with database.reading() as session:
        assert sorted(session.scalars(select(RunRow.number))) == [1, 2, 3, 4]
        assert len(session.scalars(select(BlobRow.sha256)).all()) == 1
    claim(database, settings=settings)
    assert ask(None) is not None


def test_workers_that_race_get_each_run_once(database, account_id):
    """Eight claim at once, again and again: no run is given out twice."""
    settings = WorkSettings(max_queued=1000, max_running=100)
    runs = {submit(database, account_id) for _ in range(24)}

    def work(name):
        found = []
        while (run_id := claim(database, f"w{name}", settings=settings)) is not None:
            found.append(run_id)
        return found

    with ThreadPoolExecutor(8) as pool:
        given = [run_id for found in pool.map(work, range(8)) for run_id in found]
    assert sorted(given, key=str) == sorted(runs, key=str)


def test_only_so_many_run_at_once(database, account_id):
    """Two may, so the third waits; one whose lease is over does not count."""
    settings = WorkSettings(max_queued=9, max_running=2)
    for _ in range(4):
        submit(database, account_id)
    assert claim(database, "a", settings=settings) is not None
    assert claim(database, "b", settings=settings) is not None
    assert claim(database, "c", settings=settings) is None
    with database.reading() as session:
        assert not queue.is_due(session, settings, NOW)
        assert queue.is_due(session, settings, LATER)
    assert claim(database, "c", LATER, settings) is not None


def test_the_faults_of_a_run_come_back_as_they_were(database, account_id):
    """Class, sentences in both languages and places; what no database takes is replaced."""
    run_id = make(database, account_id, RunState.FAILED)
    error = error_of(row_of(database, run_id).problem)
    assert type(error) is InputError
    (fault,), (given,) = error.faults, ERROR.faults
    assert (fault.message, fault.expected, fault.row) == (given.message, given.expected, given.row)
    assert fault.value == "a�b"


def test_blobs_are_kept_once_and_come_back_as_they_were(database):
    """The same bytes are one row; what was damaged is found out."""
    content = "银企".encode() * 1000
    with database.writing() as session:
        kept = blobs.keep(session, content, "text/plain", NOW)
        assert blobs.keep(session, content, "text/plain", LATER) == kept
        assert blobs.keep(session, b"", "text/plain", NOW) != kept
    with database.reading() as session:
        assert blobs.fetch(session, kept) == content
        with pytest.raises(LookupError):
            blobs.fetch(session, "0" * 64)
        row = session.scalars(select(BlobRow).where(col(BlobRow.sha256) == kept)).one()
        assert (row.size_bytes, row.created_at) == (len(content), NOW)
    with database.writing() as session:
        other = session.scalars(select(BlobRow).where(col(BlobRow.sha256) != kept)).one()
        session.get_one(BlobRow, kept).compressed = other.compressed
    with database.reading() as session, pytest.raises(ValueError, match="not what was kept"):
        blobs.fetch(session, kept)
