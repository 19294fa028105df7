"""SQL of webhooks and their messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.paging import moment
from app.db import changes
from app.db.keyset import Rows, Slice, SortColumn, fetch_page
from app.db.types import AnySelect
from app.features.accounts.types import Lasting
from app.features.portals.models import Webhook, WebhookDelivery
from app.features.portals.schemas import DeliveryListQuery
from app.features.portals.types import Addressed, DeliveryState, Secrets

_HOOK = Webhook.__table__.c
_SENT = WebhookDelivery.__table__.c
_READ = (
    _HOOK.id,
    _HOOK.url,
    _HOOK.kinds,
    _HOOK.enabled,
    _HOOK.stopped,
    _HOOK.old_secret_until,
    _HOOK.version,
    _HOOK.created_at,
    _HOOK.updated_at,
)
_SHOWN = (
    _SENT.id,
    _SENT.kind,
    _SENT.record_id,
    _SENT.state,
    _SENT.attempts,
    _SENT.last_status,
    _SENT.last_error,
    _SENT.last_attempt_at,
    _SENT.next_at,
    _SENT.created_at,
)
_ADDRESSED = (
    _SENT.id,
    _SENT.webhook_id,
    _HOOK.key_id,
    _HOOK.person_id,
    _HOOK.url,
    _HOOK.secret_sealed,
    _HOOK.old_secret_sealed,
    _HOOK.old_secret_until,
    _SENT.kind,
    _SENT.record_id,
    _SENT.changed_at,
    _SENT.attempts,
)


class WebhookRepository:
    """Webhooks, scoped to their owner: nobody sees another's."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def visible_to(self, owner: Lasting, statement: AnySelect) -> AnySelect:
        """Narrow a statement to an owner's webhooks."""
        return statement.where(self._of(owner))

    def _of(self, owner: Lasting) -> ColumnElement[bool]:
        return _HOOK.person_id == owner.person_id if owner.person_id is not None else _HOOK.key_id == owner.key_id

    def list_page(self, owner: Lasting, wanted: Slice) -> Rows:
        """One page of an owner's webhooks."""
        sorts = {"created_at": SortColumn(_HOOK.created_at, moment)}
        return fetch_page(self.session, self.visible_to(owner, select(*_READ)), wanted, sorts=sorts, key=_HOOK.id)

    def count(self, owner: Lasting) -> int:
        """How many an owner has."""
        return self.session.scalar(select(func.count()).select_from(Webhook.__table__).where(self._of(owner))) or 0

    def get(self, owner: Lasting, webhook_id: UUID, *, lock: bool = False) -> Webhook | None:
        """One of an owner's webhooks."""
        statement = self.visible_to(owner, select(Webhook).where(Webhook.id == webhook_id))
        found: Webhook | None = self.session.scalar(statement.with_for_update() if lock else statement)
        return found

    def find(self, webhook_id: UUID, *, lock: bool = False) -> Webhook | None:
        """One webhook, whosever it is, for the worker."""
        statement = select(Webhook).where(Webhook.id == webhook_id)
        return self.session.scalar(statement.with_for_update() if lock else statement)

    def behind(self) -> list[UUID]:
        """Those enabled that have not looked at the last change."""
        last = changes.revision(self.session)
        return list(self.session.scalars(select(_HOOK.id).where(_HOOK.enabled, _HOOK.place < last)))

    def add(self, webhook: Webhook) -> None:
        """Store a new one."""
        self.session.add(webhook)
        self.session.flush()

    def save(self) -> None:
        """Write what changed."""
        self.session.flush()

    def remove(self, webhook: Webhook) -> None:
        """Remove one with all its messages."""
        self.session.execute(delete(WebhookDelivery).where(_SENT.webhook_id == webhook.id))
        self.session.delete(webhook)
        self.session.flush()


class DeliveryRepository:
    """Messages of one webhook that was found for its owner."""

    def __init__(self, session: Session, webhook_id: UUID) -> None:
        self.session = session
        self.webhook_id = webhook_id

    def list_page(self, query: DeliveryListQuery) -> Rows:
        """One page of them."""
        statement = self._mine()
        if query.state is not None:
            statement = statement.where(_SENT.state == query.state)
        sorts = {"created_at": SortColumn(_SENT.created_at, moment)}
        return fetch_page(self.session, statement, query.wanted, sorts=sorts, key=_SENT.id)

    def _mine(self) -> AnySelect:
        return select(*_SHOWN).where(_SENT.webhook_id == self.webhook_id)

    def get(self, delivery_id: UUID) -> Mapping[str, Any] | None:
        """One of them."""
        row = self.session.execute(self._mine().where(_SENT.id == delivery_id)).mappings().one_or_none()
        return dict(row) if row else None

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store new ones."""
        self.session.execute(insert(WebhookDelivery), [{"webhook_id": self.webhook_id, **row} for row in rows])

    def set(self, delivery_id: UUID, **values: Any) -> None:  # noqa: ANN401 - columns and their values
        """Change one."""
        self.session.execute(
            update(WebhookDelivery).where(_SENT.id == delivery_id, _SENT.webhook_id == self.webhook_id).values(**values)
        )

    def drop(self, delivery_id: UUID) -> None:
        """Remove one."""
        self.session.execute(delete(WebhookDelivery).where(_SENT.id == delivery_id))

    def drop_delivered(self, *, before: datetime) -> None:
        """Remove those that arrived long ago."""
        is_old = (_SENT.state == DeliveryState.DELIVERED) & (_SENT.created_at < before)
        self.session.execute(delete(WebhookDelivery).where(_SENT.webhook_id == self.webhook_id, is_old))

    def next_addressed(self, at: datetime) -> Addressed | None:
        """The one due that comes first in the order of changes, with its address; None if the webhook is disabled."""
        statement = (
            select(*_ADDRESSED)
            .join_from(WebhookDelivery.__table__, Webhook.__table__, _HOOK.id == _SENT.webhook_id)
            .where(_HOOK.id == self.webhook_id, _HOOK.enabled, self._is_pending(), _SENT.next_at <= at)
            # pings have no number and come first
            .order_by(func.coalesce(_SENT.number, 0), _SENT.id)
            .limit(1)
        )
        row = self.session.execute(statement).first()
        if row is None:
            return None
        delivery, webhook, key, person, url, sealed, old, until, kind, record, changed, attempts = row
        secrets, owner = Secrets(sealed, old, until), Lasting(key, person)
        return Addressed(delivery, webhook, owner, url, secrets, kind, record, changed, attempts)

    def next_due(self) -> datetime | None:
        """When the next is to be sent; None when there is none, or the webhook is disabled."""
        statement = (
            select(func.min(_SENT.next_at, type_=_SENT.next_at.type))
            .join_from(WebhookDelivery.__table__, Webhook.__table__, _HOOK.id == _SENT.webhook_id)
            .where(_HOOK.id == self.webhook_id, _HOOK.enabled, self._is_pending())
        )
        due: datetime | None = self.session.scalar(statement)
        return due

    def _is_pending(self) -> ColumnElement[bool]:
        return _SENT.state == DeliveryState.PENDING
