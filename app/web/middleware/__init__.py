"""Plain ASGI middleware: where a request comes from, its id and log line, and the limits of what it may send."""

from app.web.middleware.addresses import AddressLimits
from app.web.middleware.bodies import BodyLimits
from app.web.middleware.head import HeadAsGet
from app.web.middleware.proxies import TrustedProxies
from app.web.middleware.readers import StalledReaders
from app.web.middleware.trail import RequestTrail

__all__ = ["AddressLimits", "BodyLimits", "HeadAsGet", "RequestTrail", "StalledReaders", "TrustedProxies"]
