"""The instruments of the other tests: canaries stand in every text there is, and are found however they are written."""

import base64
import json
from html import escape
from random import Random
from urllib.parse import quote

import pytest

from tests.contract.document import named, operations
from tests.features.visibility.canaries import Mint, found_in, found_in_words, secrets_in
from tests.features.visibility.world import content_of

_CREATED = {"needs": "create_need", "capabilities": "create_capability"}


def _free_texts(schema, place=""):
    """The places of all texts that are neither codes nor dates."""
    schema = named(schema["$ref"]) if "$ref" in schema else schema
    for one in schema.get("anyOf", []):
        yield from _free_texts(one, place)
    for name, one in schema.get("properties", {}).items():
        yield from _free_texts(one, f"{place}/{name}")
    if "items" in schema:
        yield from _free_texts(schema["items"], place)
    is_free = not {"enum", "const", "pattern", "format"} & schema.keys() or schema.get("format") == "uri"
    if schema.get("type") == "string" and is_free:
        yield place


def _marked(content, place=""):
    if isinstance(content, dict):
        for name, one in content.items():
            yield from _marked(one, f"{place}/{name}")
    elif isinstance(content, list):
        for one in content:
            yield from _marked(one, place)
    elif isinstance(content, str) and found_in_words(content):
        yield place


@pytest.mark.parametrize("kind", _CREATED)
def test_every_free_text_of_a_posting_has_a_canary(kind):
    """A new field that people write in must be added to `content_of`, or nobody looks whether it leaks."""
    (operation,) = (one for one in operations() if one.name == _CREATED[kind])
    schema = operation.body["requestBody"]["content"]["application/json"]["schema"]
    assert set(_free_texts(schema)) == set(_marked(content_of(kind, Mint(), Random(1))))


def test_canaries_are_found_however_they_are_written():
    mint = Mint()
    word, number, fraction = mint.word(), mint.number(), mint.fraction()
    row = "01a22196-e8d4-7185-920e-7047f0c3df6e"
    cursor = base64.urlsafe_b64encode(json.dumps(["name", f"{word}公司", row]).encode()).decode().rstrip("=")
    for text in (
        word.upper(),
        json.dumps(f"焊{word}缝\\n").replace(word[2], f"\\u{ord(word[2]):04x}"),
        f"<mark>{word[:3]}</mark>{word[3:]}",
        escape(f"'{word}'"),
        quote(f"焊{word}"),
        cursor,
    ):
        assert word in found_in(text), text
    for text in (f"{number}", f"{number:,}", f"¥ {number / 10_000:,.14g} 万元", f'{{"a": {number}}}'):
        assert found_in(text) == {str(number)}, text
    for text in (f"{fraction}", f"{fraction:,}", f"≤ {fraction} %"):
        assert found_in(text) == {str(fraction).replace(".", "")}, text
    assert found_in(f"/v1/needs/{row.upper()}", "XQ-2026-000007") == {row, "xq-2026-000007"}
    assert found_in(f"{mint.small()}") == {"737310"}


def test_canaries_differ():
    mint = Mint()
    words = [mint.word() for _ in range(5000)]
    assert len(set(words)) == 5000
    assert set(secrets_in([words, {"a": [mint.number(), mint.fraction()]}])) >= set(words)
