"""The first five offers of every demo need, so that a change of behaviour is a visible diff.

Write the file anew with `python -m tests.matching.test_golden`.
"""

import json
from pathlib import Path

from app.matching import Matcher, MatcherParams, Reader, cc_cedict
from benchmarks.demo_set import AS_OF, load_demo

GOLDEN = Path(__file__).with_name("golden_demo.json")
DEPTH = 5


def rankings(matcher, demo):
    return {
        need.id: {
            match.offer_id: round(match.score, 6)
            for match in matcher.rank(need, k=DEPTH, as_of=AS_OF, explain=False).matches
        }
        for need in demo.needs
    }


def test_the_demo_rankings_are_the_committed_ones(demo, matcher):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = rankings(matcher, demo)
    assert {need: list(offers) for need, offers in found.items()} == {
        need: list(offers) for need, offers in golden.items()
    }
    for need, offers in golden.items():
        for offer, score in offers.items():
            assert abs(found[need][offer] - score) <= 2e-6


if __name__ == "__main__":
    demo_set = load_demo()
    fitted = Matcher(MatcherParams(), Reader(demo_set.thesaurus, cc_cedict())).fit(demo_set.offers, demo_set.needs)
    GOLDEN.write_text(json.dumps(rankings(fitted, demo_set), indent=1) + "\n", encoding="utf-8")
