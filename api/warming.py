"""What a process needs for its first request as for any other: prepared before it is served.

A first request would otherwise wait for every route to be put together, for its template to be
compiled, for the calendar of ten years to be reckoned and for every product of the catalogue to be
read.
"""

from __future__ import annotations

import gc

from fastapi import FastAPI
from sqlalchemy.orm import configure_mappers

from api.pages.rendering import Templates
from matcher.domain.moments import china_day
from matcher.domain.workdays import calendar_around
from matcher.services.records.parsed import all_records
from matcher.store import Database

_READ_OFTEN = ("products", "institutions", "pools", "policies")


def warm(app: FastAPI, database: Database) -> None:
    """Prepare what every process keeps: routes, templates, the calendar, the catalogue."""
    configure_mappers()
    put_together(app)
    calendar_around(china_day(app.state.clock()))
    compile_all(app.state.templates)
    with database.reading() as session:
        for table in _READ_OFTEN:
            all_records(session, table)
    # What stays for good need not be looked through again by whoever makes many objects.
    gc.collect()
    gc.freeze()


def put_together(app: FastAPI) -> None:
    """Have every route say that it does not match: the framework makes it at the first question."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/nothing/is/here",
        "root_path": "",
        "headers": [],
        "path_params": {},
        "app": app,
    }
    for route in app.routes:
        route.matches(dict(scope))


def compile_all(templates: Templates) -> None:
    """Compile every template for every language."""
    for environment in templates.environments.values():
        for name in environment.list_templates():
            environment.get_template(name)
