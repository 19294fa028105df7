"""The Unified Social Credit Code against published codes and against every slip of the pen."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.features.organizations.uscc import Uscc, check_character, is_valid
from tests.support.databases import SEEDS

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _rows(name):
    with (SEEDS / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


VECTORS = _rows("uscc_vectors.csv")
bodies = st.from_regex(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{9}}", fullmatch=True)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["code"] for vector in VECTORS])
def test_published_codes(vector):
    assert is_valid(vector["code"]) is (vector["valid"] == "true")


def test_both_outcomes_are_among_the_vectors():
    assert {vector["valid"] for vector in VECTORS} == {"true", "false"}


def test_every_code_of_the_demonstration_is_valid():
    assert all(is_valid(row["code"]) for row in _rows("uscc_demo_codes.csv"))


@given(bodies)
def test_the_check_character_completes_a_body(body):
    code = body + check_character(body)
    assert is_valid(code)
    assert [last for last in ALPHABET if is_valid(body + last)] == [code[-1]]


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_character_changed_is_noticed(body, place, character):
    code = body + check_character(body)
    changed = code[:place] + character + code[place + 1 :]
    assert is_valid(changed) is (changed == code)


@given(bodies, st.integers(0, 16))
def test_two_neighbours_exchanged_are_noticed(body, place):
    code = body + check_character(body)
    exchanged = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid(exchanged) is (exchanged == code)


@given(st.text(max_size=20))
def test_any_text_can_be_asked_about(text):
    assert is_valid(text) in (True, False)


@pytest.mark.parametrize(
    "code",
    [
        "91350100m000100y43",
        "９１350100M000100Y43",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100M000100Y43\n",
        "91350100M000100O43",
        "91٣50100M000100Y43",
        "",
    ],
)
def test_what_is_not_of_the_form(code):
    assert not is_valid(code)


def test_a_field_of_this_type_says_what_is_wrong():
    field = TypeAdapter(Uscc)
    assert field.validate_python("91350100M000100Y43") == "91350100M000100Y43"
    with pytest.raises(ValidationError) as refused:
        field.validate_python("91350100M000100Y44")
    assert [fault["type"] for fault in refused.value.errors()] == ["uscc"]
