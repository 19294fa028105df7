"""Who may do what with an organisation."""

from uuid import UUID

from app.features.accounts.types import Actor


def may_read(actor: Actor) -> bool:
    """The register is open to those who are known."""
    return actor.is_known


def may_create(actor: Actor) -> bool:
    """Operators enter organisations."""
    return actor.is_operator


def may_change(actor: Actor, organization_id: UUID) -> bool:
    """An organisation's own members and operators."""
    return actor.is_operator or is_of(actor, organization_id)


def is_of(actor: Actor, organization_id: UUID) -> bool:
    """Whether the actor belongs to the organisation."""
    return actor.organization_id == organization_id


def may_give_roles(actor: Actor) -> bool:
    """Operators say which sides an organisation may take; what it has posted so far stays."""
    return actor.is_operator


def may_verify(actor: Actor) -> bool:
    """Operators verify."""
    return actor.is_operator


def keeps_verified(actor: Actor) -> bool:
    """What operators change stays verified; what others change of a name or kind is to be looked at again."""
    return actor.is_operator


def may_see_contact(actor: Actor, organization_id: UUID) -> bool:
    """Contacts stay with the organisation itself and operators."""
    return may_change(actor, organization_id)
