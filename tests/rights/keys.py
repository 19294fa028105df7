"""API keys. own: another key of the caller's role and organisation · other: of another organisation's member ·
administrator: of somebody who stands above an operator. A new key goes by the role it is for.
"""

from functools import partial

from sqlalchemy.orm import Session

from app.features.accounts.types import Role
from tests.rights.world import Ask, Caller, Plan, World

KINDS = ("own", "other", "administrator")


def _issue(world: World, role: Role, organization_id, session: Session) -> str:
    return str(world.issue(session, role, organization_id).id)


def _named(body: object = None):
    def make(world: World, caller: Caller, kind: str) -> Ask | None:
        role, owner = {
            "own": (caller.role, caller.organization_id),
            "other": (Role.MEMBER, world.other),
            "administrator": (Role.ADMINISTRATOR, None),
        }[kind]
        if role is None or (kind == "own" and not caller.shows_key):
            return None
        key_id = world.once(("key", role, owner), partial(_issue, world, role, owner))
        return Ask({"key_id": key_id}, body=body)

    return make


def _new(world: World, _caller: Caller, kind: str) -> Ask:
    body = {"name": "新的", "role": kind, "scopes": ["needs:read"]}
    return Ask(body=body | ({"organization_id": str(world.other)} if kind == "member" else {}))


PLANS = {
    "issue_api_key": Plan(_new, ("member", "portal", "operator", "administrator")),
    "get_api_key": Plan(_named(), KINDS),
    "update_api_key": Plan(_named({"name": "改过的"}), KINDS),
    "rotate_api_key": Plan(_named({}), KINDS),
    "revoke_api_key": Plan(_named(), KINDS),
    # the old key goes on working for the rest of the run
    "rotate_current_api_key": Plan(lambda *_: Ask(body={})),
}
