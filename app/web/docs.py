"""The page on which the API can be read and tried, without anything from outside and without a script inside it."""

from hashlib import sha256
from importlib.resources import files

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles

from app.web.routing import Router

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_VENDORED = "/static-offline-docs"
_SCRIPT = """\
"use strict";
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""
SCRIPT_PATH = f"/assets/docs-{sha256(_SCRIPT.encode()).hexdigest()[:12]}.js"
"""Named after its content, so that it may be kept for ever."""
# Addresses are relative, so that the page also works below a path of a larger site.
_PAGE = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Duijie 对接 API</title>
<link rel="icon" href="favicon.ico">
<link rel="stylesheet" href="{_VENDORED[1:]}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript><p>The same as <a href="openapi.json">openapi.json</a>.</p></noscript>
<script src="{_VENDORED[1:]}/swagger-ui-bundle.js"></script>
<script src="{SCRIPT_PATH[1:]}"></script>
</body>
</html>
"""

router = Router()


@router.get("/docs", include_in_schema=False)
async def get_docs() -> Response:
    """Show the API."""
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": POLICY})


@router.get(SCRIPT_PATH, include_in_schema=False)
async def get_docs_script() -> Response:
    """Give what starts the page."""
    return Response(
        _SCRIPT, media_type="text/javascript", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def install(app: FastAPI) -> None:
    """Serve the files the page is made of."""
    app.mount(_VENDORED, StaticFiles(directory=str(files("fastapi_offline") / "static")), name="static-offline-docs")
