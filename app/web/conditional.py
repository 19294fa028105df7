"""Conditional requests (RFC 9110, section 13): ETags are record versions."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response
from pydantic import BaseModel

from app.core.errors import StaleVersion, VersionRequired

_ETAG = re.compile(r'(?:W/)?"(\d{1,18})"')

AcceptedVersions = frozenset[int] | None
"""Versions a change may start from; None means any (`If-Match: *`)."""


async def _accepted_versions(
    if_match: Annotated[
        str | None,
        Header(description="The ETag of the version you read, or `*` for whatever version is there.", examples=["*"]),
    ] = None,
) -> AcceptedVersions:
    if if_match is None:
        raise VersionRequired
    if if_match.strip() == "*":
        return None
    versions = _versions(if_match)
    if not versions:
        raise StaleVersion
    return versions


IfMatch = Annotated[AcceptedVersions, Depends(_accepted_versions)]
IfNoneMatch = Annotated[
    str | None, Header(description="An ETag you hold: answered 304 without a body while it is current.")
]


def _versions(header: str) -> frozenset[int]:
    return frozenset(int(found) for found in _ETAG.findall(header))


def versioned(record: BaseModel, version: int, *, if_none_match: str | None = None, status: int = 200) -> Response:
    """Answer with a record and its ETag, or with 304 when the caller already holds this version."""
    headers = {"ETag": f'"{version}"', "Vary": "Authorization"}
    if if_none_match is not None and version in _versions(if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(
        record.__pydantic_serializer__.to_json(record),
        status_code=status,
        media_type="application/json",
        headers=headers,
    )
