"""The gate of /manage: administrators only, every form with its token, and nothing that ``pages`` does not name."""

from typing import Any

from pyramid.csrf import check_csrf_origin
from pyramid.events import ContextFound
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import exception_view_config
from substanced.interfaces import IPasswordReset
from substanced.sdi import MANAGE_ROUTE_NAME

from ...domain.errors import Forbidden
from ...i18n import _
from ...security.roles import R
from ...web.addresses import is_manage, redirect
from ..errors import answer
from ..security import csrf_is_ours
from . import compiling, pages, parameters

#: Ways in and out, for everybody; each leads to a page of the site (``doors``).
DOORS = frozenset({"login", "logout", "resetpassword"})


class Closed(Exception):
    """Something that /manage does not do; ``sentence`` says why, to people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check(event: ContextFound) -> None:
    """Let a request for /manage through, or not.  Views of Substance D have checks of their own behind this one."""
    request = event.request
    route = request.matched_route
    if route is None or route.name != MANAGE_ROUTE_NAME:
        return
    if not is_manage(request):
        # Its pattern also fits /managers.
        raise HTTPNotFound()
    if request.view_name in DOORS:
        return
    if IPasswordReset.providedBy(request.context):
        raise redirect(request, f"{request.script_name}/forgotten")
    if request.seeing_as is not None or R.ADMIN not in request.real_actor.roles:
        raise Forbidden("only administrators come in here")
    compiling.compile_once(request.registry)
    parameters.check(request)
    _check_page(request)


def _check_page(request: Request) -> None:
    page = pages.find(request.context, request.view_name)
    if request.method in ("GET", "HEAD"):
        if page is None or not page.reads:
            raise HTTPNotFound()
        return
    check_csrf_origin(request)
    csrf_is_ours(request)
    if page is None:
        raise HTTPNotFound()
    # Substance D finds the view by the name of the button, in the address as well as in the form.
    commands = [name for name in request.params if name.startswith(("form.", "ajax."))]
    if request.method != "POST" or not all(name in page.buttons for name in commands):
        raise Closed(pages.why_not(request.context))
    if not any(button in request.POST for button in page.buttons):
        raise Closed(pages.why_not(request.context))


@exception_view_config(Closed)
def closed(context: Closed, request: Request) -> Any:
    """The page that says why not."""
    return answer(request, 403, title=_("Cela ne se fait pas ici"), sentence=context.sentence)
