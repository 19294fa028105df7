"""People, as others manage them. own: a member of the caller's organisation · other: one of another's · operator,
administrator: of the platform.
"""

from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from app.features.accounts.types import Role
from tests.rights.world import Ask, Caller, Plan, World
from tests.support.signed_in import sign_in

KINDS = ("own", "other", "operator", "administrator")


def _place(world: World, caller: Caller, kind: str) -> tuple[Role, UUID | None] | None:
    if kind == "own":
        return (Role.MEMBER, caller.organization_id) if caller.organization_id else None
    return (Role.MEMBER, world.other) if kind == "other" else (Role(kind), None)


def _enter(role: Role, owner: UUID | None, session: Session) -> UUID:
    return sign_in(session, role=role, organization_id=owner).person_id


def _named(body: object = None):
    def make(world: World, caller: Caller, kind: str) -> Ask | None:
        place = _place(world, caller, kind)
        return place and Ask({"person_id": world.once(("person", *place), partial(_enter, *place))}, body=body)

    return make


def _new(world: World, caller: Caller, kind: str) -> Ask | None:
    place = _place(world, caller, kind)
    if place is None:
        return None
    role, owner = place
    login = f"rights-{world.number()}@example.com"
    return Ask(body={"login": login, "name": "新人", "role": role, "organization_id": owner and str(owner)})


PLANS = {
    "invite_person": Plan(_new, KINDS),
    "get_person": Plan(_named(), KINDS),
    "update_person": Plan(_named({"name": "改过的"}), KINDS),
    "reset_totp": Plan(_named(), KINDS),
}
