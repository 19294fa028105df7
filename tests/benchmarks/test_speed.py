"""Generated texts are what they are said to be, and engines are held against brute force."""

import random
from collections import Counter
from itertools import islice

import numpy as np
import pytest
from scipy import sparse

import app.matching.terms
from app.matching import Concept, MatcherParams, Need, Offer, Requirement, Scenario, Thesaurus
from app.matching.fields import Field
from app.matching.lexicon import Lexicon, Statistics
from app.matching.prepared import ReadField
from app.matching.terms import Terms
from app.matching.text import tokenise
from benchmarks.demo_set import Demo
from benchmarks.speed import check, corpus, lines, texts
from benchmarks.speed.engines import K, engine
from benchmarks.speed.measure import measure

THESAURUS = Thesaurus(
    [
        Concept("T1", "VISION", (("zh", "机器视觉", "preferred"), ("en", "machine vision", "preferred"))),
        Concept("T2", "VISION", (("zh", "线扫相机", "preferred"), ("en", "line-scan camera", "preferred"))),
        Concept("T3", "ROBOT", (("zh", "机械臂", "preferred"), ("en", "robot arm", "preferred"))),
    ]
)


def offer(number, lang, title, description, scenario):
    return Offer(
        id=f"o{number}", lang=lang, title=title, description=description, keywords=("OEE",),
        scenarios=(Scenario(scenario, "2"),),
    )  # fmt: skip


DEMO = Demo(
    needs=(
        Need(
            id="n", lang="zh", title="外观靠人看", problem="夜班漏检。一班 12 人！", scenario=Scenario("S24", "2"),
            requirements=(Requirement("漏检率不高于 0.5%"),),
        ),
    ),
    offers=(
        offer(1, "zh", "机器视觉检测", "用机器视觉看外观，节拍 2.5 秒。不用人看！", "S24"),
        offer(2, "zh", "机械臂上下料", "机械臂抓取；换型 15 分钟。", "S20"),
        offer(3, "en", "Machine vision cell", "Finds defects in 0.5 s. Uses machine vision. Robot arm too.", "S24"),
    ),
    grades={},
    thesaurus=THESAURUS,
)  # fmt: skip


@pytest.fixture(scope="module")
def composer():
    return texts.composers(DEMO)[0]


def test_a_posting_is_taken_apart_into_sentences():
    source = lines.of_offer(DEMO.offers[2])
    assert source.topics == (("en", "S24"),)
    assert [(line.role, line.text) for line in source.lines] == [
        ("title", "Machine vision cell"),
        ("description", "Finds defects in 0.5 s."),
        ("description", "Uses machine vision."),
        ("description", "Robot arm too."),
        ("keyword", "OEE"),
    ]
    assert [line.text for line in lines.of_need(DEMO.needs[0]).lines] == [
        "外观靠人看", "夜班漏检。", "一班 12 人！", "漏检率不高于 0.5%",
    ]  # fmt: skip


def test_a_variant_swaps_concepts_for_siblings_and_changes_numbers():
    varied = lines.Varied(THESAURUS)
    found = set(varied.variants("机器视觉 machine vision 2.5 秒，5G，ISO 9001", 200, random.Random(1)))
    assert found == set(varied.variants("机器视觉 machine vision 2.5 秒，5G，ISO 9001", 200, random.Random(1)))
    assert {text.split()[0] for text in found} == {"机器视觉", "线扫相机"}
    assert {text[5:].split(" 秒")[0].rsplit(" ", 1)[0] for text in found} == {"machine vision", "line-scan camera"}
    numbers = {float(text.split(" 秒")[0].rsplit(" ", 1)[1]) for text in found}
    assert len(numbers) > 50
    assert all(0.6 <= number <= 10.0 for number in numbers)
    assert all("5G" in text for text in found)


def test_terms_are_what_the_tokeniser_gives_for_the_lines(composer):
    postings = list(islice(composer.compose(), 50))
    names = composer.vocabulary.terms
    for posting in postings:
        given = [names[number] for number in posting.terms.tolist()]
        expected = [
            token.term
            for line in posting.lines
            for token in tokenise(line.text, THESAURUS)
            for _ in range(2 if line.role == "title" else 1)
        ]
        assert Counter(given) == Counter(expected)


def test_the_same_seed_gives_the_same_postings_and_another_seed_others(composer):
    def said(one):
        return [[line.text for line in posting.lines] for posting in islice(one.compose(), 20)]

    again = corpus.Composer(composer.sources, THESAURUS, corpus.Vocabulary(), seed=composer.seed)
    other = corpus.Composer(composer.sources, THESAURUS, corpus.Vocabulary(), seed=composer.seed + 1)
    assert said(composer) == said(composer) == said(again)
    assert said(composer) != said(other)


