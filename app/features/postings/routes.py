"""The steps in a posting's life over HTTP, the same for needs and capabilities."""

from typing import Annotated, Any

from fastapi import Path, Response

from app.features.accounts.deps import somebody
from app.features.accounts.types import Actor, Scope
from app.features.postings.bound import Postings
from app.features.postings.schemas import PostingClosure, PostingEventRead, PostingFacts, PostingId, PostingReview
from app.features.postings.types import Action, CloseReason
from app.web.conditional import IfMatch, versioned
from app.web.deps import ReadSession, WriteSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.routing import Given, Router

PostingPath = Annotated[PostingId, Path()]

_REVIEWER = somebody(Scope.POSTINGS_REVIEW)
_PROBLEMS = problems(401, 403, 404, 409, 412, 428)


def lifecycle_router(postings: Postings[Any, Any, Any], *, read: Scope, write: Scope, prefix: str, tag: str) -> Router:
    """The routes `POST …/{posting_id}/submit`, `publish`, `return` and so on, and the history.

    Operation ids are the verb and the kind: `submit_need`.
    """
    router = Router(prefix=prefix, tags=[tag])
    noun = postings.kind.name
    schema: type[PostingFacts] = postings.schema
    owner = somebody(write)

    def step(action: Action, summary: str, who: Given) -> None:
        @router.post(
            f"/{{posting_id}}/{action}",
            name=f"{action}_{noun}",
            summary=summary,
            response_model=schema,
            responses=_PROBLEMS,
        )
        def take_step(
            posting_id: PostingPath, actor: Annotated[Actor, who], session: WriteSession, accepted: IfMatch
        ) -> Response:
            taken = postings.act(session=session, actor=actor, posting_id=posting_id, action=action, accepted=accepted)
            return versioned(taken, taken.version)

    def review(action: Action, summary: str) -> None:
        @router.post(
            f"/{{posting_id}}/{action}",
            name=f"{action}_{noun}",
            summary=summary,
            response_model=schema,
            responses=_PROBLEMS,
        )
        def take_review(
            posting_id: PostingPath,
            body: PostingReview,
            actor: Annotated[Actor, _REVIEWER],
            session: WriteSession,
            accepted: IfMatch,
        ) -> Response:
            reviewed = postings.act(
                session=session, actor=actor, posting_id=posting_id, action=action, accepted=accepted, note=body.note
            )
            return versioned(reviewed, reviewed.version)

    step(Action.SUBMIT, "Submit for review", owner)
    step(Action.PUBLISH, "Publish what was submitted; operators only", _REVIEWER)
    review(Action.RETURN, "Return to the owner with a note; operators only")
    review(Action.REJECT, "Reject with a note; operators only")
    step(Action.PAUSE, "Take from the public for a while", owner)
    step(Action.RESUME, "Bring back to the public", owner)

    @router.post(
        "/{posting_id}/close",
        name=f"close_{noun}",
        summary="Close for good: fulfilled or withdrawn",
        response_model=schema,
        responses=_PROBLEMS,
    )
    def close(
        posting_id: PostingPath,
        body: PostingClosure,
        actor: Annotated[Actor, owner],
        session: WriteSession,
        accepted: IfMatch,
    ) -> Response:
        closed = postings.act(
            session=session,
            actor=actor,
            posting_id=posting_id,
            action=Action.CLOSE,
            accepted=accepted,
            reason=CloseReason(body.reason),
        )
        return versioned(closed, closed.version)

    @router.get(
        "/{posting_id}/history",
        name=f"list_{noun}_history",
        summary="All steps so far, for the owner and operators",
        response_model=list[PostingEventRead],
        responses=problems(401, 403, 404),
    )
    def history(posting_id: PostingPath, actor: Annotated[Actor, somebody(read)], session: ReadSession) -> Response:
        return encoded(postings.history(session=session, actor=actor, posting_id=posting_id))

    return router
