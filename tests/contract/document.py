"""The OpenAPI document this code serves, without a database behind it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from app.db.engine import Database
from app.main import create_app
from app.settings import Settings

METHODS = ("get", "put", "post", "delete", "patch")


class Operation(NamedTuple):
    """One operation and where it lies."""

    path: str
    method: str
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its operation id, which names it in test reports."""
        return self.body.get("operationId", f"{self.method} {self.path}")


@cache
def document() -> dict[str, Any]:
    """The document as it is served and printed by `duijie openapi`."""
    # an engine connects at first use, so this address is never called
    nowhere = Database("postgresql+psycopg://nobody@localhost/nothing")
    try:
        return create_app(Settings(_env_file=None), nowhere).openapi()
    finally:
        nowhere.close()


@cache
def operations() -> tuple[Operation, ...]:
    """All operations."""
    return tuple(
        Operation(path, method, body)
        for path, item in document()["paths"].items()
        for method, body in item.items()
        if method in METHODS
    )


def named(reference: str) -> dict[str, Any]:
    """A schema by its `$ref`."""
    return document()["components"]["schemas"][reference.rpartition("/")[2]]


def schemas_below(schema: Any, seen: frozenset[str] = frozenset()) -> Iterator[dict[str, Any]]:
    """A schema and all that it is made of, references followed once."""
    if isinstance(schema, list):
        for part in schema:
            yield from schemas_below(part, seen)
    if not isinstance(schema, dict):
        return
    yield schema
    reference = schema.get("$ref")
    if reference is not None and reference not in seen:
        yield from schemas_below(named(reference), seen | {reference})
    for name, part in schema.items():
        if name in ("properties", "$defs"):
            for inner in part.values():
                yield from schemas_below(inner, seen)
        elif name not in ("example", "examples", "default", "enum", "const"):
            yield from schemas_below(part, seen)


def body_schema(operation: Operation) -> dict[str, Any] | None:
    """The schema of a JSON body; None for an operation without a body."""
    content = operation.body.get("requestBody", {}).get("content", {})
    return content["application/json"]["schema"] if content else None
