"""Schemathesis over the whole API, for each role in turn; ends with 1 if anything was found.

python -m tests.api.fuzz                       all phases, a hundred examples; minutes a role
python -m tests.api.fuzz --roles bank --examples 20 --seed 7 --database postgresql
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.api.fuzz.running import PHASES, ROLES, fuzz, fuzzed_world
from tests.databases import KINDS


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--roles", nargs="+", choices=ROLES, default=list(ROLES))
    parser.add_argument("--phases", nargs="+", choices=PHASES, default=list(PHASES))
    parser.add_argument("--examples", type=int, default=100, help="for each operation and phase")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    args = parser.parse_args()
    failed = False
    for role in args.roles:
        start = time.monotonic()
        with fuzzed_world(args.database) as world:
            found = fuzz(world, role, args.examples, args.seed, tuple(args.phases))
        failed |= bool(found.failures)
        seconds = time.monotonic() - start
        print(f"{role}: {found.requests} requests in {seconds:.0f} s", flush=True)
        for told in found.failures:
            print(f"- {told}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
