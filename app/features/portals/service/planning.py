"""What each webhook is still to be told.

It keeps its place in the change log and moves on together with its messages, both or neither, so nothing is lost
between a commit and its delivery.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.ids import new_id
from app.core.trail import By
from app.db import audit, changes
from app.features.accounts import service as accounts
from app.features.accounts.types import Lasting
from app.features.portals import policy
from app.features.portals.models import Webhook
from app.features.portals.repository import DeliveryRepository, WebhookRepository
from app.features.portals.service.following import knowable
from app.features.portals.types import DeliveryState, Stopped

_LOOKED_AT = 200
_KEPT = timedelta(days=30)


def behind(*, session: Session) -> Sequence[UUID]:
    """The enabled webhooks that have not looked at the last change."""
    return WebhookRepository(session).behind()


def plan(*, session: Session, webhook_id: UUID) -> bool:
    """Move a webhook on in the log by one stretch and note what it is to be told of; tells whether there is more.

    A webhook whose owner is no longer anybody is stopped where it is.
    """
    repository = WebhookRepository(session)
    webhook = repository.find(webhook_id, lock=True)
    if webhook is None or not webhook.enabled:
        return False
    actor = accounts.acting(session=session, owner=Lasting(webhook.key_id, webhook.person_id))
    if actor is None:
        stop(session, webhook, Stopped.KEY_ENDED)
        return False
    head, moment = changes.revision(session), now()
    kinds = policy.kinds_open_to(actor).intersection(webhook.kinds)
    logged = changes.stretch(session, after=webhook.place, until=head, limit=_LOOKED_AT, kinds=kinds)
    webhook.place = logged[-1].number if len(logged) == _LOOKED_AT else head
    rows = [
        {
            "id": new_id(),
            "number": one.number,
            "kind": one.kind,
            "record_id": one.record_id,
            "changed_at": one.at,
            "state": DeliveryState.PENDING,
            "attempts": 0,
            "next_at": moment,
            "created_at": moment,
        }
        for one in knowable(session=session, actor=actor, logged=logged)
    ]
    deliveries = DeliveryRepository(session, webhook.id)
    if rows:
        deliveries.add(rows)
    deliveries.drop_delivered(before=moment - _KEPT)
    repository.save()
    return webhook.place < head


def stop(session: Session, webhook: Webhook, why: Stopped) -> None:
    """Disable a webhook, by the platform itself; its owner may enable it again."""
    webhook.enabled, webhook.stopped = False, why
    webhook.version += 1
    webhook.updated_at = now()
    WebhookRepository(session).save()
    detail = {"fields": ["enabled"], "enabled": False, "stopped": why}
    audit.note(session, action="webhook.change", by=By(), subject=("webhook", webhook.id), detail=detail)
