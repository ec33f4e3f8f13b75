"""Logging in and out: a bearer token instead of a cookie."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ..content.site import Site
from ..domain import accounts
from ..i18n import _
from ..security.permissions import P
from ..views import throttle
from ..views.errors import answer
from .base import address, api_view, bearer, valid


@api_view(context=Site, name="session", request_method="POST", permission=P.VIEW, decorator=valid)
def log_in(site: Any, request: Request) -> Any:
    """Open a session: 201 with its token, which is good for 30 days or until ``DELETE``.

    Its address is this one, for whoever brings the token; log-ins that failed are counted as those of the page are.
    """
    given = request.sent_json
    login, password = given["login"], given["password"]
    if throttle.too_many_logins(request, login):
        response = answer(request, 429)
        response.headers["Retry-After"] = str(throttle.QUARTER * 60)
        return response
    account = accounts.authenticate(site, login, password)
    if account is None:
        throttle.count_login(request, login)
        response = answer(
            request,
            401,
            title=_("Connexion refusée"),
            sentence=_("Cet identifiant et ce mot de passe ne vont pas ensemble."),
        )
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    throttle.forget_logins(request, login)
    request.response.status_int = 201
    request.response.headers["Location"] = address(request, site, "session")
    request.response.headers["Cache-Control"] = "no-store"
    return {"token": accounts.issue_token(site, account, request.now)}


@api_view(context=Site, name="session", request_method="DELETE", permission=P.USE_ACCOUNT)
def log_out(site: Any, request: Request) -> Response:
    """End the session of the token."""
    accounts.end_token(site, bearer(request))
    return Response(status=204)
