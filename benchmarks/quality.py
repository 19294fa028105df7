"""`make bench-quality`: how well rankers order the judged demonstration set, and when ours abstains."""

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.matching import (
    SIGNAL_WEIGHTS,
    WITH_MEANING,
    Dictionary,
    Matcher,
    MatcherParams,
    Reader,
    Thesaurus,
    cc_cedict,
)
from app.matching.evaluation import coverage, gini, ndcg_at, recall_at, reciprocal_rank
from benchmarks.demo_set import AS_OF, Demo, Rankings, load_demo
from benchmarks.folds import held_out, report
from benchmarks.intervals import interval
from benchmarks.rankers import (
    DEPTH,
    bigrams,
    bm25,
    full_reader,
    meaning_reader,
    ours,
    random_order,
    tfidf,
    weigh,
)
from benchmarks.traits import GOOD, traits

RANDOM_RUNS = 50
BANDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.01)
PAIRS = "character pairs TF-IDF"
BM25 = "BM25 (bm25s), our tokens"
TEXT = "ours, text only"
FULL = "ours, full"
TEXT_MEANING = "ours, text and meaning"
FULL_MEANING = "ours, full, with meaning"
QUANTILE = 0.02


def gains(demo: Demo, runs: Sequence[Rankings]) -> list[float]:
    """Give nDCG@10 of every met need, averaged over the runs of a ranker."""
    return _averaged(demo, runs, lambda run, need: ndcg_at(run[need], demo.grades[need], DEPTH))


def measure(demo: Demo, runs: Sequence[Rankings], kinds: Mapping[str, frozenset[str]]) -> list[str]:
    """Give the cells of a ranker's line: nDCG@10 with its interval, MRR, recall, then nDCG@10 by kind of need."""
    found = gains(demo, runs)
    low, high = interval(found)
    of_kind = [
        float(np.mean([gain for need, gain in zip(demo.met, found, strict=True) if need.id in ids]))
        for ids in kinds.values()
    ]
    reciprocal = _averaged(demo, runs, lambda run, need: reciprocal_rank(run[need], demo.grades[need]))
    recall = _averaged(demo, runs, lambda run, need: recall_at(run[need], demo.grades[need], DEPTH))
    cells = [float(np.mean(reciprocal)), float(np.mean(recall)), *of_kind]
    return [f"{np.mean(found):.3f}", f"{low:.3f}-{high:.3f}", *(f"{cell:.3f}" for cell in cells)]


def paired(demo: Demo, ranker: Sequence[Rankings], other: Sequence[Rankings]) -> str:
    """Compare two rankers need by need: the mean difference with its interval, and how many needs each does better."""
    differences = np.array(gains(demo, ranker)) - np.array(gains(demo, other))
    low, high = interval(differences.tolist())
    better, worse = int((differences > 0).sum()), int((differences < 0).sum())
    return f"{differences.mean():+.3f} ({low:+.3f} to {high:+.3f}), better for {better} needs, worse for {worse}"


def _averaged(demo: Demo, runs: Sequence[Rankings], one: Callable[[Rankings, str], float]) -> list[float]:
    return [float(np.mean([one(run, need.id) for run in runs])) for need in demo.met]


def best_scores(demo: Demo, params: MatcherParams, reader: Reader) -> dict[str, float]:
    """Give the best score any offer has for each need."""
    matcher = Matcher(params, reader).fit(demo.offers, demo.needs)
    return {need.id: matcher.rank(need, k=1, as_of=AS_OF, explain=False).matches[0].score for need in demo.needs}


def calibrate(met: Sequence[float], unmet: Sequence[float]) -> float:
    """Find the floor with the fewest errors, midway between two neighbouring scores; the highest of equals.

    Args:
        met: Best scores of needs that have a good answer.
        unmet: Best scores of needs that have none.
    """
    cuts = [(low + high) / 2 for low, high in itertools.pairwise(sorted({*met, *unmet}))]
    return min(cuts, key=lambda cut: (_below(met, cut) - _below(unmet, cut), -cut))


def _below(scores: Sequence[float], floor: float) -> int:
    return sum(score < floor for score in scores)


def spare(met: Sequence[float], _unmet: Sequence[float]) -> float:
    """Find the floor under which one in fifty needs with a good answer falls, whatever the few without have."""
    return float(np.quantile(met, QUANTILE))


def abstention(demo: Demo, params: MatcherParams, reader: Reader) -> Iterator[str]:
    """Describe how the floor separates needs with and without a good answer, as it is and leave-one-out."""
    scores = best_scores(demo, params, reader)
    met, unmet = [scores[need.id] for need in demo.met], [scores[need.id] for need in demo.unmet]
    right, wrong = _below(unmet, params.floor), _below(met, params.floor)
    yield f"floor {params.floor}: {right} of {len(unmet)} unmet needs abstain, {wrong} of {len(met)} others wrongly"
    for name, rule in (("fewest errors", calibrate), (f"{QUANTILE:.0%} of the met", spare)):
        held_met = [met[i] < rule(met[:i] + met[i + 1 :], unmet) for i in range(len(met))]
        held_unmet = [unmet[i] < rule(met, unmet[:i] + unmet[i + 1 :]) for i in range(len(unmet))]
        yield (
            f"floor from the rest, leave-one-out, by {name} (from all: {rule(met, unmet):.3f}): "
            f"{sum(held_unmet)} of {len(unmet)} abstain, {sum(held_met)} of {len(met)} wrongly"
        )


