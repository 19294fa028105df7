"""Which language a reader wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import Bilingual, negotiate


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("zh;q=0.2, en;q=0.7", "en"),
        ("de, fr;q=0.8", "zh"),
        ("de, en;q=0.1", "en"),
        ("*", "zh"),
        ("en;q=0", "zh"),
        ("en;q=nonsense", "zh"),
        ("en;level=1", "en"),
        ("english", "zh"),
        (" en ; q = 0.5 , zh;q=0.4", "en"),
        ("en,zh", "en"),
        (",,;q=1,", "zh"),
    ],
)
def test_negotiation(header, language):
    assert negotiate(header) == language


@given(st.text() | st.from_regex(r"(en|zh|\*|de)(;q=[0-9.einfa-]{0,6})?(, ?(en|zh)(;q=[0-9.]{0,4})?){0,3}"))
def test_any_header_gives_a_language(header):
    assert negotiate(header) in ("zh", "en")


@pytest.mark.parametrize("quality", ["nan", "-1", "-inf"])
def test_a_quality_beyond_the_standard_does_not_win_over_a_sound_one(quality):
    assert negotiate(f"zh, en;q={quality}") == "zh"


def test_a_sentence_in_each_language():
    said = Bilingual("你好", "Hello")
    assert said.said_in("zh") == "你好"
    assert said.said_in("en") == "Hello"
