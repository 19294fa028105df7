"""A running server, its people and the mail it sends."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2

from tests.support.people import Person
from tests.support.processes import Served

GOOD = "塘边 7 只白鹭 quiet-harbour"
OTHER = "另一个 89 violet-lantern 密码"
_LINK = re.compile(r"http\S+#dj_link_\S+")
_PATIENCE = 30


@dataclass(frozen=True)
class Site:
    """What tests do beside the browser."""

    server: Served
    mail: Path
    people: Mapping[str, Person]

    def post(self, path: str, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> httpx2.Response:
        return httpx2.post(self.server.base + path, json=body, headers=headers or {}, timeout=_PATIENCE)

    def invite(self) -> tuple[str, str]:
        """Somebody new: their login, and the link in the mail."""
        login = f"{uuid4().hex}@example.com"
        body = {"login": login, "name": "李伟", "role": "member"}
        body["organization_id"] = str(self.people["enterprise"].organization_id)
        answer = self.post("/v1/people", body, self.people["administrator"].headers)
        assert answer.status_code == 201, answer.text
        return login, self.link_to(login)

    def member(self) -> str:
        """The login of somebody who has the password `GOOD`."""
        login, link = self.invite()
        assert self.accept(link).status_code == 201
        return login

    def accept(self, link: str, password: str = GOOD, language: str = "zh") -> httpx2.Response:
        headers = {"Accept-Language": language}
        return self.post("/v1/invitations/accept", {"link": link, "password": password}, headers)

    def ask_for_reset(self, login: str) -> str:
        """The link in the mail."""
        assert self.post("/v1/password-resets", {"login": login}).status_code == 202
        return self.link_to(login, "/password-reset")

    def sign_in(self, login: str, password: str) -> httpx2.Response:
        return self.post("/v1/sign-ins", {"login": login, "password": password})

    def link_to(self, login: str, page: str = "/invitation", but: str | None = None) -> str:
        """The link in the last mail to somebody, which is sent after the answer has left; another than one of them."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            for line in reversed(self.mail.read_text("utf-8").splitlines() if self.mail.exists() else []):
                mail = json.loads(line)
                link = _LINK.search(mail["text"])[0]
                if mail["to"] == login and urlsplit(link).path == page and link != but:
                    return link
            time.sleep(0.05)
        raise AssertionError(f"no mail to {login}")


def key_of(link: str) -> str:
    """What must reach no log."""
    return urlsplit(link).fragment
