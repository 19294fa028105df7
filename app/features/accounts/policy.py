"""What a role may ask for, and who may handle keys."""

from collections.abc import Mapping

from app.features.accounts.types import Actor, Role, Scope

_READER = frozenset(
    {Scope.NEEDS_READ, Scope.CAPABILITIES_READ, Scope.ORGANIZATIONS_READ, Scope.MATCHES_READ, Scope.CHANGES_READ}
)
_MEMBER = _READER | {Scope.NEEDS_WRITE, Scope.CAPABILITIES_WRITE, Scope.ORGANIZATIONS_WRITE}
_WEBHOOKS = frozenset({Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE})
_PEOPLE = frozenset({Scope.PEOPLE_READ, Scope.PEOPLE_WRITE})
_KEYS = frozenset({Scope.KEYS_READ, Scope.KEYS_WRITE})

SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.MEMBER: _MEMBER,
    Role.MANAGER: _MEMBER | _PEOPLE,
    Role.OPERATOR: _MEMBER | _PEOPLE | _KEYS | _WEBHOOKS | {Scope.POSTINGS_REVIEW},
    Role.ADMINISTRATOR: frozenset(Scope),
    # What a portal may ask for in a person's name too; by itself it owns nothing it could write.
    Role.PORTAL: _MEMBER | _WEBHOOKS,
}
"""The most that each role may ask for."""


def grantable(actor: Actor, role: Role) -> frozenset[Scope]:
    """What an actor may let a key of a role ask for: nobody gives what they do not have."""
    return SCOPES[role] & actor.scopes


def may_act_for_people(actor: Actor) -> bool:
    """Portals act for people who signed in, with their access keys."""
    return actor.role == Role.PORTAL


def may_see_keys(actor: Actor) -> bool:
    """Operators see keys; the secret is seen by nobody."""
    return actor.is_operator


def may_issue(actor: Actor, role: Role) -> bool:
    """An administrator issues any key, an operator those of organisations and portals: nobody an equal or higher.

    Who may issue a key may also change, rotate and revoke it.
    """
    if actor.role == Role.ADMINISTRATOR:
        return True
    return actor.role == Role.OPERATOR and (role.is_of_organization or role == Role.PORTAL)
