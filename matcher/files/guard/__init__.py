"""Files from strangers: looked at before they are unpacked, then read in a process under limits.

`inspect` tells what is wrong with a file from its outside, without trusting anything that it says
of itself. `read_guarded` does that and reads the file in a child process that may use only so much
memory and time, opens no file and no connection, and ends with the process that asked.
"""

from matcher.files.guard.client import ReadingServer, read_guarded, start_reading, stop_reading
from matcher.files.guard.inspection import inspect
from matcher.files.guard.limits import Limits
from matcher.files.guard.running import ReadingError

__all__ = [
    "Limits",
    "ReadingError",
    "ReadingServer",
    "inspect",
    "read_guarded",
    "start_reading",
    "stop_reading",
]
