"""Plain ASGI middleware: request id and log line, headers, HEAD, limits of the body."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("duijie.request")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BODIES = {
    "POST": frozenset({"application/json"}),
    "PUT": frozenset({"application/json"}),
    "PATCH": frozenset({"application/json", "application/merge-patch+json"}),
}
ADDED_HEADERS = "duijie.headers"
"""Where in a request's scope the headers stand that its answer gets, whatever it is."""
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "private, no-cache"),
)


class RequestTrail:
    """Gives each request an id (the caller's own if sound), returns it, and logs one line without any content."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.perf_counter) -> None:
        self.app = app
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.clock()
        offered = Headers(scope=scope).get("x-request-id", "")
        request_id = offered if _REQUEST_ID.fullmatch(offered) else uuid4().hex
        scope["request_id"] = request_id
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in (*HEADERS, *scope.get(ADDED_HEADERS, {}).items()):
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            milliseconds = round((self.clock() - began) * 1000, 1)
            log.info(
                "request", method=scope["method"], path=scope["path"], status=status, ms=milliseconds, id=request_id
            )


class HeadAsGet:
    """Serves HEAD as GET with all its headers and without its body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        # a copy: the server and the log still see the HEAD
        await self.app({**scope, "method": "GET"}, receive, send_without_body)


class BodyLimits:
    """Refuses bodies that are too large, announced (at once) or not (when it shows), and bodies that are not JSON."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] not in _BODIES:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        announced = int(length) if length.isdecimal() else 0
        has_body = announced > 0 or "transfer-encoding" in headers
        is_json = _media_type(headers) in _BODIES[scope["method"]]
        seen = 0

        # Raised where the body is read, so that the application's own handlers answer.
        async def limited() -> Message:
            nonlocal seen
            if announced > self.max_bytes:
                raise HTTPException(413)
            if has_body and not is_json:
                raise HTTPException(415)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.max_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, limited, send)


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
