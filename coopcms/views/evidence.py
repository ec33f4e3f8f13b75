"""Evidence: photos and documents of findings and of proofs – the form that adds one, and what they answer with."""

from collections.abc import Callable, Container
from typing import Any

import colander
import deform
import deform.widget as w
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from ..content.audit import Evidence
from ..content.checks import at_most, one_of
from ..content.dossier import VISIBILITIES
from ..content.file import SAFE_IMAGES
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from . import forms
from .base import Views
from .files import DOCUMENTS, attachment, picture, upload_widget


def evidence_schema() -> colander.Schema:
    """A photo or a document."""
    accept = "image/*," + DOCUMENTS
    visibilities = {key: title for key, title in VISIBILITIES.items() if key != "private"}
    return colander.Schema(
        colander.SchemaNode(
            deform.FileData(),
            name="upload",
            title=_("Photo ou document"),
            description=_(
                "Une photo est réduite ; sa position et les autres données de l’appareil ne sont gardées que pour ceux qui "
                "vérifient."
            ),
            missing_msg=_("Choisissez un fichier."),
            widget=upload_widget(accept, as_sent=True),
        ),
        colander.SchemaNode(
            colander.String(),
            name="title",
            title=_("Ce qu’on y voit"),
            missing="",
            validator=at_most(120),
        ),
        colander.SchemaNode(
            colander.String(),
            name="visibility",
            title=_("Qui peut la voir, une fois le rapport validé"),
            default="verifiers",
            missing="verifiers",
            needed=True,
            validator=one_of(visibilities),
            widget=w.RadioChoiceWidget(values=list(visibilities.items())),
        ),
    )


def form(request: Any, action: str) -> deform.Form:
    """The form that adds a piece; it stands below another one."""
    return forms.make(request, evidence_schema(), submit=_("Joindre"), action=action, formid="evidence")


def changed(
    views: Views,
    form: deform.Form,
    holder: Any,
    place: Container[str],
    add: Callable[..., Any],
    remove: Callable[..., None],
) -> bool:
    """Add the piece that was sent, or take away the one that was named; False: the form says what is wrong."""
    request = views.request
    if "remove" in request.POST:
        if request.POST["remove"] in place:
            remove(holder, request.POST["remove"], request.actor, request.now)
            views.say(_("La pièce est retirée."))
        return True
    given = forms.sent(request, form)
    if given is None:
        return False
    try:
        add(
            holder,
            given["upload"]["fp"],
            given["upload"]["filename"],
            given["title"],
            given["visibility"],
            request.actor,
            request.now,
            most_bytes=request.registry.coopcms.upload_bytes,
        )
    except Invalid as refused:
        forms.refuse(form, refused)
        return False
    views.say(_("La pièce est jointe."))
    return True


@view_defaults(context=Evidence)
class EvidenceViews(Views):
    """A piece of evidence: its bytes, and where it belongs."""

    @view_config(permission=P.READ, request_method="GET")
    def view(self) -> Any:
        """It is shown where it belongs."""
        return self.go(self.context.__parent__)

    @view_config(name="download", permission=P.READ, request_method="GET")
    def download(self) -> Response:
        """The bytes, to be saved."""
        return attachment(self.context)

    @view_config(name="picture", permission=P.READ, request_method="GET")
    def picture(self) -> Response:
        """A photo that we drew anew ourselves, shown in the page; anything else is saved."""
        piece = self.context
        return picture(piece) if piece.content_type in SAFE_IMAGES else attachment(piece)
