"""What protects every answer: headers, and the CSRF token on every form."""

from collections.abc import Callable
from typing import Any

from pyramid.csrf import LegacySessionCSRFStoragePolicy
from pyramid.exceptions import BadCSRFToken
from pyramid.request import Request

from ..web.addresses import is_manage
from .base import leave

PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: Substance D's management interface writes scripts and styles into its pages.
MANAGE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: A file or a picture is nothing that runs.
FILES = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
#: What every answer carries beside its policy.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: The queue of messages that tells the browser which form was taken.
TAKEN = "taken"
TWO_YEARS = 63_072_000


def headers_factory(handler: Callable[[Request], Any], registry: Any) -> Callable[[Request], Any]:
    """A tween that sets the headers of every answer."""
    https = registry.coopcms.https

    def tween(request: Request) -> Any:
        response = handler(request)
        if request.method == "POST" and response.status_int == 303 and "session" in request.cookies:
            # The page that follows says so, and what the browser kept of the form can go.
            leave(request, request.path, TAKEN)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", MANAGE if is_manage(request) else PAGES)
        headers.update(ALWAYS)
        if https:
            headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
        if "Cache-Control" not in headers:
            # Pages depend on who reads them, in which language.
            headers["Cache-Control"] = "private, no-cache"
            headers["Vary"] = "Accept-Language, Cookie"
        return response

    return tween


class Tokens(LegacySessionCSRFStoragePolicy):
    """The token of the session; what came in its place can be a file or hold letters no token has."""

    def check_csrf_token(self, request: Request, supplied_token: Any) -> bool:
        """Whether it is the token."""
        readable = isinstance(supplied_token, str) and supplied_token.isascii()
        return readable and bool(super().check_csrf_token(request, supplied_token))


def csrf_is_ours(request: Request) -> bool:
    """Whether Pyramid checks the token of this request; the forms of /manage bring it under another name."""
    if not is_manage(request):
        return True
    given = (
        request.POST.get("csrf_token") or request.POST.get("_csrf_token_") or request.headers.get("X-CSRF-Token") or ""
    )
    if not Tokens().check_csrf_token(request, given):
        raise BadCSRFToken("check_csrf_token(): Invalid token")
    return False


def includeme(config: Any) -> None:
    """The tween and the CSRF rule."""
    config.add_tween("coopcms.views.security.headers_factory")
    config.set_csrf_storage_policy(Tokens())
    config.set_default_csrf_options(require_csrf=True, callback=csrf_is_ours)