def test_more_offers_are_the_same_and_some_more():
    few, many = texts.compose(DEMO, offers=5, needs=3), texts.compose(DEMO, offers=9, needs=3)
    first = many.first(5)
    assert first.offers.indptr.tolist() == few.offers.indptr.tolist()
    assert first.offers.counts.tolist() == few.offers.counts.tolist()
    assert first.offers.indices.tolist() == few.offers.indices.tolist()


def test_counts_are_counts(composer):
    postings = list(islice(composer.compose(), 10))
    counted = corpus.count(postings)
    for row, posting in enumerate(postings):
        place = slice(counted.indptr[row], counted.indptr[row + 1])
        found = dict(zip(counted.indices[place].tolist(), counted.counts[place].tolist(), strict=True))
        assert found == Counter(posting.terms.tolist())
    assert list(texts.repeated(counted)) == [sorted(posting.terms.tolist()) for posting in postings]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("texts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_CHUNK", 7)  # more than one
        texts.write(texts.compose(DEMO, offers=60, needs=5), place)
    return place


def read_line(line):
    return ReadField(Field("", line.role, line.text), tokenise(line.text, THESAURUS))


def test_weights_are_those_of_the_matcher(folder):
    offers, needs = texts.composers(DEMO)
    made = [list(islice(one.compose(), size)) for one, size in ((offers, 60), (needs, 5))]
    read = [[[read_line(line) for line in posting.lines] for posting in side] for side in made]
    terms, params = Terms(offers.vocabulary.terms), MatcherParams()
    counter = app.matching.terms.Counter(terms, params.field_weights)
    counts = [[counter.of(document) for document in side] for side in read]
    used = [term for side in counts for one in side for term in one]
    length = sum(sum(one.values()) for one in counts[0])
    lexicon = Lexicon(params, terms, Statistics(65, np.bincount(used, minlength=len(terms)), 60, length))
    weighed = {
        "offers": [
            {term: lexicon.saturated(count, lexicon.lengths(sum(one.values()))) for term, count in one.items()}
            for one in counts[0]
        ],
        "needs": [dict(zip(one, lexicon.weigh_need(one).weights, strict=True)) for one in counts[1]],
    }
    for name, rows in weighed.items():
        found = texts.read_vectors(folder, name).toarray()
        expected = np.zeros_like(found)
        for row, weights in enumerate(rows):
            expected[row, list(weights)] = list(weights.values())
        np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["scikit-learn", "scipy", "ours"])
def test_engines_that_take_a_product_find_what_brute_force_finds(folder, name):
    measured = measure(name, folder)
    vectors, needs = texts.read_vectors(folder, "offers"), texts.read_vectors(folder, "needs")
    found = np.load(folder / f"{name}.npy")
    assert found.shape == (5, K)
    assert check.agreeing(vectors, needs, found) == 5
    given = np.take_along_axis((needs @ vectors.T).toarray(), found, axis=1)
    assert (np.diff(given, axis=1) <= 1e-15).all()
    assert (measured.singles, measured.batch, measured.ranks_by) == (5, 5, "our BM25")
    assert measured.peak_bytes > measured.index_bytes > 0
    assert [row.tolist() for row in engine_rows(folder, name)] == found.tolist()


def engine_rows(folder, name):
    ranker = engine(name, folder)
    ranker.build()
    return [ranker.one(number) for number in range(5)]


def test_another_order_or_a_worse_offer_is_told_apart(folder):
    vectors, needs = texts.read_vectors(folder, "offers"), texts.read_vectors(folder, "needs")
    scores = (needs @ vectors.T).toarray()
    best = np.argsort(-scores, axis=1)[:, :K]
    assert check.agreeing(vectors, needs, best[:, ::-1]) == 5
    worse = best.copy()
    worse[0, -1] = np.argmin(scores[0])
    worse[1, -1] = worse[1, 0]
    worse[2, -1] = -1
    assert check.agreeing(vectors, needs, worse) == 2


def test_an_offer_given_twice_and_one_not_given_are_told_apart():
    vectors = sparse.csr_matrix(np.ones((K + 1, 1)))
    needs = sparse.csr_matrix(np.ones((3, 1)))
    found = np.arange(3 * K).reshape(3, K) % K
    found[1, 0], found[2, 0] = found[1, 1], -1
    assert check.agreeing(vectors, needs, found) == 1


def test_bm25s_is_given_the_same_terms(folder):
    rows = engine_rows(folder, "bm25s (numba)")
    assert all(len({*row.tolist()}) == K for row in rows)


def test_the_slope_of_words_as_common_as_zipf_says_is_minus_one():
    frequencies = (1e5 / np.arange(1, 6000)).astype(int)
    posting = corpus.Composed(0, (), (), np.repeat(np.arange(len(frequencies), dtype=np.int32), frequencies))
    assert check._slope([posting]) == pytest.approx(-1, abs=0.02)


def test_real_and_generated_postings_stand_side_by_side(composer):
    real, made = check.describe(composer).splitlines()
    assert real.startswith("real           3 offers")
    assert made.startswith(f"generated   {check.SAMPLE} offers")
