import json
import re

import pytest
from typer.testing import CliRunner

from app.cli import main
from tests.features.reports.pages import Page
from tests.support.clients import settings_for

NEED, CAPABILITY = "XQ-2026-000001", "NL-2026-000001"


@pytest.fixture
def run(demo_client, monkeypatch):
    """Runs `duijie report …` on the demonstration."""
    monkeypatch.setattr("app.core.logging.configure", lambda **_: None)  # or the runner's streams outlive it
    monkeypatch.setenv("DUIJIE_DATABASE__URL", settings_for(demo_client.app.state.database).database.url)
    return lambda *arguments: CliRunner().invoke(main, ["report", *map(str, arguments)])


@pytest.mark.parametrize(("side", "reference"), [("need", NEED), ("capability", CAPABILITY)])
@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_a_page_that_stands_alone(run, tmp_path, side, reference, lang, tag):
    out = tmp_path / "report.html"
    for _ in range(2):  # its own output is written over
        done = run(side, reference, "--out", out, "--lang", lang, "--limit", 3)
        assert done.exit_code == 0, done.output
    html = out.read_text("utf-8")
    page = Page(html)
    assert page.language == tag
    assert reference in page.text
    assert "style" in page.tags
    assert not page.links
    assert not re.search(r"https?://", html)
    assert not {"script", "img", "nav"} & page.tags


def test_json_as_over_http_but_with_all_an_administrator_sees(run, tmp_path, demo_client, demo_people):
    out = tmp_path / "report.JSON"
    assert run("capability", CAPABILITY.lower(), "--out", out, "--lang", "en").exit_code == 0
    written = json.loads(out.read_text("utf-8"))
    headers = {**demo_people["administrator"].headers, "Accept-Language": "en"}
    served = demo_client.get(f"/v1/capabilities/{CAPABILITY}/report", headers=headers).json()
    assert written.pop("generated_at")
    assert served.pop("generated_at")
    assert written == served
    assert written["seen_as"] == "administrator"


def test_a_posting_by_its_id(run, tmp_path, demo_client):
    posting_id = demo_client.get(f"/v1/needs/{NEED}").json()["id"]
    out = tmp_path / "report.json"
    assert run("need", posting_id, "--out", out).exit_code == 0
    assert json.loads(out.read_text("utf-8"))["need"]["reference"] == NEED


def test_what_cannot_be_written(run, tmp_path):
    (tmp_path / "folder.html").mkdir()
    for reference, name, zh, en in (
        ("XQ-2026-999999", "a.html", "没有编号为", "There is nothing with the reference"),
        (NEED, "none/a.html", "没有这个文件夹", "There is no such folder"),
        (NEED, "a.pdf", "须以 .html 或 .json 结尾", "must end in .html or .json"),
        (NEED, "folder.html", "无法写入", "cannot be written"),
    ):
        done = run("need", reference, "--out", tmp_path / name)
        assert done.exit_code == 1
        assert zh in done.stderr
        assert en in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]
