"""The matcher: fit it on offers and needs, then rank either side for one of the other."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.matching.assembly import first_of, put_together
from app.matching.constraints import ConstraintMode
from app.matching.documents import Need, Offer
from app.matching.facts import Facts
from app.matching.index import OfferIndex, small_segment
from app.matching.lexicon import Lexicon, Statistics
from app.matching.offer_table import Numberings, document_table, ids_of, need_at, offer_at, offer_table, sizes_of
from app.matching.params import MatcherParams
from app.matching.prepared import Reader, ReadNeed, is_chinese
from app.matching.probe import make_probe
from app.matching.query import Query, make_query
from app.matching.ranking import Match, Ranking
from app.matching.scoring import Model
from app.matching.search import Ask, Place, best, everything
from app.matching.signs import LikeFigure, Signs, like_figures, read_signs
from app.matching.standing import Standing
from app.matching.table import Table
from app.matching.terms import Counter
from app.matching.vectorizer import ShortTexts

Eligible = Collection[str] | NDArray[np.bool_] | None
"""Offers to consider: their ids, or a mask over `Matcher.offer_ids`; None for all."""


class Matcher:
    """Ranks offers for a need and needs for an offer with one additive score.

    Follows scikit-learn's contract: the constructor only stores, `fit` learns and returns self, what is learned ends
    in `_`. A fitted matcher is never changed by ranking, so threads may share it; `changed` gives another one that
    knows of changes and reads only them.
    """

    def __init__(self, params: MatcherParams, reader: Reader) -> None:
        self.params = params
        self.reader = reader
        self._readings: Mapping[str, ReadNeed] = {}

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
        numbers = Numberings()
        # In the order of their ids, so that the order of the corpus leaves no trace.
        table = self.offer_table(sorted(offers, key=_id), numbers)
        self.needs_ = {need.id: need for need in sorted(needs, key=_id)}
        needed = self.need_table(self.needs_.values(), numbers)
        self.sizes_ = sizes_of(needed)
        known = len(numbers.terms)
        statistics = Statistics().with_offers(table, known).with_needs(needed, known)
        self._learn(numbers, OfferIndex((small_segment(table),)), statistics)
        return self

    def fit_tables(self, index: OfferIndex, needs: Table, numbers: Numberings, statistics: Statistics) -> Self:
        """Take documents that were turned into tables and counted before; otherwise as `fit`."""
        self.needs_ = {need.id: need for need in (need_at(needs, row) for row in range(needs.rows))}
        self.sizes_ = sizes_of(needs)
        self._learn(numbers, index, statistics)
        return self

    def changed(
        self,
        *,
        offers: Sequence[Offer] = (),
        needs: Sequence[Need] = (),
        gone: Collection[str] = (),
    ) -> "Matcher":
        """Give a matcher fitted on what this one is, with these changes; the same as fitting anew, but sooner.

        Args:
            offers: New offers, and new forms of old ones.
            needs: New needs, and new forms of old ones.
            gone: Ids of either side that are no longer there.

        Raises:
            ValueError: If an id occurs twice on one side.
        """
        _refuse_repeats(offers)
        _refuse_repeats(needs)
        numbers = self.model_.numbers
        table = self.offer_table(offers, numbers)
        index, removed = self.index_.with_changes(table, {*gone, *map(_id, offers)})
        left = [self.needs_[one] for one in sorted({*gone, *map(_id, needs)} & self.needs_.keys())]
        added, dropped = self.need_table(needs, numbers), self.need_table(left, numbers)
        known = len(numbers.terms)
        statistics = self.statistics_.with_offers(table, known).with_needs(added, known)
        statistics = statistics.with_needs(dropped, known, -1)
        for one in removed:
            statistics = statistics.with_offers(one, known, -1)
        other = Matcher(self.params, self.reader)
        out = set(map(_id, left))
        kept = {one: need for one, need in self.needs_.items() if one not in out}
        other.needs_ = dict(sorted((kept | {need.id: need for need in needs}).items()))
        other.sizes_ = {one: self.sizes_[one] for one in kept} | sizes_of(added)
        other._learn(numbers, index, statistics)
        # Once read, all needs stay read: reading thousands again after every change would take seconds.
        other._readings = {one: read for one, read in self._readings.items() if one in kept}
        return other

    def offer_table(self, offers: Iterable[Offer], numbers: Numberings) -> Table:
        """Read offers into a table, in the order given; new values get new numbers."""
        counter = Counter(numbers.terms, self.params.field_weights)
        return offer_table(map(self.reader.offer, offers), numbers, counter)

    def need_table(self, needs: Iterable[Need], numbers: Numberings) -> Table:
        """Read needs into a table, in the order given; new terms get new numbers."""
        counter = Counter(numbers.terms, self.params.field_weights)
        given = list(needs)
        return document_table(given, [counter.of(self.reader.need_fields(need)) for need in given])

    def _learn(self, numbers: Numberings, index: OfferIndex, statistics: Statistics) -> None:
        lexicon = Lexicon(self.params, numbers.terms, statistics)
        self.index_ = index
        self.statistics_ = statistics
        self.model_ = Model(self.params, numbers, lexicon, ShortTexts(lexicon.idf_, lexicon.bridge_))

    def holds(self, ids: Iterable[str]) -> bool:
        """Say whether any of some ids is that of a fitted offer or need."""
        return any(one in self.needs_ or self.index_.find(one) is not None for one in ids)

    def offer(self, offer_id: str) -> Offer:
        """Give a fitted offer.

        Raises:
            KeyError: There is none of that id.
        """
        found = self.index_.find(offer_id)
        if found is None:
            raise KeyError(offer_id)
        return offer_at(found[0].table, found[1])

    @property
    def offer_ids(self) -> NDArray[np.bytes_]:
        """The ids of the rows an eligibility mask is over, those of offers that are gone among them; shape (rows,)."""
        return self.index_.ids

    @cached_property
    def queries_(self) -> tuple[Query, ...]:
        """The fitted needs as queries, in the order of their ids."""
        known = self._readings
        self._readings = {one: known.get(one) or self.reader.need(need) for one, need in self.needs_.items()}
        return tuple(map(self._query_of, self._readings.values()))

    def rank(
        self,
        need: Need,
        *,
        k: int,
        as_of: date,
        eligible: Eligible = None,
        constraints: ConstraintMode = "mark",
        explain: bool = True,
    ) -> Ranking:
        """Rank the fitted offers for a need, which need not be among the fitted ones.

        Args:
            need: The need.
            k: Most matches to return, at least 1; may exceed the number of offers.
            as_of: The day from which delivery times are counted.
            eligible: Which offers to consider.
            constraints: `mark` keeps pairs that break a hard constraint and names it; `exclude` leaves them out.
            explain: Also list the common terms; without them ranking is faster.

        Raises:
            ValueError: If `k` is less than 1.
        """
        ask, mask = self._ask(need, as_of), self._mask(eligible)
        considered = sum(int(np.count_nonzero(part)) for _, part in self.index_.parts(mask))

        def found() -> Iterator[Match]:
            count = given = 0
            while given < considered:
                # Who leaves out what breaks a constraint may have to look further, how far is not known.
                count = max(2 * count, k)
                placed = best(ask, self.index_, mask, count)
                for number in range(given, min(count, considered)):
                    yield put_together(ask, placed[number], explain=explain)
                given = count

        return first_of(found(), considered, self.params, k=k, constraints=constraints)

    def text_scores(self, need: Need) -> NDArray[np.float64]:
        """Give the part of a need, 0 to 1, that every offer covers, in the order of `offer_ids`; shape (rows,)."""
        ask = self._ask(need, date.min)
        return np.concatenate([ask.text(segment) for segment in self.index_.segments])

    def signal_values(self, need: Need, *, as_of: date) -> dict[str, NDArray[np.float64]]:
        """Give every signal of every offer, nan for absent, in the order of `offer_ids`; shape (rows,) each."""
        ask = self._ask(need, as_of)
        values = [ask.scored(one, np.arange(one.table.rows)).values for one in self.index_.segments]
        return {name: np.concatenate([one[name] for one in values]) for name in values[0]}

    def standing(self, need: Need, *, as_of: date, eligible: Eligible = None) -> Standing:
        """Give the place of every offer for a need: the order of `rank` to its end. Arguments as for `rank`."""
        ask = self._ask(need, as_of)
        placed = everything(ask, self.index_, self._mask(eligible))
        return Standing(
            offer_ids=tuple(np.char.decode(placed.ids).tolist()),
            match_at=lambda place: put_together(ask, placed[place], explain=False),
        )

    def signs(self, need: Need, *, considered: Eligible) -> Signs:
        """Say which words of a need can decide something among the considered offers."""
        ask = self._ask(need, date.min)
        told = (one for one in self.needs_.values() if not one.secret)
        alike = [self.sizes_[one.id] for one in told if is_chinese(one) == ask.query.chinese]
        return read_signs(ask, self.index_, self._mask(considered), sizes=alike)

    def like_figures(self, need: Need, offer_ids: Collection[str]) -> tuple[LikeFigure, ...]:
        """Give figures these offers state that requirements in words only could ask for, most alike first."""
        return like_figures(self._ask(need, date.min), self.index_, offer_ids)

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
        model, index = self._alone(offer)

        def place(query: Query) -> tuple[Ask, Place]:
            ask = self._laid_out(query, model, as_of)
            return ask, everything(ask, index, np.ones(1, dtype=np.bool_))[0]

        considered = [query for query in self.queries_ if eligible is None or query.read.document.id in eligible]
        # A need is laid out again when it is shown: all at once they would take as much memory as the index.
        scored = [(-place(query)[1].score, query.read.document.id, query) for query in considered]
        scored.sort(key=lambda one: one[:2])
        found = (put_together(*place(query), explain=explain) for _, _, query in scored)
        return first_of(found, len(scored), self.params, k=k, constraints=constraints)

    def pair(self, need: Need, offer: Offer, *, as_of: date) -> Match:
        """Score and explain one pair, fitted or not; the score is the one both rankings give it."""
        model, index = self._alone(offer)
        ask = self._laid_out(self._query(need), model, as_of)
        return put_together(ask, everything(ask, index, np.ones(1, dtype=np.bool_))[0], explain=True)

    def _alone(self, offer: Offer) -> tuple[Model, OfferIndex]:
        """Index one offer, from what is fitted if it is; give what is needed to score it too."""
        found = self.index_.find(offer.id)
        if found is not None and offer_at(found[0].table, found[1]) == offer:
            return self.model_, OfferIndex((small_segment(found[0].table.take(np.array([found[1]]))),))
        numbers = self.model_.numbers.for_one(self.model_.lexicon.frequency_)
        return replace(self.model_, numbers=numbers), OfferIndex((small_segment(self.offer_table([offer], numbers)),))

    def _query(self, need: Need) -> Query:
        return self._query_of(self.reader.need(need))

    def _query_of(self, read: ReadNeed) -> Query:
        model = self.model_
        counter = Counter(model.numbers.terms, self.params.field_weights)
        return make_query(read, counter, model.lexicon, model.short_texts)

    def _ask(self, need: Need, as_of: date) -> Ask:
        return self._laid_out(self._query(need), self.model_, as_of)

    def _laid_out(self, query: Query, model: Model, as_of: date) -> Ask:
        facts = Facts(query.read.document, model.numbers, as_of)
        return Ask(query, make_probe(query, model.lexicon, model.numbers.dimensions), model, facts)

    def _mask(self, eligible: Eligible) -> NDArray[np.bool_]:
        if eligible is None:
            return np.ones(len(self.index_.ids), dtype=np.bool_)
        if isinstance(eligible, np.ndarray):
            return eligible
        return np.isin(self.index_.ids, ids_of(eligible))


def _id(document: Need | Offer) -> str:
    return document.id


def _refuse_repeats(documents: Sequence[Need] | Sequence[Offer]) -> None:
    if len({document.id for document in documents}) != len(documents):
        raise ValueError("document ids must differ")
