from dataclasses import replace

import pytest

import app.matching.prepared
from app.matching import WITH_MEANING, Dictionary, Matcher, MatcherParams, Meaning, Need, Offer, Reader, Thesaurus
from tests.matching.encoders import by_characters

NEEDS = [Need(f"n{i}", "zh", f"需求{i}", "漏检") for i in range(3)]
OFFERS = [Offer(f"o{i}", "zh", f"能力{i}", description="漏检") for i in range(3)]


@pytest.fixture
def texts_read(monkeypatch):
    """Collect the texts that are tokenised."""
    texts = []
    tokenise = app.matching.prepared.tokenise

    def collecting(text, *how):
        texts.append(text)
        return tokenise(text, *how)

    monkeypatch.setattr(app.matching.prepared, "tokenise", collecting)
    return texts


@pytest.fixture
def matcher():
    return Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit(OFFERS, NEEDS)


def test_a_fitted_document_is_read_once(matcher, texts_read, as_of):
    matcher.rank_offer(OFFERS[0], k=3, as_of=as_of)
    assert texts_read == [text for need in NEEDS for text in (need.title, need.problem)]
    texts_read.clear()
    matcher.rank(replace(NEEDS[0]), k=3, as_of=as_of)
    matcher.rank_offer(replace(OFFERS[0]), k=3, as_of=as_of)
    matcher.pair(NEEDS[1], OFFERS[1], as_of=as_of)
    assert texts_read == []


def test_counting_the_words_of_needs_reads_no_more_of_them(monkeypatch, as_of):
    encoded = []
    of = Meaning.of
    monkeypatch.setattr(Meaning, "of", lambda *asked: encoded.append(asked[1]) or of(*asked))
    reader = Reader(Thesaurus(), Dictionary(), by_characters())
    matcher = Matcher(WITH_MEANING, reader).fit(OFFERS, NEEDS)
    matcher.rank(NEEDS[0], k=1, as_of=as_of)
    assert encoded == ["offer"] * 3 + ["need"]
    before = reader.need.cache_info()
    matcher.need_table(NEEDS, matcher.model_.numbers)
    matcher.changed(needs=[replace(NEEDS[0], problem="误判")], gone={"n1"})
    assert encoded == ["offer"] * 3 + ["need"]
    assert reader.need.cache_info() == before


def test_a_change_reads_only_what_changed(matcher, texts_read):
    matcher.changed(offers=[replace(OFFERS[0], title="新标题")], needs=[replace(NEEDS[0], problem="误判")])
    # The need's old form is counted no longer, for which its words are read too.
    assert texts_read == ["新标题", "漏检", "需求0", "误判", "需求0", "漏检"]


@pytest.mark.parametrize("own_id", ["draft", "n0"])
def test_a_preview_leaves_no_trace_in_rankings(matcher, own_id, as_of):
    before = matcher.rank(NEEDS[0], k=3, as_of=as_of), matcher.rank_offer(OFFERS[0], k=3, as_of=as_of)
    need = replace(NEEDS[0], id=own_id, title="草稿甲")
    offer = replace(OFFERS[0], id=own_id.replace("n", "o"), title="草稿乙")
    assert matcher.rank(need, k=3, as_of=as_of).matches[0].need_id == own_id
    matcher.rank_offer(offer, k=3, as_of=as_of)
    matcher.pair(need, offer, as_of=as_of)
    assert (matcher.rank(NEEDS[0], k=3, as_of=as_of), matcher.rank_offer(OFFERS[0], k=3, as_of=as_of)) == before


def test_an_older_matcher_serves_on_what_it_was_fitted_with(matcher, as_of):
    before = matcher.rank(NEEDS[0], k=3, as_of=as_of), matcher.rank_offer(OFFERS[0], k=3, as_of=as_of)
    newer = matcher.changed(
        offers=[replace(OFFERS[0], title="漏检")], needs=[replace(NEEDS[0], title="漏检")], gone={"o2", "n2"}
    )
    assert (matcher.rank(NEEDS[0], k=3, as_of=as_of), matcher.rank_offer(OFFERS[0], k=3, as_of=as_of)) == before
    assert newer.rank(NEEDS[0], k=3, as_of=as_of).considered == 2
