import pytest

from app.features.reports.negotiation import acceptable

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("text/html", "html"),
        (BROWSER, "html"),
        ("TEXT/HTML", "html"),
        ("text/html; charset=utf-8", "html"),
        ("text/*", "html"),
        ("application/*", "json"),
        ("application/json, text/html", "json"),
        ("text/html, application/json", "json"),
        ("application/json;q=0.5, text/html;q=0.6", "html"),
        ("application/json;q=0.6, text/html;q=0.5", "json"),
        ("text/html, */*", "html"),
        ("*/*, application/json;q=0.1", "html"),
        ("*/*, application/json;q=0", "html"),
        ("text/html;q=0, */*;q=0.1", "json"),
        ("text/*;q=0.9, application/*;q=0.1", "html"),
        ("image/png", None),
        ("application/json;q=0", None),
        ("application/json;q=0.000, text/html;q=0", None),
        ("text/html;q=nan", None),
        ("text/html;q=2", None),
        ("text/html;q=-1", None),
        (";;,=,q=1", None),
        (" , ", "json"),
    ],
)
def test_the_form_asked_for(accept, form):
    assert acceptable(accept) == form
