"""Pydantic's faults as our own: where, which rule, and what it is called in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.core.errors import FieldError, Invalid
from app.core.text import Bilingual

ModelT = TypeVar("ModelT", bound=BaseModel)

_ZH: Mapping[str, str] = {
    "missing": "必填",
    "extra_forbidden": "没有这个字段",
    "json_invalid": "不是有效的 JSON",
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
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "enum": "应为以下之一：{expected}",
    "literal_error": "应为以下之一：{expected}",
    "date_type": "应为日期，如 2027-03-31",
    "date_parsing": "应为日期，如 2027-03-31",
    "date_from_datetime_parsing": "应为日期，如 2027-03-31",
    "datetime_parsing": "应为时间，如 2027-03-31T08:00:00Z",
    "list_type": "应为列表",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "model_attributes_type": "应为对象",
    "model_type": "应为对象",
    "dict_type": "应为对象",
    "control_character": "不得含有控制字符",
    "repeated_item": "不得重复",
    "range_reversed": "最小值大于最大值",
    "incomplete_figure": "指标、运算符、目标值和单位须一并给出",
    "uscc": "不是有效的统一社会信用代码",
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
    return Bilingual(template.format_map(fault.get("ctx", {})), fault["msg"])


def _escape(part: object) -> str:
    # a client may send keys that no JSON encoder can write back, and long ones
    return str(part).replace("~", "~0").replace("/", "~1").encode(errors="replace").decode()[:200]
