"""A matcher that took in changes, or was read from a folder, is bit for bit the one fitted anew."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching import (
    Dictionary,
    Matcher,
    MatcherParams,
    Need,
    Offer,
    Reader,
    Requirement,
    Spec,
    Thesaurus,
    load,
    save,
    search,
)
from app.matching.search import Ask
from benchmarks.demo_set import AS_OF

WORDS = ("漏检", "误判", "焊缝", "节拍", "相机", "camera", "weld", "不需要相机", "检出率达到99%", "recall of 98 %")
READER = Reader(Thesaurus(), Dictionary([("相机", ("camera",)), ("焊缝", ("weld",))]))

texts = st.lists(st.sampled_from(WORDS), max_size=5).map("，".join)
offers = st.builds(
    Offer,
    id=st.sampled_from([f"o{i}" for i in range(6)]),
    lang=st.sampled_from(["zh", "en"]),
    title=texts,
    description=texts,
    specs=st.sampled_from([(), (Spec("检出率", ">=", 97, "%"),), (Spec("检出率", ">=", 99, "%"),)]),
    trl=st.none() | st.integers(1, 9),
    industry_paths=st.sampled_from([(), (("C", "39"),), (("C", "39", "392"), ("F",))]),
)  # fmt: skip
needs = st.builds(
    Need,
    id=st.sampled_from([f"n{i}" for i in range(4)]),
    lang=st.sampled_from(["zh", "en"]),
    title=texts,
    problem=texts,
    requirements=st.lists(
        st.builds(Requirement, texts)
        | st.builds(Requirement, texts, st.just("must"), st.just("检出率"), st.just(">="), st.just(98), st.just("%")),
        max_size=2,
    ).map(tuple),
    industry_path=st.sampled_from([(), ("C", "39", "392")]),
)


def by_id(documents):
    return {document.id: document for document in documents}


def results(matcher, needs, as_of):
    return [
        (matcher.rank(need, k=9, as_of=as_of), matcher.rank(need, k=2, as_of=as_of, constraints="exclude"))
        for need in needs
    ]


@given(
    st.lists(offers, max_size=8),
    st.lists(needs, max_size=4),
    st.lists(st.tuples(st.lists(offers, max_size=3), st.lists(needs, max_size=2), st.sets(st.sampled_from(
        [*(f"o{i}" for i in range(6)), *(f"n{i}" for i in range(4))]), max_size=3)), max_size=3),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_changes_give_what_fitting_anew_gives(first_offers, first_needs, changes):
    offers, needs = by_id(first_offers), by_id(first_needs)
    matcher = Matcher(MatcherParams(), READER).fit(list(offers.values()), list(needs.values()))
    for new_offers, new_needs, gone in changes:
        for side, new in ((offers, by_id(new_offers)), (needs, by_id(new_needs))):
            for one in gone:
                side.pop(one, None)
            side.update(new)
        matcher = matcher.changed(
            offers=list(by_id(new_offers).values()), needs=list(by_id(new_needs).values()), gone=gone
        )
    fresh = Matcher(MatcherParams(), READER).fit(list(offers.values()), list(needs.values()))
    asked = [*needs.values(), Need("asked", "zh", "焊缝漏检", "，".join(WORDS[:6]))]
    assert results(matcher, asked, AS_OF) == results(fresh, asked, AS_OF)


def saved(matcher, folder):
    numbers = matcher.model_.numbers
    needs = matcher.need_table(matcher.needs_.values(), numbers)
    save(folder, matcher.params, matcher.index_.in_order(40), needs, numbers)
    return load(folder, Matcher(matcher.params, matcher.reader))


def test_a_matcher_comes_back_from_its_folder(demo, matcher, as_of, tmp_path):
    back = saved(matcher, tmp_path / "index")
    for need in demo.needs[::6]:
        assert back.rank(need, k=20, as_of=as_of) == matcher.rank(need, k=20, as_of=as_of)
    for offer in demo.offers[::30]:
        assert back.offer(offer.id) == offer
        assert back.rank_offer(offer, k=5, as_of=as_of) == matcher.rank_offer(offer, k=5, as_of=as_of)


def test_what_came_back_takes_in_changes_and_is_saved_again(demo, matcher, as_of, tmp_path):
    changed = [replace(offer, title=f"{offer.title} 2") for offer in demo.offers[:5]]
    gone = {offer.id for offer in demo.offers[5:9]} | {demo.needs[0].id}
    back = saved(matcher, tmp_path / "first").changed(offers=changed, gone=gone)
    again = saved(back, tmp_path / "second")
    fresh = Matcher(matcher.params, matcher.reader).fit([*changed, *demo.offers[9:]], demo.needs[1:])
    for need in demo.needs[1::9]:
        expected = fresh.rank(need, k=200, as_of=as_of)
        assert back.rank(need, k=200, as_of=as_of) == again.rank(need, k=200, as_of=as_of) == expected
    assert (back.index_.loose, again.index_.loose) == (9 + 5, 0)


def test_nothing_in_the_folder_is_a_pickle(matcher, tmp_path):
    saved(matcher, tmp_path / "index")
    for file in (tmp_path / "index").rglob("*.npy"):
        np.load(file, allow_pickle=False)
    assert not list((tmp_path / "index").rglob("*.pkl"))


@pytest.fixture
def scored(monkeypatch):
    """Collect how many offers are scored at a time; as small parts as a small set needs."""
    counts = []
    score = Ask.scored

    def counted(ask, segment, rows):
        counts.append(len(rows))
        return score(ask, segment, rows)

    monkeypatch.setattr(Ask, "scored", counted)
    monkeypatch.setattr(search, "_ASKED", 40)
    monkeypatch.setattr(search, "_FIRST", 12)
    monkeypatch.setattr(search, "_MORE", 7)
    return counts


def test_bounds_leave_out_only_what_is_not_among_the_best(demo, matcher, as_of, tmp_path, scored):
    searching, draw, spared = saved(matcher, tmp_path / "index"), np.random.default_rng(0), 0
    for need in demo.needs:
        mask = draw.random(len(demo.offers)) < draw.choice([0.1, 0.5, 1.0])
        ids = {one.decode() for one in searching.offer_ids[mask].tolist()}
        expected = matcher.rank(need, k=5, as_of=as_of, eligible=ids, explain=False)
        scored.clear()
        assert searching.rank(need, k=5, as_of=as_of, eligible=mask, explain=False) == expected
        spared += int(mask.sum()) - sum(scored)
    assert spared > len(demo.needs), "some are not scored"


def test_bounds_hold_for_every_pair(demo, matcher, as_of, tmp_path):
    searching = saved(matcher, tmp_path / "index")
    segment = searching.index_.segments[0]
    for need in demo.needs:
        ask = searching._ask(need, as_of)
        every, signals = np.arange(segment.table.rows), ask.signals(segment, segment.bounds)
        scores, upper = ask.scored(segment, every).scores, ask.upper(segment, signals, every)
        assert (scores <= upper).all()
        assert (upper <= signals.highest(every, {}, searching.params)).all(), "facts are at best perfect"


def test_bounds_hold_when_offers_have_become_longer(demo, matcher, as_of, tmp_path):
    long = [Offer(f"z{i}", "zh", "标题", description=demo.offers[i].description * 30) for i in range(40)]
    searching = saved(matcher, tmp_path / "index").changed(offers=long)
    assert searching.model_.lexicon.length_ > 1.5 * matcher.model_.lexicon.length_
    fresh = Matcher(matcher.params, matcher.reader).fit([*demo.offers, *long], demo.needs)
    for need in demo.needs[::5]:
        assert searching.rank(need, k=5, as_of=as_of) == fresh.rank(need, k=5, as_of=as_of)