def bands(demo: Demo, params: MatcherParams, reader: Reader) -> Iterator[str]:
    """Say, by band of the shown score, which part of the judged pairs is good (grade 2 or 3)."""
    matcher = Matcher(params, reader).fit(demo.offers, demo.needs)
    judged = [
        (match.score, demo.grades[need.id][match.offer_id] >= GOOD)
        for need in demo.needs
        for match in matcher.rank(need, k=len(demo.offers), as_of=AS_OF, explain=False).matches
        if match.offer_id in demo.grades[need.id]
    ]
    for low, high in itertools.pairwise(BANDS):
        inside = [good for score, good in judged if low <= score < high]
        yield f"{low:.2f}-{high:.2f}: {sum(inside)} of {len(inside)} judged pairs good ({np.mean(inside):.2f})"


def rankers(demo: Demo) -> dict[str, list[Rankings]]:
    """Give every ranker of the table by name."""
    everything = frozenset(SIGNAL_WEIGHTS)
    text = weigh({"text"})
    found = {
        f"random (mean of {RANDOM_RUNS})": [random_order(demo, seed) for seed in range(RANDOM_RUNS)],
        "TfidfVectorizer as it comes": [tfidf(demo)],
        PAIRS: [tfidf(demo, analyzer=bigrams)],
        BM25: [bm25(demo)],
        TEXT: [ours(demo, text)],
        "  without the dictionary": [ours(demo, text, Reader(demo.thesaurus, Dictionary()))],
        "  without the thesaurus": [ours(demo, text, Reader(Thesaurus(), cc_cedict()))],
        "  idf to the first power": [ours(demo, replace(text, rarity=1.0))],
        "  characters weigh in full": [ours(demo, replace(text, character=1.0))],
        "  titles count once": [ours(demo, replace(text, field_weights={}))],
        FULL: [ours(demo, MatcherParams())],
        "  without the dictionary ": [ours(demo, MatcherParams(), Reader(demo.thesaurus, Dictionary()))],
        "  without the thesaurus ": [ours(demo, MatcherParams(), Reader(Thesaurus(), cc_cedict()))],
        "  figures by their names only": [ours(demo, MatcherParams(unnamed=0.0))],
    }
    for name in SIGNAL_WEIGHTS:
        if name != "text":
            found[f"  without {name}"] = [ours(demo, weigh(everything - {name}))]
    meaning = meaning_reader(demo)
    found[TEXT_MEANING] = [ours(demo, weigh({"text", "meaning"}, WITH_MEANING), meaning)]
    found[FULL_MEANING] = [ours(demo, WITH_MEANING, meaning)]
    found["  without the dictionary  "] = [
        ours(demo, WITH_MEANING, Reader(demo.thesaurus, Dictionary(), meaning.meaning))
    ]
    return found


def main() -> None:
    """Print the table."""
    demo = load_demo()
    print(
        f"demo set: {len(demo.needs)} needs ({len(demo.met)} met), {len(demo.offers)} offers, "
        f"{sum(len(grades) for grades in demo.grades.values())} judged pairs; matcher {MatcherParams().version}; "
        f"Python {sys.version_info.major}.{sys.version_info.minor}"
    )
    runs = rankers(demo)
    kinds = traits(demo, runs[PAIRS][0])
    heads = ["MRR", "R@10", *kinds]
    print(f"{'ranker':30s} {'nDCG@10':>8s} {'95 %':>12s} {' '.join(f'{head:>8s}' for head in heads)}")
    for name, ranked in runs.items():
        gain, spread, *rest = measure(demo, ranked, kinds)
        print(f"{name:30s} {gain:>8s} {spread:>12s} {' '.join(f'{cell:>8s}' for cell in rest)}")
    print("needs of each kind: " + ", ".join(f"{kind} {len(ids)}" for kind, ids in kinds.items()))
    for name, other in (
        (TEXT, PAIRS), (TEXT, BM25), (FULL, PAIRS), (FULL, BM25), (TEXT_MEANING, TEXT), (FULL_MEANING, FULL)
    ):  # fmt: skip
        print(f"{name} against {other}: {paired(demo, runs[name], runs[other])}")
    full = [ranked[:DEPTH] for ranked in runs[FULL][0].values()]
    ids = [offer.id for offer in demo.offers]
    print(f"first {DEPTH} of all needs: coverage {coverage(full, ids):.3f}, Gini {gini(full, ids):.3f}")
    print(report(demo))
    print(held_out(demo))
    for title, params, reader in (
        (FULL, MatcherParams(), full_reader(demo)), (FULL_MEANING, WITH_MEANING, meaning_reader(demo))
    ):  # fmt: skip
        print(f"{title}:", *abstention(demo, params, reader), *bands(demo, params, reader), sep="\n")


if __name__ == "__main__":
    main()
