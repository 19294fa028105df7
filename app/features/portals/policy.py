"""Which kinds of records somebody may follow."""

from collections.abc import Mapping

from app.features.accounts.types import Actor, Scope
from app.features.portals.types import ChangeKind

READ: Mapping[ChangeKind, Scope] = {
    ChangeKind.NEED: Scope.NEEDS_READ,
    ChangeKind.CAPABILITY: Scope.CAPABILITIES_READ,
    ChangeKind.ORGANIZATION: Scope.ORGANIZATIONS_READ,
}
"""What it takes to read each kind in its own list; following it takes no less."""

_OPEN_TO_ALL = frozenset({ChangeKind.NEED, ChangeKind.CAPABILITY})


def kinds_open_to(actor: Actor) -> frozenset[ChangeKind]:
    """The kinds whose lists an actor may read; the register takes a key."""
    if not actor.is_known:
        return _OPEN_TO_ALL
    return frozenset(kind for kind, scope in READ.items() if scope in actor.scopes)
