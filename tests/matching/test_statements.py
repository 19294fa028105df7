import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.normalise import normalise
from app.matching.statements import names_a_change, only_statement, statements
from app.matching.units import written_unit


def read(text):
    normal = normalise(text).text
    return [
        (normal[slice(*found.name)], found.operator, found.firm, found.value, found.unit)
        for found in statements(normal)
    ]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("检出率可达99.7%", [("检出率", "=", False, 99.7, "%")]),
        ("檢出率可達 99.7％", [("检出率", "=", False, 99.7, "%")]),
        ("99.7%的检出率", [("检出率", "=", False, 99.7, "%")]),
        ("清框率 98% 以上", [("清框率", ">=", True, 98, "%")]),
        ("检出率不低于 99.5%", [("检出率", ">=", True, 99.5, "%")]),
        ("设备稼动率≥85%", [("设备稼动率", ">=", True, 85, "%")]),
        ("設備稼動率提升至 85%", [("设备稼动率", ">=", False, 85, "%")]),
        ("漏检率低于0.1%", [("漏检率", "<=", True, 0.1, "%")]),
        ("漏检率不能超过0.1%", [("漏检率", "<=", True, 0.1, "%")]),
        ("误检率由3%降至0.2%", [("误检率", "<=", False, 0.2, "%")]),
        ("精度±0.02mm", [("精度", "<=", True, 0.02, "mm")]),
        ("定位精度优于 0.05 毫米", [("定位精度", "=", False, 0.05, "毫米")]),
        ("地面不平 8 mm 以内可正常通行", [("地面不平", "<=", True, 8, "mm")]),
        ("节拍 8 秒以内", [("节拍", "<=", True, 8, "秒")]),
        ("整线节拍控制在约 8 秒", [("整线节拍", "<=", True, 8, "秒")]),
        ("单价约30万元", [("单价", "=", False, 30, "万元")]),
        ("报价¥30万", [("报价", "=", False, 30, "万元")]),
        ("产能 1.2 万件/小时", [("产能", "=", False, 12000, "件/小时")]),
        ("每分钟可检 300 瓶", [("每分钟可检", "=", False, 300, "瓶/分钟")]),
        ("检出率99.7% 误检率0.5%", [("检出率", "=", False, 99.7, "%"), ("误检率", "=", False, 0.5, "%")]),
        ("cycle time under 8 s", [("cycle time", "<=", True, 8, "s")]),
        ("Cycle time is no more than 8 s per part", [("cycle time", "<=", True, 8, "s")]),
        ("achieves 99.7 % detection accuracy", [("detection accuracy", "=", False, 99.7, "%")]),
        ("detection rate of up to 99.7 percent", [("detection rate", "=", False, 99.7, "percent")]),
        ("detection rate of at least 99.5%", [("detection rate", ">=", True, 99.5, "%")]),
        ("cut scrap from 3% to 0.2%", [("cut scrap", "<=", False, 0.2, "%")]),
        ("Reduces changeover to 10 minutes", [("reduces changeover", "=", False, 10, "minutes")]),
        ("produces 1,200 pcs/h", [("produces", "=", False, 1200, "pcs/h")]),
        ("Price from CNY 300,000", [("price", "=", False, 300000, "元")]),
    ],
)  # fmt: skip
def test_a_figure_is_read_with_its_name_bound_and_unit(text, stated):
    assert read(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "适用壁厚 1.2 至 12 mm",
        "handles parts from 5 to 60 mm",
        "不适用于孔径 2 mm 以下",
        "not suitable for gaps under 2 mm",
        "支持3D视觉和5G",
        "2024年3月5日上线",
        "覆盖 40 种规格",
        "99.7%",
        "高精度检测",
    ],
)
def test_what_is_doubtful_is_left_unread(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "relative"),
    [
        ("误报降低 80%", True), ("能耗平均下降了 15%", True), ("downtime reduced by 30%", True),
        ("误报率降低至 0.5%", False), ("降低漏检至 0.5%", False),
        ("误报率 0.5%", False), ("downtime down to 30 min", False),
    ],
)  # fmt: skip
def test_the_size_of_a_change_is_told_from_a_level(text, relative):
    (found,) = statements(normalise(text).text)
    assert found.relative is relative


@pytest.mark.parametrize(("name", "change"), [("误报降低率", True), ("energy saving", True), ("误报率", False)])
def test_a_name_may_be_that_of_a_change(name, change):
    assert names_a_change(name) is change


def test_a_change_tells_what_was_before():
    (found,) = statements("漏检率由 3% 降到 0.2%")
    assert (found.before, found.value) == (3, 0.2)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("客户现场的检出率 99%", "检出率"),
        ("大型汽车零部件工厂检出率 99%", "车零部件工厂检出率"),
        ("4k 线阵多组拼接覆盖 1500 mm", "线阵多组拼接覆盖"),
        ("99% 检出率覆盖大型汽车零部件工厂", "检出率覆盖大型汽车"),
        ("machine vision weld seam detection rate of 99%", "seam detection rate"),
        ("with a rate of detection of 99%", "rate of detection"),
    ],
)
def test_a_name_is_the_nearest_words_of_one_phrase(text, name):
    assert [found for found, *_ in read(text)] == [name]


def test_figures_of_several_clauses_are_read_each_with_its_own_name():
    assert [name for name, *_ in read("检出率可达99.7%，节拍 8 秒；重复精度±0.02mm")] == ["检出率", "节拍", "重复精度"]


@pytest.mark.parametrize(
    ("text", "read_out"),
    [
        ("检出率不低于99.5%。", True),
        ("检出率不低于99.5%，能出报表", False),
        ("检出率高", False),
        ("三项在 2 条线 99% 以上", False),
    ],
)
def test_only_a_text_that_is_one_figure_is_read_as_one(text, read_out):
    assert (only_statement(normalise(text).text) is not None) is read_out


@pytest.mark.parametrize(
    ("text", "unit"),
    [("8 s", ("s", 1.0)), ("8 sets", None), ("3d", None),
     ("5 l/min", ("l/min", 1.0)), ("3 万件", ("件", 1e4)), ("30万元", ("万元", 1.0)),
     ("2 thousand pcs/h", ("pcs/h", 1e3))],
)  # fmt: skip
def test_a_written_unit_follows_its_number(text, unit):
    found = written_unit(text, 1 if text[1] != "0" else 2)
    assert (found and (found.name, found.times)) == unit


@given(
    st.text(
        alphabet=st.sampled_from("检出率可达不低于超过以内约由从降至 0123456789.,%mms件/h万元±from to under，。-"),
        max_size=40,
    )
)
def test_places_are_within_the_text_and_hold_the_name(text):
    normal = normalise(text).text
    for found in statements(normal):
        assert 0 <= found.start <= found.name[0] < found.name[1] <= found.end <= len(normal)
