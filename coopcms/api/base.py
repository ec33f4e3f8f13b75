"""What every view of the API has: who may ask, whether the request is valid, and the answers when there is no view."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound, HTTPPermanentRedirect
from pyramid.request import Request
from pyramid.view import notfound_view_config, view_config

from ..i18n import _
from ..security.permissions import P
from ..views import errors
from ..views.addresses import path_of
from ..web.addresses import API, redirect
from . import validation

PREFIX = API
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

View = Callable[[Any, Request], Any]


def address(request: Request, obj: Any, view: str = "") -> str:
    """The absolute address of an object in the API, or of one of its views: what ``@id`` is."""
    path = f"{request.application_url}{PREFIX}{path_of(obj) or '/'}"
    return f"{path.rstrip('/')}/{view}" if view else path


def page(request: Request, obj: Any, view: str = "") -> str:
    """The absolute address of the page for people."""
    path = f"{request.application_url}{path_of(obj) or '/'}"
    return f"{path.rstrip('/')}/{view}" if view else path


def bearer(request: Request) -> str:
    """The bearer token that came with the request, "" without one."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def with_account(view: View) -> View:
    """Writing takes a log-in; a token that ended is refused everywhere, rather than silently showing less.

    The permission that a view states was asked before.
    """

    @wraps(view)
    def checked(context: Any, request: Request) -> Any:
        if request.account is None and (bearer(request) or request.method not in SAFE):
            raise HTTPForbidden()  # which the API says as 401 to whoever is not logged in
        return view(context, request)

    return checked


def valid(view: View) -> View:
    """Only what the OpenAPI document describes reaches the view."""

    @wraps(view)
    def checked(context: Any, request: Request) -> Any:
        if request.subpath:
            raise HTTPNotFound()
        refused = validation.refusal(request)
        return view(context, request) if refused is None else refused

    return checked


def api_view(*, permission: P, **given: Any) -> view_config:
    """A view of the API: ``view_config`` with what they all have.  Without cookies there is no CSRF to check."""
    given.setdefault("decorator", (with_account, valid))
    given.setdefault("renderer", "canonical")
    return view_config(route_name="api", permission=permission, require_csrf=False, **given)


def methods_here(request: Request) -> list[str]:
    """The methods that the API answers at this address, as its views were registered."""
    found: set[str] = set()
    if request.subpath:
        return []
    for entry in request.registry.introspector.get_category("views"):
        view = entry["introspectable"]
        if (
            view["route_name"] == "api"
            and view["name"] == request.view_name
            and isinstance(view["context"], type)
            and isinstance(request.context, view["context"])
        ):
            methods = view["request_methods"] or ()
            found |= {methods} if isinstance(methods, str) else set(methods)
    if "GET" in found:
        found.add("HEAD")
    return sorted(found)


@notfound_view_config(route_name="api")
def not_found(context: Any, request: Request) -> Any:
    """404; 405 with ``Allow`` where there is something, but not for this method; 401 for a write without log-in.

    401 or 403 below what the reader may not read.
    """
    here = getattr(request, "context", None)
    if here is not None and not request.may(P.READ, here):
        # Whoever may not read an object does not learn either what it holds: 404 would tell of a criterion that it is met.
        return errors.forbidden(context, request)
    methods = methods_here(request) if here is not None else []
    if not methods or request.method in methods:
        return errors.answer(
            request,
            404,
            title=_("Il n’y a rien à cette adresse"),
            sentence=_(
                "Les adresses possibles sont décrites dans ${document}.", mapping={"document": _document(request)}
            ),
        )
    if request.account is None and request.method not in SAFE:
        return errors.forbidden(context, request)
    response = errors.answer(
        request,
        405,
        title=_("Cette méthode n’est pas possible ici"),
        sentence=_(
            "À cette adresse, l’API répond à : ${methods}.",
            mapping={"methods": ", ".join(methods)},
        ),
    )
    response.headers["Allow"] = ", ".join(methods)
    return response


@view_config(route_name="api_without_slash", permission=P.VIEW, require_csrf=False)
def without_slash(request: Request) -> Any:
    """``/api/v1`` is the documentation too."""
    return redirect(request, f"{request.script_name}{PREFIX}/", HTTPPermanentRedirect)


def _document(request: Request) -> str:
    return f"{request.application_url}{PREFIX}/openapi.json"
