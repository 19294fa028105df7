"""The committed `openapi.json`, so that a change of the API is a visible diff."""

import json

import pytest

from tests.contract.document import document
from tests.support.databases import ROOT

GOLDEN = ROOT / "openapi.json"
_HOW = "run `make openapi` and read the diff"


def _differences(old, new, place=""):
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            if name not in old or name not in new:
                yield f"{'gone' if name in old else 'new'}: {place}/{name}"
            else:
                yield from _differences(old[name], new[name], f"{place}/{name}")
    elif old != new:
        yield f"changed: {place}"


def test_the_committed_document_is_the_one_that_is_served():
    if not GOLDEN.exists():
        pytest.fail(f"there is no openapi.json: {_HOW}")
    found = list(_differences(json.loads(GOLDEN.read_text("utf-8")), document()))
    assert not found, f"{_HOW}\n" + "\n".join(found[:20])


def test_the_committed_document_is_written_as_the_command_prints_it():
    """Sorted or indented in another way it would differ in every line at the next `make openapi`."""
    if not GOLDEN.exists():
        pytest.fail(f"there is no openapi.json: {_HOW}")
    assert GOLDEN.read_text("utf-8") == json.dumps(document(), ensure_ascii=False, indent=2) + "\n", _HOW
