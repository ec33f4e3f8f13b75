"""Names of people, shown to members, never to the public."""

from typing import Any

from pyramid.request import Request

from ..domain import accounts
from ..i18n import _
from ..security.principals import roles_here
from ..security.roles import R


def may_see_names(request: Request) -> bool:
    """Whether the reader sees who did what: members, certifiers, coordinators, staff of companies."""
    known: bool | None = request.environ.get("coopcms.may_see_names")
    if known is None:
        roles = roles_here(request.actor, request.context)
        known = bool(roles & {R.MEMBER, R.CERTIFIER, R.COORDINATOR, R.STAFF, R.AUDITOR, R.ADMIN})
        request.environ["coopcms.may_see_names"] = known
    return known


def name_of(request: Request, userid: int | None) -> Any:
    """The name of an account for this reader, None where it is not shown; an erased one is a former member."""
    if userid is None or not may_see_names(request):
        return None
    names = request.environ.setdefault("coopcms.names", {})
    if userid not in names:
        account = accounts.by_id(request.site, userid)
        names[userid] = _("ancien sociétaire") if account is None or account.erased else account.title
    return names[userid]
