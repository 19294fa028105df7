"""The query parameters every list shares."""

import pytest

from app.web import query as queries
from tests.web.conftest import NoteQuery, problem


def test_what_is_not_given_has_its_default(small):
    assert small.get("/notes").json() == {"limit": 20, "sort": "text", "cursor": None, "total": False}


def test_everything_given_arrives(small):
    asked = {"limit": 200, "sort": "-text", "cursor": "abc", "include": "total"}
    assert small.get("/notes", params=asked).json() == {"limit": 200, "sort": "-text", "cursor": "abc", "total": True}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=", "/limit"),
        ("limit=1e2", "/limit"),
        ("limit=1&limit=2", "/limit"),
        ("sort=a&sort=b&sort=c", "/sort"),
        ("cursor=%00", "/cursor"),
        ("cursor=" + "x" * 2001, "/cursor"),
        ("include=everything", "/include"),
        ("include=", "/include"),
        ("page=2", "/page"),
        ("Limit=2", "/Limit"),
    ],
)
def test_what_is_out_of_bounds_is_told_where(small, query, pointer):
    body = problem(small.get(f"/notes?{query}"), 422, "invalid")
    assert {(fault["location"], fault["pointer"]) for fault in body["errors"]} == {("query", pointer)}


def test_parameters_are_described_with_their_bounds():
    described, _ = queries.parameters(NoteQuery, "#/{model}")
    by_name = {parameter["name"]: parameter for parameter in described}
    assert by_name.keys() == {"limit", "cursor", "sort", "include"}
    limit = by_name["limit"]
    assert (limit["in"], limit["required"]) == ("query", False)
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"], limit["schema"]["default"]) == (1, 200, 20)
    assert by_name["include"]["description"]
    assert "description" not in by_name["include"]["schema"]
    assert "description" not in limit
