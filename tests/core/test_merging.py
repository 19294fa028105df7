"""JSON Merge Patch, with the examples of RFC 7396."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.merging import merge_patch

_LEAF = st.booleans() | st.integers() | st.text(max_size=4) | st.lists(st.integers() | st.none(), max_size=2)
_NAMES = st.sampled_from(["a", "b", "c"])
_DOCUMENTS = st.dictionaries(_NAMES, st.recursive(_LEAF, lambda inner: st.dictionaries(_NAMES, inner), max_leaves=5))


@pytest.mark.parametrize(
    ("document", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ({"a": "b"}, {"a": {"c": 1}}, {"a": {"c": 1}}),
    ],
)
def test_examples_of_the_standard(document, patch, result):
    assert merge_patch(document, patch) == result


@given(document=_DOCUMENTS, patch=_DOCUMENTS)
def test_a_patch_applied_twice_changes_nothing_more(document, patch):
    once = merge_patch(document, patch)
    assert merge_patch(once, patch) == once


@given(document=_DOCUMENTS)
def test_an_empty_patch_changes_nothing(document):
    assert merge_patch(document, {}) == document
