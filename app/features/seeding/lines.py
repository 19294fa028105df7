"""A file's bytes as numbered records."""

import csv
import json
from collections.abc import Collection, Sequence

from app.core.text import Bilingual
from app.features.seeding.errors import FileFaulty
from app.features.seeding.types import Row, RowError

_EXTRA = Bilingual("没有这个字段", "Extra inputs are not permitted")
_MISSING = Bilingual("必填", "Field required")
_NOT_UTF8 = Bilingual("不是 UTF-8 编码", "Not UTF-8")
_OBJECT = Bilingual("不是 JSON 对象", "Not a JSON object")
_TABLE = Bilingual("不是有效的 CSV", "Not valid CSV")
_WIDTH = Bilingual("列数与表头不符", "The number of cells differs from the header's")


def read_table(data: bytes, columns: Collection[str]) -> list[Row]:
    """The rows of a CSV file whose header has exactly these columns, in any order.

    Raises:
        FileFaulty: it is no such file.
    """
    reader = csv.reader(_decoded(data).splitlines(keepends=True), strict=True)
    rows: list[Row] = []
    faults: list[RowError] = []
    try:
        header = next(reader, [])
        faults += _faults_of_header(header, columns)
        number = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                faults.append(RowError(number, "", _WIDTH, "wrong_width"))
            elif cells:
                rows.append(Row(number, dict(zip(header, cells, strict=True))))
            number = reader.line_num + 1
    except csv.Error:
        faults.append(RowError(reader.line_num, "", _TABLE, "csv_invalid"))
    if faults:
        raise FileFaulty(faults)
    return rows


def read_objects(data: bytes) -> list[Row]:
    """The objects of a file with one JSON object a line; empty lines are passed over.

    Raises:
        FileFaulty: some line is not one.
    """
    rows: list[Row] = []
    faults: list[RowError] = []
    for number, line in enumerate(_decoded(data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
        except (ValueError, RecursionError):
            content = None
        if isinstance(content, dict):
            rows.append(Row(number, content))
        else:
            faults.append(RowError(number, "", _OBJECT, "json_invalid"))
    if faults:
        raise FileFaulty(faults)
    return rows


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileFaulty([RowError(line, "", _NOT_UTF8, "not_utf8")]) from error


def _faults_of_header(header: Sequence[str], columns: Collection[str]) -> list[RowError]:
    return [
        *(RowError(1, f"/{name}", _EXTRA, "extra_forbidden") for name in header if name not in columns),
        *(RowError(1, f"/{name}", _MISSING, "missing") for name in columns if name not in header),
    ]
