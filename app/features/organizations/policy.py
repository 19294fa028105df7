"""Who may do what with an organisation."""

from uuid import UUID

from app.features.accounts.types import Actor


def may_create(actor: Actor) -> bool:
    """Operators enter organisations."""
    return actor.is_operator


def may_change(actor: Actor, organization_id: UUID) -> bool:
    """An organisation's own members and operators."""
    return actor.is_operator or actor.organization_id == organization_id


def may_give_roles(actor: Actor) -> bool:
    """Operators say which sides an organisation may take; what it has posted so far stays."""
    return actor.is_operator


def may_verify(actor: Actor) -> bool:
    """Operators verify."""
    return actor.is_operator


def may_see_contact(actor: Actor, organization_id: UUID) -> bool:
    """Contacts stay with the organisation itself and operators."""
    return may_change(actor, organization_id)
