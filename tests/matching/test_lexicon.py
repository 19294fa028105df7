import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching import Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Thesaurus

WORDS = ("pump", "valve", "robot", "weld", "paint", "glue")
BILINGUAL = Dictionary([("泵", ("pump",)), ("阀门", ("valv",)), ("机器人", ("robot",)), ("泵阀", ("pump", "valv"))])


def _fitted(offers, need, dictionary=BILINGUAL, thesaurus=None, **numbers):
    matcher = Matcher(MatcherParams(shortest=0.1, **numbers), Reader(thesaurus or Thesaurus(), dictionary))
    matcher.fit([Offer(str(i), lang, text) for i, (lang, text) in enumerate(offers)], [need])
    return matcher, matcher.text_scores(need)


def test_the_score_is_bm25_with_a_steeper_idf_over_that_of_a_copy():
    need = Need("n", "en", "", "pump pump valve")
    matcher, scores = _fitted([("en", "pump robot"), ("en", "robot weld paint glue")], need, field_weights={})
    k, k3 = matcher.params.saturation, matcher.params.repetition

    def idf(used):
        return math.log1p((3 - used + 0.5) / (used + 0.5)) ** matcher.params.rarity

    pump, valve = idf(2) * 2 * (k3 + 1) / (2 + k3), idf(1)
    earned = pump * (k + 1) / (1 + k * 2 / 3)  # the offer's two words against a mean of three
    copied = pump * 2 * (k + 1) / (2 + k) + valve * (k + 1) / (1 + k)  # three words against a mean of three
    # One of the need's two words is shared.
    assert scores == pytest.approx([0.5 * earned / copied, 0.0], rel=1e-12)


def test_a_copy_covers_the_whole_need():
    _, scores = _fitted([("en", "pump valve pump"), ("en", "glue")], Need("n", "en", "", "valve pump pump"))
    assert scores[0] == pytest.approx(1.0, abs=1e-12)


def test_few_shared_words_are_worth_less_than_their_sum():
    offers = [("en", "pump"), ("en", "pump valve"), ("en", "pump valve robot"), ("en", "pump valve robot weld")]
    need = Need("n", "en", "", "pump valve robot weld")
    _, summed = _fitted(offers, need, enough=1e-9)
    _, scores = _fitted(offers, need, enough=3.0)
    assert scores == pytest.approx(summed * [1 / 3, 2 / 3, 1, 1])


def test_a_shared_character_is_half_a_word():
    # One character; a pair of two.
    offers, need = [("zh", "泵"), ("zh", "阀门")], Need("n", "zh", "", "泵与阀门与机器人")
    _, summed = _fitted(offers, need, enough=1e-9)
    _, scores = _fitted(offers, need, enough=3.0)
    assert summed.all()
    assert scores == pytest.approx(summed * [0.5 / 3, 2 / 3])


def test_a_shared_concept_is_half_a_word(small_thesaurus):
    offers, need = [("en", "defect"), ("en", "robot")], Need("n", "en", "", "defect, robot, valve, paint")
    _, summed = _fitted(offers, need, thesaurus=small_thesaurus, enough=1e-9)
    _, scores = _fitted(offers, need, thesaurus=small_thesaurus, enough=3.0)
    assert summed.all()
    assert scores == pytest.approx(summed * [1.5 / 3, 1 / 3])


def test_words_in_another_language_are_worth_their_sum():
    offers, need = [("en", "pump"), ("en", "pump valve")], Need("n", "zh", "", "泵与阀门与机器人")
    _, summed = _fitted(offers, need, enough=1e-9)
    _, scores = _fitted(offers, need, enough=3.0)
    assert 0 < scores[0] < scores[1]
    assert scores.tolist() == summed.tolist()


def test_what_is_ruled_out_is_no_shared_word():
    offers = [("en", "pump valve, not for robot"), *[("en", "robot weld")] * 5]
    need = Need("n", "en", "", "pump, robot, valve and paint")
    _, summed = _fitted(offers, need, enough=1e-9)
    _, scores = _fitted(offers, need, enough=3.0)
    assert summed[0] > 0
    assert scores[0] == pytest.approx(summed[0] * 2 / 3)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=8), min_size=1, max_size=6), st.lists(st.sampled_from(WORDS)))
