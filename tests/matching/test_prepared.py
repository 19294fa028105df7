import gc
import weakref
from dataclasses import replace

import pytest

import app.matching.prepared
from app.matching import Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Thesaurus

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
def reader():
    return Reader(Thesaurus(), Dictionary())


def fit(reader, offers=OFFERS, needs=NEEDS):
    return Matcher(MatcherParams(), reader).fit(offers, needs)


def kept(reader):
    return {reading.document for side in (reader._needs, reader._offers) for reading in side.values()}


def gone(reference):
    gc.collect()
    return reference() is None


def test_a_fitted_document_is_read_once(reader, texts_read, as_of):
    matcher = fit(reader)
    texts_read.clear()
    matcher.rank(replace(NEEDS[0]), k=3, as_of=as_of)
    matcher.rank_offer(replace(OFFERS[0]), k=3, as_of=as_of)
    matcher.pair(NEEDS[1], OFFERS[1], as_of=as_of)
    assert texts_read == []


def test_a_refit_reads_only_what_changed(reader, texts_read):
    fit(reader)
    texts_read.clear()
    fit(reader, [replace(OFFERS[0], title="新标题"), *map(replace, OFFERS[1:])], [replace(NEEDS[0], problem="误判")])
    assert texts_read == ["新标题", "漏检", "需求0", "误判"]


@pytest.mark.parametrize("own_id", ["draft", "n0"])
def test_a_preview_leaves_nothing_behind(reader, own_id, texts_read, as_of):
    matcher = fit(reader)
    need = replace(NEEDS[0], id=own_id, title="草稿")
    offer = replace(OFFERS[0], id=own_id.replace("n", "o"), title="草稿")
    matcher.rank(need, k=3, as_of=as_of)
    matcher.rank_offer(offer, k=3, as_of=as_of)
    matcher.pair(need, offer, as_of=as_of)
    assert "草稿" in texts_read
    assert kept(reader) == {*NEEDS, *OFFERS}


def test_replaced_and_removed_documents_are_dropped(reader):
    fit(reader)
    needs = [NEEDS[0], replace(NEEDS[1], title="新标题")]
    offers = [replace(OFFERS[0], title="新标题"), OFFERS[1]]
    old = [
        weakref.ref(reading)
        for reading in (reader.need(NEEDS[1]), reader.need(NEEDS[2]), reader.offer(OFFERS[0]), reader.offer(OFFERS[2]))
    ]
    fit(reader, offers, needs)
    assert kept(reader) == {*needs, *offers}
    assert all(map(gone, old))


def test_an_older_matcher_serves_on_what_it_was_fitted_with(reader, as_of):
    older = fit(reader)
    before = older.rank(NEEDS[0], k=3, as_of=as_of), older.rank_offer(OFFERS[0], k=3, as_of=as_of)
    newer = [replace(OFFERS[0], title="漏检"), OFFERS[1]], [replace(NEEDS[0], title="漏检")]
    fit(reader, *newer)
    assert (older.rank(NEEDS[0], k=3, as_of=as_of), older.rank_offer(OFFERS[0], k=3, as_of=as_of)) == before
    assert kept(reader) == {*newer[0], *newer[1]}
