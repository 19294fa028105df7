"""Every error as `application/problem+json` (RFC 9457), in the caller's language.

Nothing of the request's body is echoed: a fault is named by its place and its rule.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal, cast

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from app.core import errors
from app.core.rules import field_error
from app.core.text import Bilingual, Language
from app.web.deps import language as language_of
from app.web.encoding import as_json
from app.web.headers import headers_for
from app.web.routing import Given

log = structlog.get_logger("duijie.web")

MEDIA_TYPE = "application/problem+json"
_TYPES = "https://duijie.example/problems/"

STATUS: Mapping[type[errors.DuijieError], int] = {
    errors.MalformedCursor: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.StaleVersion: 412,
    errors.Invalid: 422,
    errors.VersionRequired: 428,
    errors.TooManyRequests: 429,
    errors.NotReady: 503,
    errors.Busy: 503,
}

_HTTP: Mapping[int, tuple[str, Bilingual, Bilingual]] = {
    400: (
        "bad-request",
        Bilingual("请求无法读取", "Bad request"),
        Bilingual(
            "请求正文不是有效的 JSON，或嵌套超过 32 层。", "The body is not valid JSON, or is nested more than 32 deep."
        ),
    ),
    404: (
        "not-found",
        Bilingual("未找到", "Not found"),
        Bilingual("没有这个地址。", "There is nothing at this address."),
    ),
    405: (
        "method-not-allowed",
        Bilingual("方法不被允许", "Method not allowed"),
        Bilingual("请使用 Allow 中列出的方法。", "Use one of the methods in Allow."),
    ),
    406: (
        "not-acceptable",
        Bilingual("无法提供该格式", "Not acceptable"),
        Bilingual("没有所要求的格式。", "This address has no such format."),
    ),
    408: (
        "body-too-slow",
        Bilingual("请求正文传输过慢", "Body too slow"),
        Bilingual("请求正文未在时限内到齐。请重新发送。", "The whole body did not arrive in time. Send it again."),
    ),
    413: (
        "body-too-large",
        Bilingual("请求正文过大", "Body too large"),
        Bilingual("请求正文超过大小限制。", "The body is larger than this server accepts."),
    ),
    414: (
        "address-too-long",
        Bilingual("地址过长", "Address too long"),
        Bilingual(
            "路径最长 2000 字节；查询部分最长 8 KB，最多 50 个参数。",
            "A path has at most 2,000 bytes, a query at most 8 KB and 50 parameters.",
        ),
    ),
    415: (
        "unsupported-media-type",
        Bilingual("不支持的正文类型", "Unsupported media type"),
        Bilingual("请以 application/json 发送正文。", "Send the body as application/json."),
    ),
}
_CONFLICT = Bilingual("已有相同的记录。", "Another record already holds a value that must be unique.")
_UNAVAILABLE = (
    "database-unavailable",
    Bilingual("数据库暂不可用", "Database unavailable"),
    Bilingual("数据库繁忙或未连接，请稍后重试。", "The database is busy or not connected. Try again shortly."),
)
_INTERNAL = (
    "internal",
    Bilingual("服务器内部错误", "Internal server error"),
    Bilingual("请把请求号告诉管理员。", "Tell an administrator the request id."),
)

_HEADERS: Mapping[type[errors.DuijieError], Mapping[str, str]] = {
    errors.Unauthenticated: {"WWW-Authenticate": "Bearer"},
    errors.NotReady: {"Retry-After": "30"},
    errors.Busy: {"Retry-After": "5"},
}


class FieldProblem(BaseModel):
    """One fault and where it lies."""

    location: Literal["body", "query", "path", "header"]
    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """An error as RFC 9457 has it; `errors` lists faults of single fields."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str | None = None
    errors: list[FieldProblem] = []


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: the problems it may answer with; 422 and 500 go without saying."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described = {status: kind.title.en for kind, status in STATUS.items()}
    described |= {status: title.en for status, (_, title, _) in _HTTP.items() if status not in described}
    described[503] = _UNAVAILABLE[1].en
    return {status: {"description": described[status], "content": content} for status in statuses}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    handled: tuple[type[Exception], ...] = (errors.DuijieError, RequestValidationError, HTTPException, IntegrityError)
    for kind in handled:
        app.add_exception_handler(kind, _handle)
    for kind in (OperationalError, PoolTimeoutError):
        app.add_exception_handler(kind, _unavailable)
    app.add_exception_handler(Exception, _internal)