def test_a_need_is_never_covered_more_than_whole(offers, words):
    _, scores = _fitted([("en", " ".join(offer)) for offer in offers], Need("n", "en", "", " ".join(words)))
    assert np.all(scores >= 0)
    assert np.all(scores <= 1)
    copied = _fitted([("en", " ".join(offer)) for offer in [*offers, words]], Need("n", "en", "", " ".join(words)))[1]
    assert copied[-1] == pytest.approx(1.0 if words else 0.0)


def test_a_word_and_its_translation_count_alike_but_for_the_crossing():
    _, scores = _fitted([("zh", "泵"), ("en", "pump")], Need("n", "zh", "", "泵"), character=1.0, crossing=0.5)
    assert scores[1] == pytest.approx(0.5 * scores[0])


def test_a_word_is_as_rare_as_all_its_translations_together():
    offers = [("en", "pump weld"), ("en", "valve glue"), ("en", "robot paint"), ("en", "paint glue")]
    matcher, scores = _fitted(offers, Need("n", "zh", "", "泵或阀与机器人"), Dictionary(
        [("泵或阀", ("pump", "valv")), ("机器人", ("robot",))]
    ), field_weights={})  # fmt: skip
    # Of five documents two use "pump" or "valve", taken as independent, and one "robot".
    either, robot = (5 * (1 - 0.8 * 0.8), 1.0)
    ratio = (math.log1p((5.5 - either) / (either + 0.5)) / math.log1p((5.5 - robot) / (robot + 0.5))) ** 1.3
    assert matcher.params.rarity == 1.3
    assert scores[0] == scores[1] == pytest.approx(ratio * scores[2])
    assert scores[3] == 0


def test_a_translation_of_two_words_is_earned_in_two_parts():
    phrase = Dictionary([("机器视觉", ("machin vision",))])
    offers = [("en", "machine glue"), ("en", "machine vision"), ("en", "paint glue")]
    matcher, scores = _fitted(offers, Need("n", "zh", "", "机器视觉"), phrase)
    [wanted] = matcher.queries_[0].wanted
    first, second = (wanted.terms[matcher.model_.numbers.terms.get(term)] for term in ("machin", "vision"))
    assert first == second > 0
    assert scores[1] == pytest.approx(2 * scores[0])
    assert scores[2] == 0


def test_a_word_nobody_offers_is_wanted_all_the_same():
    _, alone = _fitted([("en", "pump")], Need("n", "zh", "", "泵"))
    _, beside = _fitted([("en", "pump")], Need("n", "zh", "", "泵与机器人"))
    assert 0 < beside[0] < alone[0]


def test_without_a_dictionary_only_what_both_languages_write_alike_meets():
    _, scores = _fitted([("en", "AGV pump"), ("en", "pump")], Need("n", "zh", "", "AGV与泵"), Dictionary())
    assert scores[0] > 0 == scores[1]


def test_explained_words_of_two_languages_show_both_forms(as_of):
    need, offer = Need("n", "zh-Hant", "機器人與閥門", ""), Offer("o", "en", "Robots, valves")
    match = Matcher(MatcherParams(), Reader(Thesaurus(), BILINGUAL)).fit([offer], [need]).pair(need, offer, as_of=as_of)
    assert {term.term for term in match.terms} == {"機器人 ~ Robots", "閥門 ~ valves"}
    assert [(span.start, span.end) for term in match.terms for span in term.need_spans] == [(0, 3), (4, 6)]


@pytest.mark.parametrize(
    ("lang", "title", "problem"),
    [("en", "Robots", "Not for robots and robots"), ("zh", "机器人", "不需要机器人，不需要机器人。")],
)
def test_what_a_need_says_and_rules_out_as_often_is_not_wanted(lang, title, problem):
    matcher, scores = _fitted([("zh", "机器人"), ("en", "robot")], Need("n", lang, title, problem))
    assert "robot" not in {group.key for word in matcher.queries_[0].wanted for group in word.groups}
    assert np.all(np.isfinite(scores))
