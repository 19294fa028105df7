"""The matcher: fit it on offers and needs, then rank either side for one of the other."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self

from app.matching.constraints import ConstraintMode, violations
from app.matching.documents import Need, Offer
from app.matching.explain import term_shares
from app.matching.lexicon import Lexicon
from app.matching.params import MatcherParams
from app.matching.prepared import Reader
from app.matching.query import Query, queries
from app.matching.ranking import Match, Outcome, Ranking, TermShare
from app.matching.scoring import OfferIndex, Scored, build_index, score
from app.matching.signs import LikeFigure, Signs, like_figures, read_signs
from app.matching.standing import Standing
from app.matching.vectorizer import FieldedTfidf


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A scored pair that is not yet explained: row `row` of what `scored` scored."""

    score: float
    other_id: str
    query: Query
    index: OfferIndex
    scored: Scored
    row: int


class Matcher:
    """Ranks offers for a need and needs for an offer with one additive score.

    Follows scikit-learn's contract: the constructor only stores, `fit` learns and returns self, what is learned ends
    in `_`. A fitted matcher is never changed by ranking, so threads may share it; to take in a change, fit a new one
    with the same `reader`, which re-reads only the documents that changed.
    """

    def __init__(self, params: MatcherParams, reader: Reader) -> None:
        self.params = params
        self.reader = reader

    def fit(self, offers: Sequence[Offer], needs: Sequence[Need] = ()) -> Self:
        """Learn the words' weights from both sides and index the offers.

        Args:
            offers: What `rank` ranks. Ids must differ.
            needs: What `rank_offer` ranks. Ids must differ.

        Raises:
            ValueError: If an id occurs twice on one side.
        """
        _refuse_repeats(offers)
        _refuse_repeats(needs)
        read_offers = self.reader.keep_offers(offers)
        read_needs = sorted(self.reader.keep_needs(needs), key=lambda read: read.document.id)
        offer_fields, need_fields = [read.fields for read in read_offers], [read.fields for read in read_needs]
        self.vectorizer_ = FieldedTfidf(self.params.field_weights).fit([*offer_fields, *need_fields])
        self.lexicon_ = Lexicon(self.params, self.vectorizer_.vocabulary_)
        self.lexicon_.fit(self.vectorizer_.count(offer_fields), self.vectorizer_.count(need_fields))
        self.index_ = build_index(read_offers, self.vectorizer_, self.lexicon_)
        self.queries_ = queries(read_needs, self.vectorizer_, self.lexicon_)
        return self

    def rank(
        self,
        need: Need,
        *,
        k: int,
        as_of: date,
        eligible: Collection[str] | None = None,
        constraints: ConstraintMode = "mark",
        explain: bool = True,
    ) -> Ranking:
        """Rank the fitted offers for a need, which need not be among the fitted ones.

        Args:
            need: The need.
            k: Most matches to return, at least 1; may exceed the number of offers.
            as_of: The day from which delivery times are counted.
            eligible: Ids of the offers to consider; None for all.
            constraints: `mark` keeps pairs that break a hard constraint and names it; `exclude` leaves them out.
            explain: Also list the common terms; without them ranking is several times faster.

        Raises:
            ValueError: If `k` is less than 1.
        """
        candidates = self._candidates(need, as_of=as_of, eligible=eligible)
        return self._ranking(candidates, k=k, constraints=constraints, explain=explain)

    def standing(self, need: Need, *, as_of: date, eligible: Collection[str] | None = None) -> Standing:
        """Give the place of every offer for a need: the order of `rank` to its end. Arguments as for `rank`."""
        ordered = _ordered(self._candidates(need, as_of=as_of, eligible=eligible))
        return Standing(
            offer_ids=tuple(candidate.other_id for candidate in ordered),
            match_at=cache(lambda place: self._match(ordered[place], explain=False)),
        )

    def signs(self, need: Need, *, considered: Collection[str]) -> Signs:
        """Say which words of a need can decide something among the considered offers (ids)."""
        return read_signs(self._query(need), self.index_, self.vectorizer_, needs=self.queries_, considered=considered)

    def like_figures(self, need: Need, offer_ids: Collection[str]) -> tuple[LikeFigure, ...]:
        """Give figures these offers state that requirements in words only could ask for, most alike first."""
        return like_figures(self._query(need), self.index_, offer_ids)

    def rank_offer(
        self,
        offer: Offer,
        *,
        k: int,
        as_of: date,
        eligible: Collection[str] | None = None,
        constraints: ConstraintMode = "mark",
        explain: bool = True,
    ) -> Ranking:
        """Rank the fitted needs for an offer; every pair has the score `rank` gives it. Arguments as for `rank`."""
        index = build_index([self.reader.offer(offer)], self.vectorizer_, self.lexicon_)
        candidates: list[_Candidate] = []
        for query in self.queries_:
            need_id = query.read.document.id
            if eligible is None or need_id in eligible:
                scored = score(query, index, self.params, as_of)
                candidates.append(_Candidate(float(scored.scores[0]), need_id, query, index, scored, 0))
        return self._ranking(candidates, k=k, constraints=constraints, explain=explain)

    def pair(self, need: Need, offer: Offer, *, as_of: date) -> Match:
        """Score and explain one pair, fitted or not; the score is the one both rankings give it."""
        query = self._query(need)
        index = build_index([self.reader.offer(offer)], self.vectorizer_, self.lexicon_)
        scored = score(query, index, self.params, as_of)
        return self._match(_Candidate(float(scored.scores[0]), offer.id, query, index, scored, 0), explain=True)

    def _query(self, need: Need) -> Query:
        return queries([self.reader.need(need)], self.vectorizer_, self.lexicon_)[0]

    def _candidates(self, need: Need, *, as_of: date, eligible: Collection[str] | None) -> list[_Candidate]:
        if not self.index_.offers:
            return []
        query = self._query(need)
        scored = score(query, self.index_, self.params, as_of)
        return [
            _Candidate(float(scored.scores[row]), offer.document.id, query, self.index_, scored, row)
            for row, offer in enumerate(self.index_.offers)
            if eligible is None or offer.document.id in eligible
        ]

    def _ranking(
        self, candidates: Iterable[_Candidate], *, k: int, constraints: ConstraintMode, explain: bool
    ) -> Ranking:
        if k < 1:
            raise ValueError("k must be at least 1")
        ordered = _ordered(candidates)
        matches: list[Match] = []
        excluded: list[Match] = []
        for candidate in ordered:
            match = self._match(candidate, explain=explain)
            if match.violations and constraints == "exclude":
                excluded.append(match)
                continue
            matches.append(match)
            if len(matches) == k:
                break
        outcome: Outcome = (
            "ranked" if any(match.score >= self.params.floor for match in matches) else "no_suitable_offer"
        )
        return Ranking(tuple(matches), tuple(excluded), outcome, len(ordered), self.params.floor, self.params.version)

    def _match(self, candidate: _Candidate, *, explain: bool) -> Match:
        query, offer = candidate.query, candidate.index.offers[candidate.row]
        need = query.read.document
        signals = candidate.scored.shares(candidate.row, self.params)
        findings = candidate.scored.assessment.findings(candidate.row)
        broken = violations(need, offer.document, findings)
        text_share = next(signal.share for signal in signals if signal.name == "text")
        return Match(
            need_id=need.id,
            offer_id=offer.document.id,
            score=candidate.score,
            signals=signals,
            terms=self._terms(candidate, text_share) if explain else (),
            requirements=findings,
            violations=broken,
            suitable=candidate.score >= self.params.floor and not broken,
        )

    def _terms(self, candidate: _Candidate, text_share: float) -> tuple[TermShare, ...]:
        return term_shares(
            candidate.query,
            candidate.index,
            candidate.row,
            text_share=text_share,
            terms=self.vectorizer_.terms_,
        )


def _ordered(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.other_id))


def _refuse_repeats(documents: Sequence[Need] | Sequence[Offer]) -> None:
    if len({document.id for document in documents}) != len(documents):
        raise ValueError("document ids must differ")
