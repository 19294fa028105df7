from dataclasses import replace

import pytest

from app.matching import Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Requirement, Thesaurus, cc_cedict
from app.matching.occurrences import Occurrences
from app.matching.text import Token

FILLER = "采茶季节人手紧张而且山路难走"


@pytest.fixture
def work(monkeypatch):
    """Count the documents gathered and the tokens visited."""
    counted = {"gathered": 0, "visited": 0}
    gather, visit = Occurrences.__init__, Occurrences.of

    def counting_gather(self, fields):
        counted["gathered"] += 1
        gather(self, fields)

    def counting_visit(self, terms):
        for place in visit(self, terms):
            counted["visited"] += 1
            yield place

    monkeypatch.setattr(Occurrences, "__init__", counting_gather)
    monkeypatch.setattr(Occurrences, "of", counting_visit)
    return counted


def test_terms_come_in_the_order_of_the_document(demo):
    reader = Reader(demo.thesaurus, cc_cedict())
    for read in [*map(reader.need, demo.needs[::8]), *map(reader.offer, demo.offers[::20])]:
        every = [(field.field, token) for field in read.fields for token in field.tokens]
        terms = sorted({token.term for _, token in every})
        assert list(read.occurrences.of(terms)) == every
        some = set(terms[::3])
        assert list(read.occurrences.of(some)) == [place for place in every if place[1].term in some]


def test_terms_that_do_not_stand_there_are_passed_over():
    read = Reader(Thesaurus(), Dictionary()).offer(Offer("o", "zh", "", description="漏检"))
    assert [token for _, token in read.occurrences.of(["检", "误"])] == [Token("检", 1, 2)]
    assert list(Reader(Thesaurus(), Dictionary()).offer(Offer("o", "zh", "")).occurrences.of(["检"])) == []


def test_documents_are_gathered_only_to_explain(work, as_of):
    offers = [Offer(f"o{i}", "zh", "漏检" * (i + 1)) for i in range(5)]
    need = Need("n", "zh", "外观检测", "漏检")
    matcher = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit(offers, [need])
    matcher.rank(need, k=5, as_of=as_of, explain=False)
    assert work["gathered"] == 0
    for _ in range(3):
        matcher.rank(need, k=5, as_of=as_of)
    assert work["gathered"] == 1 + 3 * len(offers), "the need is kept, offers are read from their columns"
    matcher.rank(replace(need, id="draft"), k=5, as_of=as_of)
    assert work["gathered"] == 2 + 4 * len(offers)


def test_words_that_are_not_shared_cost_an_explanation_nothing(work, as_of):
    offers = [Offer(f"o{i}", "zh", "漏检", description="漏检率低") for i in range(20)]
    visited = []
    for requirements in ((), tuple(Requirement(FILLER * 20) for _ in range(10))):
        need = Need("n", "zh", "外观", "漏检", requirements=requirements)
        matcher = Matcher(MatcherParams(), Reader(Thesaurus(), Dictionary())).fit(offers, [need])
        work["visited"] = 0
        assert all(match.terms for match in matcher.rank(need, k=20, as_of=as_of).matches)
        visited.append(work["visited"])
    assert 0 < visited[0] == visited[1]
