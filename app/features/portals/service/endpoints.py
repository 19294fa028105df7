"""Webhooks: making them, changing them, exchanging their secrets."""

import base64
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import StaleVersion
from app.core.ids import new_id
from app.core.merging import merge_patch
from app.core.outbound import Destinations
from app.core.paging import Page
from app.core.rules import validated
from app.core.schema import Schema
from app.core.sealing import Seal
from app.db import audit, changes, jobs
from app.features.accounts import service as accounts
from app.features.accounts.types import Actor
from app.features.portals.errors import TooManyWebhooks, UrlRefused, WebhookNotFound
from app.features.portals.models import Webhook
from app.features.portals.repository import WebhookRepository
from app.features.portals.schemas import WebhookCreate, WebhookIssued, WebhookListQuery, WebhookRead
from app.features.portals.types import DELIVER

_MOST = 20
_SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)
"""How long a secret still signs after it was exchanged."""


def create(
    *, session: Session, actor: Actor, body: WebhookCreate, seal: Seal, destinations: Destinations
) -> WebhookIssued:
    """Make a webhook, which is told of what changes from now on. Its secret is in the answer and nowhere else.

    Raises:
        KeyRequired: no key was shown.
        TooManyWebhooks: the owner has as many as it may have.
        UrlRefused: nothing is sent to such an address.
    """
    owner = accounts.lasting(session=session, actor=actor)
    _check_url(body.url, destinations)
    repository = WebhookRepository(session)
    if repository.count(owner) >= _MOST:
        raise TooManyWebhooks(_MOST)
    secret, moment = _new_secret(), now()
    webhook = Webhook(
        id=new_id(),
        key_id=owner.key_id,
        person_id=owner.person_id,
        url=body.url,
        kinds=list(body.kinds),
        enabled=body.enabled,
        stopped=None,
        secret_sealed=seal.seal(secret),
        old_secret_sealed=None,
        old_secret_until=None,
        place=changes.revision(session),
        version=1,
        created_at=moment,
        updated_at=moment,
    )
    repository.add(webhook)
    audit.note(session, action="webhook.create", by=actor.by, subject=("webhook", webhook.id))
    return WebhookIssued(**_read(webhook).model_dump(), secret=secret)


def list_page(*, session: Session, actor: Actor, query: WebhookListQuery) -> Page[WebhookRead]:
    """One page of the actor's webhooks.

    Raises:
        KeyRequired: no key was shown.
    """
    owner = accounts.lasting(session=session, actor=actor)
    page = WebhookRepository(session).list_page(owner, query.wanted)
    return Page(items=[WebhookRead(**row) for row in page.items], next_cursor=page.next_cursor, total=page.total)


def get(*, session: Session, actor: Actor, webhook_id: UUID) -> WebhookRead:
    """One of the actor's webhooks.

    Raises:
        KeyRequired: no key was shown.
        WebhookNotFound: there is none, or it is another's.
    """
    return _read(found(session=session, actor=actor, webhook_id=webhook_id))


def found(*, session: Session, actor: Actor, webhook_id: UUID, lock: bool = False) -> Webhook:
    """One of the actor's webhooks as a row; errors as in `get`."""
    owner = accounts.lasting(session=session, actor=actor)
    webhook = WebhookRepository(session).get(owner, webhook_id, lock=lock)
    if webhook is None:
        raise WebhookNotFound
    return webhook


def change(
    *,
    session: Session,
    actor: Actor,
    webhook_id: UUID,
    body: Schema,
    accepted: frozenset[int] | None,
    destinations: Destinations,
) -> WebhookRead:
    """Change where it is, what it is told of, or whether. One that is enabled again goes on where it stopped.

    Args:
        session: writes.
        actor: who asks.
        webhook_id: which one.
        body: a `WebhookUpdate`; fields left out stay as they are.
        accepted: the versions the change may start from; None for any.
        destinations: where anything may be sent.

    Raises:
        KeyRequired: no key was shown.
        WebhookNotFound: there is none, or it is another's.
        StaleVersion: it has changed meanwhile.
        UrlRefused: nothing is sent to such an address.
        Invalid: the change breaks a rule.
    """
    webhook = found(session=session, actor=actor, webhook_id=webhook_id, lock=True)
    if accepted is not None and webhook.version not in accepted:
        raise StaleVersion
    given = body.model_dump(mode="json", exclude_unset=True)
    before = {name: getattr(webhook, name) for name in WebhookCreate.model_fields}
    changed = validated(WebhookCreate, merge_patch(before, given))
    if changed.url != webhook.url:
        _check_url(changed.url, destinations)
    webhook.url, webhook.kinds, webhook.enabled = changed.url, list(changed.kinds), changed.enabled
    webhook.stopped = None
    _touch(session, webhook)
    if webhook.enabled:
        jobs.enqueue(session, DELIVER, str(webhook.id))
    named = sorted(name for name in given if before[name] != getattr(webhook, name))
    detail = {"fields": named, "enabled": webhook.enabled}
    audit.note(session, action="webhook.change", by=actor.by, subject=("webhook", webhook.id), detail=detail)
    return _read(webhook)


def rotate_secret(*, session: Session, actor: Actor, webhook_id: UUID, seal: Seal) -> WebhookIssued:
    """Give a new secret. For a day each message is signed with both, so that the receiver may change over in between.

    Raises:
        KeyRequired: no key was shown.
        WebhookNotFound: there is none, or it is another's.
    """
    webhook = found(session=session, actor=actor, webhook_id=webhook_id, lock=True)
    secret = _new_secret()
    webhook.old_secret_sealed, webhook.old_secret_until = webhook.secret_sealed, now() + OVERLAP
    webhook.secret_sealed = seal.seal(secret)
    _touch(session, webhook)
    audit.note(session, action="webhook.rotate", by=actor.by, subject=("webhook", webhook.id))
    return WebhookIssued(**_read(webhook).model_dump(), secret=secret)


def remove(*, session: Session, actor: Actor, webhook_id: UUID, accepted: frozenset[int] | None) -> None:
    """Remove a webhook with everything that was to be sent to it.

    Raises:
        KeyRequired: no key was shown.
        WebhookNotFound: there is none, or it is another's.
        StaleVersion: it has changed meanwhile.
    """
    webhook = found(session=session, actor=actor, webhook_id=webhook_id, lock=True)
    if accepted is not None and webhook.version not in accepted:
        raise StaleVersion
    WebhookRepository(session).remove(webhook)
    audit.note(session, action="webhook.delete", by=actor.by, subject=("webhook", webhook_id))


def _touch(session: Session, webhook: Webhook) -> None:
    webhook.version += 1
    webhook.updated_at = now()
    WebhookRepository(session).save()


def _check_url(url: str, destinations: Destinations) -> None:
    if not destinations.allows_url(url):
        raise UrlRefused


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _read(webhook: Webhook) -> WebhookRead:
    fields = {name: getattr(webhook, name) for name in WebhookRead.model_fields}
    if webhook.old_secret_until is not None and webhook.old_secret_until <= now():
        fields["old_secret_until"] = None
    return WebhookRead(**fields)
