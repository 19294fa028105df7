"""Field types, and what a merge patch may hold."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from app.core.schema import (
    MAX_CNY,
    Cny,
    Code,
    Keyword,
    LongText,
    Note,
    Number,
    Schema,
    ShortText,
    Title,
    Trl,
    Unique,
    partial,
    whole_range,
)

_CONTROLS = [chr(number) for number in (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)]


class Budget(Schema):
    """A sample."""

    name: Title
    tags: Annotated[list[Keyword], Field(max_length=3, description="Words"), Unique] = Field(default_factory=list)
    low: Cny | None = None
    high: Cny | None = None

    @model_validator(mode="after")
    def _ordered(self):
        whole_range(self.low, self.high, field="low")
        return self


def _error(schema, content):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(schema).validate_python(content)
    return caught.value.errors()[0]["type"]


@pytest.mark.parametrize("character", _CONTROLS)
@pytest.mark.parametrize("field", [Title, ShortText, LongText, Keyword, Note])
def test_no_text_holds_control_characters(field, character):
    assert _error(field, f"a{character}b") == "control_character"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
def test_any_other_text_is_kept(text):
    assert TypeAdapter(LongText).validate_python(text) == text
    assert TypeAdapter(Title).validate_python(f"a{text}b") == f"a{text}b"


@given(st.text(st.sampled_from("\u00a0\u00ad\u200b\u200e\u2028\u2060\ufe0f\u3164\ufeff"), min_size=1, max_size=60))
def test_a_title_is_more_than_blanks(text):
    assert _error(Title, text) == "blank_text"
    assert TypeAdapter(Title).validate_python(f"{text}文{text}") == f"{text}文{text}"


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\r\nb"])
def test_lines_and_tabs_are_kept(text):
    assert TypeAdapter(LongText).validate_python(text) == text


@pytest.mark.parametrize(
    ("field", "longest"), [(Title, 256), (ShortText, 256), (LongText, 8000), (Keyword, 64), (Note, 2000), (Code, 32)]
)
def test_texts_have_an_end(field, longest):
    assert TypeAdapter(field).validate_python("a" * longest)
    assert _error(field, "a" * (longest + 1)) == "string_too_long"


@pytest.mark.parametrize("code", ["", "a b", "中", "a/b", "a\n", "a%"])
def test_a_code_is_letters_digits_and_hyphens(code):
    with pytest.raises(ValidationError):
        TypeAdapter(Code).validate_python(code)


@pytest.mark.parametrize("amount", [0, 1, MAX_CNY])
def test_money_is_whole_yuan(amount):
    assert TypeAdapter(Cny).validate_python(amount) == amount


@pytest.mark.parametrize("amount", [-1, MAX_CNY + 1, 1.0, "1", True, None])
def test_money_is_nothing_else(amount):
    with pytest.raises(ValidationError):
        TypeAdapter(Cny).validate_python(amount)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e16, -1e16])
def test_numbers_are_finite(number):
    with pytest.raises(ValidationError):
        TypeAdapter(Number).validate_python(number)


@pytest.mark.parametrize("level", [0, 10, 5.0])
def test_readiness_runs_from_1_to_9(level):
    with pytest.raises(ValidationError):
        TypeAdapter(Trl).validate_python(level)


def test_unknown_fields_are_refused():
    assert _error(Budget, {"name": "a", "nmae": "b"}) == "extra_forbidden"


def test_nothing_changes_after_validation():
    budget = Budget(name="a")
    with pytest.raises(ValidationError):
        budget.name = "b"


def test_spaces_around_text_are_dropped():
    assert Budget(name="  a  ").name == "a"
    assert _error(Budget, {"name": "   "}) == "string_too_short"


def test_nothing_is_given_twice():
    assert _error(Budget, {"name": "a", "tags": ["b", "b"]}) == "repeated_item"


@pytest.mark.parametrize(("low", "high"), [(None, None), (None, 1), (1, None), (1, 1), (1, 2)])
def test_a_whole_range(low, high):
    assert Budget(name="a", low=low, high=high).high == high


def test_a_range_the_wrong_way_round():
    with pytest.raises(ValidationError) as caught:
        Budget(name="a", low=2, high=1)
    fault = caught.value.errors()[0]
    assert (fault["type"], fault["ctx"]["field"]) == ("range_reversed", "low")


class TestPatch:
    Patch = partial(Budget, "BudgetUpdate")

    def test_needs_nothing(self):
        assert self.Patch.model_validate({}).model_dump(exclude_unset=True) == {}

    def test_tells_null_from_left_out(self):
        assert self.Patch.model_validate({"low": None}).model_dump(exclude_unset=True) == {"low": None}

    def test_keeps_the_rules_of_each_field(self):
        assert _error(self.Patch, {"name": ""}) == "string_too_short"
        assert _error(self.Patch, {"tags": ["a", "a"]}) == "repeated_item"
        assert _error(self.Patch, {"low": -1}) == "greater_than_equal"
        assert _error(self.Patch, {"other": 1}) == "extra_forbidden"

    def test_refuses_null_where_there_must_be_a_value(self):
        assert _error(self.Patch, {"name": None}) == "string_type"

    def test_shows_no_defaults_in_its_schema(self):
        described = self.Patch.model_json_schema()
        assert "required" not in described
        assert not [name for name, field in described["properties"].items() if "default" in field]
        assert described["properties"]["tags"]["description"] == "Words"
        assert described["title"] == "BudgetUpdate"
