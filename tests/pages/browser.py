"""Chromium as the machine has it, and a page in it that tells everything it did."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # nothing of its own leaves this machine
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=_PATIENCE)
_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`);
});
"""
_REFUSED = "Failed to load resource: the server responded with a status of 4"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; until it is closed, its event loop runs in this thread, where no other can."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.fail("there is no Chromium: apt-get install chromium fonts-noto-cjk, or its like")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


class Watched:
    """A page in a profile of its own.

    Attributes:
        page: Playwright's.
        said: errors in its console, what its policy forbade, and what its script did not catch.
        requests: everything it asked for.
    """

    def __init__(self, browser: Browser, **context: object) -> None:
        self.context = browser.new_context(**context)
        self.context.set_default_timeout(_PATIENCE)
        self.context.add_init_script(_TELL_VIOLATIONS)
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.requests: list[Request] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 - it marks what it is given

    def _hear(self, kind: str, text: str) -> None:
        # the browser itself notes each refusal
        if kind in ("error", "warning") and not text.startswith(_REFUSED):
            self.said.append(text)

    @property
    def posts(self) -> list[str]:
        """Where it sent something, in order."""
        return [request.url.partition("/v1/")[2] for request in self.requests if request.method == "POST"]

    def part(self, name: str):
        """A part of the page that is shown now and then."""
        return self.page.locator(f"[data-part={name}]")

    def shown(self) -> list[str]:
        """The parts that are shown."""
        script = "all => all.filter(one => one.checkVisibility()).map(one => one.dataset.part)"
        return self.page.locator("[data-part]").evaluate_all(script)

    def focused(self, attribute: str) -> str | None:
        """An attribute of what has the focus."""
        return self.page.evaluate("name => document.activeElement.getAttribute(name)", attribute)

    def set_password(self, password: str) -> None:
        """Fill in the form and send it."""
        self.page.locator("#password").fill(password)
        self.page.locator("#set button").click()

    def keeps(self) -> list[object]:
        """What the browser would still have of it tomorrow."""
        stored = self.page.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage)]")
        return [*self.context.cookies(), *stored]
