"""Errors say what is wrong in both languages and under a stable code."""

import inspect

import pytest

from app.core import errors
from app.core.errors import DuijieError, FieldError
from app.core.text import Bilingual

_ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, DuijieError)]
_OURS = [kind for kind in _ALL if kind is not DuijieError]


@pytest.mark.parametrize("kind", _OURS)
def test_each_has_its_own_code_and_title(kind):
    others = [other for other in _ALL if not issubclass(other, kind) and not issubclass(kind, other)]
    assert kind.code not in [other.code for other in others], "a special case of one may share its code"
    assert kind.title.zh
    assert kind.title.en


@pytest.mark.parametrize("kind", [errors.MalformedCursor, errors.StaleVersion, errors.VersionRequired])
def test_those_with_one_sentence_bring_it(kind):
    error = kind()
    assert error.detail.zh
    assert str(error) == error.detail.en
    assert error.errors == ()


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = {line.lstrip("│ ").split()[1] for line in (errors.__doc__ or "").splitlines() if line[:1] in "├└│" and line}
    assert drawn == {kind.__name__ for kind in _OURS}


def test_a_sentence_is_told_in_both_languages():
    error = errors.Forbidden("不行", "No")
    assert error.detail == Bilingual("不行", "No")
    assert str(error) == "No"


def test_invalid_counts_its_faults():
    fault = FieldError("/name", Bilingual("必填", "Required"), "missing")
    error = errors.Invalid([fault, fault])
    assert error.errors == (fault, fault)
    assert error.detail == Bilingual("有 2 处需要改正。", "2 places to correct.")
