"""A request's id, its line in the log, and the headers of its answer."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web import headers

log = structlog.get_logger("duijie.request")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


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
        headers.open_to_more(scope)
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answered = MutableHeaders(scope=message)
                answered["X-Request-ID"] = request_id
                for name, value in headers.headers_for(scope):
                    answered.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            milliseconds = round((self.clock() - began) * 1000, 1)
            log.info(
                "request", method=scope["method"], path=scope["path"], status=status, ms=milliseconds, id=request_id
            )
