"""Use cases of capabilities: those of every posting, and creation from a request."""

from sqlalchemy.orm import Session

from app.features.accounts.types import Actor
from app.features.capabilities.kind import CAPABILITY
from app.features.capabilities.models import Capability
from app.features.capabilities.schemas import CapabilityContent, CapabilityCreate, CapabilityRead
from app.features.postings.bound import Postings

CAPABILITIES: Postings[Capability, CapabilityContent, CapabilityRead] = Postings(CAPABILITY, CapabilityRead)


def create(*, session: Session, actor: Actor, body: CapabilityCreate) -> CapabilityRead:
    """Post a capability as a draft; errors as in `postings.service.create`."""
    content = CapabilityContent.model_construct(
        **{name: getattr(body, name) for name in CapabilityContent.model_fields}
    )
    return CAPABILITIES.create(session=session, actor=actor, content=content, organization_id=body.organization_id)
