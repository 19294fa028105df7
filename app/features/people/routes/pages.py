"""The pages that links in mails lead to, over HTTP."""

from fastapi import Request, Response

from app.features.people import pages
from app.features.people.mails import PAGES
from app.features.people.types import LinkKind
from app.web.pages import asset_response, page_language, page_response
from app.web.routing import Router

router = Router()


@router.get(f"/{PAGES[LinkKind.INVITATION]}", include_in_schema=False)
async def get_invitation_page(request: Request) -> Response:
    """Show where an invitation is taken up."""
    return _page(request, LinkKind.INVITATION)


@router.get(f"/{PAGES[LinkKind.PASSWORD_RESET]}", include_in_schema=False)
async def get_password_reset_page(request: Request) -> Response:
    """Show where a new password is set."""
    return _page(request, LinkKind.PASSWORD_RESET)


@router.get(f"/{pages.STYLESHEET.path}", include_in_schema=False)
async def get_password_stylesheet() -> Response:
    """Give the stylesheet of both."""
    return asset_response(pages.STYLESHEET)


@router.get(f"/{pages.SCRIPT.path}", include_in_schema=False)
async def get_password_script() -> Response:
    """Give the script of both."""
    return asset_response(pages.SCRIPT)


def _page(request: Request, kind: LinkKind) -> Response:
    language = page_language(request)
    response = page_response(pages.password_page(kind, language), language, pages.POLICY)
    # neither the page nor what was typed into it is kept for whoever uses the browser next
    response.headers["Cache-Control"] = "no-store"
    return response
