"""SQL that needs and capabilities share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import RowMapping, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.paging import moment
from app.db.keyset import Rows, SortColumn, fetch_page
from app.db.search import contains_words
from app.db.types import AnySelect
from app.features.accounts.types import Actor
from app.features.organizations.models import Organization
from app.features.postings import policy
from app.features.postings.models import PostingColumns, PostingEventColumns
from app.features.postings.schemas import PostingListQuery
from app.features.postings.types import PostingStatus

RowT = TypeVar("RowT", bound=PostingColumns)

ORGANIZATION = (
    Organization.name,
    Organization.name_en,
    Organization.org_type,
    Organization.industry_code.label("organization_industry_code"),
    Organization.is_fictitious,
)


def summary_columns(model: type[PostingColumns]) -> tuple[InstrumentedAttribute[Any], ...]:
    """The columns of a list that every kind has, and those its redaction needs."""
    columns: Any = model
    return (
        columns.id,
        columns.reference,
        columns.status,
        columns.lang,
        columns.title,
        columns.published_at,
        columns.listed_at,
        columns.updated_at,
        columns.version,
        columns.organization_id,
        columns.identity_level,
        columns.budget_level,
    )


class PostingRepository(ABC, Generic[RowT]):
    """Postings of one kind, scoped to an actor. A subclass names the tables and adds its own filters."""

    model: ClassVar[Any]
    event_model: ClassVar[type[Any]]
    summary: ClassVar[tuple[InstrumentedAttribute[Any], ...]]

    def __init__(self, session: Session) -> None:
        self.session = session

    def visible_to(self, actor: Actor, statement: AnySelect) -> AnySelect:
        """Narrow a statement to postings that exist for an actor (`policy.may_see`, as SQL)."""
        if actor.is_operator:
            return statement
        open_to_others = (self.model.status == PostingStatus.PUBLISHED) & self.model.details_level.in_(
            policy.open_levels(actor)
        )
        own = false() if actor.organization_id is None else self.model.organization_id == actor.organization_id
        return statement.where(or_(open_to_others, own))

    def list_page(
        self,
        actor: Actor,
        query: PostingListQuery,
        *,
        industries: Sequence[str] | None,
        regions: Sequence[str] | None,
    ) -> Rows:
        """One page of summaries; `industries` and `regions` are the query's codes with all below them."""
        statement = select(*self.summary, *ORGANIZATION).join(
            Organization, Organization.id == self.model.organization_id
        )
        statement = self.visible_to(actor, statement)
        if query.status is not None:
            statement = statement.where(self.model.status == query.status)
        if query.lang is not None:
            statement = statement.where(self.model.lang == query.lang)
        if query.q is not None:
            statement = statement.where(contains_words(self.model.search_text, query.q))
        if query.organization_id is not None:
            statement = statement.where(self.model.organization_id == query.organization_id)
            # naming an organisation must not reveal which hidden postings are its own
            if not policy.sees_all(actor, query.organization_id):
                statement = statement.where(self.model.identity_level.in_(policy.open_levels(actor)))
        statement = self.within(statement, query.scenario, industries, regions)
        sorts = {
            "listed_at": SortColumn(self.model.listed_at, moment),
            "updated_at": SortColumn(self.model.updated_at, moment),
        }
        return fetch_page(self.session, statement, query.wanted, sorts=sorts, key=self.model.id)

    @abstractmethod
    def within(
        self,
        statement: AnySelect,
        scenario: str | None,
        industries: Sequence[str] | None,
        regions: Sequence[str] | None,
    ) -> AnySelect:
        """Narrow to a scenario and to any of some industries and regions."""

    def get(self, actor: Actor, posting_id: UUID | str, *, lock: bool = False) -> tuple[RowT, Organization] | None:
        """One posting and its organisation, by id or reference; `lock` keeps other writers off it."""
        named = self.model.id if isinstance(posting_id, UUID) else self.model.reference
        statement = (
            select(self.model, Organization)
            .join(Organization, Organization.id == self.model.organization_id)
            .where(named == posting_id)
        )
        statement = self.visible_to(actor, statement)
        if lock:
            statement = statement.with_for_update(of=self.model)
        row = self.session.execute(statement).one_or_none()
        return (row[0], row[1]) if row else None

    def list_cards(self, actor: Actor, ids: Sequence[UUID]) -> Sequence[RowMapping]:
        """The summary columns of those postings among `ids` that exist for an actor."""
        statement = select(*summary_columns(self.model), *ORGANIZATION).join(
            Organization, Organization.id == self.model.organization_id
        )
        return self.session.execute(self.visible_to(actor, statement.where(self.model.id.in_(ids)))).mappings().all()

    def newest_titled(self, organization_id: UUID, title: str) -> RowT | None:
        """The organisation's newest posting with a title, an open one before a closed one."""
        found: RowT | None = self.session.scalar(
            select(self.model)
            .where(self.model.organization_id == organization_id, self.model.title == title)
            .order_by(self.model.status == PostingStatus.CLOSED, self.model.created_at.desc())
            .limit(1)
        )
        return found

    def published(self, ids: Sequence[UUID] | None = None) -> list[tuple[RowT, Organization]]:
        """All published postings, or those among `ids`, for the matcher."""
        statement = (
            select(self.model, Organization)
            .join(Organization, Organization.id == self.model.organization_id)
            .where(self.model.status == PostingStatus.PUBLISHED)
            .order_by(self.model.id)
        )
        if ids is not None:
            statement = statement.where(self.model.id.in_(ids))
        return [(row[0], row[1]) for row in self.session.execute(statement)]

    def history(self, posting_id: UUID) -> list[PostingEventColumns]:
        """All steps of one posting, oldest first."""
        statement = (
            select(self.event_model).where(self.event_model.posting_id == posting_id).order_by(self.event_model.version)
        )
        return list(self.session.scalars(statement))

    def add(self, row: RowT) -> None:
        """Store a new posting."""
        self.session.add(row)
        self.session.flush()
        self.link(row)

    def save(self, row: RowT) -> None:
        """Write a changed posting."""
        self.session.flush()
        self.link(row)

    def link(self, row: RowT) -> None:
        """Bring tables beside the posting in line with it; a kind without such tables has nothing to do."""

    def add_event(self, event: PostingEventColumns) -> None:
        """Append a step to the history."""
        self.session.add(event)
        self.session.flush()
