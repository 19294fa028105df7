"""ETags: what is still current is not sent, what is stale is not changed."""

import pytest

from tests.web.conftest import problem


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("*", None),
        (" * ", None),
        ('"3"', [3]),
        ('W/"3"', [3]),
        ('"3", "5"', [3, 5]),
        ('W/"3","5" , "x"', [3, 5]),
        ('"0"', [0]),
        ('"999999999999999999"', [999999999999999999]),
    ],
)
def test_if_match_names_versions(small, header, accepted):
    answer = small.patch("/notes/1", headers={"If-Match": header})
    assert answer.json() == {"number": 1, "accepted": accepted}


@pytest.mark.parametrize("header", ["", " ", "3", '"x"', '""', "**", '"-1"', '"3', '"9999999999999999999"', "'3'"])
def test_a_version_nobody_gave_is_stale(small, header):
    problem(small.patch("/notes/1", headers={"If-Match": header}), 412, "stale-version")


def test_a_change_without_a_version_is_told_to_name_one(small):
    problem(small.patch("/notes/1"), 428, "version-required")


@pytest.mark.parametrize("held", ['"7"', 'W/"7"', '"1", "7"'])
def test_what_the_caller_holds_is_not_sent_again(small, held):
    answer = small.get("/notes/7", headers={"If-None-Match": held})
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["etag"], answer.headers["vary"]) == ('"7"', "Authorization")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("held", [None, '"6"', "7", '"77"', "", '"x"'])
def test_what_the_caller_does_not_hold_is_sent(small, held):
    answer = small.get("/notes/7", headers={} if held is None else {"If-None-Match": held})
    assert answer.json() == {"text": "", "number": 7.0}
    assert (answer.headers["etag"], answer.headers["content-type"]) == ('"7"', "application/json")
