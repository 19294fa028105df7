"""Answers encoded once.

A route keeps its `response_model` for the schema and returns these bytes: FastAPI would otherwise validate every row
again and hop threads twice. Models encode themselves; rows, which are no models, go through orjson, which writes times
and ids as models do and is faster with them than pydantic's encoder.
"""

from typing import Any

import orjson
from fastapi import Response
from pydantic import BaseModel


def encoded(body: object, *, status: int = 200) -> Response:
    """A JSON answer: a model, or rows of text, numbers, dates, ids, codes and models."""
    return Response(as_json(body), status_code=status, media_type="application/json")


def unstored(body: BaseModel, *, status: int = 200) -> Response:
    """A JSON answer with a secret in it, which nobody on its way may keep (RFC 9111, 5.2.2.5)."""
    headers = {"Cache-Control": "no-store"}
    return Response(as_json(body), status_code=status, media_type="application/json", headers=headers)


def as_json(body: object) -> bytes:
    """The bytes of a JSON answer, the same from rows as from a model of them."""
    if isinstance(body, BaseModel):
        return body.__pydantic_serializer__.to_json(body)
    return orjson.dumps(body, default=_fields, option=orjson.OPT_UTC_Z)


def _fields(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json")
