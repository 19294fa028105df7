"""Use cases of matches: rank live in both directions, preview, explain one pair."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.text import Language
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor
from app.features.capabilities.kind import CAPABILITY
from app.features.capabilities.schemas import CapabilityContent
from app.features.capabilities.service import CAPABILITIES
from app.features.catalog import service as catalog
from app.features.matches.adapter import need_document, offer_document
from app.features.matches.live import LiveIndex, Snapshot
from app.features.matches.presenting import present
from app.features.matches.schemas import Excluded, MatchRead, Preview, RankingQuery, RankingRead
from app.features.matches.supply import Supply
from app.features.matches.types import Constraint, MatchOutcome
from app.features.matches.wording import outcome_text
from app.features.needs.kind import NEED
from app.features.needs.schemas import NeedContent
from app.features.needs.service import NEEDS
from app.features.postings.bound import Postings
from app.features.postings.errors import PostingNotFound
from app.features.postings.schemas import PostingCard
from app.matching import Match, Ranking

EXCLUDED_SHOWN = 5
_UNSAVED = "unsaved"


@dataclass(frozen=True)
class Asking:
    """Who asks, in which language, of which session and index."""

    session: Session
    actor: Actor
    index: LiveIndex
    language: Language


def rank_for_need(asking: Asking, *, need_id: UUID | str, query: RankingQuery) -> RankingRead:
    """Rank capabilities for a need.

    Raises:
        PostingNotFound: there is no such need for this actor.
    """
    row, organization = NEEDS.found(session=asking.session, actor=asking.actor, posting_id=need_id)
    card = NEEDS.card(row, organization, asking.actor)
    return _rank_need(asking, NEED.content_of(row), query, card=card, owner=card.organization.id)


def rank_for_capability(asking: Asking, *, capability_id: UUID | str, query: RankingQuery) -> RankingRead:
    """Rank needs for a capability; each pair has the score that `rank_for_need` gives it.

    Raises:
        PostingNotFound: there is no such capability for this actor.
    """
    row, organization = CAPABILITIES.found(session=asking.session, actor=asking.actor, posting_id=capability_id)
    card = CAPABILITIES.card(row, organization, asking.actor)
    return _rank_offer(asking, CAPABILITY.content_of(row), query, card=card, owner=card.organization.id)


def preview(asking: Asking, *, body: Preview) -> RankingRead:
    """Rank candidates for a posting that is not saved.

    Raises:
        KeyRequired: no key was shown.
        CodesInvalid: a code that does not exist.
    """
    require_known(asking.actor)
    owner = asking.actor.organization_id
    if body.capability is not None:
        catalog.require_codes(asking.session, **CAPABILITY.codes(body.capability).below("/capability")._asdict())
        return _rank_offer(asking, body.capability, body, card=None, owner=owner)
    need = cast("NeedContent", body.need)  # the schema sees to it that one of the two is there
    catalog.require_codes(asking.session, **NEED.codes(need).below("/need")._asdict())
    return _rank_need(asking, need, body, card=None, owner=owner)


def explain_pair(asking: Asking, *, need_id: UUID | str, capability_id: UUID | str) -> MatchRead:
    """Score and explain one pair.

    Raises:
        PostingNotFound: one of the two does not exist for this actor.
    """
    need, _ = NEEDS.found(session=asking.session, actor=asking.actor, posting_id=need_id)
    capability, _ = CAPABILITIES.found(session=asking.session, actor=asking.actor, posting_id=capability_id)
    snapshot = asking.index.current(asking.session)
    document = need_document(NEED.matched_content_of(need), document_id=str(need.id), atlas=snapshot.atlas)
    offer = offer_document(
        CAPABILITY.matched_content_of(capability), document_id=str(capability.id), atlas=snapshot.atlas
    )
    match = snapshot.matcher.pair(document, offer, as_of=clock.today())
    return present(
        match,
        rank=None,
        document=document,
        need=_card_of(NEEDS, asking, need.id),
        capability=_card_of(CAPABILITIES, asking, capability.id),
        language=asking.language,
    )


def supply_for(asking: Asking, *, owner: UUID | None) -> Supply:
    """What may be recommended to an actor for a need of some owner, as of the last commit."""
    snapshot = asking.index.current(asking.session)
    today = clock.today()
    return Supply(snapshot, today, snapshot.eligible_offers(asking.actor, except_of=owner, today=today))


def _rank_need(
    asking: Asking, content: NeedContent, query: RankingQuery, *, card: PostingCard | None, owner: UUID | None
) -> RankingRead:
    supply = supply_for(asking, owner=owner)
    document = supply.document(content, _document_id(card))
    ranking = supply.ranking(document, query)
    ids = [UUID(match.offer_id) for match in _shown(ranking)]
    capabilities = CAPABILITIES.cards(session=asking.session, actor=asking.actor, ids=ids)
    ranking = _of_those(ranking, lambda match: match.offer_id in capabilities)

    def read(match: Match, rank: int | None) -> MatchRead:
        other = capabilities[match.offer_id]
        return present(match, rank=rank, document=document, need=card, capability=other, language=asking.language)

    return _told(
        ranking,
        asking=asking,
        snapshot=supply.snapshot,
        today=supply.today,
        need=card,
        capability=None,
        read=read,
    )


def _rank_offer(
    asking: Asking, content: CapabilityContent, query: RankingQuery, *, card: PostingCard | None, owner: UUID | None
) -> RankingRead:
    snapshot = asking.index.current(asking.session)
    document = offer_document(CAPABILITY.matched(content), document_id=_document_id(card), atlas=snapshot.atlas)
    today = clock.today()
    ranking = snapshot.matcher.rank_offer(
        document,
        k=query.limit,
        as_of=today,
        eligible=snapshot.eligible_needs(asking.actor, except_of=owner, today=today),
        constraints=query.constraints,
        explain=query.explain,
    )
    ids = [UUID(match.need_id) for match in _shown(ranking)]
    needs = NEEDS.cards(session=asking.session, actor=asking.actor, ids=ids)
    ranking = _of_those(ranking, lambda match: match.need_id in needs)

    def read(match: Match, rank: int | None) -> MatchRead:
        return present(
            match,
            rank=rank,
            document=snapshot.matcher.needs_[match.need_id],
            need=needs[match.need_id],
            capability=card,
            language=asking.language,
        )

    return _told(ranking, asking=asking, snapshot=snapshot, today=today, need=None, capability=card, read=read)


def _card_of(postings: Postings[Any, Any, Any], asking: Asking, posting_id: UUID) -> PostingCard:
    """A posting as an actor may name it.

    Raises:
        PostingNotFound: it has been withdrawn since its row was read.
    """
    found = postings.cards(session=asking.session, actor=asking.actor, ids=[posting_id])
    if not found:
        raise PostingNotFound
    return found[str(posting_id)]


def _document_id(card: PostingCard | None) -> str:
    return str(card.id) if card else _UNSAVED


def _shown(ranking: Ranking) -> Sequence[Match]:
    return (*ranking.matches, *ranking.excluded[:EXCLUDED_SHOWN])


def _of_those(ranking: Ranking, is_there: Callable[[Match], bool]) -> Ranking:
    # a posting may be withdrawn between the ranking and the reading of its card
    kept = tuple(filter(is_there, ranking.matches))
    excluded = (*filter(is_there, ranking.excluded[:EXCLUDED_SHOWN]), *ranking.excluded[EXCLUDED_SHOWN:])
    return replace(ranking, matches=kept, excluded=excluded)


def _told(
    ranking: Ranking,
    *,
    asking: Asking,
    snapshot: Snapshot,
    today: date,
    need: PostingCard | None,
    capability: PostingCard | None,
    read: Callable[[Match, int | None], MatchRead],
) -> RankingRead:
    outcome = MatchOutcome(ranking.outcome)
    suitable = sum(match.suitable for match in ranking.matches)
    counts: Counter[str] = Counter(
        kind for match in ranking.excluded for kind in {found.kind for found in match.violations}
    )
    return RankingRead(
        need=need,
        capability=capability,
        outcome=outcome,
        text=outcome_text(outcome, suitable=suitable, shown=len(ranking.matches)).said_in(asking.language),
        floor=ranking.floor,
        as_of=today,
        revision=snapshot.revision,
        matcher_version=ranking.matcher_version,
        considered=ranking.considered,
        excluded=[
            Excluded(kind=kind, text=kind.label.said_in(asking.language), count=counts[kind.value])
            for kind in Constraint
            if counts[kind.value]
        ],
        excluded_matches=[read(match, None) for match in ranking.excluded[:EXCLUDED_SHOWN]],
        matches=[read(match, rank) for rank, match in enumerate(ranking.matches, start=1)],
    )
