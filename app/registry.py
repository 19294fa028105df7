"""The only list of features: their tables, their routers, and what each process keeps in memory."""

from collections.abc import Mapping
from pathlib import Path

from app.db import audit, changes, counters, jobs, kept_answers
from app.db.base import Base
from app.features.accounts import models as accounts_models
from app.features.accounts import routes as accounts
from app.features.audit import routes as audit_routes
from app.features.capabilities import models as capabilities_models
from app.features.capabilities import routes as capabilities
from app.features.catalog import models as catalog_models
from app.features.catalog import routes as catalog
from app.features.identities import models as identities_models
from app.features.identities import routes as identities
from app.features.matches import routes as matches
from app.features.matches.basis import params_for
from app.features.matches.live import LiveIndex
from app.features.matches.store import IndexStore
from app.features.needs import models as needs_models
from app.features.needs import routes as needs
from app.features.organizations import models as organizations_models
from app.features.organizations import routes as organizations
from app.features.people import models as people_models
from app.features.people.passwords import Passwords
from app.features.people.routes import me, pages, people, sign_ins
from app.features.portals import models as portals_models
from app.features.portals import routes as portals
from app.features.reports import routes as reports
from app.web import docs, health
from app.web.routing import Router

# Imported so that their tables stand in the one metadata.
TABLES = (
    audit,
    changes,
    counters,
    jobs,
    kept_answers,
    catalog_models,
    accounts_models,
    identities_models,
    organizations_models,
    people_models,
    needs_models,
    capabilities_models,
    portals_models,
)
METADATA = Base.metadata

# Tried in this order for every request: the busiest first.
ROUTERS: tuple[Router, ...] = (
    needs.router,
    capabilities.router,
    matches.router,
    organizations.router,
    reports.router,
    catalog.router,
    portals.changes,
    needs.lifecycle,
    capabilities.lifecycle,
    sign_ins.router,
    me.router,
    people.router,
    pages.router,
    accounts.router,
    identities.router,
    audit_routes.router,
    portals.webhooks,
    health.router,
    docs.router,
)


def process_state(*, index_folder: Path, reads_meaning: bool) -> Mapping[str, object]:
    """What lives on `app.state` for as long as the process: made empty, filled by use."""
    return {
        "match_index": LiveIndex(IndexStore(index_folder), params=params_for(reads_meaning=reads_meaning)),
        "passwords": Passwords(),
    }
