"""The import contracts of `.importlinter`, so that a plain pytest run holds them too."""

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.sources import ROOT


def test_all_import_contracts_are_kept(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)  # import-linter looks for the package in the working directory
    status = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True, no_logo=True)
    if status != EXIT_STATUS_SUCCESS:
        pytest.fail(capsys.readouterr().out, pytrace=False)
