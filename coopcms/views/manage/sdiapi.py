"""What Substance D's pages ask for through ``request.sdiapi``: our frame, our tabs, messages that are safe to show."""

import secrets
from html import escape
from typing import Any

import transaction
from pyramid.renderers import render
from pyramid.request import Request
from substanced.sdi import sdiapi

from ...i18n import _
from . import pages
from .undo import MARK, is_possible

#: What Substance D says in English only.
_SAID = {
    "Updated properties": _("C’est enregistré."),
    "Object reindexed": _("L’objet est indexé à nouveau."),
    "Catalog reindexed": _("Le catalogue est indexé à nouveau."),
    "Query succeeded": _("La recherche a abouti."),
}
KINDS = ("info", "success", "warning", "danger")
_QUEUE = "manage-"


class Api(sdiapi):
    """The interface of Substance D, answered by this package."""

    @property
    def main_template(self) -> Any:
        """The frame of every page."""
        return self.get_macro("coopcms.views.manage:templates/master.pt")

    @staticmethod
    def sdi_mgmt_views(context: Any, request: Request, names: Any = None) -> list[dict[str, Any]]:
        """The tabs of an object."""
        return pages.tabs(context, request)

    def _words(self, msg: Any) -> str:
        words: str = self.request.localizer.translate(_SAID.get(msg, msg))
        return words

    def flash(self, msg: Any, queue: str = "info", allow_duplicate: bool = True) -> None:
        """Leave a message for the next page of /manage; text becomes HTML here, so that a name in it cannot be any."""
        kind = "danger" if queue == "error" else queue
        html = msg.__html__() if hasattr(msg, "__html__") else escape(self._words(msg))
        self.request.session.flash(html, _QUEUE + (kind if kind in KINDS else "info"), allow_duplicate)

    def messages(self) -> list[dict[str, str]]:
        """The messages left by the request before this one, as HTML."""
        return [
            {"kind": kind, "html": html} for kind in KINDS for html in self.request.session.pop_flash(_QUEUE + kind)
        ]

    def get_flash_with_undo_snippet(self, msg: Any, queue: str = "", allow_duplicate: bool = True) -> Any:
        """The message as HTML, with a form that undoes what this request does, where that can be."""
        request = self.request
        text = self._words(msg)
        if not is_possible(request):
            return escape(text)
        number = secrets.token_hex(8)
        now = transaction.get()
        now.note(text)
        now.setExtendedInfo(MARK, number)
        return render(
            "coopcms.views.manage:templates/undobutton.pt",
            {
                "msg": text,
                "action": self.mgmt_path(request.context, "@@undo_recent"),
                "number": number,
                "token": request.session.get_csrf_token(),
            },
            request=request,
        )

    def flash_with_undo(self, msg: Any, queue: str = "info", allow_duplicate: bool = True) -> None:
        """Leave a message with its undo button."""
        self.flash(_Html(self.get_flash_with_undo_snippet(msg)), queue, allow_duplicate)


class _Html(str):
    """Text that is HTML already."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)
