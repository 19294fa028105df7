"""The use cases of postings, bound to one kind and its reading schema."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.outcome import Put
from app.core.schema import Schema
from app.db.keyset import Rows
from app.features.accounts.types import Actor
from app.features.organizations.models import Organization
from app.features.postings import reading, service
from app.features.postings.kind import PostingKind
from app.features.postings.models import PostingColumns
from app.features.postings.schemas import PostingCard, PostingContent, PostingEventRead, PostingFacts, PostingListQuery
from app.features.postings.types import Action, CloseReason, PostingHead, Standing

RowT = TypeVar("RowT", bound=PostingColumns)
ContentT = TypeVar("ContentT", bound=PostingContent)
ReadT = TypeVar("ReadT", bound=PostingFacts)


@dataclass(frozen=True)
class Postings(Generic[RowT, ContentT, ReadT]):
    """Needs or capabilities; the rules and errors are those of `postings.service`."""

    kind: PostingKind[RowT, ContentT]
    schema: type[ReadT]

    def create(self, *, session: Session, actor: Actor, content: ContentT, organization_id: UUID | None) -> ReadT:
        """Post a draft."""
        row, organization = service.create(
            self.kind, session=session, actor=actor, content=content, organization_id=organization_id
        )
        return self.shown(row, organization, actor)

    def revise(
        self,
        *,
        session: Session,
        actor: Actor,
        posting_id: UUID | str,
        patch: Schema,
        accepted: frozenset[int] | None,
    ) -> ReadT:
        """Change the content."""
        row, organization = service.revise(
            self.kind, session=session, actor=actor, posting_id=posting_id, patch=patch, accepted=accepted
        )
        return self.shown(row, organization, actor)

    def act(
        self,
        *,
        session: Session,
        actor: Actor,
        posting_id: UUID | str,
        action: Action,
        accepted: frozenset[int] | None,
        note: str | None = None,
        reason: CloseReason | None = None,
    ) -> ReadT:
        """Take one step."""
        row, organization = service.act(
            self.kind,
            session=session,
            actor=actor,
            posting_id=posting_id,
            action=action,
            accepted=accepted,
            note=note,
            reason=reason,
        )
        return self.shown(row, organization, actor)

    def put(
        self, *, session: Session, actor: Actor, content: ContentT, organization_id: UUID, reference: str | None = None
    ) -> Put:
        """Publish, or bring up to date, by natural key."""
        return service.put(
            self.kind,
            session=session,
            actor=actor,
            content=content,
            organization_id=organization_id,
            reference=reference,
        )

    def get(self, *, session: Session, actor: Actor, posting_id: UUID | str) -> ReadT:
        """One posting as the actor may see it."""
        row, organization = service.get(self.kind, session=session, actor=actor, posting_id=posting_id)
        return self.shown(row, organization, actor)

    def list_page(self, *, session: Session, actor: Actor, query: PostingListQuery) -> Rows:
        """One page of summaries as the actor may see them."""
        page = service.list_page(self.kind, session=session, actor=actor, query=query)
        items = reading.summaries(page.items, actor, self.kind.budget_fields)
        return Rows(items=items, next_cursor=page.next_cursor, total=page.total)

    def standings(self, *, session: Session, actor: Actor, ids: Sequence[UUID]) -> Sequence[Standing]:
        """Those postings among some that an actor may know of, gone or not."""
        return service.standings(self.kind, session=session, actor=actor, ids=ids)

    def summaries(self, *, session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
        """Those among some postings that exist for an actor, each as in a list."""
        rows = service.summaries(self.kind, session=session, actor=actor, ids=ids)
        return {row["id"]: row for row in reading.summaries(rows, actor, self.kind.budget_fields)}

    def cards(self, *, session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[str, PostingCard]:
        """Those among some postings that exist for an actor, by their ids as text."""
        rows = self.kind.repository(session).list_cards(actor, ids)
        return {str(card.id): card for card in reading.cards(rows, actor)}

    def card(self, row: RowT, organization: Organization, actor: Actor) -> PostingCard:
        """A posting as an actor may name it, from the row that was found for it, which is not read again."""
        return reading.card(row, organization, actor)

    def history(self, *, session: Session, actor: Actor, posting_id: UUID | str) -> list[PostingEventRead]:
        """All steps, oldest first."""
        events = service.history(self.kind, session=session, actor=actor, posting_id=posting_id)
        return [
            PostingEventRead(
                version=event.version, action=event.action, at=event.at, note=event.note, content=event.content
            )
            for event in events
        ]

    def found(self, *, session: Session, actor: Actor, posting_id: UUID | str) -> tuple[RowT, Organization]:
        """One posting as a row, for the matcher."""
        return service.get(self.kind, session=session, actor=actor, posting_id=posting_id)

    def editable(self, *, session: Session, actor: Actor, posting_id: UUID | str) -> tuple[RowT, Organization]:
        """One posting as a row, for those who may change it."""
        return service.editable(self.kind, session=session, actor=actor, posting_id=posting_id)

    def patched(self, *, session: Session, row: RowT, patch: Schema) -> ContentT:
        """The content a change would give; nothing is saved."""
        return service.patched(self.kind, session=session, row=row, patch=patch)

    def published(
        self,
        *,
        session: Session,
        ids: Sequence[UUID] | None = None,
        after: UUID | None = None,
        limit: int | None = None,
    ) -> list[tuple[RowT, Organization]]:
        """Published postings whatever their visibility, for the matcher's index; see the repository."""
        return self.kind.repository(session).published(ids, after=after, limit=limit)

    def published_heads(self, *, session: Session) -> list[PostingHead]:
        """What decides who may see each published posting, in the order of their ids."""
        return self.kind.repository(session).published_heads()

    def count_published(self, *, session: Session) -> int:
        """How many postings are published."""
        return self.kind.repository(session).count_published()

    def note_ended(self, *, session: Session, after: date, until: date) -> int:
        """Note as changed what was published and has ceased to be valid; see the service."""
        return service.note_ended(self.kind, session=session, after=after, until=until)

    def shown(self, row: RowT, organization: Organization, actor: Actor) -> ReadT:
        """A posting as an actor may see it."""
        return self.schema(
            **reading.facts(row, organization, actor),
            **reading.content(self.kind, row, actor),
        )
