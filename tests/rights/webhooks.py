"""Webhooks. own: of the key that asks · other: another key's of the same role."""

from collections.abc import Mapping

from app.features.accounts.types import Role
from tests.rights.world import Ask, Caller, Plan, World

KINDS = ("own", "other")
_PLACE = "/v1/webhooks"
_NEW = {"url": "https://hooks.example.com/duijie"}


def _another(world: World, role: Role) -> Mapping[str, str]:
    with world.database.write_session() as session:
        return {"Authorization": f"Bearer {world.issue(session, role, None).key}"}


def _named(body: object = None, *, is_delivery: bool = False):
    def make(world: World, caller: Caller, kind: str) -> Ask | None:
        is_own = kind == "own"
        role = Role.PORTAL if caller.role is None or caller.role.is_of_organization else caller.role
        headers = dict(caller.headers if is_own else _another(world, role))
        made = world.client.post(_PLACE, json=_NEW, headers=headers)
        if made.status_code != 201:
            assert is_own
            return None
        path = {"webhook_id": made.json()["id"]}
        if is_delivery:
            sent = world.client.post(f"{_PLACE}/{path['webhook_id']}/ping", headers=headers)
            path["delivery_id"] = sent.json()["id"]
        return Ask(path, body=body)

    return make


PLANS = {
    "create_webhook": Plan(lambda *_: Ask(body=_NEW)),
    "get_webhook": Plan(_named(), KINDS),
    "update_webhook": Plan(_named({"kinds": ["need"]}), KINDS),
    "delete_webhook": Plan(_named(), KINDS),
    "rotate_webhook_secret": Plan(_named(), KINDS),
    "ping_webhook": Plan(_named(), KINDS),
    "list_webhook_deliveries": Plan(_named(), KINDS),
    "replay_webhook_delivery": Plan(_named(is_delivery=True), KINDS),
}
