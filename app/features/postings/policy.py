"""Who may see and do what with a posting. Everything that shows a posting asks here."""

from collections.abc import Callable
from uuid import UUID

from app.features.accounts.types import Actor
from app.features.postings.types import Action, PostingStatus, Visibility

Sight = Callable[[UUID, Visibility], bool]
"""Tells by a posting's organisation and a group's level whether the group is seen."""

_OPEN_TO_ALL = frozenset({Visibility.PUBLIC})
_OPEN_TO_KNOWN = _OPEN_TO_ALL | {Visibility.REGISTERED}
_OPEN_TO_OPERATORS = frozenset(Visibility)
REVIEWS = frozenset({Action.PUBLISH, Action.RETURN, Action.REJECT})
"""What a reviewer decides."""
_OWNER = frozenset({Action.REVISE, Action.SUBMIT, Action.PAUSE, Action.RESUME, Action.CLOSE})


def owns(actor: Actor, organization_id: UUID) -> bool:
    """Whether the posting is the actor's own."""
    return actor.organization_id is not None and actor.organization_id == organization_id


def sees_every_posting(actor: Actor) -> bool:
    """Operators see whatever there is."""
    return actor.is_operator


def may_put(actor: Actor) -> bool:
    """Operators publish by a natural key in one go, as imports do."""
    return actor.is_operator


def sees_all(actor: Actor, organization_id: UUID) -> bool:
    """Whether nothing of the posting is hidden from the actor, drafts included."""
    return sees_every_posting(actor) or owns(actor, organization_id)


def open_levels(actor: Actor) -> frozenset[Visibility]:
    """The levels at which an actor may see what belongs to others.

    `matched` and `on_consent` open only through a docking, so they are closed here.
    """
    if sees_every_posting(actor):
        return _OPEN_TO_OPERATORS
    return _OPEN_TO_KNOWN if actor.is_known else _OPEN_TO_ALL


def may_see(actor: Actor, *, organization_id: UUID, status: PostingStatus, details: Visibility, is_over: bool) -> bool:
    """Whether a posting exists for an actor at all; one whose validity is over exists for its own side only."""
    if sees_all(actor, organization_id):
        return True
    return status == PostingStatus.PUBLISHED and not is_over and details in open_levels(actor)


def sight(actor: Actor) -> Sight:
    """A test of whether an actor who sees a posting also sees a group of its fields, made once for many postings."""
    if sees_every_posting(actor):
        return lambda _organization_id, _level: True
    levels, own = open_levels(actor), actor.organization_id
    return lambda organization_id, level: level in levels or (own is not None and own == organization_id)


def may_know_of(actor: Actor, *, organization_id: UUID, seen: Visibility | None) -> bool:
    """Whether an actor may be told that a posting has gone: only if others like it could have seen it before."""
    return sees_all(actor, organization_id) or (seen is not None and seen in open_levels(actor))


def wider(one: Visibility | None, other: Visibility) -> Visibility:
    """The wider of two levels; None is none at all."""
    widest_first = list(Visibility)
    return other if one is None else min(one, other, key=widest_first.index)


def budget_is_open_to_readers(*, details: Visibility, budget: Visibility) -> bool:
    """Whether everybody who sees a posting also sees its budget: its level is not narrower than that of the details."""
    widest_first = list(Visibility)
    return widest_first.index(budget) <= widest_first.index(details)


def is_secret(details: Visibility) -> bool:
    """Whether a posting is closed to some who hold a key, so that nothing they can measure may depend on its words."""
    return details not in _OPEN_TO_KNOWN


def may_post_for(actor: Actor, organization_id: UUID) -> bool:
    """Members post for their own organisation, operators for any."""
    return sees_all(actor, organization_id)


def may(actor: Actor, action: Action, organization_id: UUID) -> bool:
    """Whether an actor may take an action: owners run their postings, operators also review."""
    return actor.is_operator or (owns(actor, organization_id) and action in _OWNER)
