import math

from app.matching import Dictionary, Matcher, MatcherParams, Need, Offer, Reader, Thesaurus
from app.matching.fields import need_fields, offer_fields
from app.matching.normalise import normalise
from app.matching.text import is_bridge, tokenise


def test_signal_shares_add_up_for_every_pair(demo, matcher, as_of):
    pairs = 0
    for need in demo.needs:
        for match in matcher.rank(need, k=len(demo.offers), as_of=as_of, explain=False).matches:
            pairs += 1
            assert abs(math.fsum(signal.share for signal in match.signals) - match.score) <= 1e-9
            for signal in match.signals:
                assert signal.share == signal.effective_weight * (signal.value or 0.0)
            assert 0 <= match.score <= 1
            assert math.fsum(signal.effective_weight for signal in match.signals) <= 1 + 1e-9
    assert pairs == 64 * 150


def test_term_shares_add_up_to_the_text_share_for_every_pair(demo, matcher, as_of):
    for need in demo.needs:
        for match in matcher.rank(need, k=len(demo.offers), as_of=as_of).matches:
            text = next(signal.share for signal in match.signals if signal.name == "text")
            assert abs(math.fsum(term.share for term in match.terms) - text) <= 1e-9
            sizes = [abs(term.share) for term in match.terms if term.term != "…"]
            assert all(sizes)
            assert sizes == sorted(sizes, reverse=True)


def test_spans_point_at_what_they_name(demo, matcher, as_of):
    offers = {offer.id: {field.name: field.text for field in offer_fields(offer)} for offer in demo.offers}
    english = {offer.id for offer in demo.offers if offer.lang == "en"}
    checked = 0

    def names(text):
        return {token.term for token in tokenise(text, demo.thesaurus)}

    for need in demo.needs[::4]:
        texts = {field.name: field.text for field in need_fields(need)}
        for match in matcher.rank(need, k=3, as_of=as_of).matches:
            for term in match.terms:
                if term.term == "…":
                    assert (term.need_spans, term.offer_spans) == ((), ())
                    continue
                left = [texts[span.field][span.start : span.end] for span in term.need_spans]
                right = [offers[match.offer_id][span.field][span.start : span.end] for span in term.offer_spans]
                shown = term.term.split(" ~ ")
                assert shown[0] in left
                assert shown[-1].casefold() in {form.casefold() for form in right}
                checked += 1
                if (need.lang == "en") != (match.offer_id in english):
                    continue
                # Read again on its own, each span still gives a term that the shown form of its side has.
                assert all(names(form) & names(shown[0]) for form in left), term
                assert all(names(form) & names(max(right, key=len)) for form in right), term
                assert names(shown[0]) & names(shown[-1]), term
    assert checked > 300


def test_a_chinese_term_is_its_normalised_span(demo, matcher, as_of):
    need = next(need for need in demo.needs if need.lang == "zh-Hant")
    texts = {field.name: field.text for field in need_fields(need)}
    terms = matcher.rank(need, k=1, as_of=as_of).matches[0].terms
    chinese = [term for term in terms if not is_bridge(term.term) and term.term != "…"]
    assert chinese
    for term in chinese:
        shown = {normalise(part).text for part in term.term.split(" ~ ")}
        spans = {normalise(texts[span.field][span.start : span.end]).text for span in term.need_spans}
        assert spans & shown


def test_a_bridge_shows_both_forms(small_thesaurus, as_of):
    need, offer = Need("n", "zh", "缺陷", "机器视觉"), Offer("o", "en", "Machine vision for defects")
    match = (
        Matcher(MatcherParams(), Reader(small_thesaurus, Dictionary()))
        .fit([offer], [need])
        .pair(need, offer, as_of=as_of)
    )
    assert {term.term for term in match.terms} == {"缺陷 ~ defects", "机器视觉 ~ Machine vision"}


def test_a_translation_of_one_character_is_shown_where_it_stands(as_of):
    need, offer = Need("n", "en", "Sorting of tea", ""), Offer("o", "zh", "茶葉分選機", "绿茶、红茶")
    reader = Reader(Thesaurus(), Dictionary([("茶", ("tea",))]))
    [term] = Matcher(MatcherParams(), reader).fit([offer], [need]).pair(need, offer, as_of=as_of).terms
    assert term.term == "tea ~ 茶"
    assert [(span.field, span.start, span.end) for span in term.offer_spans] == [
        ("title", 0, 1), ("summary", 1, 2), ("summary", 4, 5),
    ]  # fmt: skip


def test_nothing_in_common_lists_no_terms(as_of, small_thesaurus):
    need, offer = Need("n", "zh", "采茶", "人手"), Offer("o", "en", "Warehouse drones")
    match = (
        Matcher(MatcherParams(), Reader(small_thesaurus, Dictionary()))
        .fit([offer], [need])
        .pair(need, offer, as_of=as_of)
    )
    assert (match.terms, match.score, match.suitable) == ((), 0.0, False)


def test_what_one_side_rules_out_takes_from_the_text_share(small_thesaurus, as_of):
    need = Need("n", "zh", "外观缺陷检测", "漏检多，不需要机器视觉")
    offer = Offer("o", "zh", "外观缺陷检测设备", "机器视觉")
    match = (
        Matcher(MatcherParams(), Reader(small_thesaurus, Dictionary()))
        .fit([offer], [need])
        .pair(need, offer, as_of=as_of)
    )
    shares = {term.term: term.share for term in match.terms}
    text = next(signal.share for signal in match.signals if signal.name == "text")
    assert shares["机器视觉"] < 0 < shares["外观缺陷检测"]
    assert abs(math.fsum(term.share for term in match.terms) - text) <= 1e-9
    ruled_out = next(term for term in match.terms if term.term == "机器视觉")
    assert [need.problem[span.start : span.end] for span in ruled_out.need_spans] == ["机器视觉"]


def test_an_offer_of_nothing_but_what_is_ruled_out_scores_nothing(small_thesaurus, as_of):
    need, offer = Need("n", "zh", "漏检", "不需要机器视觉"), Offer("o", "zh", "机器视觉")
    match = (
        Matcher(MatcherParams(), Reader(small_thesaurus, Dictionary()))
        .fit([offer], [need])
        .pair(need, offer, as_of=as_of)
    )
    assert (match.terms, match.score) == ((), 0.0)
    assert next(signal for signal in match.signals if signal.name == "text").value == 0.0


def test_without_explanation_only_the_terms_are_missing(demo, matcher, as_of):
    need = demo.needs[0]
    plain = matcher.rank(need, k=3, as_of=as_of, explain=False).matches
    full = matcher.rank(need, k=3, as_of=as_of).matches
    for short, long in zip(plain, full, strict=True):
        assert short.terms == ()
        assert (short.score, short.signals, short.requirements) == (long.score, long.signals, long.requirements)
