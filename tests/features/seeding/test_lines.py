"""Bytes to numbered records, faults to lines."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.seeding.errors import FileFaulty
from app.features.seeding.lines import read_objects, read_table
from app.features.seeding.renaming import ours, theirs


def _faults(read, *arguments):
    with pytest.raises(FileFaulty) as caught:
        read(*arguments)
    return [(error.row, error.pointer, error.code) for error in caught.value.errors]


def test_rows_are_numbered_by_the_line_they_begin_on():
    rows = read_table('\ufeffa,b\r\n1,"two\r\nlines"\r\n\r\n3,4\r\n'.encode(), ["b", "a"])

    assert [(row.number, dict(row.content)) for row in rows] == [
        (2, {"a": "1", "b": "two\r\nlines"}),
        (5, {"a": "3", "b": "4"}),
    ]


def test_the_header_is_exact():
    assert _faults(read_table, b"a,c\n1,2\n", ["a", "b"]) == [
        (1, "/c", "extra_forbidden"),
        (1, "/b", "missing"),
    ]
    assert _faults(read_table, b"", ["a"]) == [(1, "/a", "missing")]


def test_a_row_is_as_wide_as_the_header():
    assert _faults(read_table, b"a,b\n1,2\n1\n1,2,3\n", ["a", "b"]) == [
        (3, "", "wrong_width"),
        (4, "", "wrong_width"),
    ]


def test_a_quotation_that_never_ends_is_a_fault():
    assert _faults(read_table, b'a\n1\n"2\n', ["a"]) == [(3, "", "csv_invalid")]


@pytest.mark.parametrize(("read", "arguments"), [(read_table, (["a"],)), (read_objects, ())])
def test_another_encoding_is_told_with_its_line(read, arguments):
    assert _faults(read, "a\nb\n苏州\n".encode("gbk"), *arguments) == [(3, "", "not_utf8")]


def test_objects_are_numbered_by_their_lines():
    assert [(row.number, row.content) for row in read_objects(b'{"a": 1}\n\n{"a": 2}\r\n')] == [
        (1, {"a": 1}),
        (3, {"a": 2}),
    ]


@pytest.mark.parametrize("line", [b"{", b"[1]", b"null", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"])
def test_what_is_no_object_is_a_fault(line):
    assert _faults(read_objects, b"{}\n" + line + b"\n") == [(2, "", "json_invalid")]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    for read, arguments in ((read_table, (["a"],)), (read_objects, ())):
        with contextlib.suppress(FileFaulty):
            numbers = [row.number for row in read(data, *arguments)]
            assert numbers == sorted(set(numbers))


def test_fields_go_by_our_names_and_faults_by_the_files():
    names = {"price_min": "price_min_cny", "note": None}

    assert ours({"price_min": 5, "note": "x", "unit": "", "lang": None, "zero": 0}, names) == {
        "price_min_cny": 5,
        "zero": 0,
    }
    assert theirs("/price_min_cny", names) == "/price_min"
    assert theirs("/cases/0/year", names) == "/cases/0/year"
    assert theirs("/price_min_cny/0", names) == "/price_min/0"
    assert theirs("", names) == ""
