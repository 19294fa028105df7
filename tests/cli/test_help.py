"""Asking for help costs nothing: what is heavy is imported where it is used."""

import subprocess
import sys

import pytest

from tests.support.processes import DUIJIE, environment

# Typer itself looks into the small top of pydantic; its models are what costs, and they need the settings' package.
HEAVY = {"sklearn", "scipy", "numpy", "fastapi", "starlette", "sqlalchemy", "alembic", "granian", "jinja2"}
HEAVY |= {"pydantic_settings"}


def _imported(*words, cwd):
    """The modules a command imports, by Python's own account, and what it prints."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", DUIJIE, *words],
        cwd=cwd,
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 2), done.stderr[-2000:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}, done.stdout


@pytest.mark.parametrize(
    "words",
    [("--help",), (), ("run", "--help"), ("serve", "--help"), ("seed", "--help"), ("db", "--help"), ("keys", "--help"),
     ("report", "--help"), ("audit", "--help"), ("oidc", "--help"), ("people", "--help")],
)  # fmt: skip
def test_help_imports_nothing_heavy(tmp_path, words):
    imported, _ = _imported(*words, cwd=tmp_path)
    assert "typer" in imported
    assert not imported & HEAVY


def test_help_names_every_word(tmp_path):
    _, printed = _imported("--help", cwd=tmp_path)
    for word in ("run", "serve", "worker", "seed", "openapi", "db", "keys", "people", "oidc", "report", "audit"):
        assert word in printed


def test_help_leaves_nothing_behind(tmp_path):
    _imported("--help", cwd=tmp_path)
    assert not list(tmp_path.iterdir())
