"""Rankers to compare: chance, what libraries give as they come, and ours."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import bm25s
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from app.matching import Matcher, MatcherParams, Need, Offer, Reader, cc_cedict, sentence_encoder
from app.matching.fields import need_fields, offer_fields
from benchmarks.demo_set import AS_OF, Demo, Rankings

DEPTH = 10


def need_text(need: Need) -> str:
    """Give all texts of a need."""
    return "\n".join(field.text for field in need_fields(need))


def offer_text(offer: Offer) -> str:
    """Give all texts of an offer."""
    return "\n".join(field.text for field in offer_fields(offer))


def _by_score(demo: Demo, scores: Sequence[Sequence[float]]) -> Rankings:
    ids = [offer.id for offer in demo.offers]
    return {
        need.id: [item for _, item in sorted(zip((-score for score in row), ids, strict=True))]
        for need, row in zip(demo.needs, scores, strict=True)
    }


def random_order(demo: Demo, seed: int) -> Rankings:
    """Rank by chance."""
    return _by_score(demo, np.random.default_rng(seed).random((len(demo.needs), len(demo.offers))).tolist())


def tfidf(demo: Demo, **options: Any) -> Rankings:  # noqa: ANN401 - options of TfidfVectorizer
    """Rank by the cosine of scikit-learn's TfidfVectorizer over the whole texts."""
    vectorizer = TfidfVectorizer(**options)
    offers = vectorizer.fit_transform([offer_text(offer) for offer in demo.offers])
    return _by_score(
        demo, (vectorizer.transform([need_text(need) for need in demo.needs]) @ offers.T).toarray().tolist()
    )


def bigrams(text: str) -> list[str]:
    """Chinese character pairs and Latin words."""
    return [run[i : i + 2] for run in re.findall(r"\w+", text.lower()) for i in range(len(run) - 1)]


def bm25(demo: Demo) -> Rankings:
    """Rank by BM25 (bm25s, defaults) over the matcher's own tokens, concepts included."""
    reader = full_reader(demo)
    offers = [[t.term for f in reader.offer(offer).fields for t in f.tokens] for offer in demo.offers]
    needs = [[t.term for f in reader.need(need).fields for t in f.tokens] for need in demo.needs]
    retriever = bm25s.BM25()
    retriever.index(offers, show_progress=False)
    return _by_score(demo, [retriever.get_scores(tokens).tolist() for tokens in needs])


def ours(demo: Demo, params: MatcherParams, reader: Reader | None = None) -> Rankings:
    """Rank by the matcher; the reader is the full one unless given."""
    matcher = Matcher(params, reader or full_reader(demo)).fit(demo.offers, demo.needs)
    depth = len(demo.offers)
    return {
        need.id: [match.offer_id for match in matcher.rank(need, k=depth, as_of=AS_OF, explain=False).matches]
        for need in demo.needs
    }


def full_reader(demo: Demo) -> Reader:
    """Give a reader with the thesaurus and the dictionary."""
    return Reader(demo.thesaurus, cc_cedict())


def meaning_reader(demo: Demo) -> Reader:
    """Give one that reads what texts mean too."""
    return Reader(demo.thesaurus, cc_cedict(), sentence_encoder())


def weigh(names: Collection[str], params: MatcherParams | None = None) -> MatcherParams:
    """Give parameters, the default ones unless given, with only these signals; the others weigh nothing."""
    params = params or MatcherParams()
    total = sum(params.signal_weights[name] for name in names)
    weights = {name: weight / total if name in names else 0.0 for name, weight in params.signal_weights.items()}
    return replace(params, signal_weights=weights)
