"""Honest files read the same in a child as without one; a child has limits and never outlives."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from matcher.domain.errors import Fault, InputError
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files import read_market, write_json, write_template
from matcher.files.guard import Limits, ReadingServer, read_guarded
from matcher.files.guard.wire import Answer, load_answer
from matcher.files.pretty_json import pretty_json
from matcher.files.questionnaire import read_form, write_form
from tests.files.guard.packing import book_bytes
from tests.files.markets import LEAST, markets, write_csv
from tests.files.test_formats import FULL

DAY = date(2022, 5, 25)


# --- honest files -----------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=markets())
def test_any_market_reads_the_same_in_a_child(server: ReadingServer, records: Records):
    """As JSON, whatever its names, figures and rules."""
    content = pretty_json(write_json(records)).encode()
    found = read_guarded(content, "m.json", server=server)
    assert found.records == records


@pytest.mark.parametrize("sheets", [LEAST, FULL], ids=["least", "full"])
def test_a_workbook_reads_the_same_in_a_child(server: ReadingServer, tmp_path: Path, sheets):
    """Records, stamps and what was left unread."""
    path = tmp_path / "m.xlsx"
    path.write_bytes(book_bytes(sheets))
    assert read_guarded(path.read_bytes(), path.name, server=server) == read_market(path)


def test_the_template_reads_the_same_in_a_child(server: ReadingServer, tmp_path: Path):
    """With its drop-downs, notes, hidden sheet and merged cells, through `inspect` too."""
    path = tmp_path / "模板.xlsx"
    write_template(path)
    assert read_guarded(path.read_bytes(), path.name, server=server) == read_market(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_reads_the_same_in_a_child(server: ReadingServer, tmp_path: Path, encoding: str):
    """Each table by itself, in every encoding."""
    for path in write_csv(tmp_path / "m", FULL, encoding).iterdir():
        found = read_guarded(path.read_bytes(), path.name, reader="tables", server=server)
        assert found == read_market(path, complete=False)


def test_toml_and_a_form_read_the_same_in_a_child(server: ReadingServer, tmp_path: Path):
    """A register of policies; the faults of an empty form."""
    path = tmp_path / "policies.toml"
    path.write_text('[[policies]]\npolicy_id = "G1"\nname = "贴息"\nrate = "50%"\n')
    found = read_guarded(path.read_bytes(), path.name, reader="policies", server=server)
    assert found == read_market(path, complete=False)
    form = tmp_path / "form.xlsx"
    write_form(form)
    with pytest.raises(InputError) as plain:
        read_form(form, DAY)
    with pytest.raises(InputError) as guarded:
        read_guarded(form.read_bytes(), form.name, reader="questionnaire", as_of=DAY, server=server)
    assert guarded.value.faults == plain.value.faults


def test_a_document_is_read_as_plain_values(server: ReadingServer):
    """Numbers exactly as they were written."""
    content = b'{"a": [1, 0.10, "x", null, true]}'
    found = read_guarded(content, "s.json", reader="document", server=server)
    assert repr(found) == "{'a': [1, Decimal('0.10'), 'x', None, True]}"


def test_faults_are_the_same_and_at_most_a_thousand(server: ReadingServer):
    """The rest is counted."""
    content = b'{"needs": [' + b",".join([b"1"] * 2_000) + b"]}"
    with pytest.raises(InputError) as raised:
        read_guarded(content, "m.json", reader="tables", server=server)
    assert len(raised.value.faults) == 1_001
    assert "1000 more" in raised.value.faults[-1].message.en


def test_many_threads_may_ask_at_once(server: ReadingServer):
    """Each gets the answer to its own question."""
    found: dict[int, str] = {}

    def ask(number: int) -> None:
        content = b'{"n": %d}' % number
        found[number] = read_guarded(content, "d.json", reader="document", server=server)["n"]

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: n for n in range(12)}


def test_no_such_reader_and_a_form_without_a_day_are_mistakes_of_the_caller():
    """They are told before anything is started."""
    with pytest.raises(ValueError, match="no such reader"):
        read_guarded(b"x", "m.json", reader="nothing")
    with pytest.raises(ValueError, match="day"):
        read_guarded(b"x", "m.json", reader="questionnaire")


# --- limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(memory_bytes=1, memory_per_mib=1), "more memory"),
        (Limits(cpu_s=0.01, cpu_per_mib_s=0.01), "more time"),
        (Limits(max_bytes=100), "too large"),
        (Limits(max_depth=1), "too deep"),
    ],
    ids=["memory", "time", "size", "depth"],
)
def test_an_honest_file_beyond_the_limits_is_refused(
    server: ReadingServer, limits: Limits, words: str
):
    """Each limit is what stops it, and says so."""
    content = b'{"needs": [' + b",".join([b'{"need_id": "N"}'] * 3_000) + b"]}"
    with pytest.raises(InputError) as raised:
        read_guarded(content, "m.json", limits=limits, server=server)
    assert words in raised.value.faults[0].message.en


def test_limits_must_be_above_zero():
    """All that are not are named."""
    with pytest.raises(InputError) as raised:
        Limits(max_bytes=0, cpu_s=-1.0)
    assert [fault.field for fault in raised.value.faults] == ["max_bytes", "cpu_s"]


_LIMITED = """
import os, sys, time
from matcher.files.guard.child import limit
from matcher.files.guard.limits import Allowance
limit(Allowance({memory}, {cpu}, {wall}))
{action}
"""


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("while True: pass", -signal.SIGPROF),
        ("time.sleep(60)", -signal.SIGALRM),
        ("try: bytearray(100 << 20)\nexcept MemoryError: os._exit(7)", 7),
        ("bytearray(20 << 20); os._exit(0)", 0),
        ("try: open('/etc/passwd')\nexcept OSError: os._exit(7)", 7),
        ("import socket\ntry: socket.socket()\nexcept OSError: os._exit(7)", 7),
        ("r = os.dup if False else os.pipe\ntry: r()\nexcept OSError: os._exit(7)", 7),
    ],
    ids=["processor", "clock", "memory", "enough memory", "file", "connection", "pipe"],
)
def test_the_kernel_holds_a_child_to_its_limits(action: str, expected: int):
    """Whatever the code in it does."""
    action = action.replace("import socket\n", "")
    program = "import socket\n" + _LIMITED.format(memory=50 << 20, cpu=0.3, wall=1.0, action=action)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.returncode == expected, done.stderr


# --- answers ----------------------------------------------------------------------------------


class _Calls:
    def __reduce__(self):
        return os.system, ("true",)


@pytest.mark.parametrize(
    "answer",
    [
        pickle.dumps(_Calls()),
        pickle.dumps(Answer(_Calls(), ())),
        pickle.dumps(Answer(subprocess.Popen, ())),
        pickle.dumps(Answer(Path("/etc/passwd"), ())),
        pickle.dumps(read_market),
        pickle.dumps("no answer"),
        b"cmatcher.files.guard.wire\nos.system\n.",
        b"noise",
        b"",
    ],
)
def test_an_answer_that_is_more_than_values_is_not_taken(answer: bytes):
    """A child that was taken over calls nothing in the process that asked."""
    with pytest.raises(pickle.UnpicklingError):
        load_answer(answer)


def test_an_answer_of_values_is_taken():
    """Faults with their sentences among them."""
    answer = Answer(Records(), (Fault(Text("一", "one"), value=DAY),))
    assert load_answer(pickle.dumps(answer)) == answer


# --- ends -------------------------------------------------------------------------------------


def test_a_server_that_was_killed_is_started_again():
    """The next reading does not know of it."""
    with ReadingServer() as server:
        assert read_guarded(b'{"a": 1}', "d.json", reader="document", server=server) == {"a": 1}
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        assert read_guarded(b'{"a": 2}', "d.json", reader="document", server=server) == {"a": 2}


_ORPHANS = """
import os, socket, time
from pathlib import Path
from matcher.files.guard import ReadingServer
server = ReadingServer()
server.start()
ours, theirs = socket.socketpair()
socket.send_fds(server._running.control, [b"C"], [theirs.fileno()])
children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
while not children.read_text().split():
    time.sleep(0.01)
print(server.pid, *children.read_text().split(), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_nothing_outlives_a_program_that_was_killed():
    """Neither the server nor a child that waits for its file."""
    program = subprocess.Popen([sys.executable, "-c", _ORPHANS], stdout=subprocess.PIPE)
    assert program.stdout is not None
    with program.stdout:
        pids = [int(pid) for pid in program.stdout.readline().split()]
    assert len(pids) == 2
    program.kill()
    program.wait()
    end = time.monotonic() + 20
    while any(_runs(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(_runs(pid) for pid in pids)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
