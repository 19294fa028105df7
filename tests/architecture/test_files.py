"""Names and sizes of files."""

from tests.architecture.sources import ROOT, sources

_MAX_LINES = 300
_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "constants", "misc"}


def test_no_file_has_a_name_that_says_nothing():
    found = [
        source.place
        for source in sources("app", "benchmarks", "tests")
        if _SAY_NOTHING & {*source.path.relative_to(ROOT).with_suffix("").parts}
    ]
    assert not found, "name a file after what is in it"


def test_no_file_of_the_application_is_long():
    long = {source.place: lines for source in sources("app") if (lines := source.text.count("\n")) > _MAX_LINES}
    assert not long, f"over {_MAX_LINES} lines: make it a package of the same name"


def test_tables_are_made_by_migrations_only():
    makes_all = "create" + "_all"  # in two parts, or this file would find itself
    found = [source.place for source in sources("app", "benchmarks", "migrations", "tests") if makes_all in source.text]
    assert not found, "migrate instead: app.db.migrate.Migrations(…).upgrade()"
