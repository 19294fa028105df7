"""How large, how deep and how slow a body may be, and of what kind."""

import asyncio
import json

import numpy as np
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_DEPTH = 32
"""How many lists and objects may lie inside each other."""

_KINDS = {
    "POST": frozenset({"application/json"}),
    "PUT": frozenset({"application/json"}),
    "PATCH": frozenset({"application/json", "application/merge-patch+json"}),
}
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")  # one deeper, or one less deep
_ALL_ELSE = bytes(set(range(256)) - set(b'[]{}"'))


class BodyLimits:
    """Refuses bodies that are too large, too slow, too deep or not JSON.

    What is announced is refused at once, the rest when it shows.

    Args:
        app: what it stands before.
        max_bytes: of a body.
        seconds: within which a whole body must have come.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, seconds: float) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] not in _KINDS:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        announced = int(length) if length.isdecimal() else 0
        has_body = announced > 0 or "transfer-encoding" in headers
        is_json = _media_type(headers) in _KINDS[scope["method"]]
        end = asyncio.get_running_loop().time() + self.seconds
        parts: list[bytes] = []
        seen = 0
        is_whole = False

        # Raised where the body is read, so that the application's own handlers answer.
        async def limited() -> Message:
            nonlocal seen, is_whole
            if is_whole:  # whoever listens on waits for the caller to leave, for as long as the answer takes
                return await receive()
            if announced > self.max_bytes:
                raise HTTPException(413)
            if has_body and not is_json:
                raise HTTPException(415)
            try:
                async with asyncio.timeout_at(end):
                    message = await receive()
            except TimeoutError as error:
                # the rest may still come: nothing else can be asked over this connection
                raise HTTPException(408, headers={"Connection": "close"}) from error
            part = message.get("body", b"")
            seen += len(part)
            if seen > self.max_bytes:
                raise HTTPException(413)
            parts.append(part)
            is_whole = not message.get("more_body", False)
            if is_whole and is_too_deep(b"".join(parts)):
                raise HTTPException(400)
            return message

        await self.app(scope, limited, send)


def is_too_deep(content: bytes) -> bool:
    """Whether lists and objects lie too deep inside each other in JSON. Of what is not JSON either may be said.

    Done by a few passes over the bytes, not by a step for each: the time must not depend on what was sent.
    """
    if content.count(b"[") + content.count(b"{") <= MAX_DEPTH:
        return False
    if b"\0" in content:  # JSON has none, unless it is UTF-16 or UTF-32, which the parser would read
        content = content.decode(json.detect_encoding(content), "replace").encode(errors="replace")
    # what is escaped; then all but quotes and brackets; then strings without a bracket, and those with some
    quoted = content.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _ALL_ELSE).replace(b'""', b"")
    brackets = b"".join(quoted.split(b'"')[::2])
    steps = np.frombuffer(brackets.translate(_STEPS), dtype=np.int8)
    return bool(steps.cumsum(dtype=np.int32).max(initial=0) > MAX_DEPTH)


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
