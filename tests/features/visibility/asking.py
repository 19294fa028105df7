"""Every address that reads, with every parameter the document knows: new routes are asked by themselves.

A parameter of a path or a query that nothing here can fill fails the test; PATHS and QUERIES are the places to say how.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest

from app.features.people.mails import PAGES
from app.web.docs import SCRIPT_PATH
from tests.features.visibility.world import Actor, World

Values = Callable[[World, str], Sequence[str]]
"""Gives what a parameter is tried with, from the world and the path it belongs to."""


def _postings(world: World, path: str) -> list[str]:
    kind = "capabilities" if "/capabilities" in path else "needs"
    found = world.of_kind(kind)
    return [*(one.id for one in found), found[0].reference]


def _codes(_world: World, path: str) -> list[str]:
    return [{"industries": "3670", "regions": "320506", "scenarios": "S20"}[path.split("/")[3]]]


PATHS: Mapping[str, Values] = {
    "posting_id": _postings,
    "need_id": lambda world, _: [one.id for one in world.of_kind("needs")],
    "capability_id": lambda world, _: [one.id for one in world.of_kind("capabilities")],
    "organization_id": lambda world, _: list(world.organizations),
    "code": _codes,
    "concept_id": lambda _world, _path: ["T0001"],
    "webhook_id": lambda world, _: world.webhooks,
}
"""What a parameter of a path is filled with. One that is not here takes the ids of the list its path begins with, as an
administrator reads it."""

QUERIES: Mapping[str, Values] = {
    "q": lambda world, _: world.random.sample(sorted(world.secrets), 6),
    "limit": lambda _world, path: ["50"] if path.endswith("/report") else ["200", "2"],
    "cursor": lambda _world, _path: [],  # pages are followed to their end anyway
    "organization_id": lambda world, _: list(world.organizations),
    "scenario": lambda _world, _path: ["S20"],
    "industry": lambda _world, _path: ["36", "3670"],
    "region": lambda _world, _path: ["320506"],
    "parent": lambda _world, _path: [],
    "within": lambda _world, _path: [],
    "nbs": lambda _world, _path: [],
    "mca": lambda _world, _path: [],
    "category": lambda _world, _path: [],
    "depth": lambda _world, _path: ["1"],
    "stage": lambda _world, _path: [],
    "action": lambda _world, _path: ["posting.publish", "contact.read"],
    "subject_kind": lambda _world, _path: ["need", "organization"],
    "subject_id": lambda world, _: [*world.random.sample(sorted(world.postings), 2), *world.organizations],
    "person_id": lambda _world, _path: [],
    "key_id": lambda _world, _path: [],
    "since": lambda _world, _path: ["2026-01-01T00:00:00Z"],
    "until": lambda _world, _path: ["2099-01-01T00:00:00Z"],
}
"""What a parameter of a query is tried with, unless its schema names all of its values."""

BESIDE = ("/", "/docs", SCRIPT_PATH, *(f"/{name}" for name in PAGES.values()))
"""What the document does not list. The files that the page of the API is made of are a package's own."""

_MOST = 8  # values of one enumeration: each state of a posting, not each kind of organisation

REGISTER = ("/v1/organizations",)
"""Where whoever has a key finds organisations by name, whatever they have posted."""


@dataclass(frozen=True)
class Question:
    """One request; `body` makes it a POST."""

    route: str
    url: str
    body: Any = None
    method: str = "GET"

    @property
    def in_register(self):
        return self.route.startswith(REGISTER)


def questions(world: World, actor: Actor) -> Iterator[Question]:
    """Everything an actor may try to read."""
    for path, item in world.client.app.openapi()["paths"].items():
        if "get" in item:
            yield from _of_route(world, path, item["get"].get("parameters", []))
    yield from (Question(path, path + query) for path in BESIDE for query in ("", "?lang=en"))
    yield from _trials(world, actor)


def _of_route(world: World, path: str, parameters: Sequence[Mapping[str, Any]]) -> Iterator[Question]:
    given = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    queries = list(_variants({name: _tried(world, path, name, schema) for name, schema in given.items()}, path))
    for place in _places(world, path):
        yield from (Question(path, f"{place}?{urlencode(query)}" if query else place) for query in queries)
    if queries and "{" in path:
        yield Question(path, place, method="HEAD")


def _places(world: World, path: str) -> list[str]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    filled = [dict(zip(names, one, strict=True)) for one in product(*(_filled(world, path, name) for name in names))]
    if len(names) > 1:
        filled = world.random.sample(filled, min(len(filled), len(world.postings)))
    return [path.format(**one) for one in filled]


def _filled(world: World, path: str, name: str) -> Sequence[str]:
    if name in PATHS:
        return PATHS[name](world, path)
    administrator = next(one for one in world.actors if one.role == "administrator")
    answer = world.client.get(path.partition("/{")[0], headers=administrator.headers)
    items = answer.json().get("items", []) if answer.status_code == 200 else []
    if not items:
        pytest.fail(f"GET {path}: say in PATHS of {__name__} what its {name} is filled with")
    return [one["id"] for one in items]


def _tried(world: World, path: str, name: str, schema: Mapping[str, Any]) -> Sequence[str]:
    named = [value for one in (schema, *schema.get("anyOf", [])) for value in _named(world, one)]
    if named:
        return named
    if name not in QUERIES:
        pytest.fail(f"GET {path}: say in QUERIES of {__name__} what its {name} is tried with")
    return QUERIES[name](world, path)


def _named(world: World, schema: Mapping[str, Any]) -> list[str]:
    if "$ref" in schema:
        described = world.client.app.openapi()["components"]["schemas"]
        return _named(world, described[schema["$ref"].rpartition("/")[2]])
    if schema.get("type") == "boolean":
        return ["true", "false"]
    named = [*schema.get("enum", []), *([schema["const"]] if "const" in schema else [])]
    return [str(one) for one in named[:_MOST]]


def _variants(tried: Mapping[str, Sequence[str]], path: str) -> Iterator[dict[str, str]]:
    """No parameter; in lists each value by itself, elsewhere all parameters at once until each value was there."""
    yield {}
    if path.startswith("/v1/catalog"):
        return
    if "cursor" in tried:
        yield from ({name: value} for name, values in tried.items() for value in values)
        yield {"limit": "200", "include": "total"}
        return
    filled = {name: values for name, values in tried.items() if values}
    longest = max(map(len, filled.values()), default=0)
    for turn in range(longest):
        yield {name: values[turn % len(values)] for name, values in filled.items()}


def _trials(world: World, actor: Actor) -> Iterator[Question]:
    """POST requests that change nothing, with words that stand in what is hidden."""
    # each a sentence of its own: a passage that is quoted back holds what is shared with somebody else's words
    words = "。\n".join(one for one in sorted(world.secrets) if one.startswith("qz"))[:7000]
    texts = {"need": {"title": "焊缝视觉检测", "problem": f"焊缝外观漏检。\n{words}"}}
    texts["capability"] = {"title": "焊缝视觉检测", "summary": f"检测焊缝外观。\n{words}", "price_min_cny": 10**12}
    texts["need"]["budget_max_cny"] = 1
    for side, explain in product(texts, (True, False)):
        body = {side: texts[side], "limit": 200, "explain": explain}
        yield Question("/v1/matches/preview", "/v1/matches/preview", body, "POST")
    if actor.role:
        for need in world.of_kind("needs"):
            path = f"/v1/needs/{need.id}/simulate"
            yield Question("/v1/needs/{posting_id}/simulate", path, {"goal": "", "budget_max_cny": 10**12}, "POST")
