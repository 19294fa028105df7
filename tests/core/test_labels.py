"""Codes that carry their words."""

import json

import pytest

from app.core.labels import LabelBook, Labelled
from app.core.text import Bilingual


class TwoWords(Labelled):
    FIRST = "first_code", "第一", "First"
    SECOND = "second_code", "第二", "Second"


@pytest.fixture(autouse=True)
def _own_book(monkeypatch):
    monkeypatch.setattr(LabelBook, "enums", {})


def test_a_member_is_its_code():
    assert TwoWords("first_code") is TwoWords.FIRST
    assert TwoWords.FIRST == "first_code"
    assert str(TwoWords.FIRST) == f"{TwoWords.FIRST}" == TwoWords.FIRST.value == "first_code"
    assert json.dumps({"code": TwoWords.SECOND}) == '{"code": "second_code"}'


def test_a_member_knows_its_words():
    assert TwoWords.SECOND.label == Bilingual("第二", "Second")


def test_publishing_lists_under_the_snake_case_name():
    assert LabelBook.publish(TwoWords) is TwoWords
    assert LabelBook.enums == {"two_words": TwoWords}
