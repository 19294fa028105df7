"""An issuer of identities as a process of its own: `python tests/support/issuer.py`.

It signs whatever claims a test asks for, makes new keys, stops publishing old ones and misbehaves on request. It
prints its port and ends when its standard input closes, so it never outlives whoever started it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest

CLIENT_ID = "duijie-test"
SUBJECT = "f3b1-subject"
_PATIENCE = 30


@dataclass(frozen=True)
class IssuerProcess:
    """A running issuer, seen from a test."""

    process: subprocess.Popen[str]
    address: str

    def mint(self, nonce: str | None = None, *, kid: str | None = None, names_key: bool = True, **claims: Any) -> str:
        """A token by the newest key or another; claims over the usual ones, None leaves one out."""
        moment = int(time.time())
        usual = {"iss": self.address, "aud": CLIENT_ID, "sub": SUBJECT, "iat": moment, "exp": moment + 300}
        whole = usual | {"nonce": nonce} | claims
        asked = {
            "kid": kid,
            "names_key": names_key,
            "claims": {name: one for name, one in whole.items() if one is not None},
        }
        return self.tell("mint", **asked)["token"]

    def rotate(self, alg: str = "RS256", *, names_key: bool = True, publish: bool = True) -> str:
        """Sign with a new key from now on; what it is called."""
        return self.tell("rotate", alg=alg, names_key=names_key, publish=publish)["kid"]

    def retire(self, *kids: str) -> None:
        """Publish some keys no longer; all but the newest if none are named."""
        self.tell("retire", kids=kids)

    def behave(self, **how: Any) -> None:
        """Change the discovery document (`discovery`), or answer its place or that of the keys in another way."""
        self.tell("behave", **how)

    @property
    def fetches(self) -> int:
        """How often its keys were asked for."""
        return self.tell("fetches")["count"]

    def wait_for_fetches(self, count: int) -> None:
        """Wait until its keys have been asked for so often, answered or not."""
        end = time.monotonic() + _PATIENCE
        while self.fetches < count:
            assert time.monotonic() < end, "nobody asks"
            time.sleep(0.01)

    def public_keys(self) -> list[dict[str, Any]]:
        """What it publishes; asking does not count as a fetch."""
        return self.tell("keys")["keys"]

    def tell(self, what: str, **how: Any) -> Any:
        """One request to its back door."""
        content = json.dumps(how).encode()
        answer = httpx2.post(f"{self.address}/control/{what}", content=content, timeout=30, trust_env=False)
        return answer.raise_for_status().json()

    def stop(self) -> None:
        """End it; nothing listens there from then on."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def issuer_process(port: int = 0) -> Iterator[IssuerProcess]:
    """An issuer that answers until the block ends."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    told = process.stdout.readline() if process.stdout else ""
    issuer = IssuerProcess(process, f"http://127.0.0.1:{told.strip()}")
    try:
        assert told, f"the issuer ended with {process.poll()}"
        yield issuer
    finally:
        issuer.stop()


@pytest.fixture(scope="session")
def issuer() -> Iterator[IssuerProcess]:
    """An issuer for all tests that leave it as it is."""
    with issuer_process() as started:
        yield started


@pytest.fixture
def own_issuer() -> Iterator[IssuerProcess]:
    """An issuer that this test may change and stop."""
    with issuer_process() as started:
        yield started


class _State:
    """What an issuer is made of."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.signing: list[Any] = []
        self.published: list[str] = []
        self.unnamed: set[str] = set()
        self.how: dict[str, Any] = {}
        self.fetches = 0
        self.rotate({"alg": "RS256"})

    def rotate(self, asked: dict[str, Any]) -> dict[str, Any]:
        from joserfc.jwk import ECKey, OKPKey, RSAKey  # noqa: PLC0415 - only the process itself needs it

        kid, alg = f"key-{next(self.numbers)}", asked["alg"]
        made = {"kid": kid, "use": "sig", "alg": alg}
        family = {"E": lambda: ECKey.generate_key("P-256", made), "O": lambda: OKPKey.generate_key("Ed25519", made)}
        kind = "O" if alg.startswith("Ed") else alg[0]
        self.signing.append(family.get(kind, lambda: RSAKey.generate_key(2048, made))())
        if asked.get("publish", True):
            self.published.append(kid)
        if not asked.get("names_key", True):
            self.unnamed.add(kid)
        return {"kid": kid}

    def retire(self, asked: dict[str, Any]) -> dict[str, Any]:
        gone = asked["kids"] or self.published[:-1]
        self.published = [kid for kid in self.published if kid not in gone]
        return {}

    def mint(self, asked: dict[str, Any]) -> dict[str, Any]:
        import warnings  # noqa: PLC0415

        from joserfc import jws  # noqa: PLC0415

        warnings.simplefilter("ignore")  # `EdDSA` is the older name, and what most issuers use
        key = next((key for key in self.signing if key.kid == asked["kid"]), self.signing[-1])
        header = {"alg": key.alg} | ({"kid": key.kid} if asked["names_key"] else {})
        # an issuer may put in what nobody else knows
        header["x-build"] = "7"
        registry = jws.JWSRegistry(algorithms=[str(key.alg)], strict_check_header=False)
        return {"token": jws.serialize_compact(header, json.dumps(asked["claims"]), key, registry=registry)}

    def behave(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.how = asked
        return {}

    def count(self, _asked: dict[str, Any]) -> dict[str, Any]:
        return {"count": self.fetches}

    def keys(self, _asked: dict[str, Any]) -> dict[str, Any]:
        shown = [key.as_dict(private=False) for key in self.signing if key.kid in self.published]
        return {"keys": [{k: v for k, v in one.items() if k != "kid" or v not in self.unnamed} for one in shown]}


def _handler(state: _State) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            base = f"http://127.0.0.1:{self.server.server_address[1]}"
            if self.path == "/.well-known/openid-configuration":
                document = {
                    "issuer": base,
                    "jwks_uri": f"{base}/keys",
                    "id_token_signing_alg_values_supported": ["RS256", "ES256"],
                } | state.how.get("discovery", {})
                self._as_told("discovery_answer", document)
            elif self.path == "/keys":
                state.fetches += 1
                self._as_told("keys_answer", {"keys": [*state.keys({})["keys"], *state.how.get("more_keys", ())]})
            else:
                self._send(404, b"{}")

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            act = {"fetches": state.count}.get(name := self.path.rpartition("/")[2]) or getattr(state, name)
            self._send(200, json.dumps(act(asked)).encode())

        def _as_told(self, place: str, document: dict[str, Any]) -> None:
            how = state.how.get(place, {})
            time.sleep(how.get("after", 0))
            body = how["text"].encode() * how.get("times", 1) if "text" in how else json.dumps(document).encode()
            self._send(how.get("status", 200), body, how.get("headers", {}))

        def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _main() -> None:
    class Server(ThreadingHTTPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_: object) -> None:
            pass  # somebody who did not want to hear more

    server = Server(("127.0.0.1", int(sys.argv[1])), _handler(_State()))
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    while os.read(0, 1):
        pass


if __name__ == "__main__":
    _main()
