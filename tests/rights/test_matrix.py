"""Every operation, asked for by everybody about every kind of object: the answers stand in matrix.txt.

How to add a route:

1. Write its lines into matrix.txt, one for each kind of object it can be about: its operation id, the kind (`any` if it
   names no object), and the status that each role should get. Write what should hold before you look at what does;
   `-` says that the role can have no such object. A route that is not in the OpenAPI document goes by its name.
2. If it needs a path, a query, a body or an object, give it a `Plan` in the module of its kind here (postings, matches,
   organizations, keys, …; a new kind is a new module, named in `_MODULES`). A plan makes a request that is right in all
   but who sends it; If-Match is added where the document asks for it. `world.once(key, make)` makes an object the first
   time, and again after anything was changed.

A route without lines fails, so do lines without a route, and kinds that the plan and the table do not share.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

import pytest
from starlette.routing import BaseRoute, Mount

from tests.contract.document import operations
from tests.rights import catalog, keys, matches, oneself, organizations, people, postings, table, webhooks
from tests.rights.world import Ask, Caller, Plan, World
from tests.support.clients import client_over
from tests.support.people import read_people

_MODULES: tuple[ModuleType, ...] = (catalog, keys, matches, oneself, organizations, people, postings, webhooks)
_PLANS: dict[str, Plan] = {name: plan for module in _MODULES for name, plan in module.PLANS.items()}
_BY_ITSELF = Plan(lambda *_: Ask())
_IN_A_MOUNT = {"static-offline-docs": "swagger-ui.css"}


class Address(NamedTuple):
    """Where an operation is asked for."""

    method: str
    path: str
    is_conditional: bool


DOCUMENTED = {
    one.name: Address(
        one.method.upper(),
        one.path,
        any(parameter["name"].lower() == "if-match" for parameter in one.body.get("parameters", ())),
    )
    for one in operations()
}


def _address(name: str, routes: list[BaseRoute]) -> Address:
    if name in DOCUMENTED:
        return DOCUMENTED[name]
    route = next(route for route in routes if route.name == name)
    inside = f"/{_IN_A_MOUNT[name]}" if isinstance(route, Mount) else ""
    return Address("GET", route.path + inside, is_conditional=False)


@pytest.fixture(scope="module")
def world(store) -> Iterator[World]:
    """One for all operations: whatever is changed is made anew."""
    with store.fresh("staffed") as database, client_over(database) as client:
        yield World(client, database, read_people(store.note("staffed")))


def _status(world: World, caller: Caller, address: Address, ask: Ask) -> int:
    headers = dict(caller.headers) | ({"If-Match": "*"} if address.is_conditional else {})
    path = address.path.format_map(ask.path)
    answer = world.client.request(address.method, path, params=ask.query, json=ask.body, headers=headers)
    if address.method != "GET" and answer.is_success:
        world.forget()
    return answer.status_code


@pytest.mark.parametrize("name", table.MATRIX)
def test_everybody_gets_what_the_table_says(world, name):
    plan = _PLANS.get(name, _BY_ITSELF)
    lines = table.MATRIX[name]
    assert set(lines) == set(plan.kinds)
    address = _address(name, world.client.app.routes)
    unlike = []
    for kind, line in lines.items():
        for role, expected in line.items():
            ask = plan.make(world, world.callers[role], kind)
            found = table.CANNOT_BE if ask is None else str(_status(world, world.callers[role], address, ask))
            if found != expected:
                unlike.append(f"{role} about {kind}: {found} instead of {expected}")
    assert not unlike, "\n".join([f"{name}:", *unlike])


def test_every_route_has_its_lines_and_every_line_its_route(world):
    routes = world.client.app.routes
    documented = {(address.path, address.method) for address in DOCUMENTED.values()}
    hidden = {
        route.name
        for route in routes
        for method in getattr(route, "methods", None) or {"GET"}
        if method != "HEAD" and (route.path, method) not in documented
    }
    assert set(table.MATRIX) == set(DOCUMENTED) | hidden
    assert set(_PLANS) <= set(table.MATRIX)
    assert set(table.ROLES) == set(world.callers)


@pytest.mark.parametrize("text", ["op kind a b\nx any 200\n", "op kind a\nx any 200\nx any 200\n"])
def test_a_table_that_is_not_one_is_refused(text):
    with pytest.raises(ValueError, match="x any"):
        table.read(text)
