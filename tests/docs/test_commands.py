"""Every block marked `sh run` in README.md and docs/ does what its page says, against a served demonstration."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import blocks
from tests.support.databases import ROOT
from tests.support.processes import environment, served


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """`reader(text)` types what a page shows, with a running server, its address and keys at hand."""
    home = tmp_path_factory.mktemp("reader")
    with served("run", cwd=home) as server:
        keys = json.loads((home / "var/demo-keys.json").read_text())
        names = environment(
            {
                "BASE": server.base,
                **{f"KEY_{role.upper()}": key for role, key in keys.items()},
                "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                # what a page does with the command is done to this demonstration and not to the checkout's own
                "DUIJIE_DATABASE__URL": f"sqlite:///{home / 'var/duijie.db'}",
                "DUIJIE_DEMO_KEYS_FILE": str(home / "var/demo-keys.json"),
            }
        )

        def type_in(text: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                ["/bin/sh", "-eu", "-c", text],
                cwd=ROOT,
                env=names,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )

        yield type_in


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block.place)
def test_what_a_page_shows_to_be_typed_works(reader, block):
    done = reader(block.text)
    assert done.returncode == 0, f"{block.place}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def test_there_is_something_to_type():
    assert blocks(), "mark what readers may run: ```sh run"
