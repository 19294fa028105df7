import math

import pytest

from app.matching.evaluation import coverage, gini, hit_rate_at, ndcg_at, recall_at, reciprocal_rank

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}


def test_ndcg_by_hand():
    found = (2**2 - 1) / math.log2(2) + (2**3 - 1) / math.log2(4)
    best = (2**3 - 1) / math.log2(2) + (2**2 - 1) / math.log2(3) + (2**1 - 1) / math.log2(4)
    assert ndcg_at(["b", "x", "a"], GRADES, 3) == pytest.approx(found / best)
    assert ndcg_at(["a", "b", "c"], GRADES, 3) == 1.0
    assert ndcg_at(["d"], GRADES, 3) == 0.0


def test_rank_recall_and_hit_by_hand():
    assert reciprocal_rank(["d", "c", "b"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(["d"], GRADES) == 0.0
    assert recall_at(["a", "c", "b"], GRADES, 2) == 0.5
    assert hit_rate_at(["c", "a"], GRADES, 1) == 0.0
    assert hit_rate_at(["c", "a"], GRADES, 2) == 1.0


def test_coverage_and_gini_by_hand():
    assert coverage([["a"], ["a", "b"]], ["a", "b", "c", "d"]) == 0.5
    assert gini([["a", "b"], ["c", "d"]], ["a", "b", "c", "d"]) == 0.0
    assert gini([["a"], ["a", "x"]], ["a", "b", "c", "d"]) == pytest.approx(0.75)


def test_undefined_measures_say_so():
    with pytest.raises(ValueError, match="grade above 0"):
        ndcg_at(["a"], {"a": 0}, 3)
    with pytest.raises(ValueError, match="relevant"):
        recall_at(["a"], {"a": 1}, 3)
    with pytest.raises(ValueError, match="catalogue"):
        coverage([["a"]], [])
    with pytest.raises(ValueError, match="shown"):
        gini([], ["a"])
