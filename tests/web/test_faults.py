"""Each fault once, in words of its own."""

import ast
from pathlib import Path
from typing import Literal

import pytest
from pydantic import TypeAdapter, ValidationError

import app
from app.core.rules import _ZH, field_error
from app.features.postings.schemas import PostingId
from tests.web.conftest import problem

_ROOT = Path(app.__file__).parent


def _custom_codes():
    for file in sorted(_ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PydanticCustomError":
                yield ast.literal_eval(node.args[0])


def test_every_rule_of_our_own_has_its_chinese_sentence():
    codes = set(_custom_codes())
    assert {"one_side", "uscc", "posting_id"} <= codes
    assert codes <= _ZH.keys()


@pytest.mark.parametrize(
    "code",
    ["uuid_parsing", "uuid_type", "datetime_type", "date_from_datetime_inexact", "none_required", "greater_than"],
)
def test_a_rule_a_field_may_break_has_its_chinese_sentence(code):
    assert code in _ZH


@pytest.mark.parametrize(
    ("allowed", "said"),
    [
        (Literal["a"], "应为以下之一：a"),
        (Literal["json", "html"], "应为以下之一：json 或 html"),
        (Literal["a", "b", "c"], "应为以下之一：a、b 或 c"),
        (Literal[1, 2, 3], "应为以下之一：1、2 或 3"),
    ],
)
def test_what_is_expected_is_listed_as_chinese_lists_it(allowed, said):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(allowed).validate_python("x")
    fault = caught.value.errors()[0]
    assert field_error(fault, ()).detail.zh == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "应为编号（UUID 或形如 XQ-2026-000001）"),
        ("en", "Give an id: a UUID, or a reference such as XQ-2026-000001"),
    ],
)
@pytest.mark.parametrize("given", ["abc", "xq-2026-000001", "XQ-2026-00001", "XQ-2026-0000011", "XQ-٢٠٢٦-000001"])
def test_what_is_no_id_is_one_fault(client, given, language, said):
    body = problem(client.get(f"/v1/needs/{given}", headers={"Accept-Language": language}), 422, "invalid")
    assert body["errors"] == [{"location": "path", "pointer": "/posting_id", "code": "posting_id", "detail": said}]


@pytest.mark.parametrize("given", ["XQ-2026-999999", "NL-2026-999999", "00000000-0000-7000-8000-000000000000"])
def test_an_id_of_nothing_is_not_found(client, given):
    problem(client.get(f"/v1/needs/{given}"), 404, "not-found")


def test_the_document_tells_what_an_id_is(client):
    (parameter,) = (
        one
        for one in client.app.openapi()["paths"]["/v1/needs/{posting_id}"]["get"]["parameters"]
        if one["name"] == "posting_id"
    )
    assert parameter["schema"]["anyOf"] == TypeAdapter(PostingId).json_schema()["anyOf"]
    assert parameter["schema"]["anyOf"] == [
        {"type": "string", "format": "uuid"},
        {"type": "string", "pattern": r"^(XQ|NL)-[0-9]{4}-[0-9]{6}$"},
    ]
    assert parameter["description"] == "Its id, or its readable reference."


@pytest.mark.parametrize("path", ["/v1/needs/XQ-2026-000001/report", "/v1/capabilities/NL-2026-000001/report"])
def test_a_fault_in_a_reports_query_is_told_once(client, path):
    body = problem(client.get(f"{path}?limit=0&format=pdf"), 422, "invalid")
    assert [(fault["location"], fault["pointer"]) for fault in body["errors"]] == [
        ("query", "/limit"),
        ("query", "/format"),
    ]
    assert body["errors"][1]["detail"] == "应为以下之一：json 或 html"


@pytest.mark.parametrize("path", ["/v1/needs/{posting_id}/report", "/v1/capabilities/{posting_id}/report"])
def test_a_reports_query_is_documented_once(client, path):
    described = client.app.openapi()["paths"][path]["get"]["parameters"]
    names = [one["name"] for one in described if one["in"] == "query"]
    assert sorted(names) == ["format", "lang", "limit"]