async def refuse(status: int, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem from outside the application's own handlers."""
    response = await _handle(Request(scope, receive), HTTPException(status))
    await response(scope, receive, send)


def _told(request: Request, error: errors.DuijieError) -> Response:
    language = language_of(request)
    faults = [_fault(getattr(error, "location", "body"), fault, language) for fault in error.errors]
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    return _problem(request, status, error.code, error.title, error.detail, faults, _headers_of(error))


Teller = Annotated[Callable[[errors.DuijieError], Response], Given(lambda visit: partial(_told, visit.request))]
"""For a handler that is given a transaction and refuses what is to be committed: it answers instead of raising."""


async def _handle(request: Request, error: Exception) -> Response:
    match error:
        case errors.DuijieError():
            return _told(request, error)
        case RequestValidationError():
            return _invalid(request, error.errors(), language_of(request))
        case IntegrityError():
            conflict = errors.Conflict
            return _problem(request, 409, conflict.code, conflict.title, _CONFLICT)
    http = cast("HTTPException", error)
    headers = dict(http.headers or {})
    if http.status_code == 405:  # noqa: PLR2004 - the status itself
        headers["Allow"] = ", ".join(allowed_methods(request))
    code, title, detail = _HTTP[http.status_code]
    return _problem(request, http.status_code, code, title, detail, headers=headers)


def _headers_of(error: errors.DuijieError) -> Mapping[str, str]:
    if isinstance(error, errors.OutOfScope):  # RFC 6750, section 3.1
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.scope}"'}
    if isinstance(error, errors.TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    return next((headers for kind, headers in _HEADERS.items() if isinstance(error, kind)), {})


async def _unavailable(request: Request, error: Exception) -> Response:
    log.error("database unavailable", error=type(error).__name__)
    code, title, detail = _UNAVAILABLE
    return _problem(request, 503, code, title, detail, headers={"Retry-After": "2"})


async def _internal(request: Request, error: Exception) -> Response:
    log.error("unhandled error", exc_info=error)
    code, title, detail = _INTERNAL
    # answered outside all middleware: what RequestTrail adds to other answers is added here
    headers = {**dict(headers_for(request.scope)), "X-Request-ID": request.scope.get("request_id", "")}
    return _problem(request, 500, code, title, detail, headers=headers)


def _invalid(request: Request, found: Sequence[Any], language: Language) -> Response:
    faults = [_fault(fault["loc"][0], field_error(fault, fault["loc"][1:]), language) for fault in found]
    return _problem(
        request, 422, errors.Invalid.code, errors.Invalid.title, errors.Invalid.summary(len(faults)), faults
    )


def _fault(location: Any, fault: errors.FieldError, language: Language) -> FieldProblem:  # noqa: ANN401 - pydantic's own
    return FieldProblem.model_construct(
        location=location, pointer=fault.pointer, code=fault.code, detail=fault.detail.said_in(language)
    )


def _problem(
    request: Request,
    status: int,
    code: str,
    title: Bilingual,
    detail: Bilingual,
    faults: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    language = language_of(request)
    body = Problem(
        type=_TYPES + code,
        title=title.said_in(language),
        status=status,
        detail=detail.said_in(language),
        instance=request.url.path,
        request_id=request.scope.get("request_id"),
        errors=faults or [],
    )
    return Response(
        as_json(body),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": "zh-CN" if language == "zh" else "en", **(headers or {})},
    )


def allowed_methods(request: Request) -> list[str]:
    """All methods of the address asked for; FastAPI itself names only those of the first route that matches.

    What is not in the document, such as the first page, can only be read.
    """
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    found = {
        method.upper()
        for path, item in paths.items()
        if compile_path(path)[0].match(request.url.path)
        for method in item
    } or {"GET"}
    return sorted(found | {"HEAD"} if "GET" in found else found)
