"""Ready-made databases: each kind is built once in a run, every test gets a copy of its own.

A copy costs about 2 ms on SQLite (a file) and 40 ms on PostgreSQL (CREATE DATABASE … TEMPLATE, and DROP).
"""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from app.db.engine import Database
from tests.support.postgres import postgres_url
from tests.support.run import only_one

Build = Callable[[Database, Path], None]
"""Fills a database; may leave notes in the run's folder."""


class Store(ABC):
    """The databases of one backend, for one worker.

    Args:
        folder: the run's folder.
        recipes: for each kind, the kind it starts from (None: nothing) and what fills it.
    """

    backend: str

    def __init__(self, folder: Path, recipes: Mapping[str, tuple[str | None, Build]]) -> None:
        self.folder = folder
        self.recipes = recipes
        self._number = count(1)
        self._built: set[str] = set()

    @contextmanager
    def fresh(self, kind: str) -> Iterator[Database]:
        """A database of a kind, for one test."""
        template = self._template(kind)
        name = f"{self._prefix()}{os.getpid()}_{next(self._number)}"
        self._copy(template, name)
        database = Database(self._url(name))
        try:
            yield database
        finally:
            database.close()
            self._drop(name)

    @contextmanager
    def nothing(self) -> Iterator[Database]:
        """A database without any table."""
        name = f"{self._prefix()}{os.getpid()}_{next(self._number)}"
        self._create(name)
        database = Database(self._url(name))
        try:
            yield database
        finally:
            database.close()
            self._drop(name)

    def note(self, kind: str) -> Path:
        """Where a recipe leaves what tests need to know about its database."""
        return self.folder / f"{self.backend}-{kind}.json"

    @abstractmethod
    def close(self) -> None:
        """Give back what this worker holds."""

    def _template(self, kind: str) -> str:
        name = f"{self._prefix()}{kind}"
        if kind not in self._built:
            base, build = self.recipes[kind]
            if base is not None:
                self._template(base)
            done = self.folder / f"{self.backend}-{kind}.done"
            with only_one(self.folder, f"{self.backend}-{kind}"):
                if not done.exists():
                    self._make(name, base, build, self.note(kind))
                    done.touch()
            self._built.add(kind)
        return name

    def _make(self, name: str, base: str | None, build: Build, note: Path) -> None:
        self._drop(name)  # what a failed attempt left
        if base is None:
            self._create(name)
        else:
            self._copy(f"{self._prefix()}{base}", name)
        database = Database(self._url(name))
        try:
            build(database, note)
        finally:
            database.close()

    def _prefix(self) -> str:
        return ""

    @abstractmethod
    def _url(self, name: str) -> str: ...

    @abstractmethod
    def _create(self, name: str) -> None: ...

    @abstractmethod
    def _copy(self, template: str, name: str) -> None: ...

    @abstractmethod
    def _drop(self, name: str) -> None: ...


class SqliteStore(Store):
    """Files in the run's folder."""

    backend = "sqlite"

    def close(self) -> None:
        """Files need no closing."""

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def _url(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def _create(self, name: str) -> None:
        pass

    def _copy(self, template: str, name: str) -> None:
        # the last connection to close a template has moved its write-ahead log into the file
        shutil.copyfile(self._path(template), self._path(name))

    def _drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path(name)}{suffix}").unlink(missing_ok=True)


class PostgresStore(Store):
    """Databases of one server, named after the run so that runs may share a server."""

    backend = "postgresql"

    def __init__(self, folder: Path, recipes: Mapping[str, tuple[str | None, Build]]) -> None:
        super().__init__(folder, recipes)
        self.address = make_url(postgres_url(folder))
        plain = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
        self.admin = psycopg.connect(plain, autocommit=True)

    def close(self) -> None:
        """Close the connection that makes and drops databases."""
        self.admin.close()

    def _prefix(self) -> str:
        return prefix_of(self.folder)

    def _url(self, name: str) -> str:
        return self.address.set(database=name).render_as_string(hide_password=False)

    def _create(self, name: str) -> None:
        self.admin.execute(f'CREATE DATABASE "{name}"')

    def _copy(self, template: str, name: str) -> None:
        self.admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def _drop(self, name: str) -> None:
        self.admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def prefix_of(folder: Path) -> str:
    """How the names of a run's databases begin."""
    return f"{folder.name.replace('-', '_').lower()}_"


def drop_all(url: str, folder: Path) -> None:
    """Drop whatever a run left on a server that outlives it."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as admin:
        names = admin.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix_of(folder)]
        ).fetchall()
        for (name,) in names:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
