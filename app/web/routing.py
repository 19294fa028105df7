"""One hop: a handler and everything of it that blocks run together in one worker thread.

FastAPI takes each blocking dependency to a thread of its own, and a session's commit to another; each change of thread
costs more than the query it carries. Here a dependency gives a context manager, not yet entered, and the router enters
it right before the handler and leaves it right after, in the handler's thread. A session is therefore committed before
the answer leaves, and a commit that fails is an error the caller sees.
"""

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any, Generic, TypeVar

from anyio.to_thread import run_sync
from fastapi import APIRouter
from sqlalchemy.orm import Session

ValueT = TypeVar("ValueT")


class Deferred(AbstractContextManager[ValueT], Generic[ValueT]):
    """A value that is read where blocking is allowed: with the handler's own read session if it has one.

    Args:
        read: reads the value.
        open_session: opens a session for a handler that has none for reading.
    """

    def __init__(self, read: Callable[[Session], ValueT], open_session: Callable[[], Session]) -> None:
        self.read = read
        self.open_session = open_session

    def __enter__(self) -> ValueT:
        """Read the value with a session of its own, which is given back at once."""
        with self.open_session() as session:
            return self.read(session)

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


def resolved(value: ValueT | Deferred[ValueT], session: Session) -> ValueT:
    """A dependency's value, read with this session if it was deferred."""
    return value.read(session) if isinstance(value, Deferred) else value


def _call(handler: Callable[..., Any], values: dict[str, object]) -> object:
    with ExitStack() as stack:
        reader = next((value for value in values.values() if isinstance(value, Session)), None)
        if reader is not None:
            stack.enter_context(reader)
            values = {name: resolved(value, reader) for name, value in values.items()}
        return handler(**{name: stack.enter_context(entered(value)) for name, value in values.items()})
