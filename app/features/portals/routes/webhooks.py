"""Webhooks over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Response

from app.core.paging import Page
from app.features.accounts.deps import somebody
from app.features.accounts.types import Actor, Scope
from app.features.portals import service
from app.features.portals.deps import TheDestinations, TheSeal
from app.features.portals.schemas import (
    DeliveryListQuery,
    DeliveryRead,
    WebhookCreate,
    WebhookIssued,
    WebhookListQuery,
    WebhookRead,
    WebhookUpdate,
)
from app.web.conditional import IfMatch, IfNoneMatch, versioned
from app.web.deps import ReadSession, WriteSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

Reader = Annotated[Actor, somebody(Scope.WEBHOOKS_READ)]
Writer = Annotated[Actor, somebody(Scope.WEBHOOKS_WRITE)]

router = Router(prefix="/v1/webhooks", tags=["webhooks"])


@router.post("", status_code=201, response_model=WebhookIssued, responses=problems(401, 403, 409))
def create_webhook(
    body: WebhookCreate, actor: Writer, seal: TheSeal, destinations: TheDestinations, session: WriteSession
) -> Response:
    """Have changes told to an address of yours; the secret that signs them is shown this once.

    Each message is signed as Standard Webhooks has it and sent again, under the same `webhook-id`, until it is answered
    by a 2xx or a day has passed: at least once. A 410 disables the webhook.
    """
    made = service.create(session=session, actor=actor, body=body, seal=seal, destinations=destinations)
    return versioned(made, made.version, status=201)


@router.get("", response_model=Page[WebhookRead], responses=problems(400, 401, 403))
def list_webhooks(
    query: Annotated[WebhookListQuery, from_query(WebhookListQuery)], actor: Reader, session: ReadSession
) -> Response:
    """List your webhooks, without their secrets."""
    return encoded(service.list_page(session=session, actor=actor, query=query))


@router.get("/{webhook_id}", response_model=WebhookRead, responses=problems(401, 403, 404))
def get_webhook(webhook_id: UUID, actor: Reader, session: ReadSession, if_none_match: IfNoneMatch = None) -> Response:
    """Read one webhook."""
    found = service.get(session=session, actor=actor, webhook_id=webhook_id)
    return versioned(found, found.version, if_none_match=if_none_match)


@router.patch("/{webhook_id}", response_model=WebhookRead, responses=problems(401, 403, 404, 409, 412, 428))
def update_webhook(
    webhook_id: UUID,
    body: WebhookUpdate,  # type: ignore[valid-type]  # made from what is created, so that the two cannot drift
    actor: Writer,
    destinations: TheDestinations,
    session: WriteSession,
    accepted: IfMatch,
) -> Response:
    """Change a webhook; one that is enabled again goes on where it stopped."""
    changed = service.change(
        session=session,
        actor=actor,
        webhook_id=webhook_id,
        body=body,
        accepted=accepted,
        destinations=destinations,
    )
    return versioned(changed, changed.version)


@router.delete("/{webhook_id}", status_code=204, responses=problems(401, 403, 404, 409, 412, 428))
def delete_webhook(webhook_id: UUID, actor: Writer, session: WriteSession, accepted: IfMatch) -> None:
    """Delete a webhook with all its deliveries."""
    service.remove(session=session, actor=actor, webhook_id=webhook_id, accepted=accepted)


@router.post("/{webhook_id}/rotate-secret", response_model=WebhookIssued, responses=problems(401, 403, 404))
def rotate_webhook_secret(webhook_id: UUID, actor: Writer, seal: TheSeal, session: WriteSession) -> Response:
    """Take a new secret, shown this once; the old one signs too for 24 hours."""
    rotated = service.rotate_secret(session=session, actor=actor, webhook_id=webhook_id, seal=seal)
    return versioned(rotated, rotated.version)


@router.post("/{webhook_id}/ping", status_code=201, response_model=DeliveryRead, responses=problems(401, 403, 404, 409))
def ping_webhook(webhook_id: UUID, actor: Writer, session: WriteSession) -> Response:
    """Send a message that says nothing, to see whether it arrives."""
    return _accepted(service.ping(session=session, actor=actor, webhook_id=webhook_id))


@router.get("/{webhook_id}/deliveries", response_model=Page[DeliveryRead], responses=problems(400, 401, 403, 404))
def list_webhook_deliveries(
    webhook_id: UUID,
    query: Annotated[DeliveryListQuery, from_query(DeliveryListQuery)],
    actor: Reader,
    session: ReadSession,
) -> Response:
    """List the messages to a webhook: what arrived, what waits, what was given up."""
    return encoded(service.list_deliveries(session=session, actor=actor, webhook_id=webhook_id, query=query))


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay",
    response_model=DeliveryRead,
    responses=problems(401, 403, 404, 409),
)
def replay_webhook_delivery(webhook_id: UUID, delivery_id: UUID, actor: Writer, session: WriteSession) -> Response:
    """Send a message again, under the same id and with what is so now."""
    return encoded(service.replay(session=session, actor=actor, webhook_id=webhook_id, delivery_id=delivery_id))


def _accepted(made: DeliveryRead) -> Response:
    answer = encoded(made)
    answer.status_code = 201
    return answer
