"""Whether generated texts are like real ones, and whether an engine finds what brute force finds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.corpus import Composed, Composer
from benchmarks.speed.engines import K
from benchmarks.speed.lines import Source
from benchmarks.speed.texts import Matrix

SAMPLE = 2_000

_RANKS = slice(9, 5_000)
_OWN = 3  # times as common in a topic as in all: a word of the topic
_CLOSE = 1e-12


def describe(composer: Composer) -> str:
    """Put generated postings beside the real ones they are made of, in one line each."""
    topic_terms = _topic_terms(composer.sources, list(composer.as_they_are()))
    made = list(islice(composer.compose(), SAMPLE))
    rows = {"real": list(composer.as_they_are()), "generated": made}
    return "\n".join(
        f"{name:<10}{len(postings):>6} offers: slope of log frequency over log rank 10 to 5,000 "
        f"{_slope(postings):.2f}; distinct terms {_middle(postings)}; "
        f"of its topic {_share(composer.sources, postings, topic_terms):.0%}"
        for name, postings in rows.items()
    )


def agreeing(vectors: Matrix, needs: Matrix, found: NDArray[np.int64]) -> int:
    """Count the needs whose offers have the best scores there are; of equal scores any will do.

    Args:
        vectors: Of the offers; shape (offers, terms).
        needs: Vectors of needs; shape (n, terms).
        found: Rows of offers an engine gave, -1 for none; shape (n, `K`).
    """
    count = 0
    for number, rows in enumerate(found):
        scores = vectors @ needs[number].toarray()[0]
        best = np.sort(np.partition(scores, -K)[-K:])
        given = np.sort(np.where(rows >= 0, scores[rows], 0.0))
        count += bool(np.allclose(best, given, rtol=_CLOSE, atol=0)) and len({*rows.tolist()}) == K
    return count


def _slope(postings: Sequence[Composed]) -> float:
    """The slope of the line through the words between the few commonest and those met by chance; Zipf's law is -1."""
    frequencies = np.bincount(np.concatenate([posting.terms for posting in postings]))
    ranked = np.sort(frequencies[frequencies > 0])[::-1][_RANKS]
    ranks = np.arange(_RANKS.start + 1, _RANKS.start + 1 + len(ranked))
    return float(np.polyfit(np.log(ranks), np.log(ranked), 1)[0])


def _middle(postings: Sequence[Composed]) -> str:
    low, middle, high = np.percentile([len({*posting.terms.tolist()}) for posting in postings], (5, 50, 95))
    return f"{middle:.0f} ({low:.0f} to {high:.0f})"


def _topic_terms(sources: Sequence[Source], real: Sequence[Composed]) -> Mapping[tuple[str, str], frozenset[int]]:
    """Give each topic the terms that are several times as common in its postings as in all."""
    terms = [{*posting.terms.tolist()} for posting in real]
    overall = Counter(term for one in terms for term in one)
    found = {}
    for topic in {topic for source in sources for topic in source.topics}:
        own = [one for one, source in zip(terms, sources, strict=True) if topic in source.topics]
        seen = Counter(term for one in own for term in one)
        found[topic] = frozenset(
            term for term, count in seen.items() if count / len(own) >= _OWN * overall[term] / len(terms)
        )
    return found


def _share(
    sources: Sequence[Source], postings: Sequence[Composed], topic_terms: Mapping[tuple[str, str], frozenset[int]]
) -> float:
    shares = []
    for posting in postings:
        own = frozenset[int]().union(*(topic_terms[topic] for topic in sources[posting.parent].topics))
        terms = {*posting.terms.tolist()}
        shares.append(len(terms & own) / len(terms))
    return float(np.mean(shares))
