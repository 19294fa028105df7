"""Requests to addresses that others name: nothing inside is reached, whatever a name resolves to."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.core.outbound import Answer, Destinations, Outbound

HERE = Destinations(allows_http=True, networks=("127.0.0.0/8",))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "0.1.2.3"),  # noqa: S104 - refused
        *("100.64.0.1", "100.127.255.254", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "198.18.0.1"),
        *("192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"),
        *("::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1", "::7f00:1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:100.64.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "100::1"),
    ],
)
def test_nothing_inside_is_reached(address):
    assert not Destinations().allows(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_public_is_reached(address):
    assert Destinations().allows(ip_address(address))


def test_an_installation_may_allow_networks_of_its_own():
    allowed = Destinations(networks=("10.1.0.0/16", "fd00::/8"))
    assert allowed.allows(ip_address("10.1.2.3"))
    assert allowed.allows(ip_address("::ffff:10.1.2.3"))
    assert allowed.allows(ip_address("fd00::5"))
    assert not allowed.allows(ip_address("10.2.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "ftp://example.com/", "https://", "https:///x", "https://user@example.com/"),
        *("https://user:pass@example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/"),
        *("https://localhost/", "https://example.com:0/", "https://example.com:99999/", "https://[::1/"),
        *("https://printer.local/", "https://db.internal./", "https://a.localhost/", "https://例子.com/"),
        *("https://example.com/#part", "javascript:alert(1)", "https://169.254.169.254/latest"),
    ],
)
def test_urls_that_are_refused_before_anything_is_sent(url):
    assert not Destinations().allows_url(url)


@pytest.mark.parametrize("url", ["https://example.com/hook?id=7", "https://example.com:8443/", "https://8.8.8.8/"])
def test_urls_that_are_taken(url):
    assert Destinations().allows_url(url)
    assert Destinations(allows_http=True).allows_url(url.replace("https", "http"))


@pytest.fixture
def resolves(monkeypatch):
    """Make names resolve as a test says; gives the list of all questions."""
    asked, real = [], socket.getaddrinfo

    def resolve_to(*answers):
        def getaddrinfo(host, port, *rest, **more):
            if host[0].isdigit() or ":" in host:  # an address already
                return real(host, port, *rest, **more)
            asked.append(host)
            chosen = answers[min(len(asked), len(answers)) - 1]
            return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in chosen]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return resolve_to


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"], ["10.0.0.1", "10.0.0.2"]]
)
def test_a_name_with_any_address_inside_is_refused(resolves, receiver, addresses):
    resolves(addresses)
    port = receiver.url.split(":")[2].split("/")[0]
    answer = Outbound(Destinations(allows_http=True), seconds=5).post(
        f"http://rebind.example.com:{port}/", headers={}, content=b"{}"
    )
    assert answer == Answer(None, "address_refused")
    assert receiver.requests == []


def test_a_name_is_resolved_once_and_what_was_checked_is_what_is_connected_to(resolves, receiver, monkeypatch):
    connected = []
    real = socket.create_connection

    def connect(address, *rest, **more):
        connected.append(address[0])
        return real(address, *rest, **more)

    monkeypatch.setattr(socket, "create_connection", connect)
    port = receiver.url.split(":")[2].split("/")[0]
    asked = resolves(["127.0.0.1"], ["10.0.0.1"])
    answer = Outbound(HERE, seconds=5).post(f"http://rebind.example.com:{port}/x", headers={"a": "b"}, content=b"{}")
    assert answer == Answer(204)
    assert asked == ["rebind.example.com"]
    assert connected == ["127.0.0.1"]
    (request,) = receiver.requests
    assert request.headers["host"] == f"rebind.example.com:{port}"
    assert (request.path, request.body, request.headers["a"]) == ("/x", b"{}", "b")


def test_an_address_is_tried_after_another_that_does_not_answer(resolves, receiver):
    resolves(["::1", "127.0.0.1"])
    port = receiver.url.split(":")[2].split("/")[0]
    here = Destinations(allows_http=True, networks=("127.0.0.0/8", "::1/128"))
    assert Outbound(here, seconds=5).post(f"http://two.example.com:{port}/", headers={}, content=b"") == Answer(204)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_no_more(receiver, status):
    receiver.answer = lambda _received, _before: status
    receiver.headers = {"Location": receiver.url + "/elsewhere"}
    assert Outbound(HERE, seconds=5).post(receiver.url, headers={}, content=b"{}") == Answer(status)
    assert [request.path for request in receiver.requests] == ["/hook"]


def test_no_proxy_of_the_environment_is_used(receiver, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert Outbound(HERE, seconds=5).post(receiver.url, headers={}, content=b"{}") == Answer(204)


def _serve_raw(act):
    server = socket.create_server(("127.0.0.1", 0))

    def run():
        with server:
            connection, _ = server.accept()
            with connection:
                try:
                    connection.recv(65536)
                    act(connection)
                except OSError:
                    pass

    threading.Thread(target=run, daemon=True).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/"


def _drip(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.2)


def test_an_answer_that_drips_is_given_up_in_time():
    began = time.monotonic()
    assert Outbound(HERE, seconds=1).post(_serve_raw(_drip), headers={}, content=b"") == Answer(None, "timeout")
    assert time.monotonic() - began < 3


def test_silence_is_given_up_in_time():
    url = _serve_raw(lambda _connection: time.sleep(5))
    assert Outbound(HERE, seconds=0.5).post(url, headers={}, content=b"") == Answer(None, "timeout")


def test_of_a_long_answer_only_the_beginning_is_read():
    sent = [0]

    def flood(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(2000):
            sent[0] += connection.send(b"x" * 65536)

    assert Outbound(HERE, seconds=5).post(_serve_raw(flood), headers={}, content=b"") == Answer(200)
    time.sleep(0.3)
    assert sent[0] < 60 * 10**6


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda connection: connection.close(), "broken"),
        (lambda connection: connection.sendall(b"rubbish\r\n\r\n"), "broken"),
    ],
)
def test_what_is_no_answer_is_told_as_such(act, error):
    assert Outbound(HERE, seconds=5).post(_serve_raw(act), headers={}, content=b"") == Answer(None, error)


@pytest.mark.parametrize("host", ["a" * 64 + ".example.com", "nowhere.invalid"])
def test_no_such_name(host):
    answer = Outbound(Destinations(), seconds=5).post(f"https://{host}/", headers={}, content=b"")
    assert answer == Answer(None, "unreachable")


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert Outbound(HERE, seconds=5).post(f"http://127.0.0.1:{port}/", headers={}, content=b"") == Answer(
        None, "unreachable"
    )


@pytest.fixture
def slow_resolver(monkeypatch):
    """A resolver that answers nobody until it is told to, or the test is over."""
    goes_on = threading.Event()

    def getaddrinfo(*_, **__):
        goes_on.wait(30)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield goes_on
    goes_on.set()
    _wait_for_resolvers(0)


def _resolvers():
    return sum(thread.name == "duijie-resolver" for thread in threading.enumerate())


def _wait_for_resolvers(count):
    end = time.monotonic() + 10
    while _resolvers() != count:
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.usefixtures("slow_resolver")
def test_a_name_nobody_answers_for_is_given_up_in_time():
    began = time.monotonic()
    answer = Outbound(Destinations(), seconds=0.3).post("https://slow.example.com/", headers={}, content=b"")
    assert answer == Answer(None, "timeout")
    assert time.monotonic() - began < 5


def test_no_more_threads_than_some_wait_for_names(slow_resolver, monkeypatch):
    monkeypatch.setattr("app.core.outbound._RESOLVING", 3)
    outbound = Outbound(Destinations(), seconds=0.1)
    for _ in range(5):
        assert outbound.post("https://slow.example.com/", headers={}, content=b"") == Answer(None, "timeout")
    assert _resolvers() == 3
    slow_resolver.set()
    _wait_for_resolvers(0)
    assert outbound.post("https://slow.example.com/", headers={}, content=b"") == Answer(None, "unreachable")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for hook.example.com, and the file that holds it with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook.example.com")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example.com")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def tls_port(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = socket.create_server(("127.0.0.1", 0))

    def run():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            try:
                with connection, context.wrap_socket(connection, server_side=True) as safe:
                    safe.recv(65536)
                    safe.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            except OSError:
                continue

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def test_the_certificate_must_be_of_the_name_and_of_somebody_trusted(resolves, certificate, tls_port):
    resolves(["127.0.0.1"])
    trusting = Outbound(HERE, seconds=5, ca_file=certificate)
    assert trusting.post(f"https://hook.example.com:{tls_port}/", headers={}, content=b"") == Answer(204)
    assert trusting.post(f"https://other.example.com:{tls_port}/", headers={}, content=b"") == Answer(None, "tls")
    doubting = Outbound(HERE, seconds=5)
    assert doubting.post(f"https://hook.example.com:{tls_port}/", headers={}, content=b"") == Answer(None, "tls")
