"""Pydantic's faults in our words."""

import re
from enum import StrEnum
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from app.core.errors import Invalid
from app.core.rules import _ZH, field_error, validated
from app.core.schema import Schema, whole_range


class Colour(StrEnum):
    RED = "red"


class Part(Schema):
    size: Annotated[int, Field(ge=1, le=9)] = 1


class Whole(Schema):
    """A sample."""

    name: Annotated[str, Field(min_length=2, max_length=4)]
    colour: Colour = Colour.RED
    parts: Annotated[list[Part], Field(max_length=2)] = Field(default_factory=list)
    low: int | None = None
    high: int | None = None

    @model_validator(mode="after")
    def _ordered(self):
        whole_range(self.low, self.high, field="low")
        return self


def _faults(content):
    with pytest.raises(Invalid) as caught:
        validated(Whole, content)
    return {fault.pointer: fault for fault in caught.value.errors}


def test_sound_content_passes():
    assert validated(Whole, {"name": "abc", "parts": [{"size": 2}]}).parts[0].size == 2


@pytest.mark.parametrize(
    ("content", "pointer", "code", "zh"),
    [
        ({}, "/name", "missing", "必填"),
        ({"name": "a"}, "/name", "string_too_short", "至少 2 个字符"),
        ({"name": "abcde"}, "/name", "string_too_long", "最多 4 个字符"),
        ({"name": "abc", "colour": "blue"}, "/colour", "enum", "应为以下之一：red"),
        ({"name": "abc", "parts": [{}, {"size": 10}]}, "/parts/1/size", "less_than_equal", "不得大于 9"),
        ({"name": "abc", "parts": [{}, {}, {}]}, "/parts", "too_long", "最多 2 项"),
        ({"name": "abc", "low": 2, "high": 1}, "/low", "range_reversed", "最小值大于最大值"),
        ({"name": "abc", "a/b~c": 1}, "/a~1b~0c", "extra_forbidden", "没有这个字段"),
    ],
)
def test_a_fault_names_its_place_and_rule(content, pointer, code, zh):
    fault = _faults(content)[pointer]
    assert (fault.code, fault.detail.zh) == (code, zh)
    assert fault.detail.en


def test_all_faults_are_told_at_once():
    assert set(_faults({"colour": "blue", "parts": [{"size": 0}], "x": 1})) == {
        "/name",
        "/colour",
        "/parts/0/size",
        "/x",
    }


def test_a_rule_without_its_own_words_names_itself():
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(bytes).validate_python(5)
    fault = caught.value.errors()[0]
    told = field_error(fault, fault["loc"])
    assert told.detail.zh == "内容不符合要求（bytes_type）"
    assert told.detail.en == fault["msg"]
    assert told.pointer == ""


def test_broken_json_has_no_place():
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate_json('{"name": ')
    fault = caught.value.errors()[0]
    assert field_error(fault, (9,)).pointer == ""


@given(key=st.text(min_size=1))
def test_any_key_can_be_pointed_at(key):
    pointer = field_error({"type": "extra_forbidden", "msg": "no"}, [key]).pointer
    pointer.encode()
    assert len(pointer) <= 201
    assert re.fullmatch(r"/([^/~]|~[01])*~?", pointer, re.DOTALL)


_SAMPLES = [
    (Annotated[str, Field(min_length=1, max_length=2, pattern="^a")], ["", "abc", "b", 5, "\ud800"]),
    (Annotated[int, Field(ge=1, le=2)], [0, 3, "x", 1.5, None, "9" * 5000]),
    (Annotated[float, Field(ge=1, le=2, allow_inf_nan=False)], [0, 3, "x", None, float("nan")]),
    (bool, ["x", None]),
    (Annotated[list[int], Field(min_length=1, max_length=1)], [[], [1, 2], 5]),
    (dict, [5]),
    (Whole, [5]),
    (Colour, ["blue"]),
]


@pytest.mark.parametrize(("schema", "contents"), _SAMPLES)
def test_every_template_fits_what_pydantic_gives(schema, contents):
    for content in contents:
        with pytest.raises(ValidationError) as caught:
            TypeAdapter(schema).validate_python(content)
        for fault in caught.value.errors():
            assert fault["type"] in _ZH, fault["type"]
            assert "{" not in field_error(fault, fault["loc"]).detail.zh
