"""What can change, and how a change is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.core.labels import LabelBook, Labelled
from app.features.accounts.types import Lasting


@LabelBook.publish
class ChangeKind(Labelled):
    """A kind of record that others may follow."""

    NEED = "need", "需求", "Need"
    CAPABILITY = "capability", "能力", "Capability"
    ORGANIZATION = "organization", "机构", "Organisation"


@LabelBook.publish
class ChangeType(Labelled):
    """What to do with one's own copy of a record."""

    UPSERTED = "upserted", "新增或更新", "Added or changed"
    GONE = "gone", "不再可见", "No longer to be seen"


@LabelBook.publish
class DeliveryState(Labelled):
    """Where a message to a webhook stands."""

    PENDING = "pending", "待送达", "Pending"
    DELIVERED = "delivered", "已送达", "Delivered"
    DEAD = "dead", "已放弃", "Given up"


@LabelBook.publish
class Stopped(Labelled):
    """Why the platform stopped telling a webhook."""

    RECEIVER_GONE = "receiver_gone", "接收方已停用(410)", "The receiver is gone (410)"
    KEY_ENDED = "key_ended", "所属密钥已失效", "The key it belongs to has ended"


@LabelBook.publish
class DeliveryError(Labelled):
    """Why a message did not arrive."""

    ADDRESS_REFUSED = "address_refused", "地址不被允许", "The address is not allowed"
    TIMEOUT = "timeout", "超时", "It took too long"
    UNREACHABLE = "unreachable", "无法连接", "It could not be reached"
    TLS = "tls", "TLS 证书无效", "Its certificate is not valid"
    BROKEN = "broken", "连接中断", "The connection broke"
    REDIRECT = "redirect", "接收方要求跳转", "It answered with a redirect"
    STATUS = "status", "接收方返回错误", "It answered with an error"


class Secrets(NamedTuple):
    """The secrets of a webhook as they are kept, and until when the older one is live."""

    sealed: str
    old_sealed: str | None
    old_until: datetime | None


class Addressed(NamedTuple):
    """What is to be sent next, and whose it is."""

    delivery_id: UUID
    webhook_id: UUID
    owner: Lasting
    url: str
    secrets: Secrets
    kind: str
    record_id: UUID | None
    changed_at: datetime
    attempts: int


class Message(NamedTuple):
    """A request that tells of a change; without a body there is nothing that the owner may be told."""

    to: Addressed
    headers: Mapping[str, str]
    body: bytes | None


DELIVER = "webhooks.deliver"
"""The job that brings a webhook up to date; its key is the webhook's id."""

PING = "ping"
"""The kind of a message that says nothing."""
