"""Imported by a process that waits for its job: all that a plan or a what-if needs."""

from __future__ import annotations

import matcher.services.work.plan_computing
import matcher.services.work.scenario_computing  # noqa: F401
