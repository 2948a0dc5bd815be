"""The queue and the worker, with solves that wait, fail and outlive their run."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import datetime

import pytest

import api.app
from api import Settings, create_app
from api.errors import BusyError
from api.memory import MemoryRuns
from api.runs import SHANGHAI, RunState
from api.worker import THREAD_NAME, solve_job
from matcher.domain.errors import CheckError
from matcher.domain.text import Text
from tests.api.client import serving

STAGE = Text("求解", "solving")


class Gate:
    """A solve that waits until it is let through, and can be told to fail."""

    def __init__(self):
        self.entered = threading.Semaphore(0)
        self.passing = threading.Semaphore(0)
        self.error = None

    def __call__(self, weights, job, on_stage):
        on_stage(STAGE)
        self.entered.release()
        assert self.passing.acquire(timeout=30)
        on_stage(STAGE)
        if self.error:
            raise self.error
        return solve_job(weights, job, on_stage)


@pytest.fixture
def gate(monkeypatch):
    """Return the gate in front of the solver."""
    found = Gate()
    monkeypatch.setattr(api.app, "solve_job", found)
    return found


@contextmanager
def small_app(**settings):
    """Serve an app with settings of its own."""
    with serving(create_app(Settings(**settings))) as client:
        yield client


def workers():
    """Return the worker threads that are alive."""
    return [thread for thread in threading.enumerate() if thread.name == THREAD_NAME]


def test_a_full_queue_is_busy_and_later_has_room_again(gate, body):
    """One runs, one waits, the third is told when to come back."""
    with small_app(max_queued=1) as client:
        first = client.post(body)
        assert gate.entered.acquire(timeout=30)
        assert client.get(first.headers["Location"]).json()["stage"] == {
            "zh": "求解",
            "en": "solving",
        }
        second = client.post(body)
        third = client.post(body)
        assert (first.status_code, second.status_code, third.status_code) == (202, 202, 503)
        assert third.headers["content-type"] == "application/problem+json"
        assert third.headers["retry-after"] == "5"
        gate.passing.release(2)
        for answer in (first, second):
            assert client.finished(answer.headers["Location"])["status"] == "done"
        gate.passing.release()
        assert client.planned(body)["status"] == "done"


@pytest.mark.parametrize(
    "error",
    [ZeroDivisionError("secret"), RecursionError("secret"), CheckError(Text.same("secret"))],
)
def test_a_run_that_breaks_is_failed_and_the_next_one_is_solved(gate, body, error, caplog):
    """A bug in the solver costs one run, tells nothing, and leaves the worker alive."""
    gate.error = error
    gate.passing.release(2)
    with small_app() as client:
        run = client.planned(body)
        assert run["status"] == "failed"
        assert run["problem"]["status"] == 500
        assert run["problem"]["instance"] == run["links"]["self"]
        assert run["problem"]["faults"] == []
        assert "secret" not in str(run)
        gate.error = None
        assert client.planned(body)["status"] == "done"
    assert bool(caplog.records) == (not isinstance(error, CheckError))


def test_a_waiting_run_can_be_cancelled_and_is_never_solved(gate, body):
    """It stays visible as cancelled until it is deleted once more."""
    with small_app() as client:
        client.post(body)
        assert gate.entered.acquire(timeout=30)
        waiting = client.post(body).headers["Location"]
        assert client.delete(waiting).status_code == 204
        assert client.get(waiting).json()["status"] == "cancelled"
        assert client.delete(waiting).status_code == 204
        assert client.get(waiting).status_code == 404
        gate.passing.release()
    assert not gate.entered.acquire(blocking=False)


def test_a_running_run_can_be_cancelled_and_its_outcome_is_dropped(gate, body):
    """The worker gives up at the next stage and takes the next job."""
    with small_app() as client:
        running = client.post(body).headers["Location"]
        assert gate.entered.acquire(timeout=30)
        client.delete(running)
        gate.passing.release(2)
        assert client.planned(body)["status"] == "done"
        assert client.get(running).json()["status"] == "cancelled"


def test_no_thread_is_left_after_a_stop(body):
    """The worker lives exactly as long as the app is served, and not from its creation."""
    before = set(threading.enumerate())
    app = create_app(Settings())
    assert not workers()
    for _ in range(2):
        with serving(app) as client:
            assert len(workers()) == 1
            client.post(body)
        assert not workers()
        # Threads of the event loop end on their own, just after it.
        for thread in set(threading.enumerate()) - before:
            thread.join(10)
            assert not thread.is_alive()


def test_a_stop_does_not_wait_for_ever(gate, body, caplog):
    """A solve that is under way is left alone after a while, and the log says so."""
    with small_app(stop_seconds=0.05) as client:
        client.post(body)
        assert gate.entered.acquire(timeout=30)
    assert "still under way" in caplog.text
    gate.passing.release()
    for thread in workers():
        thread.join(30)
    assert not workers()


def test_only_so_many_finished_runs_are_kept(body):
    """The oldest is forgotten first."""
    with small_app(max_kept=2) as client:
        paths = [client.planned(body)["links"]["self"] for _ in range(3)]
        assert [client.get(path).status_code for path in paths] == [404, 200, 200]


def at_noon():
    """Return a clock that stands."""
    return datetime(2022, 5, 25, 12, tzinfo=SHANGHAI)


def test_runs_are_taken_in_the_order_in_which_they_came():
    """First come, first served."""
    runs = MemoryRuns(max_queued=3, max_kept=3, now=at_noon)
    runs.open()
    added = [runs.add(job).run_id for job in ("a", "b", "c")]
    taken = [runs.take() for _ in range(3)]
    assert taken == list(zip(added, "abc", strict=True))
    assert runs.find(added[0]).state is RunState.RUNNING
    assert runs.find(added[0]).started_at == at_noon()


def test_the_run_that_ended_last_is_kept_last():
    """A run that waited long is not forgotten the moment it is done."""
    runs = MemoryRuns(max_queued=3, max_kept=1, now=at_noon)
    runs.open()
    first, second = runs.add("a").run_id, runs.add("b").run_id
    runs.take()
    runs.remove(second)
    runs.fail(first, CheckError(Text.same("x")))
    assert runs.find(first).state is RunState.FAILED
    assert runs.find(second) is None


def test_a_closed_store_takes_nothing_on_and_ends_the_worker():
    """What waited is cancelled; the worker is told that there is no more."""
    runs = MemoryRuns(max_queued=3, max_kept=3)
    with pytest.raises(BusyError):
        runs.add("a")
    runs.open()
    waiting = runs.add("a").run_id
    runs.close()
    assert runs.take() is None
    assert runs.find(waiting).state is RunState.CANCELLED


def test_what_is_not_running_cannot_be_finished():
    """A late answer changes nothing."""
    runs = MemoryRuns(max_queued=3, max_kept=3)
    runs.open()
    waiting = runs.add("a").run_id
    runs.fail(waiting, CheckError(Text.same("x")))
    runs.fail("unknown", CheckError(Text.same("x")))
    runs.remove("unknown")
    assert runs.find(waiting).state is RunState.QUEUED
