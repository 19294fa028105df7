"""The form of a key, and what is kept of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.accounts import keys

SECRET = "A" * 43
TEXT = f"dj_live_abcdefghij01.{SECRET}"


def test_a_new_key_is_read_back_as_it_was_made():
    for _ in range(50):
        made = keys.generate()
        assert keys.parse(made.text) == made
        assert re.fullmatch(r"[a-z0-9]{12}", made.public_id)


def test_no_two_keys_are_alike():
    made = [keys.generate() for _ in range(200)]
    assert len({key.public_id for key in made}) == len({key.secret for key in made}) == 200


def test_only_the_right_secret_matches():
    made, other = keys.generate(), keys.generate()
    stored = made.secret_hash
    assert made.matches(stored)
    assert not other.matches(stored)
    assert not made._replace(secret=other.secret).matches(stored)


def test_what_is_stored_does_not_hold_the_secret():
    made = keys.generate()
    stored = made.secret_hash
    assert re.fullmatch(r"[0-9a-f]{64}", stored)
    assert made.secret not in stored


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dj_live_",
        TEXT[:-1],
        TEXT + "A",
        TEXT + "\n",
        " " + TEXT,
        TEXT.replace("dj_live_", "dj_test_"),
        TEXT.replace("dj_live_", "DJ_LIVE_"),
        TEXT.replace("abcdefghij01", "ABCDEFGHIJ01"),
        TEXT.replace(".", ""),
        TEXT.replace("A.", "A", 1).replace(".", ".."),
        TEXT.replace(SECRET, "é" + SECRET[1:]),
        TEXT.replace(SECRET, "=" + SECRET[1:]),
    ],
)
def test_what_has_not_the_form_of_a_key_is_none(text):
    assert keys.parse(text) is None


def test_the_form_above_is_one():
    assert keys.parse(TEXT) == ("live", "abcdefghij01", SECRET)


@given(st.text())
def test_any_text_can_be_asked_about(text):
    found = keys.parse(text)
    assert found is None or found.text == text
