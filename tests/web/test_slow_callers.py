"""Callers who send or take nothing for long, over plain sockets, while others are answered."""

import socket
import time
from contextlib import closing, contextmanager, suppress
from urllib.parse import urlsplit

import psutil
import pytest

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

_LIMIT = 2
_PATIENCE = 30
_POST = b"POST /v1/needs HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
_BIG = b"GET /static-offline-docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.fixture
def server(serve):
    limits = {f"DUIJIE_SERVER__{name}_SECONDS": str(_LIMIT) for name in ("HEADER", "BODY", "READER")}
    with serve(**limits) as made:
        yield made


@contextmanager
def _sending(server, text, buffer=None):
    """A connection on which some text has been sent."""
    address = urlsplit(server.base)
    with closing(socket.socket()) as connection:
        if buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(_PATIENCE)
        connection.connect((address.hostname, address.port))
        connection.sendall(text)
        yield connection


def _until_closed(connection):
    """What comes before the other side closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def _others_are_answered(server):
    began = time.monotonic()
    assert server.get("/v1/needs?limit=1").status_code == 200
    assert time.monotonic() - began < _LIMIT


@pytest.mark.parametrize(
    "text", [b"", b"G", b"GET /v1/needs HTTP/1.1\r\nHost: he"], ids=["nothing", "a letter", "half"]
)
def test_a_header_that_does_not_come_is_not_waited_for(server, text):
    with _sending(server, text) as connection:
        _others_are_answered(server)
        began = time.monotonic()
        assert _until_closed(connection) == b""
        assert time.monotonic() - began < 3 * _LIMIT


def test_a_header_that_comes_a_letter_at_a_time_is_not_waited_for(server):
    with _sending(server, b"GET /v1/needs HTTP/1.1\r\nX: ") as connection:
        began = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() - began < _PATIENCE:
                connection.sendall(b"x")
                time.sleep(0.2)
        assert time.monotonic() - began < 3 * _LIMIT


def test_a_connection_on_which_nothing_more_is_asked_is_closed(server):
    with _sending(server, b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n") as connection:
        assert _until_closed(connection).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("letters", [0, 1])
def test_a_body_must_have_come_in_time(server, people, letters):
    key = people["enterprise"].headers["Authorization"].encode()
    with _sending(server, _POST + b"Authorization: " + key + b'\r\n\r\n{"title"') as connection:
        _others_are_answered(server)
        began = time.monotonic()
        connection.settimeout(0.2)
        answer = b""
        while not answer and time.monotonic() - began < _PATIENCE:
            connection.sendall(b" " * letters)  # each in time, the whole not
            try:
                answer = connection.recv(65_536)
            except TimeoutError:
                continue
        assert _LIMIT - 1 < time.monotonic() - began < 3 * _LIMIT
        connection.settimeout(_PATIENCE)
        answer += _until_closed(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in head.lower()
    assert b"application/problem+json" in head
    assert b"body-too-slow" in body


def _is_held(connection, server):
    """Whether the server still has its end of a connection."""
    port = connection.getsockname()[1]
    workers = psutil.Process(server.process.pid).children(recursive=True)
    held = [one for worker in workers for one in worker.net_connections("tcp") if one.raddr and one.raddr.port == port]
    return bool(held)


def test_a_caller_who_takes_nothing_of_an_answer_is_let_go(server):
    # more than the system keeps for a connection: the server is in the middle of it
    with _sending(server, _BIG * 10, buffer=4096) as connection:
        _others_are_answered(server)
        time.sleep(0.5)
        assert _is_held(connection, server)
        end = time.monotonic() + _PATIENCE
        while _is_held(connection, server) and time.monotonic() < end:
            time.sleep(0.2)
        assert not _is_held(connection, server)
        _others_are_answered(server)


def test_a_caller_who_takes_an_answer_slowly_gets_all_of_it(server):
    taken = 0
    with _sending(server, _BIG, buffer=65_536) as connection:
        began = time.monotonic()
        while part := connection.recv(16_384):
            taken += len(part)
            if time.monotonic() - began < 2 * _LIMIT:
                time.sleep(0.1)
    assert taken > 1_500_000
    assert time.monotonic() - began > 2 * _LIMIT


def test_many_headers_are_refused(server):
    lines = b"".join(b"X-%d: 1\r\n" % number for number in range(150))
    with _sending(server, b"GET /health/live HTTP/1.1\r\nHost: here\r\n" + lines + b"\r\n") as connection:
        assert _until_closed(connection).startswith(b"HTTP/1.1 431")
