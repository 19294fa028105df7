"""One hop: a handler and everything it is given run together in one worker thread.

FastAPI takes each blocking dependency to a thread of its own, and a session's commit to another; each change of thread
costs more than the query it carries. Here a parameter says in its annotation how it is `Given`: read from the request
and the database, in the handler's thread, right before the handler runs. FastAPI sees only what is left: the path,
headers and the body. A session is committed before the answer leaves, so a commit that fails is an error the caller
sees. A handler that is given something slow runs in a lane of its own.
"""

import inspect
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from anyio.to_thread import run_sync
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.core.errors import DuijieError
from app.core.trail import Source
from app.db import audit
from app.db.engine import Database
from app.web import idempotency
from app.web.idempotency import AnsweredBefore, Once
from app.web.lanes import Lane, SlowLane
from app.web.limiting import is_counted, limit

_REQUEST = "_request"


@dataclass(slots=True)
class Visit:
    """What a parameter may be read from.

    Attributes:
        request: as it came.
        session: reads.
        source: where the request comes from.
        caller: whose requests this one is counted with, noted by whatever finds out who asks; None for somebody
            unknown.
        in_passing: what is to be written once the handler has succeeded, in its transaction if it has one, and left out
            when another writer is in the way: nobody should wait for it.
        beforehand: what is to be done first in the transactions that the handler opens itself.
    """

    request: Request
    session: Session
    source: Source
    caller: str | None = None
    in_passing: list[Callable[[Session], None]] = field(default_factory=list)
    beforehand: list[Callable[[Session], None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """How a parameter is read, in an `Annotated`.

    Args:
        read: reads the value.
        query: the model of the query parameters it reads, if it reads any.
        security: the scheme of the key it reads, if it reads one.
        beside: the scheme of what may be shown beside the key.
        lane: for what is done with it, where that takes long, without the database.
        is_required: whether there must be a key.
        scope: what the key must be for.
    """

    read: Callable[[Visit], Any]
    query: type[BaseModel] | None = None
    security: SecurityBase | None = None
    beside: SecurityBase | None = None
    lane: Lane | None = None
    is_required: bool = False
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Marks the parameter that is given a session for writing, in an `Annotated`."""


class _Plan(NamedTuple):
    handler: Callable[..., Any]
    givens: Mapping[str, Given]
    writer: str | None
    is_limited: bool
    lane: Lane | None


class _CountedRoute(APIRoute):
    """A route that also counts what is refused before its handler is reached, by whatever of the request."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        answer = super().get_route_handler()
        plan: _Plan | None = getattr(self.endpoint, "plan", None)
        if plan is None or not plan.is_limited:
            return answer

        async def counted(request: Request) -> Response:
            try:
                return await answer(request)
            except Exception:
                if not is_counted(request):
                    await run_sync(_count, plan, request)
                raise

        return counted


class Router(APIRouter):
    """An APIRouter whose synchronous handlers are run in one hop, with what they are given.

    Args:
        is_limited: whether its callers may only ask so often.
        options: FastAPI's own.
    """

    def __init__(self, *, is_limited: bool = True, **options: Any) -> None:  # noqa: ANN401 - FastAPI's
        super().__init__(route_class=_CountedRoute, **options)
        self.is_limited = is_limited

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's
        """Add a route."""
        plan = _plan(endpoint, is_limited=self.is_limited)
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _in_one_hop(plan)
        elif plan.givens or plan.writer:
            # FastAPI would read them from the request, the actor among them
            raise TypeError(f"{endpoint.__name__} is given what blocks: it must not be async")
        super().add_api_route(path, endpoint, **options | {"generate_unique_id_function": _operation_id})


def givens_of(route: APIRoute) -> list[Given]:
    """What a route's handler is given."""
    plan: _Plan | None = getattr(route.endpoint, "plan", None)
    return [] if plan is None else list(plan.givens.values())


def _operation_id(route: APIRoute) -> str:
    """The route's function name, so that generated clients read well."""
    return route.name.replace("-", "_")


def _in_one_hop(plan: _Plan) -> Callable[..., Any]:
    handler = plan.handler

    async def run(**values: Any) -> object:  # noqa: ANN401 - the handler's own
        request: Request = values.pop(_REQUEST)
        body = await request.body() if idempotency.HEADER in request.headers else b""
        if plan.lane is not None:
            lanes: Mapping[Lane, SlowLane] = request.app.state.lanes
            return await lanes[plan.lane].run(_call, plan, request, body, values)
        return await run_sync(_call, plan, request, body, values)

    # by hand: functools.wraps would let FastAPI look through to the synchronous handler
    run.__signature__ = _signature(plan)  # type: ignore[attr-defined]
    run.plan = plan  # type: ignore[attr-defined]
    run.__name__, run.__doc__, run.__module__ = handler.__name__, handler.__doc__, handler.__module__
    return run


def _plan(handler: Callable[..., Any], *, is_limited: bool) -> _Plan:
    marks = {
        name: mark
        for name, parameter in inspect.signature(handler).parameters.items()
        if get_origin(parameter.annotation) is Annotated
        for mark in get_args(parameter.annotation)[1:]
        if isinstance(mark, Given | Writer)
    }
    givens = {name: mark for name, mark in marks.items() if isinstance(mark, Given)}
    return _Plan(
        handler=handler,
        givens=givens,
        writer=next((name for name, mark in marks.items() if isinstance(mark, Writer)), None),
        is_limited=is_limited,
        lane=next((lane for lane in reversed(Lane) if any(given.lane is lane for given in givens.values())), None),
    )


def _signature(plan: _Plan) -> inspect.Signature:
    """What is left for FastAPI to give, and the request."""
    whole = inspect.signature(plan.handler)
    left = [one for name, one in whole.parameters.items() if name not in plan.givens and name != plan.writer]
    request = inspect.Parameter(_REQUEST, inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    return whole.replace(parameters=[*left, request])


def _call(plan: _Plan, request: Request, body: bytes, values: dict[str, Any]) -> object:
    store: Database = request.app.state.database
    source = source_of(request)
    with store.read_session() as reader:
        audit.come_from(reader, source)
        visit = Visit(request, reader, source)
        _read_givens(plan, visit, values)
        once = idempotency.once(request, body, visit.caller or f"address:{source.address}")
        earlier = once.earlier(reader) if once else None
        if earlier is not None:
            return earlier
        answer = None if plan.writer is not None else _run(plan, visit, values, once)
    # the reader's connection is given back first: otherwise as many requests as there are connections could each wait
    # for a second one, for ever
    if plan.writer is not None:
        with store.write_session(source) as writer:
            work = partial(plan.handler, **values, **{str(plan.writer): writer})
            answer = once.answered(writer, lambda: _as_response(work())) if once else work()
            _follow(visit, writer)
    elif audit.is_noted(reader):
        with store.write_session(source) as writer:
            audit.move(reader, writer)
            _follow(visit, writer)
    elif visit.in_passing:
        store.write_in_passing(source, lambda writer: _follow(visit, writer))
    return answer


def _run(plan: _Plan, visit: Visit, values: dict[str, Any], once: Once | None) -> object:
    """Run a handler that reads, or opens transactions of its own."""
    if once is None:
        return plan.handler(**values)
    visit.beforehand.append(once.claim)
    store: Database = visit.request.app.state.database
    try:
        answer = _as_response(plan.handler(**values))
    except AnsweredBefore as before:
        return before.answer
    except BaseException:
        if once.is_claimed:
            with store.write_session() as writer:
                once.release(writer)
        raise
    visit.session.commit()  # nobody holds one connection while waiting for another
    try:
        with store.write_session() as writer:
            once.keep(writer, answer)
    except AnsweredBefore as before:
        # taken for dead, it was carried out once more: whoever shows the key is answered alike
        return before.answer
    return answer


def _as_response(answer: object) -> Response:
    return answer if isinstance(answer, Response) else Response(status_code=204)


def _read_givens(plan: _Plan, visit: Visit, values: dict[str, Any]) -> None:
    """Read what a handler is given, and count the request for whoever asks; the route counts it if this fails."""
    for name, given in plan.givens.items():
        values[name] = given.read(visit)
    if plan.is_limited:
        limit(visit.request, visit.session, caller=visit.caller, address=visit.source.address)


def _count(plan: _Plan, request: Request) -> None:
    """Count a request whose handler was not reached, for whoever asks."""
    store: Database = request.app.state.database
    with store.read_session() as reader:
        visit = Visit(request, reader, source_of(request))
        with suppress(DuijieError, HTTPException, RequestValidationError):
            for given in plan.givens.values():
                if given.security is not None:
                    given.read(visit)
        limit(request, reader, caller=visit.caller, address=visit.source.address)


def _follow(visit: Visit, writer: Session) -> None:
    for left in visit.in_passing:
        left(writer)


def source_of(request: Request) -> Source:
    """Where a request comes from."""
    return Source(request.client.host if request.client else None, request.scope.get("request_id"))
