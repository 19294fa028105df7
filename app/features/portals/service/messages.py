"""Messages to webhooks as their owners see them: what arrived, what was given up, and sending it again."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.ids import new_id
from app.core.paging import Page
from app.db import jobs
from app.features.accounts.types import Actor
from app.features.portals.errors import DeliveryNotFound, WebhookDisabled
from app.features.portals.models import Webhook
from app.features.portals.repository import DeliveryRepository
from app.features.portals.schemas import DeliveryListQuery, DeliveryRead
from app.features.portals.service.endpoints import found
from app.features.portals.types import DELIVER, PING, DeliveryState


def list_deliveries(
    *, session: Session, actor: Actor, webhook_id: UUID, query: DeliveryListQuery
) -> Page[DeliveryRead]:
    """One page of the messages to a webhook.

    Raises:
        KeyRequired: no key was shown.
        WebhookNotFound: there is none, or it is another's.
    """
    webhook = found(session=session, actor=actor, webhook_id=webhook_id)
    page = DeliveryRepository(session, webhook.id).list_page(query)
    return Page(items=[DeliveryRead(**row) for row in page.items], next_cursor=page.next_cursor, total=page.total)


def replay(*, session: Session, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> DeliveryRead:
    """Send a message again, from its first attempt on, under the same id and with what is so now.

    Raises:
        KeyRequired: no key was shown.
        WebhookNotFound: there is none, or it is another's.
        DeliveryNotFound: it has no such message.
        WebhookDisabled: nothing is sent to it.
    """
    webhook = _enabled(session, actor, webhook_id)
    repository = DeliveryRepository(session, webhook.id)
    if repository.get(delivery_id) is None:
        raise DeliveryNotFound
    repository.set(delivery_id, state=DeliveryState.PENDING, attempts=0, next_at=now())
    jobs.enqueue(session, DELIVER, str(webhook.id))
    return _shown(repository, delivery_id)


def ping(*, session: Session, actor: Actor, webhook_id: UUID) -> DeliveryRead:
    """Send a message that says nothing, to see whether it arrives.

    Raises:
        KeyRequired: no key was shown.
        WebhookNotFound: there is none, or it is another's.
        WebhookDisabled: nothing is sent to it.
    """
    webhook = _enabled(session, actor, webhook_id)
    repository = DeliveryRepository(session, webhook.id)
    moment, delivery_id = now(), new_id()
    repository.add(
        [
            {
                "id": delivery_id,
                "number": None,
                "kind": PING,
                "record_id": None,
                "changed_at": moment,
                "state": DeliveryState.PENDING,
                "attempts": 0,
                "next_at": moment,
                "created_at": moment,
            }
        ]
    )
    jobs.enqueue(session, DELIVER, str(webhook.id))
    return _shown(repository, delivery_id)


def _enabled(session: Session, actor: Actor, webhook_id: UUID) -> Webhook:
    webhook = found(session=session, actor=actor, webhook_id=webhook_id, lock=True)
    if not webhook.enabled:
        raise WebhookDisabled
    return webhook


def _shown(repository: DeliveryRepository, delivery_id: UUID) -> DeliveryRead:
    row = repository.get(delivery_id)
    if row is None:
        raise DeliveryNotFound
    return DeliveryRead(**row)
