"""The application under test, called in this process."""

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI

from app.db.engine import Database
from app.settings import DatabaseSettings, LimitSettings, MailSettings, Settings
from tests.support.people import Person, read_people

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette recommends a newer httpx when this is imported
    from starlette.testclient import TestClient

_UNLIMITED = LimitSettings(caller_per_minute=10**6, address_per_minute=10**6)
SEAL_KEY = Fernet.generate_key().decode()

MakeClient = Callable[..., AbstractContextManager[TestClient]]


def settings_for(database: Database, **others: object) -> Settings:
    """Settings of an installation on this database, whatever the environment says."""
    url = database.engine.url.render_as_string(hide_password=False)
    # tests ask more often than anybody may, and leave no key and no mail lying about
    given = {"limits": _UNLIMITED, "mail": MailSettings(file=os.devnull), "secret_key": SEAL_KEY, **others}
    return Settings(_env_file=None, database=DatabaseSettings(url=url), **given)


@contextmanager
def client_over(database: Database, *, raise_errors: bool = True, **settings: object) -> Iterator[TestClient]:
    """A client of an application on a database; `raise_errors=False` shows a 500 as callers see it."""
    from app.main import create_app  # noqa: PLC0415 - the application is put together only for tests that need it

    app = create_app(settings_for(database, **settings), database)
    with TestClient(app, raise_server_exceptions=raise_errors) as client:
        yield client


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside():
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DUIJIE_")]:
            patch.delenv(name)
        yield


@pytest.fixture
def make_client() -> MakeClient:
    """`with make_client(database, raise_errors=False) as client`, for what `client` does not cover."""
    return client_over


@pytest.fixture
def client(staffed_database) -> Iterator[TestClient]:
    """A client over this test's own database with the catalogue and everybody in `people`."""
    with client_over(staffed_database) as made:
        yield made


@pytest.fixture
def app(client) -> FastAPI:
    """The application behind `client`."""
    return client.app


@pytest.fixture(scope="session")
def _demo_clients(stores) -> Iterator[tuple[ExitStack, dict[str, TestClient]]]:  # noqa: ARG001 - closed before them
    with ExitStack() as stack:
        yield stack, {}


@pytest.fixture(scope="session")
def demo_client(store, _demo_clients) -> TestClient:
    """A client over all seeds, one for all tests of a worker: read only, or later tests see what was changed."""
    stack, clients = _demo_clients
    if store.backend not in clients:
        database = stack.enter_context(store.fresh("demo"))
        clients[store.backend] = stack.enter_context(client_over(database))
    return clients[store.backend]


@pytest.fixture
def demo_people(store, demo_client) -> Mapping[str, Person]:  # noqa: ARG001 - made with it
    """Keys of the demonstration: operator, administrator, portal, a member of an `enterprise` and of a `provider`."""
    return read_people(store.note("demo"))
