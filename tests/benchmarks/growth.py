"""Growth: time and memory of the auction from 1 to 20 million edges, on one core and on two.

    python -m tests.benchmarks.growth

``x linear`` is the time for an edge over that of the smallest instance on as many cores, and so
for memory beyond what was held before. Each instance runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.benchmarks import assign

_NAMES = ("growth-1m", "growth-5m", "growth-20m")


def run_all(repeat: int, gap: float, seed: int) -> list[dict[str, Any]]:
    """Return a line for each number of cores and instance."""
    lines = []
    for cores in (1, 2):
        given = argparse.Namespace(
            instances=_NAMES, methods=["auction"], repeat=repeat, gap=gap, seed=seed, cores=cores
        )
        mine = [{**line, "cores": cores} for line in assign.run_all(given)]
        for line in mine:
            for name in ("wall_s", "cpu_s", "more_mb"):
                each, first = line[name] / line["edges"], mine[0][name] / mine[0]["edges"]
                line[f"{name}_over_linear"] = each / first
        lines += mine
    return lines


def show(lines: list[dict[str, Any]]) -> None:
    """Print the table."""
    print("instance      cores    edges   wall s    CPU s  x linear  CPU x lin.  MB more  x linear")
    for line in lines:
        print(
            f"{line['instance']:12} {line['cores']:6} {line['edges']:10,} {line['wall_s']:7.3f} "
            f"{line['cpu_s']:8.3f} {line['wall_s_over_linear']:9.2f} "
            f"{line['cpu_s_over_linear']:11.2f} {line['more_mb']:8.0f} "
            f"{line['more_mb_over_linear']:9.2f}"
        )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write every number here")
    args = parser.parse_args()
    lines = run_all(args.repeat, args.gap, args.seed)
    show(lines)
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
