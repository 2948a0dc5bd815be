"""The reading process as seen by who started it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass

from matcher.domain.errors import MatcherError
from matcher.domain.text import Text

NOT_THERE = Text("文件读取进程未能启动", "the process that reads files is not there")
READY = b"R"
_START_S = 120.0
# openpyxl would load numpy only to know its numbers, which no file brings. Without it the process
# is smaller, has one thread, and starts sooner; so it is out of the way before all imports.
_PROGRAM = (
    "import sys; sys.modules['numpy'] = None; "
    "from matcher.files.guard.server import main; main(int(sys.argv[1]))"
)


class ReadingError(MatcherError):
    """The process that reads files is not there; the file may be sound."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process with the socket that it is spoken to by; ``owner`` is who started it."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    owner: int

    @classmethod
    def start(cls) -> Running:
        """Start the process and wait until it is ready.

        Raises
        ------
        ReadingError
            If it does not become so.
        """
        if not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
            raise ReadingError(NOT_THERE)
        ours, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-c", _PROGRAM, str(number)]
            process = subprocess.Popen(
                command, pass_fds=[number], stdin=subprocess.DEVNULL, env=_environment()
            )
        started = cls(process, ours, os.getpid())
        ours.settimeout(_START_S)
        try:
            is_ready = ours.recv(1) == READY
        except OSError:
            is_ready = False
        if not is_ready:
            started.stop()
            raise ReadingError(NOT_THERE)
        ours.settimeout(None)
        return started

    @property
    def is_alive(self) -> bool:
        """Whether it runs, for this process: one that was forked off starts its own."""
        return self.owner == os.getpid() and self.process.poll() is None

    def stop(self) -> None:
        """End it; that the socket is closed is all it needs to be told."""
        self.control.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


def _environment() -> dict[str, str]:
    """Return what the process needs to find this project, and no secret of the one that asks."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "LD_LIBRARY_PATH")
    path = os.pathsep.join(part for part in sys.path if part)
    known = {name: os.environ[name] for name in kept if name in os.environ}
    return {**known, "PYTHONPATH": path, "OPENPYXL_LXML": "False"}
