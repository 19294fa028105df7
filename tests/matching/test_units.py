import pytest

from app.matching.units import in_full, parse_unit


def converted(value, unit):
    parsed = parse_unit(unit)
    return parsed.dimension, pytest.approx(value * parsed.factor)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((180, "s"), (3, "分钟")),
        ((3, "分鐘"), (3, "min")),
        ((1, "小时"), (60, "minutes")),
        ((500, "ppm"), (0.05, "%")),
        ((50, "µm"), (0.05, "mm")),
        ((50, "um"), (50, "微米")),
        ((2, "万元"), (20000, "CNY")),
        ((7, "days"), (1, "周")),
        ((60, "件/h"), (1, "pcs/min")),
        ((3600, "units per hour"), (60, "只/分钟")),
        ((2, "人"), (2, "people")),
        ((60, "m/min"), (1000, "mm/s")),
        ((0.05, "mg/L"), (50, "µg/L")),
    ],
)
def test_equal_amounts_in_other_units_are_equal(left, right):
    assert converted(*left) == converted(*right)


@pytest.mark.parametrize(("left", "right"), [("%", "mm"), ("s", "mm"), ("件/h", "m/min"), ("ΔE", "%"), ("", "%")])
def test_other_dimensions_never_meet(left, right):
    assert parse_unit(left).dimension != parse_unit(right).dimension


def test_an_unknown_unit_meets_only_itself():
    assert parse_unit("次/台·周") == parse_unit("次/台·周")
    assert parse_unit("次/台·周").dimension != parse_unit("次/台").dimension


@pytest.mark.parametrize(
    ("figure", "written"),
    [
        (1_200_000.0, "1200000"),
        (80.6, "80.6"),
        (0.00005, "0.00005"),
        (-3.0, "-3"),
        (1e15, "1000000000000000"),
        (0, "0"),
    ],
)
def test_a_figure_is_written_in_full(figure, written):
    assert in_full(figure) == written
