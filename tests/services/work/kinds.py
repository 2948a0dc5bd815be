"""Kinds of work for tests: quick ones that do as their request says, found by their names."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from multiprocessing import Pipe
from threading import Thread

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.work.computing import Teller, computed
from matcher.services.work.kinds import Kind, Result
from matcher.services.work.messages import Task

STAGE = Text("等待", "waiting")
SECRET = "a secret of " + "a firm"


def take(session, job):
    """Take what the request says, and fail if it says so."""
    if job.request.get("prepare") == "fault":
        raise InputError([Fault(Text("不可用", "no use"), "prepare", 1)])
    if job.request.get("prepare") == "bug":
        raise ZeroDivisionError(SECRET)
    return job.request.get("prepare", "taken").encode()


def compute(job, progress):
    """Do what the request says, for as long as it says."""
    do, told = job.request.get("do"), {}
    progress.stage(STAGE)
    if do == "fault":
        raise InputError([Fault(Text("不可用", "no use"), "do", "x" * 999, file="f", row=3)])
    if do == "bug":
        raise ZeroDivisionError(SECRET)
    if do == "die":
        os._exit(1)
    if do == "spawn":  # a process of its own, that nobody but the group can end
        started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        told["pid"] = started.pid
    ends = time.monotonic() + job.request.get("seconds", 0)
    while time.monotonic() < ends:
        progress.share({"left": round(ends - time.monotonic(), 3), **told})
        time.sleep(0.01)
    return Result(job.content + b"!", summary={"size": len(job.content)})


def apply(session, job, result, now):
    """Fail if the request says so."""
    if job.request.get("apply") == "fault":
        raise InputError([Fault(Text("不可用", "no use"), "apply", 1)])
    return result


TEST_KIND = Kind("test", take, compute, apply)
KINDS = {"test": TEST_KIND}


class ThreadChild:
    """A child that is a thread: quick to start, and ended when it next tells something."""

    def __init__(self):
        self._here, self._there = Pipe()

    def send(self, task: Task):
        """Begin."""

        def work():
            message = computed(task.compute, task.job, Teller(self._there))
            try:
                self._there.send(message)
            except OSError:
                return

        Thread(target=work, daemon=True).start()

    def receive(self, seconds):
        """Return what it says within a time, None if nothing."""
        return self._here.recv() if self._here.poll(seconds) else None

    def end(self):
        """Listen no more."""
        self._here.close()
