"""Who may handle keys."""

from app.features.accounts.types import Actor, Role


def may_see_keys(actor: Actor) -> bool:
    """Operators see keys; the secret is seen by nobody."""
    return actor.is_operator


def may_issue(actor: Actor, role: Role) -> bool:
    """An administrator issues any key, an operator those of members and portals: nobody makes an equal or higher."""
    if actor.role == Role.ADMINISTRATOR:
        return True
    return actor.role == Role.OPERATOR and role in (Role.MEMBER, Role.PORTAL)
