"""Documents of a company: the list, the upload, one document, the logo."""

from typing import Any
from urllib.parse import quote

import colander
from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from pyramid.response import FileIter, Response
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.dossier import VISIBILITIES
from ..content.file import ACCEPTED, ORIGINALS, VISIBILITY_MARKS, File, Files
from ..domain import files
from ..domain.errors import Invalid
from ..domain.files import names
from ..domain.files.names import LONGEST_TITLE
from ..i18n import _
from ..security.permissions import P
from . import forms
from .base import Views, crumbs
from .security import FILES

#: What a picture may be, as the field for uploads says it, and what a document or a piece of evidence may be.
IMAGES = ",".join([*ORIGINALS, ".heic", ".heif"])
DOCUMENTS = ",".join(["." + ending for ending in ACCEPTED.values()] + [".jpeg", ".heic", ".heif"])


def _visibility() -> colander.SchemaNode:
    return fields.radios(
        _("Qui peut voir ce document"), VISIBILITIES, name="visibility", default="private", missing="private"
    )


def _title() -> colander.SchemaNode:
    return fields.line(
        _("Titre"), name="title", description=_("Sans titre, nous prenons le nom du fichier."), longest=LONGEST_TITLE
    )


def upload_schema() -> colander.Schema:
    """A document with its title and visibility."""
    description = _(
        "PDF, image, texte, CSV ou document bureautique sans macros. Une photo est réduite ; sa position et les autres données de "
        "l’appareil ne sont gardées que pour ceux qui vérifient."
    )
    return colander.Schema(
        forms.upload(DOCUMENTS, _("Document"), description, as_sent=True),
        _title(),
        _visibility(),
    )


def logo_schema() -> colander.Schema:
    """A picture."""
    return colander.Schema(
        forms.upload(
            IMAGES,
            _("Logo"),
            _(
                "JPEG, PNG, WebP ou HEIC ; nous le réduisons et retirons la position et les autres données de l’appareil."
            ),
        )
    )


def photo_node(**kw: Any) -> colander.SchemaNode:
    """The photo of a place; it may be left as it is."""
    return forms.upload(
        IMAGES,
        _("Photo"),
        _("JPEG, PNG, WebP ou HEIC ; nous la réduisons et retirons la position et les autres données de l’appareil."),
        missing=None,
        **kw,
    )


def picture(file: File | None) -> Response:
    """The bytes of a picture of the site's own making.

    :raises HTTPNotFound: there is none
    """
    if file is None:
        raise HTTPNotFound()
    response = Response(content_type=file.content_type, conditional_response=True)
    with file.open() as stream:
        response.body = stream.read()
    response.etag = file.sha256[:20]
    response.headers["Content-Security-Policy"] = FILES
    response.cache_control = "private, max-age=300"
    return response


