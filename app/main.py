"""The one composition root."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app import __version__
from app.core import logging
from app.db.engine import Database
from app.features.identities.issuer import Issuer
from app.features.identities.tokens import IdentityTokens
from app.matching import warm
from app.registry import ROUTERS, process_state
from app.settings import OidcSettings, Settings
from app.web import openapi, problems
from app.web.middleware import BodyLimits, HeadAsGet, RequestTrail

_DESCRIPTION = """
Needs and capabilities, ranked in both directions and explained.

Send your key as `Authorization: Bearer dj_live_….…`. Without one, everything public can be read.
Human text comes in Chinese or English by `Accept-Language`. All demonstration companies are fictitious.
"""


_OBJECTS = 50_000  # new ones between two looks for garbage


def create_app(settings: Settings, database: Database | None = None) -> FastAPI:
    """Put the application together.

    Args:
        settings: everything that may differ between installations.
        database: one to use instead of the one the settings name; the caller closes it.
    """
    store = database or Database(settings.database.url, pool_size=settings.database.pool_size)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # more threads than connections only wait for each other
        current_default_thread_limiter().total_tokens = settings.database.pool_size
        yield
        if database is None:
            store.close()

    app = FastAPIOffline(
        title="Duijie 对接",
        version=__version__,
        summary="Supply-demand docking for industrial districts",
        description=_DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
        # a redirect would lead to whatever host the request names
        redirect_slashes=False,
    )
    app.state.database = store
    app.state.identity_tokens = identity_tokens_of(settings.oidc)
    for name, value in process_state(index_folder=settings.index_folder, reads_meaning=settings.meaning).items():
        setattr(app.state, name, value)
    for router in ROUTERS:
        # what include_router would add is looked up anew, twice, for every router a request passes
        app.router.routes.extend(router.routes)
    problems.install(app)
    openapi.install(app)
    app.add_middleware(BodyLimits, max_bytes=settings.server.max_body_bytes)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestTrail)
    return app


def identity_tokens_of(oidc: OidcSettings | None) -> IdentityTokens | None:
    """What checks the identity tokens of this installation's issuer, if it has one; nothing is fetched yet."""
    if oidc is None:
        return None
    return IdentityTokens(
        Issuer(oidc.issuer, fresh_seconds=oidc.keys_seconds),
        client_id=oidc.client_id,
        algorithms=oidc.algorithms,
        leeway_seconds=oidc.leeway_seconds,
    )


def from_environment() -> FastAPI:
    """The application as the server starts it: with settings from the environment."""
    settings = Settings()
    logging.configure(as_json=settings.log_json)
    # Looking for garbage halts every request, and one ranking makes thousands of objects.
    gc.set_threshold(_OBJECTS)
    Thread(target=warm, kwargs={"reads_meaning": settings.meaning}, name="duijie-warm", daemon=True).start()
    return create_app(settings)
