"""Schemathesis against the app in this process: all of its checks, one role after the other.

It reads the OpenAPI document, makes requests that hold to it and requests that do not, follows
what answers name to other operations, and looks at every answer: no 5xx, nothing that the document
does not say, nothing accepted that it forbids and nothing refused that it allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

PHASES = ("examples", "coverage", "fuzzing", "stateful")


@dataclass(frozen=True, slots=True)
class Found:
    """What one role's run came to.

    Parameters
    ----------
    requests
        How many were sent.
    failures
        What was found, in words, each once.
    """

    requests: int
    failures: tuple[str, ...]


def fuzz(
    app: FastAPI,
    headers: dict[str, str],
    examples: int,
    seed: int,
    phases: tuple[str, ...] = PHASES,
    only: str | None = None,
) -> Found:
    """Run all phases with the headers of one role.

    Parameters
    ----------
    examples
        How many requests each operation gets in each phase, at most.
    only
        The id of the one operation to look at; all without it.
    """
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "suppress-health-check": ["all"],
            "headers": headers,
            "continue-on-failure": True,
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                "with-security-parameters": False,
            },
            "phases": {name: {"enabled": name in phases} for name in PHASES},
            "cache": {"enabled": False},
        }
    )
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    if only:
        schema = schema.include(operation_id=only)
    requests, failures = 0, {}
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
            requests += len(event.recorder.interactions)
            for told in _failures(event.recorder):
                failures.setdefault(told, None)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            failures.setdefault(f"error: {event!r}"[:2000], None)
    return Found(requests, tuple(failures))


def _failures(recorder: Any) -> Iterator[str]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                case = recorder.cases[case_id].value
                told = f"{case.operation.label}: {check.name}: {failure.title}: {failure.message}"
                yield f"{told[:1500]}\n    {check.failure_info.code_sample[:1500]}"
