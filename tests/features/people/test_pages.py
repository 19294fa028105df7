"""The pages that links in mails lead to, as they are served; what they do is in tests/pages."""

import re
from importlib.resources import files

import pytest

from app.features.people import mails, pages
from app.features.people.passwords import MIN_LENGTH
from app.features.people.types import LinkKind
from app.features.people.wording import WORDS

PATHS = [f"/{name}" for name in mails.PAGES.values()]


@pytest.mark.parametrize("kind", LinkKind)
def test_a_link_leads_to_a_page(client, kind):
    address = mails.address_of(kind, "dj_link_1", "http://testserver")
    answer = client.get(address)
    assert answer.status_code == 200
    assert f'data-address="v1/{kind.value.replace("_", "-")}s/' in answer.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("headers", "query", "tag"),
    [
        ({}, {}, "zh-CN"),
        ({"Accept-Language": "en"}, {}, "en"),
        ({"Accept-Language": "en"}, {"lang": "zh"}, "zh-CN"),
        ({}, {"lang": "en"}, "en"),
    ],
)
def test_a_page_in_the_readers_language(client, path, headers, query, tag):
    answer = client.get(path, headers=headers, params=query)
    assert answer.headers["content-language"] == tag
    assert answer.headers["vary"] == "Accept-Language"
    assert f'<html lang="{tag}">' in answer.text
    told = {"zh-CN": f"至少 {MIN_LENGTH} 个字符", "en": f"At least {MIN_LENGTH} characters"}
    assert told[tag] in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_kept_nowhere_and_tells_nobody_where_it_was(client, path):
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "trusted-types 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("path", PATHS)
def test_what_a_page_loads_may_be_kept_for_ever(client, path):
    text = client.get(path).text
    for loaded in (pages.STYLESHEET, pages.SCRIPT):
        assert f'"{loaded.path}"' in text
        answer = client.get(f"/{loaded.path}")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.text == loaded.content


def test_the_pages_are_not_part_of_the_api(client):
    assert not {*PATHS} & {*client.get("/openapi.json").json()["paths"]}


def test_every_word_is_said_in_its_language_and_takes_the_same_values():
    for key, word in WORDS.items():
        assert not re.search(r"[一-鿿]", word.en), key
        assert re.search(r"[一-鿿]", word.zh), key
        assert re.findall(r"{\w+}", word.zh) == re.findall(r"{\w+}", word.en), key


def test_every_word_is_used():
    template = (files("app.features.people") / "templates" / "password.html").read_text("utf-8")
    kinds = [f"{kind.value}_" for kind in LinkKind]
    ends = {key: key.removeprefix(next((kind for kind in kinds if key.startswith(kind)), "")) for key in WORDS}
    assert not [key for key, end in ends.items() if f"'{key}'" not in template and f"kind ~ '_{end}'" not in template]
