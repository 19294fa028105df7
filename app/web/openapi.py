"""The OpenAPI document: query models and keys described, and problems instead of FastAPI's own error form."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase

from app.web import idempotency, query
from app.web.problems import Problem, problems
from app.web.routing import Given, givens_of

_IDEMPOTENCY_KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": "Names this request: sent again with the same key, it is answered as the first time.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
}
_REF = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Make the application, which has all its routes, describe itself this way."""
    routes = [route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema]

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
        for given in givens_of(route):
            for method in route.methods or ():
                _add_given(document, document["paths"][route.path][method.lower()], given)
    for item in document["paths"].values():
        for method, operation in item.items():
            if method == "post":
                operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
            _add_problems(operation, is_kept=method == "post")
            if method == "patch":
                bodies = operation["requestBody"]["content"]
                bodies["application/merge-patch+json"] = bodies["application/json"]
    return document


def _add_given(document: dict[str, Any], operation: dict[str, Any], given: Given) -> None:
    components = document["components"]
    if given.query is not None:
        described, referred = query.parameters(given.query, _REF)
        components["schemas"].update(referred)
        operation.setdefault("parameters", []).extend(described)
    if given.security is not None:
        wanted = {_add_scheme(components, given.security): [] if given.scope is None else [given.scope]}
        ways: list[dict[str, list[str]]] = [wanted]
        if given.beside is not None:
            ways.append(wanted | {_add_scheme(components, given.beside): []})
        if not given.is_required:
            ways.append({})  # nobody needs a key to read what is public
        operation["security"] = ways


def _add_scheme(components: dict[str, Any], scheme: SecurityBase) -> str:
    described = scheme.model.model_dump(mode="json", by_alias=True, exclude_none=True)
    components.setdefault("securitySchemes", {})[scheme.scheme_name] = described
    return scheme.scheme_name


def _add_problems(operation: dict[str, Any], *, is_kept: bool) -> None:
    """Describe what is refused before a handler runs; `is_kept` where the answer is kept for a key."""
    expected = [414, 429, 503]
    if operation.get("parameters") or "requestBody" in operation:
        expected.append(422)
    if "security" in operation:
        expected += [401, 403]  # keys are narrowed to some scopes, and only a portal shows a person's key
    if is_kept:
        expected.append(409)  # the first of two equal requests is still being carried out
    if is_kept or "requestBody" in operation:
        expected += [400, 408, 413, 415]  # with a key a body is read, whether one is wanted or not
    for status, response in problems(*expected).items():
        operation["responses"][str(status)] = response
    if "428" in operation["responses"]:
        # the handler asks for it itself, to answer 428 and not 422 when it is missing
        header = next(one for one in operation["parameters"] if one["name"] == "if-match")
        header["required"] = True
        header["schema"] = {"type": "string", "examples": header["schema"]["examples"]}
