"""Puts scored pairs together: signals, requirements, what they break, common words; and rankings of them."""

from collections.abc import Iterable

from app.matching.constraints import ConstraintMode, violations
from app.matching.explain import offer_words, term_shares
from app.matching.offer_table import fields_of, offer_at
from app.matching.params import MatcherParams
from app.matching.ranking import Match, Outcome, Ranking, TermShare
from app.matching.search import Ask, Place


def put_together(ask: Ask, place: Place, *, explain: bool) -> Match:
    """Describe a scored pair; only with `explain` are its common words looked for."""
    need, table, model = ask.query.read.document, place.segment.table, ask.model
    offer = offer_at(table, place.row)
    fields = fields_of(offer)
    signals = place.scored.shares(place.place, model.params)
    findings = place.scored.assessment.findings(place.place, table, fields, model.numbers)
    broken = violations(need, offer, findings)
    terms: tuple[TermShare, ...] = ()
    if explain:
        words = offer_words(ask.query, ask.probe, table, place.row, fields, model)
        text_share = next(signal.share for signal in signals if signal.name == "text")
        terms = term_shares(ask.query, ask.probe, words, text_share=text_share)
    return Match(
        need_id=need.id,
        offer_id=offer.id,
        score=place.score,
        signals=signals,
        terms=terms,
        requirements=findings,
        violations=broken,
        suitable=place.score >= model.params.floor and not broken,
    )


def first_of(
    found: Iterable[Match], considered: int, params: MatcherParams, *, k: int, constraints: ConstraintMode
) -> Ranking:
    """Take the first `k` of some matches, the best first, without those that break a constraint if they are excluded.

    Raises:
        ValueError: If `k` is less than 1.
    """
    if k < 1:
        raise ValueError("k must be at least 1")
    matches: list[Match] = []
    excluded: list[Match] = []
    for match in found:
        if match.violations and constraints == "exclude":
            excluded.append(match)
            continue
        matches.append(match)
        if len(matches) == k:
            break
    outcome: Outcome = "ranked" if any(match.score >= params.floor for match in matches) else "no_suitable_offer"
    return Ranking(tuple(matches), tuple(excluded), outcome, considered, params.floor, params.version)
