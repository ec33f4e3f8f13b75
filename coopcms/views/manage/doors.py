"""The ways in and out of /manage: all of them are those of the site, where attempts are counted and links expire."""

from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.security import NO_PERMISSION_REQUIRED
from substanced.sdi import mgmt_view

from ...web.addresses import redirect
from .. import identity
from . import pages


@mgmt_view(name="login", permission=NO_PERMISSION_REQUIRED, tab_condition=False)
def login(context: Any, request: Request) -> Any:
    """Log in on the site; what was sent here is not looked at."""
    return redirect(
        request, f"{request.script_name}/login?" + urlencode({"next": request.sdiapi.mgmt_path(request.site)})
    )


@mgmt_view(name="logout", permission=NO_PERMISSION_REQUIRED, tab_condition=False, renderer="templates/logout.pt")
def logout(context: Any, request: Request) -> Any:
    """Ask, and log out when the form is sent: a link alone, which another site can make one follow, ends nothing."""
    if not request.real_actor.is_person:
        return redirect(request, f"{request.script_name}/")
    if request.method != "POST":
        return {}
    identity.log_out(request)
    return redirect(request, f"{request.script_name}/")


@mgmt_view(name="resetpassword", permission=NO_PERMISSION_REQUIRED, tab_condition=False)
def resetpassword(context: Any, request: Request) -> Any:
    """Ask for a new password on the site, where the link is signed and ends after an hour."""
    return redirect(request, f"{request.script_name}/forgotten")


# With a permission it would stand beside Substance D's, which has none and would go first; the gate has asked already.
@mgmt_view(tab_condition=False, permission=NO_PERMISSION_REQUIRED)
@mgmt_view(name="manage_main", tab_condition=False, permission=NO_PERMISSION_REQUIRED)
def manage_main(context: Any, request: Request) -> Any:
    """On to the first tab."""
    tabs = pages.tabs(context, request)
    if not tabs:
        raise HTTPNotFound()
    return redirect(request, tabs[0]["url"])
