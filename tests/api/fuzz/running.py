"""Schemathesis against the app in this process: all of its checks, one role after the other.

It reads the OpenAPI document, makes requests that hold to it and requests that do not, follows
what answers name to other operations, and looks at every answer: no 5xx, nothing that the document
does not say, nothing accepted that it forbids and nothing refused that it allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.uploads import XLSX
from tests.api.matrix.test_isolation import small_market
from tests.api.world import World, world_on

BEYOND_A_SCHEMA = (
    "change_account",
    "change_my_password",
    "change_event",
    "check_in",
    "create_account",
    "create_api_key",
    "create_event",
    "create_round_run",
    "create_scenario",
    "declare_conflict",
    "open_round",
)
"""Operations whose bodies have rules that no schema tells: sums, references, digits that check."""

READ_AS_SHEETS = (
    "change_need",
    "change_product",
    "create_import",
    "create_need",
    "create_plan",
    "create_product",
    "hand_in_questionnaire",
)
"""Operations that take records as cells of a sheet are taken: more than the schema asks for.

What is empty or null is not given, one word is a list of one, a number may be text; the schema
tells the one form in which records are written.
"""

_FINE = ["2xx", "3xx", 401, 403, 404, 409, 412, 428, 429]
_FINE_BEYOND = [*_FINE, 400, 422]
_REFUSED = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429]
_FILES = ("application/toml", "text/csv", XLSX)

_INVALID = re.compile(r"Invalid component: (.*)")

HOST = "testserver"
ROLES = ("anonymous", "enterprise", "bank", "organiser", "staff", "auditor", "admin")
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


@contextmanager
def fuzzed_world(kind: str) -> Iterator[World]:
    """Serve a small market without limits of rate, by the name that schemathesis calls."""
    with world_on(
        kind,
        small_market,
        requests_per_minute=0,
        requests_per_minute_of_strangers=0,
        allowed_hosts=(HOST, "127.0.0.1"),
        max_queued=1_000_000,
    ) as world:
        yield world


def headers_of(world: World, role: str) -> dict[str, str]:
    """Return what a role shows: a key, which schemathesis cannot log out, or a session."""
    if role == "anonymous":
        return {}
    person = getattr(world.people, "firm" if role == "enterprise" else role)
    return person.by_session | {"Origin": f"http://{HOST}"}


def fuzz(
    world: World,
    role: str,
    examples: int,
    seed: int,
    phases: tuple[str, ...] = PHASES,
    with_refused: bool = True,
) -> Found:
    """Run all phases as one role, with an account that is made for it.

    Parameters
    ----------
    examples
        How many requests each operation gets in each phase, at most.
    with_refused
        Whether also to ask for what is not for the role, or only for what is.
    """
    app = world.client.app
    described = _operations(app)
    listing = [name for name, operation in described.items() if _is_paged(operation)]
    refused = [name for name, one in described.items() if role not in one.get("x-roles", ROLES)]
    config = SchemathesisConfig.from_dict(
        {
            "checks": {
                "positive_data_acceptance": {"expected-statuses": _FINE},
                "negative_data_rejection": {"expected-statuses": _REFUSED},
            },
            "operations": [
                {"include-operation-id": refused or ["-"], "enabled": with_refused},
                {
                    "include-operation-id": [*BEYOND_A_SCHEMA, *listing],
                    "checks": {"positive_data_acceptance": {"expected-statuses": _FINE_BEYOND}},
                },
                {
                    "include-operation-id": list(READ_AS_SHEETS),
                    "checks": {
                        "positive_data_acceptance": {"expected-statuses": _FINE_BEYOND},
                        "negative_data_rejection": {"enabled": False},
                    },
                },
            ],
            "seed": seed,
            "suppress-health-check": ["all"],
            "headers": headers_of(world, role),
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
    requests, failures = 0, {}
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
            requests += len(event.recorder.interactions)
            for kind, told in _failures(event.recorder):
                failures.setdefault(kind, told)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            failures.setdefault(("error", repr(event)), repr(event)[:2000])
    return Found(requests, tuple(failures.values()))


@schemathesis.serializer(*_FILES)
def _as_file(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Send a file as it is."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def _operations(app: FastAPI) -> dict[str, dict[str, Any]]:
    items = app.openapi()["paths"].values()
    return {one["operationId"]: one for item in items for one in item.values()}


def _is_paged(operation: dict[str, Any]) -> bool:
    """Tell whether an operation takes a cursor: no schema tells which are its own."""
    return any(one["name"] == "cursor" for one in operation.get("parameters", ()))


def _failures(recorder: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Return each failure with its kind: one of a kind is enough to be mended."""
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                case = recorder.cases[case_id].value
                told = f"{case.operation.label}: {check.name}: {failure.title}: {failure.message}"
                kind = (case.operation.label, check.name, *_INVALID.findall(failure.message))
                yield kind, f"{told[:1500]}\n    {check.failure_info.code_sample[:1500]}"
