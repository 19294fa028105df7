"""Who may read the audit."""

from app.features.accounts.types import Actor, Role


def may_read(actor: Actor) -> bool:
    """Administrators of the platform: it tells of everybody, the operators among them."""
    return actor.role == Role.ADMINISTRATOR
