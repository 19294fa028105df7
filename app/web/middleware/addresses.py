"""How long an address may be."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.web import problems

MAX_PATH_BYTES = 2_000
MAX_QUERY_BYTES = 8_192
MAX_PARAMETERS = 50


class AddressLimits:
    """Refuses addresses that are too long or have too many parameters, before anything of them is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and _is_too_long(scope):
            await problems.refuse(414, scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_too_long(scope: Scope) -> bool:
    query: bytes = scope["query_string"]
    return (
        len(query) > MAX_QUERY_BYTES
        or query.count(b"&") >= MAX_PARAMETERS
        or len(scope.get("raw_path") or scope["path"].encode()) > MAX_PATH_BYTES
    )
