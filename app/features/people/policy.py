"""Who may do what with people."""

from uuid import UUID

from app.features.accounts.policy import SCOPES, may_issue
from app.features.accounts.types import Actor, Role


def may_manage(actor: Actor, role: Role, organization_id: UUID | None) -> bool:
    """Whether an actor may invite and change people of a role: managers those of their own organisation.

    Others as they may issue keys: nobody an equal or a higher, but administrators anybody. Whoever may ask for less
    than a role may makes nobody of that role.
    """
    if not SCOPES[role] <= actor.scopes:
        return False
    if actor.role == Role.MANAGER:
        return role.is_of_organization and organization_id == actor.organization_id
    return is_for_people(role) and may_issue(actor, role)


def sees_everybody(actor: Actor) -> bool:
    """Operators know of all people."""
    return actor.is_operator


def sees_own_organization(actor: Actor) -> bool:
    """Managers know of the people of their organisation; members know of nobody."""
    return actor.role == Role.MANAGER


def is_for_people(role: Role) -> bool:
    """Whether people can have a role: portals are machines."""
    return role != Role.PORTAL


def may_change_sign_in(actor: Actor) -> bool:
    """A portal that acts for somebody does not change by what they sign in."""
    return actor.portal_id is None


def may_have_totp(role: Role | None) -> bool:
    """Second factors are for those who run the platform."""
    return role in (Role.OPERATOR, Role.ADMINISTRATOR)


def may_reset_totp(actor: Actor) -> bool:
    """Administrators take a lost second factor off."""
    return actor.role == Role.ADMINISTRATOR
