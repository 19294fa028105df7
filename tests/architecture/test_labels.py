"""Every code the API speaks has its words, and the words can be read over the API."""

import importlib
import pkgutil
import re
from collections import Counter

import pytest

import app.features
from app.core.labels import LabelBook, Labelled


@pytest.fixture(scope="module")
def enumerations():
    for module in pkgutil.walk_packages(app.features.__path__, "app.features."):
        importlib.import_module(module.name)
    return [enum for enum in Labelled.__subclasses__() if enum.__module__.startswith("app.")]


def test_every_enumeration_is_published(enumerations):
    published = set(LabelBook.enums.values())
    assert enumerations
    assert not [f"{enum.__module__}.{enum.__name__}" for enum in enumerations if enum not in published]


def test_no_two_enumerations_share_a_name(enumerations):
    assert not [name for name, count in Counter(enum.__name__ for enum in enumerations).items() if count > 1]


def test_every_code_has_words_in_both_languages(enumerations):
    for enum in enumerations:
        for member in enum:
            assert re.fullmatch(r"\S{1,32}", member.value), f"{enum.__name__}.{member.name}"
            assert member.label.zh.strip(), f"{enum.__name__}.{member.name}"
            assert member.label.en.strip(), f"{enum.__name__}.{member.name}"
