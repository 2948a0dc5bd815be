from __future__ import annotations

import re
from html import escape

import jsonschema_rs
import pytest
from fastapi.openapi.models import OpenAPI

from api.access import api_routes, calls_of, reads_form
from api.body import limited_body
from api.callers import find_caller
from api.database import reading, writing
from api.errors import KINDS
from api.routing import JsonRoute
from api.schemas.examples import PLAN_CREATE
from api.uploads import uploaded
from matcher.files import json_schema

PROBLEM = "application/problem+json"
ALWAYS = {"421", "429", "500", "503"}


@pytest.fixture(scope="module")
def document(client):
    """Return the OpenAPI document."""
    return client.get("/openapi.json").json()


def operations(document):
    """Return every operation by method and path."""
    paths = document["paths"].items()
    return {(method, path): op for path, item in paths for method, op in item.items()}


def references(value):
    """Return every reference inside a value."""
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in references(part)]
    return [ref for part in value for ref in references(part)] if isinstance(value, list) else []


def faults(schema, value):
    """Return what a schema has against a value."""
    return [str(error) for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(value)]


def test_the_document_is_openapi_3_1_and_every_reference_leads_somewhere(document):
    """The framework's own model reads it back, and nothing is left that nobody refers to."""
    assert document["openapi"].startswith("3.1")
    OpenAPI.model_validate(document)
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) == known


def test_ids_of_operations_are_their_own(document):
    """Clients are generated from them; summaries are in both languages."""
    ids = [op["operationId"] for op in operations(document).values()]
    assert len(set(ids)) == len(ids)
    for operation in operations(document).values():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation["operationId"])
        chinese, _, english = operation["summary"].partition(" / ")
        assert re.search("[一-鿿]", chinese)
        assert english.isascii()


def test_every_operation_is_described_and_its_errors_are_problems(document):
    """A description, and for each error a problem document with an example of that status."""
    for operation in operations(document).values():
        assert len(operation["description"]) > 15
        assert set(operation["responses"]) >= ALWAYS
        for status, answer in operation["responses"].items():
            assert answer["description"] != "Successful Response" or status in ("200", "201", "204")
            if int(status) >= 400:
                (media_type,) = answer["content"]
                assert media_type == PROBLEM
                assert answer["content"][media_type]["example"]["status"] == int(status)


def test_every_body_has_an_example_that_its_schema_allows(document):
    """What is sent and what is answered is shown, and what is shown is true."""
    for place, operation in operations(document).items():
        bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for name, body in bodies.items():
            for media in body.get("content", {}).values():
                assert {"example", "examples"} & media.keys(), (place, name)
                if "schema" in media and "example" in media:
                    whole = media["schema"] | {"components": document["components"]}
                    assert not faults(whole, media["example"]), (place, name)


def test_who_may_call_an_operation_is_told_as_the_code_has_it(client, document):
    """Roles are those of the dependency that lets them through; 401 and 403 go with them."""
    found = operations(document)
    assert found["get", "/metrics"]["x-roles"] == ["admin", "auditor"]
    assert found["get", "/metrics"]["x-key-scope"] == "metrics:read"
    assert found["put", "/me/password"]["x-key-scope"] == "people"
    assert found["get", "/healthz/live"]["security"] == []
    for place, operation in found.items():
        is_guarded = "x-roles" in operation
        assert bool(operation["security"]) == is_guarded, place
        assert not is_guarded or {"401", "403"} <= set(operation["responses"]), place
    schemes = document["components"]["securitySchemes"]
    assert {schemes["session"]["in"], schemes["key"]["scheme"]} == {"cookie", "bearer"}


def test_a_body_that_a_route_declares_is_json_by_the_letter(client):
    """Each such route is of the class that refuses NaN, keys twice and other media types."""
    for route in api_routes(client.app):
        assert isinstance(route, JsonRoute) or route.body_field is None or reads_form(route)


def test_the_market_is_described_by_the_schema_of_the_files(document):
    """The six tables and all of their columns stand in the document."""
    schemas = document["components"]["schemas"]
    assert set(schemas["Market"]["properties"]) == set(json_schema()["properties"])
    for name, record in json_schema()["$defs"].items():
        assert schemas[name] == record
    assert schemas["PlanCreate"]["properties"]["market"]["anyOf"][0]["$ref"].endswith("/Market")
    assert schemas["PlanCreate"]["additionalProperties"] is False


def test_the_example_can_be_sent_as_it_stands(client, document):
    """What the documentation shows works."""
    (example,) = document["components"]["schemas"]["PlanCreate"]["examples"]
    assert example == PLAN_CREATE
    assert client.planned(example)["status"] == "done"


def test_kinds_of_problems_have_names_of_their_own():
    """A URN names one kind, and both languages have its title."""
    slugs = [kind.slug for kind in KINDS.values()]
    assert len(set(slugs)) == len(slugs)
    assert all(kind.title.zh != kind.title.en for kind in KINDS.values())


def test_the_page_of_the_documentation_loads_nothing_from_elsewhere(client, document):
    """Every operation stands on it; there are no scripts."""
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for operation in operations(document).values():
        assert escape(operation["summary"]) in page.text
    assert "<script" not in page.text
    assert "http" not in page.text.replace("HTTP", "")


def test_a_body_is_read_after_who_asks_is_known_and_before_the_database_is_locked(client):
    """Whoever sends slowly holds up nobody, and nobody's files are read from strangers."""
    for route in api_routes(client.app):
        calls = calls_of(route)
        readers = [calls.index(one) for one in (limited_body, uploaded) if one in calls]
        for reader in readers:
            assert find_caller in calls[:reader], route.path
            assert writing not in calls[:reader], route.path
            assert reading not in calls[:reader], route.path
