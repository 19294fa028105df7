"""A matcher that took in changes, or was read from a folder, is bit for bit the one fitted anew."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching import (
    WITH_MEANING,
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
    prepared,
    search,
)
from app.matching.index import opened
from app.matching.scoring import combine
from app.matching.search import Ask
from app.matching.upper import Bounds
from benchmarks.demo_set import AS_OF
from tests.matching.encoders import by_characters
from tests.matching.folders import saved

WORDS = (
    "漏检", "误判", "焊缝", "节拍", "相机", "camera", "weld", "不需要相机", "无需服务器", "不支持焊缝", "检出率达到99%",
    "runs without cloud servers", "不提供检出率", "recall of 98 %",
)  # fmt: skip
DICTIONARY = Dictionary([("相机", ("camera",)), ("焊缝", ("weld",))])
READER = Reader(Thesaurus(), DICTIONARY)
both_ways = pytest.mark.parametrize(
    ("params", "reader"),
    [
        (MatcherParams(), READER),
        (WITH_MEANING, Reader(Thesaurus(), DICTIONARY, by_characters())),
        # Offers and needs without a vector beside those that would weigh it.
        (WITH_MEANING, READER),
    ],
    ids=["words", "meaning", "no encoder"],
)

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


@both_ways
@given(
    first_offers=st.lists(offers, max_size=8),
    first_needs=st.lists(needs, max_size=4),
    changes=st.lists(st.tuples(st.lists(offers, max_size=3), st.lists(needs, max_size=2), st.sets(st.sampled_from(
        [*(f"o{i}" for i in range(6)), *(f"n{i}" for i in range(4))]), max_size=3)), max_size=3),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_changes_give_what_fitting_anew_gives(params, reader, first_offers, first_needs, changes):
    offers, needs = by_id(first_offers), by_id(first_needs)
    matcher = Matcher(params, reader).fit(list(offers.values()), list(needs.values()))
    for new_offers, new_needs, gone in changes:
        for side, new in ((offers, by_id(new_offers)), (needs, by_id(new_needs))):
            for one in gone:
                side.pop(one, None)
            side.update(new)
        matcher = matcher.changed(
            offers=list(by_id(new_offers).values()), needs=list(by_id(new_needs).values()), gone=gone
        )
    fresh = Matcher(params, reader).fit(list(offers.values()), list(needs.values()))
    asked = [*needs.values(), Need("asked", "zh", "焊缝漏检", "，".join(WORDS[:6]))]
    assert results(matcher, asked, AS_OF) == results(fresh, asked, AS_OF)


def test_a_word_said_ten_thousand_times_counts_like_one_said_a_thousand_times():
    need, offers = (
        Need("n", "zh", "焊缝漏检", ""),
        [Offer(f"o{n}", "zh", "", description="焊缝" * n) for n in (1000, 10_000)],
    )
    matcher = Matcher(MatcherParams(), READER).fit(offers, [need])
    assert matcher.index_.segments[0].table.children["terms"]["count"].max() == np.iinfo(np.int16).max
    assert all(match.score > 0.1 for match in matcher.rank(need, k=2, as_of=AS_OF).matches)


def bounded(matcher):
    """The same matcher with all offers in a segment that has bounds."""
    [table] = matcher.index_.in_order(1000)
    other = Matcher(matcher.params, matcher.reader)
    needs = matcher.need_table(matcher.needs_.values(), matcher.model_.numbers)
    index = opened(table, Bounds.build(table, matcher.model_.lexicon))
    return other.fit_tables(index, needs, matcher.model_.numbers, matcher.statistics_)


@both_ways
@given(offers=st.lists(offers, min_size=1, max_size=8), needs=st.lists(needs, min_size=1, max_size=4))
@settings(deadline=None, max_examples=150)
def test_no_score_exceeds_its_bound(params, reader, offers, needs):
    matcher = bounded(Matcher(params, reader).fit(list(by_id(offers).values()), list(by_id(needs).values())))
    assert_bounded(matcher, matcher.needs_.values())


@pytest.mark.parametrize(
    ("asked", "offer"),
    [
        (Requirement("无需服务器"), Offer("o", "zh", "焊缝", description="现场无需服务器。")),
        (
            Requirement("runs without cloud servers"),
            Offer("o", "en", "Weld", description="It runs without cloud servers."),
        ),
        (Requirement("云平台接入"), Offer("o", "zh", "焊缝", description="支持云平台接入。不支持云平台接入。")),
        (
            Requirement("检出率", "must", "检出率", ">=", 98, "%"),
            Offer("o", "zh", "焊缝", description="不提供检出率。", specs=(Spec("检出率", ">=", 99, "%"),)),
        ),
    ],
)
def test_what_is_said_neither_way_can_meet_a_requirement(asked, offer):
    need = Need("n", offer.lang, offer.title, offer.title, requirements=(asked,))
    matcher = bounded(Matcher(MatcherParams(), READER).fit([offer], [need]))
    assert matcher.rank(need, k=1, as_of=AS_OF).matches[0].requirements[0].status == "met"
    assert_bounded(matcher, [need])


@pytest.mark.parametrize("other", [Spec("cycle time", "<=", 7, "mm"), Spec("cycle time", ">=", 7, "s")])
def test_a_figure_of_another_kind_is_no_answer(other):
    asked = Requirement("fast enough", "must", "cycle time", "<=", 8, "s")
    need = Need("n", "en", "Weld inspection", "", requirements=(asked,))
    specs = Spec("cycle time", "<=", 7, "s"), other
    offers = [Offer(f"o{i}", "en", "Weld inspection", specs=(spec,)) for i, spec in enumerate(specs)]
    matcher = bounded(Matcher(MatcherParams(), READER).fit(offers, [need]))
    segment = matcher.index_.segments[0]
    ask = matcher._ask(need, AS_OF)
    right, wrong = ask.native(segment, segment.bounds).highest(matcher.params)
    assert wrong < right


def assert_bounded(matcher, needs):
    segment = matcher.index_.segments[0]
    for need in needs:
        ask = matcher._ask(need, AS_OF)
        for signals in (ask.native(segment, segment.bounds), ask.foreign(segment, segment.bounds)):
            facted = search.Candidates(ask, segment, signals).with_facts(np.arange(len(signals.rows)))
            assessed = facted.with_asked(ask.assessed(segment, signals.rows).credit)
            uppers = [one.highest(matcher.params) for one in (signals, facted, assessed)]
            assert (ask.scored(segment, signals.rows).scores <= uppers[-1]).all()
            for loose, close in pairwise(uppers):
                assert (close <= loose + 1e-6).all(), "each knows more than the one before"


def test_a_preview_leaves_no_word_behind_and_reads_none_that_is_new():
    offer = Offer("o", "zh", "焊缝检测", specs=(Spec("检出率", ">=", 99, "%"),))
    need = Need("n", "zh", "焊缝漏检", "漏检", requirements=(Requirement("检出率", "must", "检出率", ">=", 98, "%"),))
    matcher = Matcher(MatcherParams(), READER).fit([offer], [need])
    terms = list(matcher.model_.numbers.terms.values)
    secret = Offer("unsaved", "zh", "绝密配方", specs=(Spec("蟑螂蝴蝶蜻蜓检出率", ">=", 99, "件/小时"),), trl=3)
    assert (
        matcher.pair(need, secret, as_of=AS_OF).score == matcher.rank_offer(secret, k=1, as_of=AS_OF).matches[0].score
    )
    assert matcher.model_.numbers.terms.values == terms
    assert "件/小时" not in matcher.model_.numbers.units.values
    known = replace(secret, title="", specs=(Spec("检出率", ">=", 99, "件/小时"),))
    assert matcher.pair(need, known, as_of=AS_OF).score == matcher.pair(need, secret, as_of=AS_OF).score


def test_a_change_twice_is_refused(matcher, demo):
    with pytest.raises(ValueError, match="ids must differ"):
        matcher.changed(offers=[demo.offers[0], demo.offers[0]])


def test_a_folder_that_is_not_whole_is_refused(matcher, tmp_path):
    saved(matcher, tmp_path / "index")
    file = tmp_path / "index" / "offers" / "terms.term"
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(OSError, match="not whole"):
        load(tmp_path / "index", Matcher(matcher.params, matcher.reader))


@pytest.mark.parametrize("name", ["rows", "kinds", "steps", "column", "columns", "starts", "places", "codes"])
def test_bounds_that_do_not_fit_one_another_are_refused(tmp_path, name):
    offers = [Offer(f"o{i}", "zh", "漏检" if i else "焊缝") for i in range(200)]
    matcher = saved(Matcher(MatcherParams(), READER).fit(offers), tmp_path / "index")
    file = tmp_path / "index" / "bounds" / "chinese" / f"{name}.npy"
    array = np.load(file)
    file.unlink()
    np.save(file, array[..., :-1])
    with pytest.raises(OSError, match="not whole"):
        load(tmp_path / "index", Matcher(matcher.params, matcher.reader))


def test_a_damaged_document_is_refused(matcher, tmp_path):
    saved(matcher, tmp_path / "index")
    file = tmp_path / "index" / "needs" / "text.byte"
    file.write_bytes(bytes(255 - byte for byte in file.read_bytes()))
    with pytest.raises(ValueError, match="damaged"):
        load(tmp_path / "index", Matcher(matcher.params, matcher.reader))


def test_after_a_change_only_the_changed_need_is_read_to_rank_for_an_offer(demo, as_of, monkeypatch):
    monkeypatch.setattr(prepared, "KEPT_NEEDS", 1)
    reader = Reader(demo.thesaurus, Dictionary())
    matcher = Matcher(MatcherParams(), reader).fit(demo.offers[:5], demo.needs[:6])
    matcher.rank_offer(demo.offers[0], k=3, as_of=as_of)
    matcher = matcher.changed(needs=[replace(demo.needs[0], title="另一个需求")], gone={demo.needs[1].id})
    before = reader.need.cache_info().misses
    matcher.rank_offer(demo.offers[0], k=3, as_of=as_of)
    assert reader.need.cache_info().misses == before + 1


@pytest.mark.parametrize("params", [MatcherParams(), WITH_MEANING])
def test_no_score_is_above_one(params):
    perfect = {name: np.ones(1) for name in params.signal_weights}
    present = [
        dict(zip(perfect, one, strict=True)) for one in product([np.ones(1), np.full(1, np.nan)], repeat=len(perfect))
    ]
    assert all(combine({**one, "text": np.ones(1)}, params)[1][0] <= 1.0 for one in present)


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


def test_bounds_hold_for_every_pair(demo, matcher, tmp_path):
    assert_bounded(saved(matcher, tmp_path / "index"), demo.needs)


def test_bounds_hold_when_offers_have_become_longer(demo, matcher, as_of, tmp_path):
    long = [Offer(f"z{i}", "zh", "标题", description=demo.offers[i].description * 30) for i in range(40)]
    searching = saved(matcher, tmp_path / "index").changed(offers=long)
    assert searching.model_.lexicon.length_ > 1.5 * matcher.model_.lexicon.length_
    assert_bounded(searching, demo.needs)
    fresh = Matcher(matcher.params, matcher.reader).fit([*demo.offers, *long], demo.needs)
    for need in demo.needs[::5]:
        assert searching.rank(need, k=5, as_of=as_of) == fresh.rank(need, k=5, as_of=as_of)


def test_an_id_that_would_be_cut_is_refused(tmp_path):
    matcher = Matcher(MatcherParams(), READER).fit([Offer("o" * 65, "zh", "焊缝")])
    with pytest.raises(ValueError, match="longer than 64 bytes"):
        saved(matcher, tmp_path / "index")


def test_what_is_not_fitted_is_not_given(matcher):
    with pytest.raises(KeyError):
        matcher.offer("nobody's")


def test_signals_of_all_offers_are_those_of_their_matches(demo, matcher):
    need = demo.needs[3]
    values = matcher.signal_values(need, as_of=AS_OF)
    rows = {offer_id.decode(): row for row, offer_id in enumerate(matcher.offer_ids.tolist())}
    for match in matcher.rank(need, k=9, as_of=AS_OF, explain=False).matches:
        for signal in match.signals:
            found = values[signal.name][rows[match.offer_id]]
            assert np.isnan(found) if signal.value is None else found == signal.value
