"""The OpenAPI document: operation ids that read well, and problems instead of FastAPI's own error form."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.web import query
from app.web.problems import Problem, problems

_REF = "#/components/schemas/{model}"


def operation_id(route: APIRoute) -> str:
    """The route's function name, so that generated clients read well."""
    return route.name.replace("-", "_")


def install(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Make the application describe itself this way; `routers` are those whose query models are to be described."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app, routes)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way to replace it


def _described(app: FastAPI, routes: Iterable[APIRoute]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes
    )
    schemas = document["components"]["schemas"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    problem = Problem.model_json_schema(ref_template=_REF)
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    for route in routes:
        for model in query.models_of(route):
            described, referred = query.parameters(model, _REF)
            schemas.update(referred)
            for method in route.methods or ():
                document["paths"][route.path][method.lower()].setdefault("parameters", []).extend(described)
    for item in document["paths"].values():
        for operation in item.values():
            _add_problems(operation)
    return document


def _add_problems(operation: dict[str, Any]) -> None:
    expected = [503]
    if operation.get("parameters") or "requestBody" in operation:
        expected.append(422)
    if "security" in operation:
        expected.append(401)
    if "requestBody" in operation:
        expected += [400, 413, 415]
    for status, response in problems(*expected).items():
        operation["responses"][str(status)] = response
    if "428" in operation["responses"]:
        # the handler asks for it itself, to answer 428 and not 422 when it is missing
        header = next(one for one in operation["parameters"] if one["name"] == "if-match")
        header["required"] = True
        header["schema"] = {"type": "string", "examples": header["schema"]["examples"]}
