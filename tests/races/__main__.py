"""``python -m tests.races --rounds 200``: 50 banks at once for the last unit of a pool."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.databases import KINDS
from tests.races.racing import Race, course_on


def main() -> int:
    """Race, print the table, and return 0 if every race was fair."""
    parser = argparse.ArgumentParser(prog="tests.races", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--racers", type=int, default=50)
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=KINDS)
    asked = parser.parse_args()
    print(
        f"{'database':<11} {'for':<10} {'races':>6} {'fair':>6} {'5xx':>5} {'median s':>9}  answers"
    )
    is_good = True
    for kind in asked.databases:
        with course_on(kind, asked.racers) as course:
            for is_open in (False, True):
                races = [course.race(is_open) for _ in range(asked.rounds)]
                is_good &= _print(kind, "one need" if is_open else "the last", races)
            faults = course.faults()
            is_good &= not faults
            print(f"{kind:<11} record: {faults or 'sound'}")
    return 0 if is_good else 1


def _print(kind: str, prize: str, races: list[Race]) -> bool:
    answers = sum((race.statuses for race in races), Counter[int]())
    num_fair = sum(race.is_fair for race in races)
    num_broken = sum(count for status, count in answers.items() if status >= 500)
    median = sorted(race.seconds for race in races)[len(races) // 2]
    figures = f"{len(races):>6} {num_fair:>6} {num_broken:>5} {median:>9.2f}"
    print(f"{kind:<11} {prize:<10} {figures}  {dict(sorted(answers.items()))}", flush=True)
    return num_fair == len(races)


if __name__ == "__main__":
    sys.exit(main())
