"""Measures of a ranking against judged grades, one function each. All are in [0, 1]; higher is better but for Gini."""

import math
from collections.abc import Collection, Mapping, Sequence

RELEVANT = 2


def ndcg_at(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Normalised discounted cumulative gain with gain 2^grade - 1 and discount log2(rank + 1).

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002; the exponential
    gain is from Burges et al., "Learning to rank using gradient descent", ICML 2005.

    Args:
        ranked: Ids, best first; ids without a grade count as 0.
        grades: Judged grades by id.
        k: Depth.

    Raises:
        ValueError: If no grade is above 0, for which the measure is not defined.
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:k])
    if ideal == 0:
        raise ValueError("nDCG needs at least one grade above 0")
    return _gain([grades.get(item, 0) for item in ranked[:k]]) / ideal


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], relevant: int = RELEVANT) -> float:
    """One over the rank of the first relevant id, 0 if there is none; its mean over queries is MRR.

    Voorhees, "The TREC-8 question answering track report", TREC 1999.
    """
    return next((1 / rank for rank, item in enumerate(ranked, start=1) if grades.get(item, 0) >= relevant), 0.0)


def recall_at(ranked: Sequence[str], grades: Mapping[str, int], k: int, relevant: int = RELEVANT) -> float:
    """Part of the relevant ids that stand in the first k.

    Manning, Raghavan and Schütze, "Introduction to Information Retrieval", Cambridge University Press 2008, 8.3.

    Raises:
        ValueError: If nothing is relevant.
    """
    wanted = {item for item, grade in grades.items() if grade >= relevant}
    if not wanted:
        raise ValueError("recall needs at least one relevant id")
    return len(wanted.intersection(ranked[:k])) / len(wanted)


def hit_rate_at(ranked: Sequence[str], grades: Mapping[str, int], k: int, relevant: int = RELEVANT) -> float:
    """1 if a relevant id stands in the first k, else 0; its mean over queries is HR@k.

    Deshpande and Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 22(1), 2004.
    """
    return float(any(grades.get(item, 0) >= relevant for item in ranked[:k]))


def coverage(rankings: Collection[Sequence[str]], catalogue: Collection[str]) -> float:
    """Part of the catalogue that is shown at least once.

    Herlocker et al., "Evaluating collaborative filtering recommender systems", ACM TOIS 22(1), 2004.

    Raises:
        ValueError: If the catalogue is empty.
    """
    if not catalogue:
        raise ValueError("coverage needs a catalogue")
    shown = {item for ranked in rankings for item in ranked}
    return len(shown.intersection(catalogue)) / len(set(catalogue))


def gini(rankings: Collection[Sequence[str]], catalogue: Collection[str]) -> float:
    """Inequality of exposure: 0 when every id of the catalogue is shown equally often, near 1 when one takes all.

    Fleder and Hosanagar, "Blockbuster culture's next rise or fall", Management Science 55(5), 2009.

    Raises:
        ValueError: If nothing of the catalogue is shown.
    """
    shown = dict.fromkeys(catalogue, 0)
    for ranked in rankings:
        for item in ranked:
            if item in shown:
                shown[item] += 1
    counts = sorted(shown.values())
    total, n = sum(counts), len(counts)
    if total == 0:
        raise ValueError("Gini needs at least one shown id of the catalogue")
    return sum((2 * rank - n - 1) * count for rank, count in enumerate(counts, start=1)) / (n * total)
