"""One hop: a handler and everything of it that blocks run together in one worker thread.

FastAPI takes each blocking dependency to a thread of its own, and a session's commit to another; each change of thread
costs more than the query it carries. Here a dependency gives a context manager, not yet entered, and the router enters
it right before the handler and leaves it right after, in the handler's thread. A session is therefore committed before
the answer leaves, and a commit that fails is an error the caller sees.
"""

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from typing import Any, Generic, TypeVar

from anyio.to_thread import run_sync
from fastapi import APIRouter

ValueT = TypeVar("ValueT")


class Deferred(AbstractContextManager[ValueT], Generic[ValueT]):
    """A value that is made where blocking is allowed."""

    def __init__(self, make: Callable[..., ValueT], *arguments: object) -> None:
        self.make = partial(make, *arguments)

    def __enter__(self) -> ValueT:
        """Make the value."""
        return self.make()

    def __exit__(self, *_: object) -> None:
        """Leave it to whoever has it."""


def entered(value: ValueT | AbstractContextManager[ValueT]) -> AbstractContextManager[ValueT]:
    """A dependency's value as a context manager, whether or not it is one already."""
    return value if isinstance(value, AbstractContextManager) else nullcontext(value)


class Router(APIRouter):
    """An APIRouter whose synchronous handlers are run in one hop."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's
        """Add a route."""
        handler = endpoint if inspect.iscoroutinefunction(endpoint) else _in_one_hop(endpoint)
        super().add_api_route(path, handler, **options)


def _in_one_hop(handler: Callable[..., Any]) -> Callable[..., Any]:
    async def run(**values: object) -> object:
        return await run_sync(_call, handler, values)

    # by hand: functools.wraps would let FastAPI look through to the synchronous handler
    run.__signature__ = inspect.signature(handler)  # type: ignore[attr-defined]
    run.__name__, run.__doc__, run.__module__ = handler.__name__, handler.__doc__, handler.__module__
    return run


def _call(handler: Callable[..., Any], values: dict[str, object]) -> object:
    with ExitStack() as stack:
        return handler(**{name: stack.enter_context(entered(value)) for name, value in values.items()})
