"""Use cases of reports: one posting with its candidates, and the first page."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import cast
from uuid import UUID

from app.core import clock
from app.core.text import Bilingual, Language
from app.features.accounts.types import ANONYMOUS
from app.features.capabilities.kind import CAPABILITY
from app.features.capabilities.schemas import CapabilityRead
from app.features.capabilities.service import CAPABILITIES
from app.features.catalog import service as catalog
from app.features.matches import service as matches
from app.features.matches.schemas import MatchRead, RankingQuery, RankingRead
from app.features.matches.service import Asking
from app.features.needs.kind import NEED
from app.features.needs.schemas import NeedRead
from app.features.needs.service import NEEDS
from app.features.organizations import service as organizations
from app.features.postings.kind import Codes
from app.features.postings.schemas import OrganizationBrief, PostingCard, PostingListQuery
from app.features.postings.types import PostingStatus
from app.features.reports.schemas import CodeNames, FrontPage, NeedLine, ReportRead
from app.features.reports.wording import WORDS

NEWEST_SHOWN = 5


def report_need(asking: Asking, *, need_id: UUID | str, limit: int) -> ReportRead:
    """Put together what there is to say about a need and the capabilities for it.

    Raises:
        PostingNotFound: there is no such need for this actor.
    """
    need = NEEDS.get(session=asking.session, actor=asking.actor, posting_id=need_id)
    ranking = matches.rank_for_need(asking, need_id=need.id, query=_query(limit))
    return _report(asking, need, NEED.codes(need), ranking)


def report_capability(asking: Asking, *, capability_id: UUID | str, limit: int) -> ReportRead:
    """Put together what there is to say about a capability and the needs it suits.

    Raises:
        PostingNotFound: there is no such capability for this actor.
    """
    capability = CAPABILITIES.get(session=asking.session, actor=asking.actor, posting_id=capability_id)
    ranking = matches.rank_for_capability(asking, capability_id=capability.id, query=_query(limit))
    return _report(asking, capability, CAPABILITY.codes(capability), ranking)


def front_page(asking: Asking) -> FrontPage:
    """What anybody may see at the door, whoever asks: sizes, and the newest needs with their best candidates."""
    public = replace(asking, actor=ANONYMOUS)
    newest = PostingListQuery(limit=NEWEST_SHOWN, status=PostingStatus.PUBLISHED, include="total")
    needs = NEEDS.list_page(session=public.session, actor=public.actor, query=newest)
    capabilities = CAPABILITIES.list_page(
        session=public.session, actor=public.actor, query=newest.model_copy(update={"limit": 1})
    )
    register = organizations.counts(session=public.session)
    lines = [_line(public, row["id"]) for row in needs.items]
    owners = [card.organization for line in lines for card in _cards([line.best] if line.best else [], line.need)]
    return FrontPage(
        language=public.language,
        organizations=register.all,
        needs=needs.total or 0,
        capabilities=capabilities.total or 0,
        has_fictitious=register.fictitious > 0,
        newest=lines,
        sample_capability=next((row["reference"] for row in capabilities.items), None),
        names=_names(public, industries=_industries(owners)),
    )


def _line(public: Asking, need_id: UUID) -> NeedLine:
    query = RankingQuery(limit=1, explain=False, constraints="exclude")
    ranking = matches.rank_for_need(public, need_id=need_id, query=query)
    need = cast("PostingCard", ranking.need)  # what is saved has a card
    return NeedLine(need=need, best=next((match for match in ranking.matches if match.suitable), None))


def _query(limit: int) -> RankingQuery:
    return RankingQuery(limit=limit, constraints="exclude")


def _report(asking: Asking, posting: NeedRead | CapabilityRead, codes: Codes, ranking: RankingRead) -> ReportRead:
    cards = _cards([*ranking.matches, *ranking.excluded_matches])
    owners = [posting.organization, *(card.organization for card in cards)]
    has_fictitious = any(owner.is_fictitious for owner in owners)
    return ReportRead(
        language=asking.language,
        generated_at=clock.now(),
        seen_as=asking.actor.role,
        has_fictitious=has_fictitious,
        notice=WORDS["fictitious"].said_in(asking.language) if has_fictitious else None,
        need=posting if isinstance(posting, NeedRead) else None,
        capability=posting if isinstance(posting, CapabilityRead) else None,
        names=_names(
            asking,
            industries={*_given(codes.industries), *_industries(owners)},
            scenarios=_given(codes.scenarios),
            regions=_given(codes.regions),
        ),
        ranking=ranking,
    )


def _cards(found: Collection[MatchRead], *others: PostingCard) -> list[PostingCard]:
    return [*others, *(card for match in found for card in (match.need, match.capability) if card is not None)]


def _industries(owners: Collection[OrganizationBrief]) -> set[str]:
    return {owner.industry_code for owner in owners if owner.industry_code is not None}


def _given(codes: Mapping[str, str | None]) -> set[str]:
    return {code for code in codes.values() if code is not None}


def _names(
    asking: Asking,
    *,
    industries: Collection[str],
    scenarios: Collection[str] = (),
    regions: Collection[str] = (),
) -> CodeNames:
    found = catalog.names(asking.session, industries=industries, scenarios=scenarios, regions=regions)
    return CodeNames(
        industries=_said(found.industries, asking.language),
        scenarios=_said(found.scenarios, asking.language),
        regions=_said(found.regions, asking.language),
    )


def _said(names: Mapping[str, Bilingual], language: Language) -> dict[str, str]:
    return {code: name.said_in(language) for code, name in sorted(names.items())}
