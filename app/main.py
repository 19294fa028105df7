"""The one composition root."""

import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import structlog
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app import __version__
from app.composition import destinations_of, public_url_of, seal_of
from app.core import logging
from app.core.rates import Rate
from app.db.engine import Database
from app.features.identities.issuer import Issuer
from app.features.identities.tokens import IdentityTokens
from app.matching import warm
from app.registry import ROUTERS, process_state
from app.settings import LimitSettings, OidcSettings, ServerSettings, Settings
from app.web import docs, openapi, problems
from app.web.lanes import Lane, SlowLane
from app.web.limiting import Rates
from app.web.middleware import (
    AddressLimits,
    BodyLimits,
    HeadAsGet,
    RequestTrail,
    StalledReaders,
    TrustedProxies,
)

log = structlog.get_logger("duijie")

_DESCRIPTION = """
Needs and capabilities, ranked in both directions and explained.

Send your key as `Authorization: Bearer dj_live_….…`. Without one, everything public can be read.
Human text comes in Chinese or English by `Accept-Language`. All demonstration companies are fictitious.
"""


_MINUTE = 60
# What pages of other origins may send, and read of an answer beside its body.
_ASKED_ACROSS = ["Accept-Language", "Authorization", "Content-Type", "Duijie-Person", "Idempotency-Key"]
_ASKED_ACROSS += ["If-Match", "If-None-Match", "X-Request-ID"]
_READ_ACROSS = ["ETag", "Idempotent-Replayed", "RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate"]
_READ_ACROSS += ["X-Request-ID"]
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

    app = FastAPI(
        title="Duijie 对接",
        version=__version__,
        summary="Supply-demand docking for industrial districts",
        description=_DESCRIPTION,
        lifespan=lifespan,
        # FastAPI's own page has its script inside
        docs_url=None,
        redoc_url=None,
        # a redirect would lead to whatever host the request names
        redirect_slashes=False,
    )
    app.state.database = store
    app.state.rates = rates_of(settings.limits)
    app.state.lanes = {lane: SlowLane() for lane in Lane}
    app.state.seal = seal_of(settings)
    app.state.public_url = public_url_of(settings)
    app.state.destinations = destinations_of(settings)
    app.state.identity_tokens = identity_tokens_of(settings.oidc)
    for name, value in process_state(index_folder=settings.index_folder, reads_meaning=settings.meaning).items():
        setattr(app.state, name, value)
    for router in ROUTERS:
        # what include_router would add is looked up anew, twice, for every router a request passes
        app.router.routes.extend(router.routes)
    problems.install(app)
    openapi.install(app)
    docs.install(app)
    _add_middleware(app, settings.server)
    return app


def rates_of(limits: LimitSettings) -> Rates:
    """The rates of an installation, a minute each."""
    return Rates(
        caller=Rate("caller", limits.caller_per_minute, _MINUTE),
        address=Rate("address", limits.address_per_minute, _MINUTE),
    )


def _add_middleware(app: FastAPI, server: ServerSettings) -> None:
    """Add what every request passes, from the inside out."""
    app.add_middleware(BodyLimits, max_bytes=server.max_body_bytes, seconds=server.body_seconds)
    app.add_middleware(HeadAsGet)
    app.add_middleware(AddressLimits)
    if server.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=server.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=_ASKED_ACROSS,
            expose_headers=_READ_ACROSS,
        )
    app.add_middleware(RequestTrail)
    if server.trusted_proxies:
        app.add_middleware(TrustedProxies, networks=server.trusted_proxies)
    app.add_middleware(StalledReaders, seconds=server.reader_seconds)


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
    Thread(target=_warm, kwargs={"reads_meaning": settings.meaning}, name="duijie-warm", daemon=True).start()
    return create_app(settings)


def _warm(*, reads_meaning: bool) -> None:
    began = time.perf_counter()
    warm(reads_meaning=reads_meaning)
    log.info("matcher warm", seconds=round(time.perf_counter() - began, 1))
