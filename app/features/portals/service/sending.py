"""Messages as they are sent: what they say is read right before, as their owner may see it then."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import orjson
import standardwebhooks
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.outbound import Answer
from app.core.sealing import Seal
from app.features.accounts import service as accounts
from app.features.accounts.types import Actor
from app.features.portals.repository import DeliveryRepository, WebhookRepository
from app.features.portals.service.following import told
from app.features.portals.service.planning import stop
from app.features.portals.types import (
    PING,
    Addressed,
    ChangeKind,
    DeliveryError,
    DeliveryState,
    Message,
    Secrets,
    Stopped,
)

_JITTER = 0.1


def next_message(*, session: Session, webhook_id: UUID, seal: Seal) -> Message | None:
    """What is to be sent to a webhook next, signed with each of its live secrets; None when nothing is due.

    Raises:
        Unsealable: its secret was sealed with another key of the installation.
    """
    moment = now()
    to = DeliveryRepository(session, webhook_id).next_addressed(moment)
    if to is None:
        return None
    actor = accounts.acting(session=session, owner=to.owner)
    said = None if actor is None else _said(session, actor, to)
    if said is None:
        return Message(to, {}, None)
    body = orjson.dumps({**said, "timestamp": moment}, option=orjson.OPT_UTC_Z)
    signatures = [
        standardwebhooks.Webhook(secret).sign(str(to.delivery_id), moment, body.decode())
        for secret in _live(to.secrets, seal, moment)
    ]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "duijie-webhooks",
        "webhook-id": str(to.delivery_id),
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Message(to, headers, body)


def note_outcome(*, session: Session, message: Message, answer: Answer, delays: Sequence[float]) -> bool:
    """Write down how it went; tells whether the message arrived.

    Args:
        session: writes.
        message: what was sent.
        answer: what came back.
        delays: seconds to wait after the first, second, … failure; after the last one it is given up.
    """
    to, moment = message.to, now()
    deliveries = DeliveryRepository(session, to.webhook_id)
    attempts = to.attempts + 1
    tried = {"attempts": attempts, "last_status": answer.status, "last_attempt_at": moment}
    if answer.status is not None and HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        deliveries.set(to.delivery_id, **tried, state=DeliveryState.DELIVERED, last_error=None, next_at=None)
        return True
    if answer.status == HTTPStatus.GONE:
        webhook = WebhookRepository(session).find(to.webhook_id, lock=True)
        if webhook is not None and webhook.enabled:
            stop(session, webhook, Stopped.RECEIVER_GONE)
    is_over = attempts > len(delays)
    wait = 0.0 if is_over else delays[attempts - 1] * random.uniform(1, 1 + _JITTER)  # noqa: S311 - no secret
    deliveries.set(
        to.delivery_id,
        **tried,
        state=DeliveryState.DEAD if is_over else DeliveryState.PENDING,
        last_error=_error(answer),
        next_at=None if is_over else moment + timedelta(seconds=wait),
    )
    return False


def note_untold(*, session: Session, message: Message) -> None:
    """Take back what its owner may not be told of: since it was noted, its keys have ended or may read less."""
    to = message.to
    webhook = WebhookRepository(session).find(to.webhook_id, lock=True)
    if webhook is not None and webhook.enabled and accounts.acting(session=session, owner=to.owner) is None:
        # what waits is sent when somebody who owns it enables it again
        stop(session, webhook, Stopped.KEY_ENDED)
        return
    DeliveryRepository(session, to.webhook_id).drop(to.delivery_id)


def next_due(*, session: Session, webhook_id: UUID) -> datetime | None:
    """When something is to be sent to a webhook next; None when nothing waits."""
    return DeliveryRepository(session, webhook_id).next_due()


def _said(session: Session, actor: Actor, to: Addressed) -> dict[str, Any] | None:
    if to.kind == PING or to.record_id is None:
        return {"type": PING, "data": {"webhook_id": to.webhook_id}}
    kind = ChangeKind(to.kind)
    found = told(session=session, actor=actor, kind=kind, record_id=to.record_id, at=to.changed_at)
    return None if found is None else {"type": f"{kind}.{found.type}", "data": found.shown}


def _live(secrets: Secrets, seal: Seal, moment: datetime) -> list[str]:
    sealed = [secrets.sealed]
    if secrets.old_sealed is not None and secrets.old_until is not None and secrets.old_until > moment:
        sealed.append(secrets.old_sealed)
    return [seal.open(one) for one in sealed]


def _error(answer: Answer) -> DeliveryError:
    if answer.status is None:
        return DeliveryError(answer.error or DeliveryError.BROKEN)
    is_redirect = HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST
    return DeliveryError.REDIRECT if is_redirect else DeliveryError.STATUS
