"""Kinds of work for tests: quick ones that do as their request says, found by their names."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.work.kinds import Kind, Result

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
    if do == "tell":
        told["names"] = [name for name in os.environ if name.startswith("MATCHER_")]
    ends = time.monotonic() + job.request.get("seconds", 0)
    while time.monotonic() < ends:
        progress.share({"left": round(ends - time.monotonic(), 3), **told})
        time.sleep(0.01)
    return Result(job.content + b"!", summary={"size": len(job.content), **told})


def apply(session, job, result, now):
    """Fail if the request says so."""
    if job.request.get("apply") == "fault":
        raise InputError([Fault(Text("不可用", "no use"), "apply", 1)])
    return result


TEST_KIND = Kind("test", take, compute, apply)
KINDS = {"test": TEST_KIND}
