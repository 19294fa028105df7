"""Generated contents are whole and new, and what is written in bulk is what the use cases would have written."""

import random
from itertools import islice

import pytest
from sqlalchemy import select

from app.db import changes, counters
from app.features.accounts.types import SYSTEM
from app.features.capabilities.kind import CAPABILITY
from app.features.capabilities.models import (
    Capability,
    CapabilityIndustry,
    CapabilityRegion,
    CapabilityScenario,
)
from app.features.capabilities.service import CAPABILITIES
from app.features.needs.kind import NEED
from app.features.needs.models import Need
from app.features.needs.service import NEEDS
from benchmarks.demo_set import load_demo
from benchmarks.scale import contents, filling
from benchmarks.speed.corpus import Composer
from benchmarks.speed.lines import Line
from benchmarks.speed.texts import composers

OFFERS, NEEDS_MADE = 400, 60


@pytest.fixture(scope="module")
def demo():
    return load_demo()


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    return contents.read_real(tmp_path_factory.mktemp("real"))


def made(demo, real):
    needs, capabilities = contents.compose(demo, real)
    return [*islice(needs, NEEDS_MADE)], [*islice(capabilities, OFFERS)]


@pytest.fixture(scope="module")
def composed(demo, real):
    return made(demo, real)


def test_the_real_ones_are_read_in_the_order_of_their_files(demo, real):
    assert [content.title for content in real.needs] == [need.title for need in demo.needs]
    assert [content.title for content in real.capabilities] == [offer.title for offer in demo.offers]


def test_contents_come_in_as_a_request_would(composed):
    for side in composed:
        for content in side:
            assert type(content).model_validate_json(content.model_dump_json()) == content


def test_the_same_ones_every_time(demo, real, composed):
    assert made(demo, real) == composed


def test_no_two_have_the_same_title(composed):
    for side in composed:
        assert len({content.title for content in side}) == len(side)


def test_a_title_that_is_there_already_is_passed_over(demo, real, monkeypatch):
    monkeypatch.setattr(Composer, "_name", lambda *_: "X-1")
    needs, _ = contents.compose(demo, real)
    titles = [content.title for content in islice(needs, 80)]
    assert len({*titles}) == 80
    assert all(title.endswith(" X-1") for title in titles)


def test_few_amounts_and_figures_are_the_same(composed):
    _, capabilities = composed
    priced = [one for one in capabilities if one.price_min_cny is not None and one.price_max_cny is not None]
    assert len({(one.price_min_cny, one.price_max_cny) for one in priced}) > 0.9 * len(priced)
    figures = [spec.value for one in capabilities for spec in one.specs]
    assert len({*figures}) > 0.3 * len(figures)


def test_a_figure_stays_with_its_name_and_near_its_value():
    line = Line("spec_metric", "节拍")
    document = {"specs": [{"metric": "节拍", "operator": "<=", "value": 8.0, "unit": "s", "evidence": None}]}
    figures = contents._figures([document], [[("specs.0.metric", line)]])
    assert figures == {line: [{"operator": "<=", "value": 8.0, "unit": "s"}]}
    varied = [contents._varied(figures[line][0], random.Random(seed)) for seed in range(50)]
    assert {(one["operator"], one["unit"]) for one in varied} == {("<=", "s")}
    assert len({one["value"] for one in varied}) > 40
    assert all(4 <= one["value"] <= 16 for one in varied)


def test_facts_are_real_ones(demo, real, composed):
    needs, _ = composed
    scenarios = {(need.lang, need.scenario.code) for need in demo.needs}
    assert {(content.lang, content.scenario_code) for content in needs} <= scenarios
    industries = {content.industry_code for content in real.needs}
    assert {content.industry_code for content in needs} <= industries


def test_facts_come_from_the_parent_and_from_others_of_its_topic(demo, real):
    _, needs = composers(demo)
    documents = [content.model_dump(mode="json") for content in real.needs]
    parents = contents._Parents(needs, documents, [()] * len(documents))
    numbers = max(parents.by_topic.values(), key=len)
    assert len(numbers) > 4
    draw = random.Random(1)
    given = [parents._donor(numbers[0], draw) for _ in range(400)]
    assert {one["title"] for one in given} == {documents[number]["title"] for number in numbers}
    assert 0.3 < sum(one is documents[numbers[0]] for one in given) / len(given) < 0.6


def rows(session, model, *, without=()):
    table = model.__table__
    kept = [column for column in table.c if column.name not in without]
    return [dict(row._mapping) for row in session.execute(select(*kept))]


OWN = ("id", "organization_id", "created_at", "updated_at", "listed_at", "published_at")


@pytest.mark.parametrize("side", ["needs", "capabilities"])
def test_bulk_rows_are_those_of_the_use_cases(store, composed, side):
    kind, postings, model = (NEED, NEEDS, Need) if side == "needs" else (CAPABILITY, CAPABILITIES, Capability)
    content = composed[0 if side == "needs" else 1][0]
    found = []
    for bulk in (True, False):
        with store.fresh("catalog") as database:
            owners = filling.enter_organizations(database)
            if bulk:
                ids = filling.publish(database, kind, [content], owners)
            else:
                with database.write_session() as session:
                    postings.put(session=session, actor=SYSTEM, content=content, organization_id=owners[0])
            with database.read_session() as session:
                (row,) = rows(session, model, without=OWN)
                links = [
                    sorted(one["code"] for one in rows(session, table))
                    for table in (CapabilityScenario, CapabilityIndustry, CapabilityRegion)
                ]
                (stored,) = session.scalars(select(model))
                if bulk:
                    assert [stored.id] == ids
                assert stored.listed_at == stored.published_at
                noted = {(one.kind, one.record_id == stored.id) for one in changes.since(session, len(owners))}
                taken = counters.last(session, row["reference"].rpartition("-")[0])
                found.append((row, links, noted, taken))
    assert found[0] == found[1]


def test_all_chunks_are_written_for_organisations_in_turn(store, composed, monkeypatch):
    monkeypatch.setattr(filling, "_CHUNK", 7)
    with store.fresh("catalog") as database:
        owners = filling.enter_organizations(database)[:3]
        ids = filling.publish(database, NEED, composed[0][:20], owners)
        with database.read_session() as session:
            found = NEEDS.published(session=session)
            assert [row.id for row, _ in found] == sorted(ids)
            assert {row.title for row, _ in found} == {content.title for content in composed[0][:20]}
            assert {row.organization_id for row, _ in found} == {*owners}
            assert sorted(int(row.reference[-6:]) for row, _ in found) == [*range(1, 21)]
