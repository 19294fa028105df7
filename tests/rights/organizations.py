"""Organisations. own: the caller's · other: another one; the register is one for all who are known."""

from functools import partial

from sqlalchemy.orm import Session

from app.features.accounts.types import SYSTEM
from app.features.organizations import service
from app.features.organizations.schemas import OrganizationCreate
from tests.rights.world import Ask, Caller, Plan, World
from tests.support.people import make_uscc

KINDS = ("own", "other")


def _fresh(world: World) -> dict[str, object]:
    # beyond the codes of those who act
    uscc = make_uscc(100 + world.number())
    return {"name": "新机构", "org_type": "other", "roles": ["provider"], "uscc": uscc}


def _enter(world: World, session: Session) -> str:
    made = service.create(session=session, actor=SYSTEM, body=OrganizationCreate.model_validate(_fresh(world)))
    return str(made.id)


def _named(body: object = None):
    def make(world: World, caller: Caller, kind: str) -> Ask | None:
        if kind == "other":
            return Ask({"organization_id": world.once("organization", partial(_enter, world))}, body=body)
        return Ask({"organization_id": caller.organization_id}, body=body) if caller.organization_id else None

    return make


PLANS = {
    "create_organization": Plan(lambda world, *_: Ask(body=_fresh(world))),
    "get_organization": Plan(_named(), KINDS),
    "update_organization": Plan(_named({"summary": "改过的"}), KINDS),
    "verify_organization": Plan(_named(), KINDS),
}
