"""The README's table of who may do what is what the code does."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from api import Settings, create_app
from api.csrf import SAFE
from matcher.domain.actor import Role
from tests.cli.runner import ROOT

OF_EVERYBODY = {"login", "health", "docs"}


@pytest.fixture(scope="module")
def told():
    """Return the cells of the table by area and role."""
    text = (ROOT / "README.md").read_text().partition("## Roles / 角色")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    head, _, *body = rows
    roles = [Role(cell.split()[0]) for cell in head[1:]]
    return {row[0].split()[0]: dict(zip(roles, row[1:], strict=True)) for row in body}


@pytest.fixture(scope="module")
def done():
    """Return the letters of the roles of each area, as its routes let them through."""
    found = defaultdict(lambda: defaultdict(set))
    for item in create_app(Settings()).openapi()["paths"].values():
        for method, operation in item.items():
            for role in operation.get("x-roles", ()):
                letter = "r" if method.upper() in SAFE else "w"
                found[operation["tags"][0]][Role(role)].add(letter)
    return found


def test_the_table_of_the_readme_is_what_the_code_does(told, done):
    """Every area has a row, and every cell the letters that its routes let through."""
    assert set(told) >= set(done) - OF_EVERYBODY
    for area, cells in told.items():
        for role, cell in cells.items():
            letters = set(re.match("[rw]*", cell.strip())[0])
            assert letters == done[area][role], (area, role)
