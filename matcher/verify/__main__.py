"""Check a plan file without the engine: ``python -m matcher.verify plan.json [market files]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from matcher.verify.plan_file import verify_plan


def main(arguments: Sequence[str]) -> int:
    """Print every finding; return 0 if there is none, 1 if there are, 2 without a file."""
    if not arguments:
        print("usage: python -m matcher.verify plan.json [market files]", file=sys.stderr)
        return 2
    findings = verify_plan(arguments[0], arguments[1:])
    for finding in findings:
        print(f"[{finding.code}] {finding.zh} / {finding.en}")
    if not findings:
        print("方案成立 / the plan holds")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
