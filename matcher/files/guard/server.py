"""The process from which readers are forked: it has everything loaded, and reads nothing itself.

It takes connections over a socket that it was started with, forks a child for each, and when the
child has ended writes how it did. It ends when the other side of that socket does.
"""

from __future__ import annotations

import gc
import os
import resource
import selectors
import signal
import socket
import sys
from typing import NoReturn

from matcher.files.guard import child
from matcher.files.guard.readers import warm_up
from matcher.files.guard.running import READY
from matcher.files.guard.wire import ENDING, Ending, send


def main(number: int) -> NoReturn:
    """Serve over the inherited socket with this number until it is closed."""
    with socket.socket(fileno=number) as control:
        warm_up()
        gc.collect()
        gc.freeze()  # what is there now is never walked over, and so stays shared
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
        control.sendall(READY)
        _serve(control)
    sys.exit(0)


def _serve(control: socket.socket) -> None:
    waking, woken = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(waking, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in selector.select()]
            if waking in ready:
                os.read(waking, 4096)
                _reap(children)
            if control in ready and not _take(control, children):
                return


def _take(control: socket.socket, children: dict[int, socket.socket]) -> bool:
    """Fork a child for the next connection; tell whether there will be more."""
    message, numbers, _, _ = socket.recv_fds(control, 1, 1)
    if not message:
        return False
    for number in numbers:
        connection = socket.socket(fileno=number)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _close_others(connection.fileno())
            child.run(connection, parent)
        children[pid] = connection
    return True


def _close_others(kept: int) -> None:
    """Close all that is the parent's: its sockets to other children before all."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    highest = min(most, 65_536)
    os.closerange(0, 1)
    os.closerange(3, kept)
    os.closerange(kept + 1, highest)


def _reap(children: dict[int, socket.socket]) -> None:
    """Tell how each child that has ended did."""
    while children:
        pid, status, used = os.wait4(-1, os.WNOHANG)
        if pid == 0:
            return
        connection = children.pop(pid)
        scale = 1024 if sys.platform == "darwin" else 1
        ending = Ending(status, used.ru_maxrss // scale, used.ru_utime + used.ru_stime)
        with connection:
            connection.setblocking(False)
            try:
                send(connection, ending.pack(), ENDING)
            except OSError:
                continue  # who asked has gone, or has the answer and not yet read it
