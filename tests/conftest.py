"""What every test stands on; the fixtures themselves are in tests/support."""

import os

import hypothesis
import pytest

pytest_plugins = [  # each after those it imports
    "tests.support.run",
    "tests.support.people",
    "tests.support.databases",
    "tests.support.clients",
    "tests.support.processes",
    "tests.support.receiver",
    "tests.support.issuer",
]

hypothesis.settings.register_profile("here", deadline=None, max_examples=60, print_blob=True)
hypothesis.settings.register_profile("ci", hypothesis.settings.get_profile("here"), derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    # before pytest-socket reads them: no test leaves this machine
    config.option.allow_hosts = config.option.allow_hosts or "127.0.0.1,::1"
    config.option.allow_unix_socket = True
