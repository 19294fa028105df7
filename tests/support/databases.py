"""Databases for tests, on both backends: every fixture that depends on `backend` runs its test on each."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.engine import Database
from app.db.migrate import Migrations
from app.features.organizations import service as organizations
from tests.support.people import enter_people, issue_for
from tests.support.postgres import postgres_url
from tests.support.run import FOLDER
from tests.support.stores import PostgresStore, SqliteStore, Store, drop_all

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
ALEMBIC_INI = ROOT / "alembic.ini"


def _migrate(database: Database, _note: Path) -> None:
    Migrations(database, ALEMBIC_INI).upgrade()


def _seed(database: Database, only: tuple[str, ...] | None) -> None:
    from app.features.seeding import service  # noqa: PLC0415 - only tests that need seeds load this

    reports = service.seed(database, SEEDS, dry_run=False, only=only, on_progress=None)
    faults = {report.file: report.errors[:5] for report in reports if report.errors}
    if faults:
        raise RuntimeError(f"seeds with faults: {faults}")


def _load_catalog(database: Database, _note: Path) -> None:
    _seed(database, ("reference",))


def _load_demo(database: Database, note: Path) -> None:
    _seed(database, None)
    lines = (SEEDS / "demo" / "organizations.jsonl").read_text("utf-8").splitlines()
    with database.write_session() as session:
        # the first organisation of the file in each role
        by_role = {
            role: organizations.id_by_uscc(session=session, uscc=entry["uscc"])
            for entry in map(json.loads, reversed(lines))
            for role in entry["roles"]
        }
        keys = issue_for(session, *by_role.values())
    note.write_text(json.dumps({**keys, **{role: keys[str(one)] for role, one in by_role.items()}}))


RECIPES = {
    "empty": (None, _migrate),
    "catalog": ("empty", _load_catalog),
    "staffed": ("catalog", enter_people),
    "demo": ("empty", _load_demo),
}


def pytest_sessionfinish(session):
    """Leave nothing on a server that outlives the run."""
    config = session.config
    if os.environ.get("TEST_POSTGRES_URL") and not hasattr(config, "workerinput"):
        folder = config.stash[FOLDER]
        drop_all(postgres_url(folder), folder)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request) -> str:
    """The name of the database the test runs on; each test runs on both."""
    return request.param


@pytest.fixture(scope="session")
def stores() -> Iterator[dict[str, Store]]:
    """The stores this worker has opened."""
    opened: dict[str, Store] = {}
    yield opened
    for one in opened.values():
        one.close()


@pytest.fixture(scope="session")
def store(backend, stores, run_folder) -> Store:
    """Makes databases of this backend: `with store.fresh("catalog") as database`."""
    if backend not in stores:
        kind = SqliteStore if backend == "sqlite" else PostgresStore
        stores[backend] = kind(run_folder, RECIPES)
    return stores[backend]


@pytest.fixture
def database(store) -> Iterator[Database]:
    """Migrated and empty, this test's own."""
    with store.fresh("empty") as made:
        yield made


@pytest.fixture
def blank_database(store) -> Iterator[Database]:
    """Without any table, this test's own."""
    with store.nothing() as made:
        yield made


@pytest.fixture(scope="module")
def shared_database(store) -> Iterator[Database]:
    """Migrated, one for all tests of a module: for hypothesis, which runs one test many times."""
    with store.fresh("empty") as made:
        yield made


@pytest.fixture
def catalog_database(store) -> Iterator[Database]:
    """Industries, regions, scenarios and technologies, this test's own."""
    with store.fresh("catalog") as made:
        yield made


@pytest.fixture
def staffed_database(store) -> Iterator[Database]:
    """The catalogue, three organisations and a key for everybody in `people`, this test's own."""
    with store.fresh("staffed") as made:
        yield made


@pytest.fixture
def demo_database(store) -> Iterator[Database]:
    """All seeds, this test's own. Tests that only read take `demo_client`, which is shared."""
    with store.fresh("demo") as made:
        yield made
