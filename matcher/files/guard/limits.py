"""What a file from a stranger may cost: its own size, what it unpacks to, memory and time."""

from __future__ import annotations

from dataclasses import dataclass, fields

from matcher.domain.errors import Faults
from matcher.domain.text import Text

MIB = 1 << 20
UNPACKS_TO = 8
"""How often larger than its file the text of an ordinary workbook is, for the allowance."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one reading may use beyond what its process holds before it starts.

    Parameters
    ----------
    memory_bytes
        More address space.
    cpu_s, wall_s
        Seconds of processor time, and by the clock.
    """

    memory_bytes: int
    cpu_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file.

    Memory and time grow with the bytes that were sent and not with what these claim to unpack
    to: who sends little gets little. An ordinary market takes about 12 MiB and 1 s for each MiB
    of text; three times the time and twice the memory are allowed.

    Parameters
    ----------
    max_bytes
        Size of the file.
    max_unpacked_bytes
        Sum of what the members of a workbook unpack to.
    max_ratio
        Unpacked to packed size of a workbook that unpacks to more than 1 MiB.
    max_members, max_sheets
        Of a workbook.
    max_depth
        Levels of nesting in JSON and TOML.
    memory_bytes, memory_per_mib
        What a reading may use at least, and more for each MiB of text.
    cpu_s, cpu_per_mib_s
        The same in seconds of processor time.
    most_memory_bytes, most_cpu_s
        What no reading may go beyond.
    """

    max_bytes: int = 16 * MIB
    max_unpacked_bytes: int = 128 * MIB
    max_ratio: int = 100
    max_members: int = 500
    max_sheets: int = 100
    max_depth: int = 32
    memory_bytes: int = 32 * MIB
    memory_per_mib: int = 24 * MIB
    cpu_s: float = 0.6
    cpu_per_mib_s: float = 3.0
    most_memory_bytes: int = 1024 * MIB
    most_cpu_s: float = 240.0

    def __post_init__(self) -> None:
        faults = Faults()
        expected = Text("大于 0 的数", "a number above 0")
        for field in fields(self):
            value = getattr(self, field.name)
            faults.require(value > 0, field.name, value, expected)
        faults.raise_if_any()

    def allowance(self, num_bytes: int, is_packed: bool) -> Allowance:
        """Return what reading a file of ``num_bytes`` may use."""
        mib = num_bytes * (UNPACKS_TO if is_packed else 1) / MIB
        memory = self.memory_bytes + int(mib * self.memory_per_mib)
        cpu = min(self.cpu_s + mib * self.cpu_per_mib_s, self.most_cpu_s)
        # By the clock a reading may take longer: others may be using the processors.
        return Allowance(min(memory, self.most_memory_bytes), cpu, 5 * cpu + 5)
