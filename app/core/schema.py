"""Bases and field types of everything that comes in or goes out."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AnyUrl,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    UrlConstraints,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError

from app.core.addresses import network

MAX_CNY = 10**13
"""An upper bound for money in whole yuan; keeps every sum inside 64 bits."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:.*", re.DOTALL)
_BLANK = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Schema(BaseModel):
    """Read or written JSON: unknown fields are refused, nothing changes after validation."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


def plain(value: str) -> str:
    """Refuse control characters: PostgreSQL cannot store NUL, and the others only hide text from readers."""
    if _CONTROL.search(value):
        raise PydanticCustomError("control_character", "Control characters are not allowed")
    return value


def legible(value: str) -> str:
    """Refuse text that shows nothing: spaces, joiners, fillers and marks alone."""
    if value and all(one in _FILLERS or unicodedata.category(one) in _BLANK for one in value):
        raise PydanticCustomError("blank_text", "Should hold something that can be read")
    return value


def public_address(value: str) -> str:
    """Refuse what is no address of a page on the open web. Nothing here ever fetches one: people follow it."""
    try:
        address = _ADDRESS.validate_python(value)
    except ValidationError as error:
        raise _NOT_PUBLIC from error
    host = (address.host or "").strip("[]").rstrip(".")
    named = "." in host and not host.rpartition(".")[2].isdigit() and ":" not in host
    if not named or host.endswith(_INTERNAL) or address.username or address.password:
        raise _NOT_PUBLIC
    return str(address)


def _network(value: str) -> str:
    try:
        return network(value)
    except ValueError as error:
        raise PydanticCustomError("network", "Should be an address, or a network such as 192.0.2.0/24") from error


def _written_date(value: object) -> object:
    # pydantic would read a bare number as seconds since 1970
    if not isinstance(value, date) and not (isinstance(value, str) and _DATE.fullmatch(value)):
        raise PydanticCustomError("date_type", "Input should be a date such as 2027-03-31")
    return value


def _written_moment(value: object) -> object:
    # as above; and a bare date has no moment at which it is over
    if not isinstance(value, datetime) and not (isinstance(value, str) and _MOMENT.fullmatch(value)):
        raise PydanticCustomError("datetime_type", "Input should be a time such as 2027-03-31T08:00:00Z")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:  # the first or last day there is, elsewhere
        raise PydanticCustomError("datetime_parsing", "Input should be a time that can be told in UTC") from error


def _no_repeats(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("repeated_item", "Each item may be given once")
    return values


_ADDRESS: TypeAdapter[AnyUrl] = TypeAdapter(Annotated[AnyUrl, UrlConstraints(allowed_schemes=["https"])])
_INTERNAL = (".local", ".internal", ".localhost", ".home.arpa")
_NOT_PUBLIC = PydanticCustomError("web_address", "Should be a public web address such as https://example.com/file.pdf")

Plain = AfterValidator(plain)
Legible = AfterValidator(legible)
Unique = AfterValidator(_no_repeats)

Title = Annotated[str, Field(min_length=1, max_length=256), Plain, Legible]
ShortText = Annotated[str, Field(min_length=1, max_length=256), Plain, Legible]
LongText = Annotated[str, Field(max_length=8000), Plain]
Keyword = Annotated[str, Field(min_length=1, max_length=64), Plain, Legible]
Note = Annotated[str, Field(min_length=1, max_length=2000), Plain, Legible]
Code = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9-]+$")]
WebAddress = Annotated[
    str,
    Field(max_length=2000, pattern=r"^https://", json_schema_extra={"format": "uri"}),
    AfterValidator(public_address),
]
Network = Annotated[str, Field(max_length=64, examples=["192.0.2.0/24", "2001:db8::7"]), AfterValidator(_network)]
Cny = Annotated[int, Field(ge=0, le=MAX_CNY, strict=True)]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False, strict=True)]
IsoDate = Annotated[date, BeforeValidator(_written_date)]
FullMoment = Annotated[AwareDatetime, BeforeValidator(_written_moment), AfterValidator(_in_utc)]
Trl = Annotated[int, Field(ge=1, le=9, strict=True)]


def whole_range(low: float | None, high: float | None, *, field: str) -> None:
    """Refuse a range whose lower end lies above its upper end, naming the field at fault."""
    if low is not None and high is not None and low > high:
        raise PydanticCustomError("range_reversed", "The minimum lies above the maximum", {"field": field})


def partial(model: type[Schema], name: str) -> type[Schema]:
    """The same fields, none required: a merge patch (RFC 7396) of `model`.

    A field that is left out stays as it is; null empties a field that may be empty and is refused elsewhere.
    """
    fields: dict[str, Any] = {
        field: (info.rebuild_annotation(), Field(default=None, description=info.description))
        for field, info in model.model_fields.items()
    }
    patch: type[Schema] = create_model(name, __base__=Schema, __module__=model.__module__, **fields)
    patch.model_config["json_schema_extra"] = _without_defaults
    patch.__doc__ = f"Changes to fields of {model.__name__}; what is left out stays as it is."
    patch.model_rebuild(force=True)
    return patch


def _without_defaults(schema: dict[str, Any]) -> None:
    for described in schema.get("properties", {}).values():
        described.pop("default", None)
