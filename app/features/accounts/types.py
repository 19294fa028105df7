"""Who acts, and what for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.core.labels import LabelBook, Labelled
from app.core.trail import By


@LabelBook.publish
class Role(Labelled):
    """What somebody is here. What a member may post follows from its organisation's roles."""

    MEMBER = "member", "企业成员", "Member of an organisation"
    MANAGER = "manager", "企业管理员", "Administrator of an organisation"
    OPERATOR = "operator", "平台运营人员", "Platform operator"
    ADMINISTRATOR = "administrator", "平台管理员", "Platform administrator"
    PORTAL = "portal", "门户", "Portal"

    @property
    def is_of_organization(self) -> bool:
        """Whether who holds it belongs to one organisation."""
        return self in (Role.MEMBER, Role.MANAGER)


@LabelBook.publish
class Scope(Labelled):
    """What a key or a signed-in person may ask for at all; which records follows from the rules of each feature."""

    NEEDS_READ = "needs:read", "查看需求", "Read needs"
    NEEDS_WRITE = "needs:write", "发布和修改需求", "Post and change needs"
    CAPABILITIES_READ = "capabilities:read", "查看能力", "Read capabilities"
    CAPABILITIES_WRITE = "capabilities:write", "发布和修改能力", "Post and change capabilities"
    POSTINGS_REVIEW = "postings:review", "审核发布", "Review postings"
    ORGANIZATIONS_READ = "organizations:read", "查看机构", "Read organisations"
    ORGANIZATIONS_WRITE = "organizations:write", "登记和修改机构", "Enter and change organisations"
    MATCHES_READ = "matches:read", "查看匹配和报告", "Read matches and reports"
    PEOPLE_READ = "people:read", "查看人员", "Read people"
    PEOPLE_WRITE = "people:write", "邀请和管理人员", "Invite and manage people"
    KEYS_READ = "keys:read", "查看密钥", "Read keys"
    KEYS_WRITE = "keys:write", "签发和吊销密钥", "Issue and revoke keys"
    CHANGES_READ = "changes:read", "读取变更", "Read changes"
    WEBHOOKS_READ = "webhooks:read", "查看回调", "Read webhooks"
    WEBHOOKS_WRITE = "webhooks:write", "管理回调", "Manage webhooks"
    AUDIT_READ = "audit:read", "查看审计", "Read the audit"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is behind a request; `role` is None for a reader without a key.

    Attributes:
        role: what they are here.
        organization_id: whose member they are.
        key_id: the API key they show.
        person_id: the person who signed in.
        portal_id: the key of the portal through which a person acts.
        scopes: what they may ask for.
    """

    role: Role | None = None
    organization_id: UUID | None = None
    key_id: UUID | None = None
    person_id: UUID | None = None
    portal_id: UUID | None = None
    scopes: frozenset[Scope] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether the actor showed a valid key or signed in."""
        return self.role is not None

    @property
    def is_operator(self) -> bool:
        """Whether the actor runs the platform."""
        return self.role in (Role.OPERATOR, Role.ADMINISTRATOR)

    @property
    def by(self) -> By:
        """The actor as the audit keeps it."""
        return By(self.role, self.organization_id, self.key_id, self.person_id, self.portal_id)

    @property
    def caller(self) -> str | None:
        """What stays the same from request to request of one caller; None for somebody unknown."""
        if self.person_id is not None:
            return f"person:{self.person_id}"
        return f"key:{self.key_id}" if self.key_id else None

    @property
    def sight(self) -> "Actor":
        """The actor as far as it decides what is seen: all members of an organisation see the same."""
        return Actor(self.role, self.organization_id)

    def narrowed(self, scopes: Iterable[Scope], *, portal_id: UUID) -> "Actor":
        """The same person, acting through a portal that may ask for some scopes only."""
        return Actor(self.role, self.organization_id, None, self.person_id, portal_id, self.scopes.intersection(scopes))


class Lasting(NamedTuple):
    """Who stays the owner of something: a person, or a key and those it is rotated to, named by the first."""

    key_id: UUID | None
    person_id: UUID | None


ANONYMOUS = Actor()
SYSTEM = Actor(role=Role.ADMINISTRATOR, scopes=frozenset(Scope))
"""The command line on the server itself."""
