from dataclasses import replace
from itertools import islice, product

import numpy as np
import pytest

from app.matching import (
    Dictionary,
    Matcher,
    MatcherParams,
    Need,
    Numberings,
    Offer,
    Reader,
    Requirement,
    Thesaurus,
    cc_cedict,
    occurrences,
    offer_table,
)
from app.matching.occurrences import Occurrences
from app.matching.scan import stand
from app.matching.terms import Counter
from app.matching.text import is_character

FILLER = "采茶季节人手紧张而且山路难走"


@pytest.fixture
def work(monkeypatch):
    """Count the documents gathered and the places visited."""
    counted = {"gathered": 0, "visited": 0}
    gather, visit = occurrences.gathered, Occurrences.of

    def counting_gather(placed):
        counted["gathered"] += 1
        return gather(placed)

    def counting_visit(self, terms):
        found = visit(self, terms)
        counted["visited"] += len(found)
        return found

    monkeypatch.setattr(occurrences, "gathered", counting_gather)
    monkeypatch.setattr(offer_table, "gathered", counting_gather)
    monkeypatch.setattr(Occurrences, "of", counting_visit)
    return counted


def placed(read):
    """Every token of a document as `Occurrences.of` gives it."""
    return [
        (number, token.start, token.end, token.term)
        for number, field in enumerate(read.fields)
        for token in field.tokens
    ]


def test_terms_come_in_the_order_of_the_document(demo):
    reader = Reader(demo.thesaurus, cc_cedict())
    for read in [*map(reader.need, demo.needs[::8]), *map(reader.offer, demo.offers[::20])]:
        every = placed(read)
        terms = sorted({term for *_, term in every})
        assert read.occurrences.of(terms) == every
        some = set(terms[::3])
        assert read.occurrences.of(some) == [place for place in every if place[3] in some]


def test_an_offer_is_found_again_in_its_columns(demo):
    reader, numbers = Reader(demo.thesaurus, cc_cedict()), Numberings()
    offers = [reader.offer(offer) for offer in demo.offers[::20]]
    table = offer_table.offer_table(offers, numbers, Counter(numbers.terms, {}))
    some = {number: term for number, term in enumerate(numbers.terms.values) if number % 3}
    slots = np.arange(len(numbers.terms)) % 3 - 1
    longer = {term for term in some.values() if not is_character(term)}
    single = sorted({*some.values()} - longer)
    for row, read in enumerate(offers):
        fields = [field.field for field in read.fields]
        found = offer_table.occurrences_at(table, row, fields, slots, some)
        assert found.of(longer) == [place for place in placed(read) if place[3] in longer]
        assert found.by_term.keys() <= longer
        others = sorted(occurrences.characters(fields, single))
        assert others == [place for place in placed(read) if place[3] in single]


def places_of(title, wanted):
    """Where some terms stand in an offer of that title, by its columns."""
    numbers = Numberings()
    read = Reader(Thesaurus(), Dictionary()).offer(Offer("o", "en", title))
    table = offer_table.offer_table([read], numbers, Counter(numbers.terms, {}))
    names = {number: term for number, term in enumerate(numbers.terms.values) if term in wanted}
    slots = np.full(len(numbers.terms), -1, dtype=np.int32)
    slots[list(names)] = range(len(names))
    return offer_table.occurrences_at(table, 0, [read.fields[0].field], slots, names).of(wanted)


def test_what_lies_between_two_words_however_long_is_no_place():
    assert places_of("robot" + " " * 300 + "valve", {"robot", "valv"}) == [(0, 0, 5, "robot"), (0, 305, 310, "valv")]


def test_of_a_very_long_word_the_beginning_is_shown():
    assert places_of("a" * 300 + " robot", {"robot", "a" * 300}) == [(0, 0, 255, "a" * 300), (0, 301, 306, "robot")]


def test_of_very_many_different_words_the_first_have_places():
    last = 1 << 16
    words = [
        "".join(letters) for letters in islice(product(*["bdfgkmnprt", "aeiou"] * 2, "bdfgkmnprt", "aou"), last + 1)
    ]
    assert places_of(" ".join(words), {words[0], *words[-2:]}) == [
        (0, 0, 6, words[0]), (0, 7 * (last - 1), 7 * last - 1, words[-2]),
    ]  # fmt: skip


def test_a_place_behind_all_texts_is_looked_for_in_none_that_is_not_there():
    steps, lengths = np.array([3, 200], dtype=np.uint8), np.ones(2, dtype=np.uint8)
    edges = np.array([0, 5, 8, 100, 300])[:3]
    found = stand(np.zeros(2, dtype=np.uint16), steps, lengths, np.ones(1, dtype=np.bool_), edges)
    assert found[1].tolist() == [0, 1]


def test_terms_that_do_not_stand_there_are_passed_over():
    read = Reader(Thesaurus(), Dictionary()).offer(Offer("o", "zh", "", description="漏检"))
    assert read.occurrences.of(["检", "误"]) == [(0, 1, 2, "检")]
    assert Reader(Thesaurus(), Dictionary()).offer(Offer("o", "zh", "")).occurrences.of(["检"]) == []


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
