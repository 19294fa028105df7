"""SQL that needs and capabilities share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, or_, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import KeyedColumnElement

from app.core import clock
from app.core.paging import moment
from app.db.base import Base
from app.db.keyset import Paged, Rows, SortColumn, as_mappings, cut, run
from app.db.search import contains_words
from app.db.types import AnySelect, as_text
from app.features.accounts.types import Actor
from app.features.organizations.models import Organization
from app.features.postings import policy
from app.features.postings.models import PostingColumns, PostingEventColumns
from app.features.postings.schemas import PostingListQuery
from app.features.postings.types import PostingHead, PostingStatus, Standing

RowT = TypeVar("RowT", bound=PostingColumns)

# Lists use the tables' own columns: through mapped attributes the same rows cost twice as much.
_OWNER = Organization.__table__.c
_ORGANIZATION = (
    _OWNER.name,
    _OWNER.name_en,
    as_text(_OWNER.org_type),
    _OWNER.industry_code.label("organization_industry_code"),
    _OWNER.is_fictitious,
)


def summary_columns(model: type[Base]) -> tuple[KeyedColumnElement[Any], ...]:
    """The columns of a list that every kind has, and those its redaction needs."""
    columns = model.__table__.c
    return (
        columns.id,
        columns.reference,
        as_text(columns.status),
        as_text(columns.lang),
        columns.title,
        columns.published_at,
        columns.listed_at,
        columns.updated_at,
        columns.version,
        columns.organization_id,
        as_text(columns.identity_level),
        as_text(columns.budget_level),
    )


def _open_to(actor: Actor, level: KeyedColumnElement[Any]) -> ColumnElement[bool]:
    # not IN, whose parameters are put into the statement anew for every run
    return or_(*(level == one for one in sorted(policy.open_levels(actor))))


class PostingRepository(ABC, Generic[RowT]):
    """Postings of one kind, scoped to an actor. A subclass names the tables and adds its own filters."""

    model: ClassVar[Any]
    event_model: ClassVar[type[Any]]
    summary: ClassVar[tuple[KeyedColumnElement[Any], ...]]

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    def visible_to(cls, actor: Actor, statement: AnySelect, today: date) -> AnySelect:
        """Narrow a statement to postings that exist for an actor (`policy.may_see`, as SQL)."""
        visible = cls._visible(actor, today)
        return statement if visible is None else statement.where(visible)

    @classmethod
    def _visible(cls, actor: Actor, today: date) -> ColumnElement[bool] | None:
        if policy.sees_every_posting(actor):
            return None
        columns = cls.model.__table__.c
        seen = and_(
            columns.status == PostingStatus.PUBLISHED,
            _open_to(actor, columns.details_level),
            or_(columns.valid_until.is_(None), columns.valid_until >= today),
        )
        return seen if actor.organization_id is None else or_(seen, columns.organization_id == actor.organization_id)

    def list_page(
        self,
        actor: Actor,
        query: PostingListQuery,
        *,
        industries: Sequence[str] | None,
        regions: Sequence[str] | None,
    ) -> Rows:
        """One page of summaries; `industries` and `regions` are the query's codes with all below them."""
        paged = self._paged(
            actor.sight,
            query,
            None if industries is None else tuple(industries),
            None if regions is None else tuple(regions),
            clock.today(),
        )
        return run(self.session, paged, query.wanted, sorts=self._sorts(), key=self.model.__table__.c.id)

    # Built once for each question: building the statement and its cache key costs as much as running it.
    @classmethod
    @lru_cache(maxsize=512)
    def _paged(
        cls,
        actor: Actor,
        query: PostingListQuery,
        industries: tuple[str, ...] | None,
        regions: tuple[str, ...] | None,
        today: date,
    ) -> Paged:
        columns = cls.model.__table__.c
        statement = cls.visible_to(actor, cls._with_owner(cls.summary), today)
        if query.status is not None:
            statement = statement.where(columns.status == query.status)
        if query.lang is not None:
            statement = statement.where(columns.lang == query.lang)
        if query.q is not None:
            statement = statement.where(contains_words(columns.search_text, query.q))
        if query.organization_id is not None:
            statement = statement.where(columns.organization_id == query.organization_id)
            # naming an organisation must not reveal which hidden postings are its own
            if not policy.sees_all(actor, query.organization_id):
                statement = statement.where(_open_to(actor, columns.identity_level))
        statement = cls.within(statement, query.scenario, industries, regions)
        return cut(statement, query.wanted, sorts=cls._sorts(), key=columns.id)

    @classmethod
    def _sorts(cls) -> dict[str, SortColumn]:
        columns = cls.model.__table__.c
        return {
            "listed_at": SortColumn(columns.listed_at, moment),
            "updated_at": SortColumn(columns.updated_at, moment),
        }

    @classmethod
    def _with_owner(cls, columns: Sequence[KeyedColumnElement[Any]]) -> AnySelect:
        table, owner = cls.model.__table__, Organization.__table__
        joined = table.join(owner, owner.c.id == table.c.organization_id)
        return select(*columns, *_ORGANIZATION).select_from(joined)

    @classmethod
    @abstractmethod
    def within(
        cls,
        statement: AnySelect,
        scenario: str | None,
        industries: Sequence[str] | None,
        regions: Sequence[str] | None,
    ) -> AnySelect:
        """Narrow to a scenario and to any of some industries and regions."""

    def get(self, actor: Actor, posting_id: UUID | str, *, lock: bool = False) -> tuple[RowT, Organization] | None:
        """One posting and its organisation, by id or reference; `lock` keeps other writers off it."""
        statement = self._one(actor.sight, clock.today(), by_id=isinstance(posting_id, UUID))
        if lock:
            statement = statement.with_for_update(of=self.model)
        row = self.session.execute(statement, {"named": posting_id}).one_or_none()
        return (row[0], row[1]) if row else None

    # Built once, as `_paged` is.
    @classmethod
    @lru_cache(maxsize=512)
    def _one(cls, actor: Actor, today: date, *, by_id: bool) -> AnySelect:
        named = cls.model.id if by_id else cls.model.reference
        statement = select(cls.model, Organization).join(Organization, Organization.id == cls.model.organization_id)
        return cls.visible_to(actor, statement.where(named == bindparam("named")), today)

    def list_cards(self, actor: Actor, ids: Sequence[UUID]) -> Sequence[dict[str, Any]]:
        """The summary columns of those postings among `ids` that exist for an actor."""
        statement = self._cards(actor.sight, clock.today())
        return as_mappings(self.session.execute(statement, {"ids": ids}))

    # Built once, as `_paged` is.
    @classmethod
    @lru_cache(maxsize=512)
    def _cards(cls, actor: Actor, today: date) -> AnySelect:
        wanted = cls.model.__table__.c.id.in_(bindparam("ids", expanding=True))
        return cls.visible_to(actor, cls._with_owner(summary_columns(cls.model)).where(wanted), today)

    def list_standings(self, actor: Actor, ids: Sequence[UUID]) -> list[Standing]:
        """Those postings among `ids` that an actor may know of (`policy.may_know_of`), and whether each is seen now."""
        seen_now, known = self._standing(actor.sight, clock.today())
        columns = self.model.__table__.c
        statement = select(columns.id, seen_now).where(columns.id.in_(ids), known)
        return [Standing(row[0], bool(row[1])) for row in self.session.execute(statement)]

    @classmethod
    def _standing(cls, actor: Actor, today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        visible = cls._visible(actor, today)
        if visible is None:
            return literal(value=True), true()
        # what was never public has no level: NULL lets nothing through
        return visible, or_(visible, _open_to(actor, cls.model.__table__.c.seen_level))

    def list_summaries(self, actor: Actor, ids: Sequence[UUID]) -> Sequence[dict[str, Any]]:
        """The columns of a list for those postings among `ids` that exist for an actor."""
        wanted = self.model.__table__.c.id.in_(ids)
        statement = self.visible_to(actor, self._with_owner(self.summary).where(wanted), clock.today())
        return as_mappings(self.session.execute(statement))

    def list_ended(self, *, after: date, until: date) -> list[UUID]:
        """Published postings whose last day of validity lies after one day and not after another."""
        columns = self.model.__table__.c
        statement = select(columns.id).where(
            columns.status == PostingStatus.PUBLISHED, columns.valid_until > after, columns.valid_until <= until
        )
        return list(self.session.scalars(statement))

    def find_by_reference(self, reference: str) -> RowT | None:
        """The posting with a reference."""
        found: RowT | None = self.session.scalar(select(self.model).where(self.model.reference == reference))
        return found

    def newest_titled(self, organization_id: UUID, title: str) -> RowT | None:
        """The organisation's newest posting with a title, an open one before a closed one."""
        found: RowT | None = self.session.scalar(
            select(self.model)
            .where(self.model.organization_id == organization_id, self.model.title == title)
            .order_by(self.model.status == PostingStatus.CLOSED, self.model.created_at.desc())
            .limit(1)
        )
        return found

    def published(
        self, ids: Sequence[UUID] | None = None, *, after: UUID | None = None, limit: int | None = None
    ) -> list[tuple[RowT, Organization]]:
        """Published postings, or those among `ids`, for the matcher; at most `limit` with an id above `after`."""
        statement = (
            select(self.model, Organization)
            .join(Organization, Organization.id == self.model.organization_id)
            .where(self.model.status == PostingStatus.PUBLISHED)
            .order_by(self.model.id)
            .limit(limit)
        )
        if ids is not None:
            statement = statement.where(self.model.id.in_(ids))
        if after is not None:
            statement = statement.where(self.model.id > after)
        return [(row[0], row[1]) for row in self.session.execute(statement)]

    def published_heads(self) -> list[PostingHead]:
        """What decides who may see each published posting, in the order of their ids."""
        model = self.model
        statement = (
            select(model.id, model.organization_id, model.details_level, model.identity_level, model.valid_until)
            .where(model.status == PostingStatus.PUBLISHED)
            .order_by(model.id)
        )
        return [PostingHead(*row) for row in self.session.execute(statement)]

    def count_published(self) -> int:
        """How many postings are published."""
        statement = select(func.count()).where(self.model.status == PostingStatus.PUBLISHED)
        return self.session.scalar(statement) or 0

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
