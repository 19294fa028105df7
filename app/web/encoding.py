"""Answers encoded once.

A route keeps its `response_model` for the schema and returns these bytes: FastAPI would otherwise validate every row
again and hop threads twice.
"""

from typing import Any

from fastapi import Response
from pydantic_core import to_json


def encoded(body: Any) -> Response:  # noqa: ANN401 - models, rows and plain containers alike
    """A JSON answer from models, mappings, lists and plain values."""
    return Response(to_json(body), media_type="application/json")
