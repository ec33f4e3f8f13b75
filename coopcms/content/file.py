"""Documents and evidence: blobs with a visibility."""

from typing import BinaryIO

from substanced.content import content
from ZODB.blob import Blob

from ..i18n import _
from ..security.permissions import P
from .base import Container, Leaf

#: What may be uploaded, by what its bytes say it is: type → usual ending.
ACCEPTED = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "text/csv": "csv",
    "text/plain": "txt",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
#: Pictures as they are sent, which are drawn anew before they are shown.
ORIGINALS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}
#: What a browser may show in the page rather than save.
SAFE_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})

#: The permission that reading takes, by visibility.
READ_BY_VISIBILITY = {
    "private": P.READ_PRIVATE,
    "verifiers": P.READ_VERIFIERS,
    "members": P.READ_MEMBERS,
    "public": P.READ,
}


@content("File", icon="glyphicon glyphicon-file")
class File(Leaf):
    """One document.  ``size`` is in bytes, ``sha256`` in hexadecimal; ``charset`` is that of a text, as it came.

    A picture is drawn anew for whoever reads it; ``original`` is what was sent, byte by byte, for those who verify it.
    """

    visibility: str = "private"
    charset: str = ""
    original: "File | None" = None

    def __init__(self, title: str, filename: str, content_type: str, visibility: str = "private") -> None:
        super().__init__()
        self.title = title
        self.filename = filename
        self.content_type = content_type
        self.visibility = visibility
        self.size = 0
        self.sha256 = ""
        self.blob = Blob()

    def becomes(self, permission: P) -> P:
        """Seeing or reading this takes the permission of its visibility on the company."""
        return READ_BY_VISIBILITY[self.visibility] if permission in (P.VIEW, P.READ) else permission

    def open(self) -> BinaryIO:
        """The bytes, for reading."""
        return self.blob.open("r")  # type: ignore[no-any-return]


@content("Files", icon="glyphicon glyphicon-folder-open")
class Files(Container):
    """Where the documents of a company are."""


VISIBILITY_MARKS = {
    "private": _("Privé"),
    "verifiers": _("Vérificateurs"),
    "members": _("Sociétaires"),
    "public": _("Public"),
}
