"""What needs no database: words, figures, quotations."""

import re
from datetime import UTC, datetime
from importlib.resources import files
from itertools import pairwise

import pytest

from app.features.needs.schemas import Requirement
from app.features.organizations.types import OrgType
from app.features.postings.schemas import OrganizationBrief
from app.features.reports import presenting, rendering
from app.features.reports.formatting import Speech
from app.features.reports.presenting import TAIL, pieces
from app.features.reports.schemas import CodeNames
from app.features.reports.wording import WORDS
from app.matching import TermShare

NAMES = CodeNames(industries={"3670": "Motor vehicle parts"}, scenarios={}, regions={})
ZH, EN = Speech("zh", NAMES), Speech("en", NAMES)


def test_every_word_is_said_in_its_language_and_takes_the_same_values():
    for key, word in WORDS.items():
        if key != "other_language":
            assert not re.search(r"[一-鿿]", word.en), key
            assert re.search(r"[一-鿿：]", word.zh), key
        assert re.findall(r"{\w+}", word.zh) == re.findall(r"{\w+}", word.en) or key in ("best", "silent_on"), key


def test_every_word_is_used():
    folder = files("app.features.reports")
    sources = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".py")]
    sources += [entry.read_text("utf-8") for entry in (folder / "templates").iterdir()]
    used = "\n".join(source for source in sources if source and not source.startswith('"""The words of reports'))
    ends = {"need", "capability"}  # say('title_' ~ report.side)
    unused = [
        key
        for key in WORDS
        if f'"{key}"' not in used
        and f"'{key}'" not in used
        and not (key.rpartition("_")[2] in ends and f"'{key.rpartition('_')[0]}_'" in used)
    ]
    assert not unused


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (600_000, 1_000_000, "60–100 万元", "CNY 600,000–1,000,000"),
        (12_345_600, 98_765_432, "1,234.56–9,876.5432 万元", "CNY 12,345,600–98,765,432"),
        (500_000, 500_000, "50 万元", "CNY 500,000"),
        (5_000, None, "0.5 万元起", "from CNY 5,000"),
        (None, 10**13, "不超过 1,000,000,000 万元", "up to CNY 10,000,000,000,000"),
        (0, None, "0 万元起", "from CNY 0"),
        (None, None, "未填写或未公开", "Not given, or not open to you"),
    ],
)
def test_money(low, high, zh, en):
    assert (ZH.money(low, high), EN.money(low, high)) == (zh, en)


def test_numbers_and_moments():
    assert EN.count(12345) == "12,345"
    assert EN.percent(0.5821) == "58.2%"
    assert EN.points(0.10278) == "10.3"
    assert EN.figure(1250.5) == "1,250.5"
    assert EN.figure(-0.5) == "-0.5"
    assert EN.figure(1e12) == "1,000,000,000,000"
    assert EN.moment(datetime(2026, 12, 31, 16, 5, tzinfo=UTC)) == "2027-01-01 00:05 (UTC+8)"


def test_a_requirement_with_a_figure_names_it():
    figure = Requirement(text="rate", metric="rate", operator=">=", target=99, unit="%")
    bare = Requirement(text="people", metric="people", operator="<=", target=1200, unit="")
    assert EN.target(figure) == "≥ 99 %"
    assert EN.target(bare) == "≤ 1,200"
    assert EN.target(Requirement(text="in words")) == ""


def test_organizations():
    shown = {"org_type": OrgType.MANUFACTURER, "industry_code": "3670", "is_fictitious": True}
    named = OrganizationBrief(id=None, name="甲厂", name_en=None, **shown)
    both = OrganizationBrief(id=None, name="甲厂", name_en="Alpha", **shown)
    hidden = OrganizationBrief(id=None, name=None, name_en=None, **shown)
    bare = hidden.model_copy(update={"industry_code": None})
    assert [ZH.organization(one) for one in (named, both)] == ["甲厂", "甲厂"]
    assert [EN.organization(one) for one in (named, both)] == ["甲厂", "Alpha"]
    assert [EN.organization_tag(one) for one in (named, both, hidden)] == ["zh-CN", "en", "en"]
    assert EN.organization(hidden) == "Manufacturing enterprise (name not open) · Motor vehicle parts"
    assert ZH.organization(bare) == "某制造企业（名称未公开）"


def _terms(*terms):
    return [TermShare(term=term, need_spans=[], offer_spans=[], share=0.1) for term in terms]


@pytest.mark.parametrize(
    ("passage", "terms", "common"),
    [
        ("焊缝外观检测", ["焊缝", "检测"], ["焊缝", "检测"]),
        ("焊缝外观检测", ["焊缝外观", "焊缝"], ["焊缝外观"]),
        ("AI inspection by rail", ["ai"], ["AI"]),
        ("changeover in 15 min", ["换型 ~ changeover"], ["changeover"]),
        ("a.b and acb", ["a.b"], ["a.b"]),
        ("其余…", [TAIL], []),
        ("nothing here", [], []),
        ("", ["焊缝"], []),
    ],
)
def test_quotations_are_marked_where_both_sides_use_a_word(passage, terms, common):
    found = pieces(passage, _terms(*terms))
    assert "".join(piece.text for piece in found) == passage
    assert [piece.text for piece in found if piece.common] == common
    assert not any(not one.common and not two.common for one, two in pairwise(found))


def test_the_stylesheet_asks_for_nothing_from_outside():
    assert "url(" not in rendering.STYLESHEET.content
    assert "@import" not in rendering.STYLESHEET.content
    assert "</" not in rendering.STYLESHEET.content
    assert presenting.NEAREST_EXPLAINED == 3
