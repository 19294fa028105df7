"""Pydantic's faults as our own: where, which rule, and what it is called in both languages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.core.errors import FieldError, Invalid
from app.core.text import Bilingual

ModelT = TypeVar("ModelT", bound=BaseModel)

_ZH: Mapping[str, str] = {
    "missing": "必填",
    "none_required": "应为 null",
    "extra_forbidden": "没有这个字段",
    "json_invalid": "不是有效的 JSON",
    "json_type": "应为 JSON 文本",
    "invalid_key": "字段名应为文本",
    "recursion_loop": "内容循环引用自身",
    "string_type": "应为文本",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不符",
    "string_unicode": "含有无效字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "enum": "应为以下之一：{expected}",
    "literal_error": "应为以下之一：{expected}",
    "date_type": "应为日期，如 2027-03-31",
    "date_parsing": "应为日期，如 2027-03-31",
    "date_from_datetime_parsing": "应为日期，如 2027-03-31",
    "date_from_datetime_inexact": "应为日期，不带时刻，如 2027-03-31",
    "datetime_type": "应为时间，如 2027-03-31T08:00:00Z",
    "datetime_parsing": "应为时间，如 2027-03-31T08:00:00Z",
    "datetime_from_date_parsing": "应为时间，如 2027-03-31T08:00:00Z",
    "timezone_aware": "时间须带时区，如 2027-03-31T08:00:00Z",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "不是有效的 UUID",
    "list_type": "应为列表",
    "set_type": "应为列表",
    "tuple_type": "应为列表",
    "iterable_type": "应为列表",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "model_attributes_type": "应为对象",
    "model_type": "应为对象",
    "dict_type": "应为对象",
    "mapping_type": "应为对象",
    "control_character": "不得含有控制字符",
    "web_address": "应为公开网址，如 https://example.com/file.pdf",
    "blank_text": "应有可读的内容",
    "repeated_item": "不得重复",
    "range_reversed": "最小值大于最大值",
    "incomplete_figure": "指标、运算符、目标值和单位须一并给出",
    "uscc": "不是有效的统一社会信用代码",
    "login": "应为电子邮件地址或手机号码",
    "one_side": "need 与 capability 须给出其一，且只给其一",
    "network": "应为地址或网段，如 192.0.2.0/24",
    "posting_id": "应为编号（UUID 或形如 XQ-2026-000001）",
}


def validated(schema: type[ModelT], content: Mapping[str, Any]) -> ModelT:
    """Validate content that did not come straight from a request's body.

    Raises:
        Invalid: with one field error for each fault.
    """
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        raise Invalid([field_error(fault, fault["loc"]) for fault in error.errors()]) from error


def field_error(fault: Mapping[str, Any], place: Sequence[object]) -> FieldError:
    """One of pydantic's faults, found at a place below the document's root."""
    path = [] if fault["type"] == "json_invalid" else list(place)
    if field := fault.get("ctx", {}).get("field"):
        path.append(field)
    return FieldError("".join(f"/{_escape(part)}" for part in path), _said_of(fault), fault["type"])


def _said_of(fault: Mapping[str, Any]) -> Bilingual:
    template = _ZH.get(fault["type"])
    if template is None:
        return Bilingual(f"内容不符合要求（{fault['type']}）", fault["msg"])
    values = fault.get("ctx", {})
    if "expected" in values:
        values = {**values, "expected": _listed(values["expected"])}
    return Bilingual(template.format_map(values), fault["msg"])


def _listed(expected: str) -> str:
    """Pydantic's `'a', 'b' or 'c'` as Chinese lists it."""
    *others, last = (part.strip("'") for part in re.split(", | or ", expected))
    return f"{'、'.join(others)} 或 {last}" if others else last


def _escape(part: object) -> str:
    # a client may send keys that no JSON encoder can write back, and long ones
    return str(part).replace("~", "~0").replace("/", "~1").encode(errors="replace").decode()[:200]
