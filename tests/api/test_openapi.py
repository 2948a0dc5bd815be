from __future__ import annotations

from html import escape

import pytest
from fastapi.openapi.models import OpenAPI

from api.errors import KINDS
from api.schemas.examples import PLAN_CREATE
from matcher.files import json_schema

OPERATIONS = {
    ("get", "/healthz"): ("read_health", {"200", "421", "500", "503"}),
    ("post", "/plans"): (
        "create_plan",
        {"202", "400", "413", "415", "421", "422", "500", "503"},
    ),
    ("get", "/plans/{plan_id}"): ("read_plan", {"200", "304", "404", "421", "500"}),
    ("delete", "/plans/{plan_id}"): ("remove_plan", {"204", "404", "421", "500"}),
    ("get", "/plans/{plan_id}/leads"): (
        "list_leads",
        {"200", "404", "409", "421", "422", "500"},
    ),
}


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


def test_the_document_is_openapi_3_1_and_every_reference_leads_somewhere(document):
    """The framework's own model reads it back, and nothing is left that nobody refers to."""
    assert document["openapi"].startswith("3.1")
    OpenAPI.model_validate(document)
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) == known


def test_operations_and_their_answers_are_these(document):
    """Ids of operations are stable: clients are generated from them."""
    found = {
        place: (op["operationId"], set(op["responses"]))
        for place, op in operations(document).items()
    }
    assert found == OPERATIONS


def test_every_operation_is_described_and_its_errors_are_problems(document):
    """Summary, description, and for each error a problem document with an example."""
    for operation in operations(document).values():
        assert operation["summary"]
        assert len(operation["description"]) > 40
        for status, answer in operation["responses"].items():
            assert answer["description"] != "Successful Response" or status in ("200", "204")
            if int(status) >= 400:
                (media_type,) = answer["content"]
                assert media_type == "application/problem+json"
                assert answer["content"][media_type]["example"]["status"] == int(status)


def test_the_market_is_described_by_the_schema_of_the_files(document):
    """The six tables and all of their columns stand in the document."""
    schemas = document["components"]["schemas"]
    assert set(schemas["Market"]["properties"]) == set(json_schema()["properties"])
    for name, record in json_schema()["$defs"].items():
        assert schemas[name] == record
    assert schemas["PlanCreate"]["properties"]["market"]["$ref"].endswith("/Market")
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
