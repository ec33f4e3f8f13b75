"""Verbs on documents and logos."""

import hashlib
import io
import zipfile
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from ..content.file import ACCEPTED, SAFE_IMAGES, File
from ..content.naming import free_name
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from .errors import Invalid
from .permission import require

#: Side of a logo in pixels, and the most pixels that are decoded at all (a picture of a few kilobytes can hold billions).
LOGO_SIDE = 320
MOST_PIXELS = 40_000_000

_IMAGE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def add(
    company: Any,
    stream: BinaryIO,
    filename: str,
    title: str,
    visibility: str,
    actor: Actor,
    now: datetime,
    *,
    most_bytes: int,
) -> File:
    """Keep a document.  What it is, its bytes say, not its name.

    :raises Invalid: it is empty, larger than ``most_bytes``, or of a type that is not accepted
    """
    require(P.UPDATE, company, actor)
    data = stream.read(most_bytes + 1)
    content_type = _checked(data, filename, most_bytes)
    base = PurePosixPath(PureWindowsPath(filename).name).stem or "document"
    file = File(title.strip() or base, f"{base}.{ACCEPTED[content_type]}", content_type, visibility)
    file.creator, file.created, file.modified = actor.userid, now, now
    file.size, file.sha256 = len(data), hashlib.sha256(data).hexdigest()
    with file.blob.open("w") as blob:
        blob.write(data)
    folder = company["files"]
    folder.add(free_name(folder, file.title), file)
    return file


def change(file: File, title: str, visibility: str, actor: Actor, now: datetime) -> None:
    """Change what a document is called and who sees it."""
    require(P.UPDATE, file, actor)
    file.title, file.visibility, file.modified = title.strip() or file.title, visibility, now


def remove(file: File, actor: Actor) -> None:
    """Remove a document."""
    require(P.UPDATE, file, actor)
    file.__parent__.remove(file.__name__)


def set_logo(company: Any, stream: BinaryIO, filename: str, actor: Actor, now: datetime, *, most_bytes: int) -> None:
    """Keep a picture as the logo, made anew: small, upright, without what a camera writes beside it.

    :raises Invalid: it is no picture that can be read
    """
    require(P.UPDATE, company, actor)
    data = stream.read(most_bytes + 1)
    if _checked(data, filename, most_bytes) not in SAFE_IMAGES:
        raise Invalid(upload=_("Choisissez une image : JPEG, PNG ou WebP."))
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid(upload=_("Cette image a trop de pixels : réduisez-la avant de l’envoyer."))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(upload=_("Cette image est abîmée : nous ne parvenons pas à la lire.")) from error
    upright.thumbnail((LOGO_SIDE, LOGO_SIDE))
    clean = io.BytesIO()
    upright.save(clean, "PNG", optimize=True)
    logo = File(company.title, "logo.png", "image/png", "public")
    logo.creator, logo.created, logo.modified = actor.userid, now, now
    logo.size, logo.sha256 = len(clean.getvalue()), hashlib.sha256(clean.getvalue()).hexdigest()
    with logo.blob.open("w") as blob:
        blob.write(clean.getvalue())
    company.logo = logo


def remove_logo(company: Any, actor: Actor) -> None:
    """Show the initials again."""
    require(P.UPDATE, company, actor)
    company.logo = None


def type_of(data: bytes) -> str | None:
    """The type of a document by its bytes, or None when it is none of those accepted."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_IMAGE_TYPES)) as picture:
            return _IMAGE_TYPES[picture.format or ""]
    except (UnidentifiedImageError, KeyError, OSError, Image.DecompressionBombError):
        pass
    if data.startswith(b"PK\x03\x04"):
        return _type_of_package(data)
    return None


def _type_of_package(data: bytes) -> str | None:
    """OpenDocument and Office Open XML are ZIP archives that name themselves; macros are not accepted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if any("vbaProject" in name or name.startswith("Basic/") for name in names):
                return None
            if "mimetype" in names:
                return package.read("mimetype")[:100].decode("ascii", "replace")
            return next((kind for marker, kind in _OFFICE.items() if marker in names), None)
    except (zipfile.BadZipFile, KeyError, OSError):
        return None


def _type_of_text(data: bytes, filename: str) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\x00" in text:
        return None
    return {".csv": "text/csv", ".txt": "text/plain"}.get(PurePosixPath(filename.lower()).suffix)


def _checked(data: bytes, filename: str, most_bytes: int) -> str:
    if not data:
        raise Invalid(upload=_("Ce fichier est vide : choisissez-en un autre."))
    if len(data) > most_bytes:
        raise Invalid(
            upload=_("Ce fichier est trop lourd : ${most} Mo au plus.", mapping={"most": most_bytes // 1_000_000})
        )
    content_type = type_of(data) or _type_of_text(data, filename)
    if content_type not in ACCEPTED:
        raise Invalid(
            upload=_(
                "Ce type de fichier n’est pas accepté. Envoyez un PDF, une image (JPEG, PNG, WebP), un texte, un CSV ou un "
                "document bureautique sans macros (ODT, ODS, DOCX, XLSX)."
            )
        )
    return content_type
