"""What people are given and where they come from."""

from typing import NamedTuple
from uuid import UUID

from app.core.addresses import block_of
from app.core.labels import LabelBook, Labelled
from app.core.trail import By

SEND_MAIL = "people.mail"
"""The job that sends mail."""


@LabelBook.publish
class LinkKind(Labelled):
    """What a link that is sent to somebody is for."""

    INVITATION = "invitation", "邀请", "Invitation"
    PASSWORD_RESET = "password_reset", "重置密码", "Password reset"


class Place(NamedTuple):
    """Where somebody signs in.

    Attributes:
        address: the network address; None if nobody knows.
        portal_id: the key of the portal they use, if any.
        by: who asks, before it is known which person it is.
    """

    address: str | None
    portal_id: UUID | None
    by: By

    @property
    def block(self) -> str:
        """The network by which the address is counted and known again; empty if nobody knows it."""
        return block_of(self.address)
