"""`make bench-quality`: how well rankers order the judged demonstration set, and when ours abstains."""

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from app.matching import SIGNAL_WEIGHTS, Matcher, MatcherParams, Reader, cc_cedict
from app.matching.evaluation import coverage, gini, hit_rate_at, ndcg_at, recall_at, reciprocal_rank
from benchmarks.demo_set import AS_OF, Demo, Rankings, load_demo
from benchmarks.intervals import interval
from benchmarks.rankers import DEPTH, bigrams, bm25, other_script, ours, random_order, tfidf, weigh

RANDOM_RUNS = 50


def measure(demo: Demo, runs: Sequence[Rankings]) -> list[str]:
    """Give one line of the table: the measures of a ranker, each need's value averaged over its runs."""

    def of(one: Callable[[Rankings, str], float]) -> list[float]:
        return [float(np.mean([one(run, need.id) for run in runs])) for need in demo.met]

    gains = of(lambda run, need: ndcg_at(run[need], demo.grades[need], DEPTH))
    crossing = {need.id for need in other_script(demo)}
    low, high = interval(gains)
    return [
        f"{np.mean(gains):.3f}",
        f"{low:.3f}-{high:.3f}",
        f"{np.mean(of(lambda run, need: reciprocal_rank(run[need], demo.grades[need]))):.3f}",
        f"{np.mean(of(lambda run, need: recall_at(run[need], demo.grades[need], DEPTH))):.3f}",
        f"{np.mean(of(lambda run, need: hit_rate_at(run[need], demo.grades[need], DEPTH))):.3f}",
        f"{np.mean([gain for need, gain in zip(demo.met, gains, strict=True) if need.id in crossing]):.3f}",
    ]


def best_scores(demo: Demo) -> dict[str, float]:
    """Give the best score any offer has for each need."""
    matcher = Matcher(MatcherParams(), Reader(demo.thesaurus, cc_cedict())).fit(demo.offers, demo.needs)
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


def abstention(demo: Demo) -> str:
    """Describe how the floor separates needs with and without a good answer, as it is and leave-one-out."""
    scores = best_scores(demo)
    met, unmet = [scores[need.id] for need in demo.met], [scores[need.id] for need in demo.unmet]
    floor = MatcherParams().floor
    held_met = [met[i] < calibrate(met[:i] + met[i + 1 :], unmet) for i in range(len(met))]
    held_unmet = [unmet[i] < calibrate(met, unmet[:i] + unmet[i + 1 :]) for i in range(len(unmet))]
    right, wrong = _below(unmet, floor), _below(met, floor)
    return (
        f"floor {floor}: {right} of {len(unmet)} unmet needs abstain, {wrong} of {len(met)} others wrongly\n"
        f"floor from the rest, leave-one-out (from all: {calibrate(met, unmet):.3f}): "
        f"{sum(held_unmet)} of {len(unmet)} abstain, {sum(held_met)} of {len(met)} wrongly"
    )


def rows(demo: Demo) -> Iterator[tuple[str, list[Rankings]]]:
    """Give every ranker of the table by name."""
    everything = frozenset(SIGNAL_WEIGHTS)
    yield f"random (mean of {RANDOM_RUNS})", [random_order(demo, seed) for seed in range(RANDOM_RUNS)]
    yield "TfidfVectorizer as it comes", [tfidf(demo)]
    yield "character bigrams TF-IDF", [tfidf(demo, analyzer=bigrams)]
    yield "BM25 (bm25s), our tokens", [bm25(demo)]
    yield "ours, text only", [ours(demo, weigh({"text"}))]
    yield "ours, full", [ours(demo, MatcherParams())]
    for name in sorted(everything - {"text"}, key=list(SIGNAL_WEIGHTS).index):
        yield f"  without {name}", [ours(demo, weigh(everything - {name}))]


def main() -> None:
    """Print the table."""
    demo = load_demo()
    print(
        f"demo set: {len(demo.needs)} needs ({len(demo.met)} met), {len(demo.offers)} offers, "
        f"{sum(len(grades) for grades in demo.grades.values())} judged pairs; matcher {MatcherParams().version}; "
        f"Python {sys.version_info.major}.{sys.version_info.minor}"
    )
    print(f"{'ranker':30s} {'nDCG@10':>8s} {'95 %':>12s} {'MRR':>6s} {'R@10':>6s} {'HR@10':>6s} {'script':>7s}")
    for name, runs in rows(demo):
        gain, interval, *rest, script = measure(demo, runs)
        print(f"{name:30s} {gain:>8s} {interval:>12s} {' '.join(f'{cell:>6s}' for cell in rest)} {script:>7s}")
    print(f"script: nDCG@10 of the {len(other_script(demo))} needs whose best answers are all in another script")
    full = [ranked[:DEPTH] for ranked in ours(demo, MatcherParams()).values()]
    ids = [offer.id for offer in demo.offers]
    print(f"first {DEPTH} of all needs: coverage {coverage(full, ids):.3f}, Gini {gini(full, ids):.3f}")
    print(abstention(demo))


if __name__ == "__main__":
    main()
