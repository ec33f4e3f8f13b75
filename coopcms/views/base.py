"""What every class of pages has."""

from typing import Any

from pyramid.httpexceptions import HTTPException
from pyramid.request import Request

from ..content.audit import Audits
from ..content.body import Bodies
from ..content.certificate import Certificates
from ..content.company import Companies
from ..content.proposal import Proposals
from ..content.worksite import Worksites
from ..i18n import _
from ..security.permissions import P
from ..web.addresses import redirect
from .addresses import url
from .translating import in_page

#: Places whose title is ours, not somebody's: it is translated.
PLACES = {
    Companies: _("Les entreprises"),
    Bodies: _("Organismes accrédités"),
    Worksites: _("Les lieux"),
    Audits: _("Les vérifications"),
    Certificates: _("Les attestations"),
    Proposals: _("Les votes et propositions"),
}


#: What waits for the next page, at most, by kind: it all lies in a cookie.
MOST_LEFT = 5


def leave(request: Request, text: str, kind: str) -> None:
    """Leave something for the next page.  Whoever sends many forms and looks at none of the pages finds the last few."""
    session = request.session
    earlier = [left for left in session.pop_flash(kind) if left != text]
    for left in (*earlier[1 - MOST_LEFT :], text):
        session.flash(left, kind)


class Views:
    """Pages of one object, for one request."""

    def __init__(self, context: Any, request: Request) -> None:
        self.context = context
        self.request = request

    def go(self, obj: Any, view: str = "") -> HTTPException:
        """Answer a form that was taken: on to a page that may be reloaded."""
        return redirect(self.request, url(self.request, obj, view))

    def say(self, sentence: str, kind: str = "success") -> None:
        """Leave a message for the next page."""
        leave(self.request, in_page(sentence), kind)

    @property
    def subpath(self) -> str:
        """The word after the name of the view, or ""."""
        return self.request.subpath[0] if self.request.subpath else ""


def crumbs(request: Request, obj: Any) -> list[dict[str, Any]]:
    """The way from the top to the parent of an object, for the breadcrumb: what has a title and a page the reader may see."""
    found = []
    here = getattr(obj, "__parent__", None)
    while here is not None and getattr(here, "__parent__", None) is not None:
        title = PLACES.get(type(here)) or getattr(here, "title", "")
        if title and request.may(P.VIEW, here):
            found.append({"href": url(request, here), "title": title})
        here = here.__parent__
    return found[::-1]
