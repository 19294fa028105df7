"""What every operation tells the person who writes a client for it."""

import re
from collections import Counter

import pytest
from fastapi.routing import APIRoute

from app.core.labels import LabelBook
from app.registry import ROUTERS
from tests.contract.document import body_schema, document, named, operations, schemas_below

OPERATIONS = pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

# Words that steer a request or place a fault; they name nothing a person reads in a record.
_TECHNICAL = {"sort", "include", "constraints", "location", "status", "format"}
_VERBS = {"close", "coach", "create", "get", "issue", "list", "pause", "preview", "publish", "put", "reject", "resume"}
_VERBS |= {"delete", "ping", "replay", "return", "rotate", "revoke", "search", "simulate", "submit", "update", "verify"}
_VERBS |= {"accept", "change", "complete", "confirm", "end", "enrol", "invite", "refresh", "remove", "request", "reset"}
_VERBS |= {"link", "unlink"}


def _refused(operation):
    return {status: answer for status, answer in operation.body["responses"].items() if status >= "400"}


@OPERATIONS
def test_it_says_in_one_line_what_it_does(operation):
    summary = operation.body.get("summary", "")
    described = operation.body.get("description", "").strip().partition("\n")[0]
    assert summary
    assert len(summary) <= 80
    assert summary[0].isupper()
    assert described or summary.lower().replace(" ", "_") != operation.name, "a bare name says nothing"
    assert operation.body.get("tags"), "it stands in a chapter"


@OPERATIONS
def test_its_id_is_a_verb_and_a_noun_in_snake_case(operation):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation.name)
    assert operation.name.split("_")[0] in _VERBS


def test_ids_are_unique():
    assert not [name for name, count in Counter(one.name for one in operations()).items() if count > 1]


def test_ids_are_the_names_of_the_routes_functions():
    names = {route.name for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)}
    documented = {one.name for one in operations()}
    assert documented <= {name.replace("-", "_") for name in names}


@OPERATIONS
def test_its_problems_are_documented_and_have_one_form(operation):
    refused = _refused(operation)
    assert "503" in refused or operation.path == "/health/live"
    for status, answer in refused.items():
        assert answer["content"] == PROBLEM, status
        assert answer["description"].strip(), status


@OPERATIONS
def test_what_can_be_missing_forbidden_or_stale_is_documented(operation):
    expected = {"422"} if operation.body.get("parameters") or operation.body.get("requestBody") else set()
    expected |= {"414", "429"}
    if "security" in operation.body:
        expected |= {"401", "403"}
    if operation.method == "post":  # the answer is kept for its Idempotency-Key
        expected |= {"409"}
    if operation.method == "post" or "requestBody" in operation.body:
        expected |= {"400", "408", "413", "415"}
    if any(parameter["name"].lower() == "if-match" for parameter in operation.body.get("parameters", ())):
        expected |= {"404", "409", "412", "428"}
    if "{" in operation.path:
        expected |= {"404"}
    assert expected <= set(_refused(operation))


@OPERATIONS
def test_its_good_answers_have_a_schema(operation):
    for status, answer in operation.body["responses"].items():
        if status in ("200", "201"):
            for media, content in answer["content"].items():
                assert content.get("schema") or media != "application/json", status


@OPERATIONS
def test_its_body_lets_no_unknown_field_through(operation):
    schema = body_schema(operation)
    if schema is None:
        return
    objects = [part for part in schemas_below(schema) if part.get("type") == "object"]
    assert objects
    open_ones = [part.get("title") for part in objects if part.get("additionalProperties") is not False]
    assert not open_ones, "a misspelt field would be lost without a word"


def test_every_named_enumeration_has_its_words():
    published = {enum.__name__: {member.value for member in enum} for enum in LabelBook.enums.values()}
    for name, schema in document()["components"]["schemas"].items():
        if "enum" in schema:
            assert set(schema["enum"]) == published.get(name), name
    for enum in LabelBook.enums.values():
        assert all(member.label.zh and member.label.en for member in enum)


def _described_fields():
    for owner, schema in document()["components"]["schemas"].items():
        yield from ((owner, name, described) for name, described in schema.get("properties", {}).items())
    for operation in operations():
        yield from ((operation.name, one["name"], one["schema"]) for one in operation.body.get("parameters", ()))


def test_every_other_closed_list_is_part_of_a_named_one_or_technical():
    codes = [{member.value for member in enum} for enum in LabelBook.enums.values()]
    named_ones = frozenset(f"#/components/schemas/{name}" for name in document()["components"]["schemas"])
    for owner, name, described in _described_fields():
        for part in schemas_below(described, named_ones):
            known = name in _TECHNICAL or any(set(part["enum"]) <= code for code in codes) if "enum" in part else True
            assert known, f"{owner}.{name}: {part['enum']}"


def test_all_references_resolve():
    used = set(re.findall(r"#/components/schemas/([A-Za-z0-9_.-]+)", str(document())))
    assert used <= set(document()["components"]["schemas"])
    assert "HTTPValidationError" not in document()["components"]["schemas"], "errors are problems, in one form"


def test_nothing_is_described_that_no_operation_uses():
    used = {part["$ref"].rpartition("/")[2] for part in schemas_below(document()["paths"]) if "$ref" in part}
    assert not set(document()["components"]["schemas"]) - used


@OPERATIONS
def test_its_examples_keep_its_own_schema(operation):
    schema = body_schema(operation)
    if schema is None or "$ref" not in schema:
        return
    described = named(schema["$ref"])
    for example in described.get("examples", ()):
        assert set(example) <= set(described["properties"])
        assert set(described.get("required", ())) <= set(example)


@OPERATIONS
def test_a_header_without_which_nothing_is_changed_is_marked_as_required(operation):
    """A generated client would otherwise leave it out and learn of it by a 428."""
    headers = {one["name"].lower(): one for one in operation.body.get("parameters", ()) if one["in"] == "header"}
    is_required = headers.get("if-match", {}).get("required", False)
    is_missed = "428" in operation.body["responses"]
    assert is_required == is_missed


@OPERATIONS
def test_a_patch_may_be_sent_as_what_it_is(operation):
    bodies = operation.body.get("requestBody", {}).get("content", {})
    assert ("application/merge-patch+json" in bodies) == (operation.method == "patch")
