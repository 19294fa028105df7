"""Use cases of needs: those of every posting, and creation from a request."""

from sqlalchemy.orm import Session

from app.features.accounts.types import Actor
from app.features.needs.kind import NEED
from app.features.needs.models import Need
from app.features.needs.schemas import NeedContent, NeedCreate, NeedRead
from app.features.postings.bound import Postings

NEEDS: Postings[Need, NeedContent, NeedRead] = Postings(NEED, NeedRead)


def create(*, session: Session, actor: Actor, body: NeedCreate) -> NeedRead:
    """Post a need as a draft; errors as in `postings.service.create`."""
    content = NeedContent.model_construct(**{name: getattr(body, name) for name in NeedContent.model_fields})
    return NEEDS.create(session=session, actor=actor, content=content, organization_id=body.organization_id)
