"""ETags: what is still current is not sent, what is stale is not changed."""

import re

import pytest

from app.web.conditional import revalidated, versioned
from tests.web.conftest import Note, problem

ETAG = re.compile(r'"7-[0-9a-f]{16}"')


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("*", None),
        (" * ", None),
        ('"3"', [3]),
        ('"3-0123456789abcdef"', [3]),
        ('"3", "5"', [3, 5]),
        ('"3" ,,"5-0123456789abcdef",', [3, 5]),
        ('W/"3","5" , "x"', [5]),
        ('"a,b", "5"', [5]),
        ('"0"', [0]),
        ('"999999999999999999"', [999999999999999999]),
    ],
)
def test_if_match_names_versions(small, header, accepted):
    answer = small.patch("/notes/1", headers={"If-Match": header})
    assert answer.json() == {"number": 1, "accepted": accepted}


_NEVER = ["", " ", "3", '"x"', '""', "**", '"-1"', '"3', '"9999999999999999999"', "'3'", ",", '"*"', '*, "3"']
_NEVER += ['W/"3"', 'w/"3"', 'W/"3-0123456789abcdef"', '"3-"', '"3-x"', '"3-0123456789ABCDEF"', '"3-0123456789abcde"']
_NEVER += ['x"3"', '"3"x', '"3" "5"', '"5", 3', '"x,"3",y"', '"3 "', '"3-0123456789abcdef0"', " " * 5000 + "x"]


@pytest.mark.parametrize("header", _NEVER)
def test_a_version_nobody_gave_is_stale(small, header):
    problem(small.patch("/notes/1", headers={"If-Match": header}), 412, "stale-version")


def test_a_change_without_a_version_is_told_to_name_one(small):
    problem(small.patch("/notes/1"), 428, "version-required")


@pytest.mark.parametrize("held", ["{etag}", "W/{etag}", '"1", {etag}', 'W/"a,b",{etag}', "*", " * "])
def test_what_the_caller_holds_is_not_sent_again(small, held):
    etag = small.get("/notes/7").headers["etag"]
    assert ETAG.fullmatch(etag)
    answer = small.get("/notes/7", headers={"If-None-Match": held.format(etag=etag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["etag"], answer.headers["vary"]) == (etag, "Authorization, Duijie-Person")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("held", [None, '"6"', "7", '"77"', "", '"x"', '"7"', "{etag}x", "x, {etag}"])
def test_what_the_caller_does_not_hold_is_sent(small, held):
    etag = small.get("/notes/7").headers["etag"]
    answer = small.get("/notes/7", headers={} if held is None else {"If-None-Match": held.format(etag=etag)})
    assert answer.json() == {"text": "", "number": 7.0}
    assert (answer.headers["etag"], answer.headers["content-type"]) == (etag, "application/json")
    assert answer.headers["vary"] == "Authorization, Duijie-Person"


def test_the_same_version_with_other_content_is_sent():
    """A record shows its organisation's name, which changes without it."""
    held = versioned(Note(text="before"), 7).headers["etag"]
    assert versioned(Note(text="before"), 7, if_none_match=held).status_code == 304
    assert versioned(Note(text="after"), 7, if_none_match=held).status_code == 200


def test_the_same_content_of_another_version_is_sent():
    held = versioned(Note(text="same"), 7).headers["etag"]
    assert versioned(Note(text="same"), 8, if_none_match=held).status_code == 200


def test_what_has_no_version_is_known_by_its_content():
    first = revalidated(Note(text="a"), None)
    assert (first.status_code, first.body) == (200, b'{"text":"a","number":0.0}')
    assert re.fullmatch(r'"[0-9a-f]{16}"', first.headers["etag"])
    again = revalidated(Note(text="a"), "W/" + first.headers["etag"])
    assert (again.status_code, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert revalidated(Note(text="b"), first.headers["etag"]).status_code == 200
