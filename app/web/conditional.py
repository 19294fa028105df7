"""Conditional requests (RFC 9110, section 13).

An ETag is the record's version and a hash of what was sent. A change is held against the version alone; what a caller
holds is current only as a whole, for it also shows things that change without the record, such as a name.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, NamedTuple

from fastapi import Depends, Header, Response
from pydantic import BaseModel

from app.core.errors import StaleVersion, VersionRequired
from app.web.deps import PERSON_HEADER
from app.web.encoding import as_json

_HASH_BYTES = 8
# One place of a list, which may be empty. Possessive, so that a header made to be slow is read once.
_LISTED = re.compile(r'[ \t]*+(?:(?P<weak>W/)?"(?P<tag>[\x21\x23-\x7e\x80-\xff]*+)"[ \t]*+)?(?:,|\Z)')
_VERSION = re.compile(rf"([0-9]{{1,18}})(?:-[0-9a-f]{{{2 * _HASH_BYTES}}})?")
_PER_CALLER = {"Vary": f"Authorization, {PERSON_HEADER}"}

AcceptedVersions = frozenset[int] | None
"""Versions a change may start from; None means any (`If-Match: *`)."""


class _Tag(NamedTuple):
    opaque: str
    is_weak: bool


async def _accepted_versions(
    if_match: Annotated[
        str | None,
        Header(description="The ETag of the version you read, or `*` for whatever version is there.", examples=["*"]),
    ] = None,
) -> AcceptedVersions:
    if if_match is None:
        raise VersionRequired
    if _is_any(if_match):
        return None
    versions = _versions(if_match)
    if not versions:
        raise StaleVersion
    return versions


IfMatch = Annotated[AcceptedVersions, Depends(_accepted_versions)]
IfNoneMatch = Annotated[
    str | None, Header(description="An ETag you hold: answered 304 without a body while it is current.")
]


def versioned(record: BaseModel, version: int, *, if_none_match: str | None = None, status: int = 200) -> Response:
    """Answer with a record and its ETag, or with 304 when the caller already holds exactly this."""
    content = as_json(record)
    return _answer(content, f"{version}-{_hash(content)}", if_none_match, status=status, headers=_PER_CALLER)


def revalidated(body: BaseModel, if_none_match: str | None) -> Response:
    """Answer with what has no version and is the same for everybody, or with 304 when the caller already holds it."""
    content = as_json(body)
    return _answer(content, _hash(content), if_none_match)


def _answer(
    content: bytes, tag: str, if_none_match: str | None, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    tagged = {"ETag": f'"{tag}"', **(headers or {})}
    if if_none_match is not None and _is_held(tag, if_none_match):
        return Response(status_code=304, headers=tagged)
    return Response(content, status_code=status, media_type="application/json", headers=tagged)


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=_HASH_BYTES).hexdigest()


def _is_held(tag: str, if_none_match: str) -> bool:
    return _is_any(if_none_match) or tag in {held.opaque for held in _tags(if_none_match)}


def _versions(if_match: str) -> frozenset[int]:
    named = (_VERSION.fullmatch(tag.opaque) for tag in _tags(if_match) if not tag.is_weak)
    return frozenset(int(found[1]) for found in named if found)


def _is_any(header: str) -> bool:
    return header.strip() == "*"


def _tags(header: str) -> list[_Tag]:
    """The tags of a list; none at all if any part of it is something else."""
    tags: list[_Tag] = []
    place = 0
    while place < len(header):
        found = _LISTED.match(header, place)
        if found is None:
            return []
        if found["tag"] is not None:
            tags.append(_Tag(found["tag"], is_weak=found["weak"] is not None))
        place = found.end()
    return tags
