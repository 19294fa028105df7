"""Who acts."""

from dataclasses import dataclass
from uuid import UUID

from app.core.labels import LabelBook, Labelled


@LabelBook.publish
class Role(Labelled):
    """What a key may be used for. What a member may post follows from its organisation's roles."""

    MEMBER = "member", "企业成员", "Member of an organisation"
    OPERATOR = "operator", "平台运营人员", "Platform operator"
    ADMINISTRATOR = "administrator", "平台管理员", "Platform administrator"
    PORTAL = "portal", "门户", "Portal"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is behind a request; `role` is None for a reader without a key."""

    role: Role | None = None
    organization_id: UUID | None = None
    key_id: UUID | None = None

    @property
    def is_known(self) -> bool:
        """Whether the actor showed a valid key."""
        return self.role is not None

    @property
    def is_operator(self) -> bool:
        """Whether the actor runs the platform."""
        return self.role in (Role.OPERATOR, Role.ADMINISTRATOR)


ANONYMOUS = Actor()
SYSTEM = Actor(role=Role.ADMINISTRATOR)
"""The command line on the server itself."""
