"""Callers who ask and take nothing of the answer."""

import os
import socket
import stat

from starlette.types import ASGIApp, Receive, Scope, Send

# How long Linux waits for a caller to take what was sent to it; elsewhere there is no such limit.
_LIMIT: int = getattr(socket, "TCP_USER_TIMEOUT", 0)
_OPEN_FILES = "/dev/fd"


class StalledReaders:
    """Lets the system end connections whose caller takes nothing of an answer.

    An answer has left the application long before it has left the machine, so only the system knows. A connection
    inherits the limit from the socket that listens, and the server keeps that to itself: it is found among the open
    files of the process when the first request comes.

    Args:
        app: what it stands before.
        seconds: without anything taken.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds
        self._is_set = not _LIMIT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not self._is_set and scope["type"] == "http":
            self._is_set = True
            _, port = scope.get("server") or (None, None)
            if port:
                limit_readers(int(port), self.seconds)
        await self.app(scope, receive, send)


def limit_readers(port: int, seconds: float) -> None:
    """Limit all connections to a port of this process, now and to come."""
    for entry in os.scandir(_OPEN_FILES):
        try:
            number = int(entry.name)
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            found = socket.socket(fileno=os.dup(number))
        except OSError:  # the listing's own file, closed by now
            continue
        with found:
            if found.family in (socket.AF_INET, socket.AF_INET6) and found.getsockname()[1] == port:
                found.setsockopt(socket.IPPROTO_TCP, _LIMIT, round(seconds * 1000))
