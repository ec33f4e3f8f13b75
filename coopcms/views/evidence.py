"""Evidence: photos and documents of findings and of proofs – the fields that add one, and what they answer with.

The fields stand in the form of the finding or proof itself: whatever button is pressed, nothing typed or chosen stays behind.
"""

from collections.abc import Callable, Container
from typing import Any

import colander
import deform
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.audit import Evidence
from ..content.dossier import VISIBILITIES
from ..content.file import SAFE_IMAGES
from ..domain import files
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from . import forms
from .base import Views
from .files import DOCUMENTS, attachment, picture

#: The buttons: what one came to do, and only adding the piece.
SAVE, ATTACH = "save", "attach"


def nodes() -> tuple[colander.SchemaNode, ...]:
    """A photo or a document, what it shows, and who sees it."""
    accept = "image/*," + DOCUMENTS
    visibilities = {key: title for key, title in VISIBILITIES.items() if key != "private"}
    return (
        forms.upload(
            accept,
            _("Photo ou document"),
            _(
                "Une photo est réduite ; sa position et les autres données de l’appareil ne sont gardées que pour ceux qui "
                "vérifient."
            ),
            missing=None,
            as_sent=True,
            heading=_("Joindre une pièce"),
        ),
        fields.line(_("Ce qu’on y voit"), name="title"),
        fields.radios(
            _("Qui peut la voir, une fois le rapport validé"),
            visibilities,
            name="visibility",
            default="verifiers",
            missing="verifiers",
            needed=True,
        ),
    )


def form(request: Any, schema: colander.Schema, *, submit: Any, action: str, values: Any = None) -> deform.Form:
    """A form with the fields of a piece below its own, and a button that adds the piece and stays."""
    schema = colander.Schema(*schema, *nodes())
    made = forms.make(request, schema, submit=submit, values=values, guard=True, action=action)
    made.buttons = (*made.buttons, deform.Button(ATTACH, _("Joindre la pièce et rester ici"), css_class="secondary"))
    return made


def take(
    views: Views,
    given: dict[str, Any],
    holder: Any,
    place: Container[str],
    add: Callable[..., Any],
    remove: Callable[..., None],
) -> list[Any]:
    """Add the piece that was chosen and take away the one that was named; the sentences that are true once this is committed.

    :raises Invalid: the file cannot be taken, or ``attach`` came without one
    """
    request, sentences = views.request, []
    named = readable.word(request.POST, "remove")
    if named in place:
        remove(holder, named, request.actor, request.now)
        sentences.append(_("La pièce est retirée."))
    upload = given["upload"]
    if upload is None and ATTACH in request.POST:
        raise Invalid(upload=_("Choisissez un fichier."))
    if upload is not None:
        add(
            holder,
            upload["fp"],
            upload["filename"],
            given["title"],
            given["visibility"],
            request.actor,
            request.now,
            most_bytes=request.registry.coopcms.upload_bytes,
        )
        sentences.append(_("La pièce est jointe."))
    return sentences


def problems(request: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with the file that was chosen, to be told together with what else is wrong."""
    upload = given.get("upload")
    try:
        if upload is not None:
            files.received(upload["fp"], upload["filename"], request.registry.coopcms.upload_bytes)
    except Invalid as refused:
        return refused.messages
    return {}


def stays(request: Any) -> bool:
    """Whether the button was one that only adds or takes away a piece."""
    return ATTACH in request.POST or "remove" in request.POST


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
