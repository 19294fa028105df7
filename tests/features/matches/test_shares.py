"""An explanation is the score: shares add up to it, whichever way a pair is asked for."""

import math

import pytest

from tests.features.matches.asking import pairs
from tests.features.matches.demo_set import records

EXACTLY = 1e-9
# The sums do not depend on the database, only the texts' way through it does: PostgreSQL gets a part of the lists.
_EVERY = {"sqlite": 1, "postgresql": 8}
_EVERY_CAPABILITY = {"sqlite": 10, "postgresql": 50}


@pytest.fixture
def some_needs(backend):
    return [record["reference"] for record in records("needs").values()][:: _EVERY[backend]]


@pytest.fixture
def some_capabilities(backend):
    return [record["reference"] for record in records("capabilities").values()][:: _EVERY_CAPABILITY[backend]]


def _sound(match):
    shares = [signal["share"] for signal in match["signals"]]
    assert abs(math.fsum(shares) - match["score"]) <= EXACTLY
    text = next(signal["share"] for signal in match["signals"] if signal["name"] == "text")
    assert abs(math.fsum(term["share"] for term in match["terms"]) - text) <= EXACTLY
    for signal in match["signals"]:
        value = signal["value"] or 0.0
        assert 0.0 <= value <= 1.0
        assert abs(signal["effective_weight"] * value - signal["share"]) <= EXACTLY
    assert abs(math.fsum(signal["weight"] for signal in match["signals"]) - 1.0) <= EXACTLY
    assert math.fsum(signal["effective_weight"] for signal in match["signals"]) <= 1.0 + EXACTLY
    assert 0.0 <= match["score"] <= 1.0
    return True


def _scores(ranking, side):
    return {match[side]["reference"]: match["score"] for match in pairs(ranking)}


def test_the_shares_of_every_pair_of_every_need_add_up(operator_of_demo, some_needs):
    seen = 0
    for reference in some_needs:
        ranking = operator_of_demo.for_need(reference, limit=200)
        assert len(ranking["matches"]) == ranking["considered"]
        seen += sum(_sound(match) for match in ranking["matches"])
    assert seen > len(some_needs) * 140, "the lists were whole"


def test_the_shares_of_capabilities_lists_add_up_too(operator_of_demo, some_capabilities):
    for reference in some_capabilities[::3]:
        ranking = operator_of_demo.for_capability(reference, limit=200)
        assert all(_sound(match) for match in ranking["matches"])


def test_both_directions_and_the_pair_itself_give_one_score(operator_of_demo, some_capabilities):
    # whether a pair is the first or the last of its list, the other direction must know it
    forward = {
        record["reference"]: _scores(
            operator_of_demo.for_need(record["reference"], limit=200, explain=False), "capability"
        )
        for record in records("needs").values()
    }
    for capability in some_capabilities:
        backward = _scores(operator_of_demo.for_capability(capability, limit=200, explain=False), "need")
        assert backward == {need: scores[capability] for need, scores in forward.items() if capability in scores}
        for need in list(backward)[:: len(backward) // 3]:
            alone = operator_of_demo.pair(need, capability)
            assert alone["score"] == backward[need]
            assert _sound(alone)
            assert alone["rank"] is None


def test_a_pair_is_explained_alike_in_a_list_and_by_itself(operator_of_demo, some_needs):
    for reference in some_needs[:4]:
        listed = operator_of_demo.for_need(reference, limit=2)["matches"][1]
        alone = operator_of_demo.pair(reference, listed["capability"]["id"])
        assert {**listed, "rank": None} == alone
        backward = operator_of_demo.for_capability(listed["capability"]["reference"], limit=200)["matches"]
        same = next(match for match in backward if match["need"]["reference"] == reference)
        assert {**same, "rank": None} == alone


def test_spans_quote_the_stored_texts(operator_of_demo):
    for record in list(records("needs").values())[::9]:
        first = operator_of_demo.for_need(record["reference"], limit=1)["matches"][0]
        stored = {
            "need_spans": operator_of_demo.read(f"/v1/needs/{first['need']['id']}"),
            "offer_spans": operator_of_demo.read(f"/v1/capabilities/{first['capability']['id']}"),
        }
        for side, posting in stored.items():
            spans = [(term["term"], span) for term in first["terms"] for span in term[side]]
            assert spans
            for term, span in spans:
                quoted = _text_at(posting, span["field"])[span["start"] : span["end"]]
                assert quoted.strip(), (term, span)
                assert len(quoted) == span["end"] - span["start"], "inside the text"
        for finding in first["requirements"]:
            if finding["span"]:
                text = _text_at(stored["offer_spans"], finding["span"]["field"])
                assert text[finding["span"]["start"] : finding["span"]["end"]]


def _text_at(posting, field):
    found = posting
    for part in field.split("."):
        found = found[int(part)] if part.isdecimal() else found[part]
    return found
