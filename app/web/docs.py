"""The page on which the API can be read and tried, without anything from outside and without a script inside it."""

from importlib.resources import files

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles

from app.web.pages import ICON_PATH, SCRIPTED_POLICY, asset, asset_response
from app.web.routing import Router

_VENDORED = "/static-offline-docs"
_SCRIPT = asset(
    "docs",
    "js",
    """\
"use strict";
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
""",
)
SCRIPT_PATH = f"/{_SCRIPT.path}"
_PAGE = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Duijie 对接 API</title>
<link rel="icon" href="{ICON_PATH}">
<link rel="stylesheet" href="{_VENDORED[1:]}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript><p>The same as <a href="openapi.json">openapi.json</a>.</p></noscript>
<script src="{_VENDORED[1:]}/swagger-ui-bundle.js"></script>
<script src="{_SCRIPT.path}"></script>
</body>
</html>
"""

router = Router()


@router.get("/docs", include_in_schema=False)
async def get_docs() -> Response:
    """Show the API."""
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": SCRIPTED_POLICY})


@router.get(SCRIPT_PATH, include_in_schema=False)
async def get_docs_script() -> Response:
    """Give what starts the page."""
    return asset_response(_SCRIPT)


def install(app: FastAPI) -> None:
    """Serve the files the page is made of."""
    app.mount(_VENDORED, StaticFiles(directory=str(files("fastapi_offline") / "static")), name="static-offline-docs")
