"""Loading folders of seeds: whole files, once, with faults told by row."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.db import audit
from app.db.audit import AuditEntry
from app.features.capabilities.models import Capability
from app.features.catalog.models import Industry
from app.features.needs.models import Need
from app.features.organizations.models import Organization
from app.features.seeding import service
from app.features.seeding.errors import SeedsNotFound
from app.features.seeding.types import Progress

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
REFERENCE = {
    "reference/wider_regions.csv": 72,
    "reference/admin_codes_suzhou.csv": 149,
    "reference/admin_codes_wuzhong.csv": 20,
    "reference/region_members.csv": 45,
    "reference/region_aliases.csv": 40,
    "reference/gbt4754_2017.csv": 1971,
    "reference/scenario_taxonomy_2025.csv": 40,
    "reference/scenario_aliases.csv": 46,
    "reference/thesaurus_categories.csv": 19,
    "reference/thesaurus.csv": 2385,
}
INDUSTRIES = "code,full_code,level,section,parent_code,name_zh,name_en,is_industry\n"
DEMO_NEEDS = "demo/needs.jsonl"
DEMO = {"demo/organizations.jsonl": 95, "demo/needs.jsonl": 64, "demo/capabilities.jsonl": 150}


def _seed(database, folder=SEEDS, *, dry_run=False, only=None, on_progress=None):
    return service.seed(database, folder, dry_run=dry_run, only=only, on_progress=on_progress)


def _count(database, model):
    with database.read_session() as session:
        return session.scalar(select(func.count()).select_from(model))


def _everything(database):
    with database.read_session() as session:
        return {
            name: sorted(map(repr, session.execute(text(f"SELECT * FROM {name}"))))  # noqa: S608 - our own tables
            for name in ("regions", "industries", "organizations", "needs", "capabilities", "changes", "counters")
        }


@pytest.fixture
def folder(tmp_path):
    """All organisations, 12 needs and 6 capabilities of the demonstration, for a test to spoil."""
    shutil.copytree(SEEDS / "demo", tmp_path / "demo")
    for name, kept in (("needs", 12), ("capabilities", 6)):
        path = tmp_path / "demo" / f"{name}.jsonl"
        path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:kept]), "utf-8")
    return tmp_path


@pytest.fixture
def spoil(folder):
    """Change one record of a file: `spoil("needs", 3, title=None)`; an ellipsis takes the field away."""

    def change(name, row, **fields):
        path = folder / "demo" / f"{name}.jsonl"
        lines = path.read_text("utf-8").splitlines()
        record = {**json.loads(lines[row - 1]), **fields}
        kept = {key: value for key, value in record.items() if value is not ...}
        lines[row - 1] = json.dumps(kept, ensure_ascii=False)
        path.write_text("\n".join(lines) + "\n", "utf-8")

    return change


def _write(folder, name, content):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")


def _told(report):
    return [(error.row, error.pointer, error.code) for error in report.errors]


def test_a_second_run_finds_everything_and_changes_nothing(demo_database):
    before = _everything(demo_database)

    reports = _seed(demo_database)

    assert {report.file: report.unchanged for report in reports} == REFERENCE | DEMO
    assert all(report.created == report.updated == 0 and report.errors == () for report in reports)
    assert _everything(demo_database) == before


def test_a_dry_run_checks_later_files_against_earlier_ones_and_writes_nothing(database, folder):
    shutil.copytree(SEEDS / "reference", folder / "reference")
    before = _everything(database)

    reports = _seed(database, folder, dry_run=True)

    assert [report.file for report in reports] == [*REFERENCE, *DEMO]
    assert all(report.errors == () for report in reports)
    assert [report.created for report in reports[-3:]] == [95, 12, 6]
    assert _everything(database) == before


def test_a_dry_run_tells_the_faults(catalog_database, folder, spoil):
    spoil("needs", 5, title="")
    before = _everything(catalog_database)

    reports = _seed(catalog_database, folder, dry_run=True)

    assert [report.file for report in reports] == ["demo/organizations.jsonl", "demo/needs.jsonl"]
    assert _told(reports[-1]) == [(5, "/title", "missing")]
    assert _everything(catalog_database) == before


def _noted(database):
    with database.read_session() as session:
        assert audit.verify(session) is None
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "seed.load").order_by(AuditEntry.number)
        )
        return [(entry.role, entry.subject_kind, entry.detail) for entry in entries]


def test_what_a_file_brought_is_in_the_audit(catalog_database, folder, spoil):
    before = len(_noted(catalog_database))
    organizations, needs = ["demo/organizations.jsonl"], [DEMO_NEEDS]
    _seed(catalog_database, folder, dry_run=True)
    _seed(catalog_database, folder, only=organizations)
    _seed(catalog_database, folder, only=organizations)
    spoil("needs", 5, title="")
    assert _seed(catalog_database, folder, only=needs)[0].errors
    spoil("needs", 5, title="新的标题")
    _seed(catalog_database, folder, only=needs)
    spoil("needs", 5, title="又一个标题")
    _seed(catalog_database, folder, only=needs)
    assert _noted(catalog_database)[before:] == [
        ("administrator", "seed", {"file": organizations[0], "created": 95, "updated": 0}),
        ("administrator", "seed", {"file": DEMO_NEEDS, "created": 12, "updated": 0}),
        ("administrator", "seed", {"file": DEMO_NEEDS, "created": 0, "updated": 1}),
    ]


def test_progress_is_told(catalog_database):
    told = []

    _seed(catalog_database, only=["demo/organizations.jsonl"], on_progress=told.append)

    assert told == [Progress("demo/organizations.jsonl", done, 95) for done in range(96)]


@pytest.mark.parametrize(
    ("only", "files"),
    [
        (["reference"], list(REFERENCE)),
        (["demo/organizations"], ["demo/organizations.jsonl"]),
        (
            ["demo/organizations.jsonl", "reference/region_aliases"],
            ["reference/region_aliases.csv", "demo/organizations.jsonl"],
        ),
    ],
)
def test_parts_and_files_can_be_chosen(catalog_database, only, files):
    assert [report.file for report in _seed(catalog_database, only=only)] == files


@pytest.mark.parametrize("only", [None, ["reference"], ["demo/needs.jsonl"]])
def test_a_folder_without_the_seeds_asked_for_is_an_error(database, tmp_path, only):
    with pytest.raises(SeedsNotFound):
        _seed(database, tmp_path, only=only)


def test_a_name_that_is_no_seed_is_an_error(database):
    with pytest.raises(SeedsNotFound, match="nonsense"):
        _seed(database, only=["reference", "nonsense"])


def test_postings_are_published_under_stable_references(demo_database):
    with demo_database.read_session() as session:
        needs = session.execute(select(Need.reference, Need.status, Need.title)).all()
        capabilities = session.execute(select(Capability.reference, Capability.status)).all()
    titles = [json.loads(line)["title"] for line in (SEEDS / DEMO_NEEDS).read_text("utf-8").splitlines()]

    assert {(f"XQ-2026-{i:06d}", "published", title) for i, title in enumerate(titles, 1)} == {
        tuple(row) for row in needs
    }
    assert {(f"NL-2026-{i:06d}", "published") for i in range(1, 151)} == {tuple(row) for row in capabilities}


def test_the_set_is_read_into_our_terms(demo_database):
    with demo_database.read_session() as session:
        organization = session.scalar(select(Organization).where(Organization.uscc == "91320506M2001037XW"))
        need = session.scalar(select(Need).where(Need.reference == "XQ-2026-000001"))
        capability = session.scalar(select(Capability).where(Capability.reference == "NL-2026-000002"))
        recommended = session.scalars(select(Need.reference).where(Need.identity_level == "matched")).all()

    assert (organization.region_code, organization.is_fictitious, organization.is_enterprise) == (
        "nbs-320506009",
        True,
        True,
    )
    assert (need.region_code, need.budget_min_cny, need.deployment) == ("320506", 600000, "on_premise")
    assert need.organization_id == organization.id
    assert capability.region_codes == ["320500", "320583", "yangtze-river-delta"]
    assert (capability.price_max_cny, capability.deployment_modes) == (800000, ["edge", "on_premise"])
    said = [json.loads(line)["visibility"] for line in (SEEDS / DEMO_NEEDS).read_text("utf-8").splitlines()]
    assert len(recommended) == said.count("recommended") > 0


def test_a_changed_record_is_updated_and_the_rest_left_alone(demo_database, folder, spoil):
    spoil("organizations", 1, summary="新的简介")
    spoil("needs", 2, goal="新的目标")
    spoil("capabilities", 3, trl=5)

    reports = _seed(demo_database, folder)

    assert [(report.created, report.updated, report.unchanged) for report in reports] == [
        (0, 1, 94),
        (0, 1, 11),
        (0, 1, 5),
    ]
    with demo_database.read_session() as session:
        assert session.scalar(select(Need.goal).where(Need.reference == "XQ-2026-000002")) == "新的目标"


def test_all_faults_of_a_file_are_told_and_nothing_of_it_is_written(catalog_database, folder, spoil):
    spoil("needs", 2, service_region="Taizhou", title="", budget_min="much")
    spoil("needs", 4, organization="org-nobody", visibility="secret")
    spoil("needs", 7, surprise=1)
    spoil("needs", 9, scenario_code="S99", requirements=[{"text": "x", "metric": "y"}])
    spoil("needs", 10, scenario_code="S99")

    reports = _seed(catalog_database, folder)

    assert [report.file for report in reports] == ["demo/organizations.jsonl", "demo/needs.jsonl"]
    assert reports[1][1:4] == (0, 0, 0)
    assert _told(reports[1]) == [
        (2, "/service_region", "unknown_region"),
        (2, "/title", "missing"),
        (2, "/budget_min", "int_type"),
        (4, "/organization", "unknown_organization"),
        (4, "/visibility", "enum"),
        (7, "/surprise", "extra_forbidden"),
        (9, "/requirements/0", "incomplete_figure"),
        (10, "/scenario_code", "unknown_code"),
    ]
    assert _count(catalog_database, Organization) == 95
    assert _count(catalog_database, Need) == 0


def test_an_organization_may_not_take_a_side_it_is_not_registered_for(catalog_database, folder, spoil):
    spoil("organizations", 1, roles=["provider"])

    report = _seed(catalog_database, folder)[-1]

    assert report.file == "demo/needs.jsonl"
    assert (1, "/organization_id", "wrong_organization") in _told(report)


def test_postings_without_their_organizations_are_at_fault(catalog_database, folder):
    (folder / "demo" / "organizations.jsonl").unlink()
    (report,) = _seed(catalog_database, folder, only=["demo/needs"])
    assert len(report.errors) == 12
    assert {error.code for error in report.errors} == {"unknown_organization"}

    _write(folder, "demo/organizations.jsonl", "not json")
    (report,) = _seed(catalog_database, folder, only=["demo/needs"])
    assert {error.code for error in report.errors} == {"unknown_organization"}


def test_a_reference_that_is_taken_is_told_as_a_conflict(demo_database, folder):
    path = folder / "demo" / "needs.jsonl"
    lines = path.read_text("utf-8").splitlines()
    other = {**json.loads(lines[0]), "title": "另一个", "organization": json.loads(lines[-1])["organization"]}
    path.write_text("\n".join([json.dumps(other), *lines[1:]]), "utf-8")

    (report,) = _seed(demo_database, folder, only=["demo/needs"])

    assert _told(report) == [(1, "", "conflict")]
    assert _count(demo_database, Need) == 64


def test_a_fault_without_a_place_is_told_at_its_row(demo_database, folder, spoil):
    with demo_database.write_session() as session:
        session.execute(text("UPDATE needs SET status = 'rejected' WHERE reference = 'XQ-2026-000003'"))
    spoil("needs", 3, goal="新的目标")

    (report,) = _seed(demo_database, folder, only=["demo/needs"])

    assert _told(report) == [(3, "", "conflict")]


@pytest.mark.parametrize(
    ("name", "content", "faults"),
    [
        (
            "gbt4754_2017.csv",
            f"{INDUSTRIES}C,C,section,C,,制造业,,1\n39,C39,division,C,C,电子,,1\n99,,division,,Z,无,,1\nC,,section,,,重,,1\n",
            [(5, "/code", "repeated_item"), (4, "/parent_code", "unknown_code")],
        ),
        (
            "gbt4754_2017.csv",
            f"{INDUSTRIES}C,C,chapter,C,,,,maybe\nABC,,section,,,x,,1\n",
            [
                (2, "/level", "enum"),
                (2, "/name_zh", "missing"),
                (2, "/is_industry", "bool_parsing"),
                (3, "/code", "string_pattern_mismatch"),
            ],
        ),
        ("region_members.csv", "area_code,member_code,extra\n", [(1, "/extra", "extra_forbidden")]),
        (
            "scenario_aliases.csv",
            "alias_zh,scenario_id,scenario_zh_2025,verification\n旧名,S99,,\n",
            [(2, "/scenario_id", "unknown_code")],
        ),
    ],
)
def test_a_faulty_table_is_told_by_row_and_column(database, tmp_path, name, content, faults):
    _write(tmp_path, f"reference/{name}", content)
    before = _everything(database)

    (report,) = _seed(database, tmp_path)

    assert (report.file, report.created, _told(report)) == (f"reference/{name}", 0, faults)
    assert _everything(database) == before


def test_rows_gone_from_a_file_stay(catalog_database, tmp_path):
    header, first, *_ = (SEEDS / "reference" / "gbt4754_2017.csv").read_text("utf-8-sig").splitlines()
    _write(tmp_path, "reference/gbt4754_2017.csv", f"{header}\n{first}\n")

    (report,) = _seed(catalog_database, tmp_path)

    assert report.unchanged == 1
    assert _count(catalog_database, Industry) == 1971


def test_a_killed_run_leaves_whole_files_only(catalog_database, folder):
    url = catalog_database.engine.url.render_as_string(hide_password=False)

    died = subprocess.run([sys.executable, "-c", DIE, url, str(folder)], check=False, cwd=SEEDS.parent)

    assert died.returncode == -signal.SIGKILL
    assert (_count(catalog_database, Organization), _count(catalog_database, Need)) == (95, 0)
    assert [report.created for report in _seed(catalog_database, folder)] == [0, 12, 6]


DIE = """
import os, signal, sys
from pathlib import Path
from app.db.engine import Database
from app.features.seeding import service

def die(progress):
    if (progress.file, progress.done) == ("demo/needs.jsonl", 8):
        os.kill(os.getpid(), signal.SIGKILL)

service.seed(Database(sys.argv[1]), Path(sys.argv[2]), dry_run=False, only=["demo"], on_progress=die)
"""
