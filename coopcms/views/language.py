"""The language of a page: what the reader chose, else what the browser asks for, else French."""

from typing import Any
from urllib.parse import urlencode

from pyramid.request import Request
from pyramid.view import view_config

from ..i18n import LANGUAGES, compile_catalogs
from ..security.permissions import P
from ..web.addresses import is_api, redirect, way_back
from ..web.readable import word

COOKIE = "language"
YEAR = 365 * 24 * 3600


def negotiate(request: Request) -> str:
    """The language of a request, one of LANGUAGES."""
    # The API ignores cookies; its front page is a page like any other.
    programs = is_api(request) and request.path_info.rstrip("/") != "/api/v1"
    chosen = None if programs else request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    account = getattr(request, "account", None)
    if account is not None and account.language in LANGUAGES:
        return str(account.language)
    return str(request.accept_language.lookup(LANGUAGES, default="fr")) if request.accept_language else "fr"


@view_config(name="language", permission=P.VIEW, request_method="GET")
def choose(context: Any, request: Request) -> Any:
    """Remember the language in a cookie and go back to the page."""
    wanted = word(request.GET, "to")
    response = redirect(request, way_back(request))
    if wanted in LANGUAGES:
        response.set_cookie(
            COOKIE,
            wanted,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.registry.coopcms.https,
        )
    return response


def switch(request: Request) -> list[dict[str, Any]]:
    """The links that change the language of this page."""
    here = request.path_qs if request.method in ("GET", "HEAD") else request.path
    return [
        {
            "title": {"fr": "Français", "en": "English"}[language],
            "lang": language,
            "current": language == request.locale_name,
            "href": f"{request.script_name}/language?" + urlencode({"to": language, "next": here}),
        }
        for language in LANGUAGES
        if language != request.locale_name
    ]


def includeme(config: Any) -> None:
    """Negotiation and catalogs."""
    config.set_locale_negotiator(negotiate)
    config.add_translation_dirs(str(compile_catalogs(config.registry.coopcms.var / "cache" / "locale")))
