"""Query parameters read straight into a model.

FastAPI's own query models look at every field's annotation on every request, a quarter of what the framework costs in a
list. Here the model validates the parameters itself, and `parameters` describes them for the OpenAPI document.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar, cast

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

ModelT = TypeVar("ModelT", bound=BaseModel)


class _Reader(Protocol):
    query_model: type[BaseModel]


def from_query(model: type[ModelT]) -> Any:  # noqa: ANN401 - Depends itself is typed so
    """Make a dependency that reads a model from the query, for use in `Annotated`.

    A parameter that is given twice is refused: no model here has lists.
    """

    async def read(request: Request) -> ModelT:
        given: dict[str, Any] = {}
        for name, value in request.query_params.multi_items():
            given[name] = value if name not in given else [given[name], value]
        try:
            return model.model_validate(given)
        except ValidationError as error:
            faults = [{**fault, "loc": ("query", *fault["loc"])} for fault in error.errors()]
            raise RequestValidationError(faults) from error

    cast("_Reader", read).query_model = model
    return Depends(cast("Callable[[Request], Awaitable[ModelT]]", read))


def models_of(route: APIRoute) -> list[type[BaseModel]]:
    """The models a route reads from its query."""
    models = (getattr(dependency.call, "query_model", None) for dependency in route.dependant.dependencies)
    return [model for model in models if model is not None]


def parameters(model: type[BaseModel], ref_template: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A model's fields as OpenAPI query parameters, and the schemas they refer to."""
    schema = model.model_json_schema(ref_template=ref_template)
    required = schema.get("required", [])
    described = [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": {key: value for key, value in field.items() if key != "description"},
            **({"description": field["description"]} if "description" in field else {}),
        }
        for name, field in schema["properties"].items()
    ]
    return described, schema.get("$defs", {})
