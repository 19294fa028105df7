"""Log lines for terminals and for collectors."""

import json

import pytest
import structlog

from app.core.logging import configure


@pytest.fixture(autouse=True)
def _as_before():
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_a_collector_gets_json(capsys):
    configure(as_json=True)
    log = structlog.get_logger()
    try:
        raise LookupError("gone")
    except LookupError:
        log.exception("failed", id="n-1")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["id"]) == ("failed", "error", "n-1")
    assert "LookupError: gone" in line["exception"]
    assert line["timestamp"].endswith("Z")


def test_standard_output_stays_free_for_answers(capsys):
    configure(as_json=True)
    structlog.get_logger().info("served")
    assert capsys.readouterr().out == ""


def test_a_terminal_gets_text(capsys):
    configure(as_json=False)
    structlog.get_logger().info("served", status=200)
    line = capsys.readouterr().err
    assert "served" in line
    assert "200" in line