@view_defaults(context=Files)
class FilesViews(Views):
    """Pages of the folder of documents."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/files/list.pt")
    def show(self) -> dict[str, Any]:
        """The documents the reader may see."""
        return self.page(None, None)

    @view_config(name="add", permission=P.UPDATE, renderer="templates/files/list.pt")
    def add(self) -> Any:
        """Keep a document."""
        request, company = self.request, self.context.__parent__
        form = forms.make(request, upload_schema(), submit=_("Déposer le document"))
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                upload = values["upload"]
                try:
                    files.add(
                        company,
                        upload["fp"],
                        upload["filename"],
                        values["title"],
                        values["visibility"],
                        request.actor,
                        request.now,
                        most_bytes=request.registry.coopcms.upload_bytes,
                    )
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("Le document est déposé."))
                    return self.go(self.context)
            request.response.status_int = 422
        return self.page(form, None)

    @view_config(name="logo", permission=P.UPDATE, renderer="templates/files/list.pt")
    def logo(self) -> Any:
        """Choose a logo."""
        request, company = self.request, self.context.__parent__
        form = forms.make(request, logo_schema(), submit=_("Prendre ce logo"))
        if "remove" in request.POST:
            files.remove_logo(company, request.actor)
            self.say(_("Le logo est retiré."))
            return self.go(self.context)
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                try:
                    upload = values["upload"]
                    files.set_logo(
                        company,
                        upload["fp"],
                        upload["filename"],
                        request.actor,
                        request.now,
                        most_bytes=request.registry.coopcms.upload_bytes,
                    )
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("Le logo est enregistré."))
                    return self.go(self.context)
            request.response.status_int = 422
        return self.page(None, form)

    def page(self, form: Any, logo: Any) -> dict[str, Any]:
        """What the template needs."""
        request, company = self.request, self.context.__parent__
        return {
            "title": _("Les documents"),
            "crumbs": crumbs(request, self.context),
            "company": company,
            "files": [file for file in self.context.values() if request.may(P.READ, file)],
            "form": form,
            "logo_form": logo,
            "may_update": request.may(P.UPDATE),
            "MARKS": VISIBILITY_MARKS,
        }


@view_defaults(context=File)
class FileViews(Views):
    """Pages of one document."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/files/file.pt")
    @view_config(name="edit", permission=P.UPDATE, renderer="templates/files/file.pt")
    def view(self) -> Any:
        """What it is; for staff, its title and visibility."""
        request, file = self.request, self.context
        may_update = request.may(P.UPDATE)
        form = None
        if may_update:
            schema = colander.Schema(_title(), _visibility())
            values = {"title": file.title, "visibility": file.visibility}
            form = forms.make(
                request, schema, values=values, watched=True, action=request.path.removesuffix("/edit") + "/edit"
            )
            if request.method == "POST" and "remove" in request.POST:
                folder = file.__parent__
                files.remove(file, request.actor)
                self.say(_("Le document est retiré."))
                return self.go(folder)
            if request.method == "POST":
                given = forms.sent(request, form)
                if given is not None:
                    files.change(file, given["title"], given["visibility"], request.actor, request.now)
                    self.say(_("Le document est enregistré."))
                    return self.go(file)
                request.response.status_int = 422
        return {
            "title": file.title,
            "crumbs": [
                *crumbs(request, file.__parent__),
                {"href": request.path.rsplit("/files/", 1)[0] + "/files", "title": _("Les documents")},
            ],
            "file": file,
            "company": file.__parent__.__parent__,
            "form": form,
            "MARKS": VISIBILITY_MARKS,
        }

    @view_config(name="download", permission=P.READ, request_method="GET")
    def download(self) -> Response:
        """The bytes, to be saved."""
        return attachment(self.context)

    @view_config(name="original", permission=P.READ_ORIGINAL, request_method="GET")
    def original(self) -> Response:
        """A picture as it was sent, for those who verify; whoever may not have it finds nothing here (``errors.no_original``)."""
        file = self.context
        if not self.request.may(P.READ):
            raise HTTPForbidden()
        if file.original is None:
            raise HTTPNotFound()
        return attachment(file.original)


def attachment(file: File) -> Response:
    """The bytes of a document, to be saved; nothing in them runs on this site."""
    response = Response(content_type=file.content_type, conditional_response=True)
    if file.content_type.startswith("text/"):
        response.charset = file.charset or "utf-8"
    response.app_iter = FileIter(file.open())
    response.content_length = file.size
    response.etag = file.sha256[:20]
    response.headers["Content-Disposition"] = _disposition(_name(file))
    response.headers["Content-Security-Policy"] = FILES
    return response


def _name(file: File) -> str:
    """The name of a file as a header takes it, also where it was stored before names were looked at."""
    endings = {**ACCEPTED, **ORIGINALS}
    return names.safe(file.filename, endings.get(file.content_type, "bin"))


def _disposition(filename: str) -> str:
    """An attachment with its name in ASCII, and in full as RFC 6266 says."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%;' else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
