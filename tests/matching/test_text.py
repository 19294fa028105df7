import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.normalise import normalise
from app.matching.text import is_bridge, tokenise
from app.matching.thesaurus import Concept, Thesaurus

EMPTY = Thesaurus()
MIXED = st.text(alphabet=st.sampled_from("機器视觉检測aBcＡＩ 9.5%０mm,，。-…ﬁ㎜İ\u0301臺"), max_size=40)


def terms(text, thesaurus=EMPTY):
    return [token.term for token in tokenise(text, thesaurus)]


def test_traditional_full_width_and_capitals_are_one_spelling():
    assert normalise("機器視覺ＡＩ").text == normalise("机器视觉ai").text


def test_a_character_that_becomes_several_points_back_at_itself():
    text = normalise("x㎜y")
    assert text.text == "xmmy"
    assert text.span(1, 3) == (1, 2)


@given(MIXED)
def test_every_normalised_character_has_a_place_in_the_original(text):
    normal = normalise(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert list(normal.starts) == sorted(normal.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))


@given(MIXED)
def test_a_chinese_token_is_its_own_normalised_span(text):
    for token in tokenise(text, EMPTY):
        if not is_bridge(token.term) and not token.term[0].isdigit():
            assert normalise(text[token.start : token.end]).text == token.term


@given(MIXED)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text).text
    assert normalise(once).text == once


def test_chinese_is_read_as_characters_and_pairs():
    assert terms("漏检") == ["漏", "漏检", "检"]


def test_stop_characters_go_but_pairs_with_content_stay():
    assert terms("的了") == []
    assert "的" not in terms("的检")
    assert "的检" in terms("的检")


def test_english_is_stemmed_and_stop_words_go():
    assert terms("the Defects of inspecting") == ["defect", "inspect"]


@pytest.mark.parametrize(
    ("text", "term"),
    [("APS", "aps"), ("ＡＰＳ", "aps"), ("aps", "aps"), ("IP69K", "ip69k"), ("series", "seri"), ("SERIES", "seri")],
)
def test_short_forms_of_the_thesaurus_and_codes_stay_whole(text, term):
    found = terms(text, Thesaurus([Concept("T1", "BIZ", (("en", "APS", "abbr"),))]))
    assert found == [term]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("0.02 mm", "0.02mm"),
        ("０．０２ｍｍ", "0.02mm"),
        ("99.5%", "99.5%"),
        ("50万元", "50万元"),
        ("50萬元", "50万元"),
        ("1,200 kg", "1200kg"),
        ("50 µm", "50μm"),
        ("50 um", "50μm"),
        ("7 widgets", "7"),
    ],
)
def test_numbers_keep_their_units_in_one_spelling(text, term):
    assert terms(text)[0] == term


def test_a_compound_meets_its_parts():
    assert terms("pick-and-place") == terms("pick and place")


def test_spans_are_of_the_original():
    text = "全自動ＡＯＩ機"
    token = next(token for token in tokenise(text, EMPTY) if token.term == "aoi")
    assert text[token.start : token.end] == "ＡＯＩ"


def test_only_terms_without_chinese_cross_languages():
    assert [is_bridge(term) for term in ("concept:T1", "aoi", "99.5%", "检测", "50万元")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_phrase_conversion_that_changes_the_length_keeps_the_offsets(monkeypatch):
    class Longer:
        def convert(self, text):
            return text + "!" if len(text) > 1 else {"機": "机", "〇": "零零"}.get(text, text)

    monkeypatch.setattr("app.matching.normalise._to_simplified", Longer)
    assert normalise("機器〇").text == "机器〇"
