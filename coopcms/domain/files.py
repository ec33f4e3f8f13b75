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
from ..text import one_line
from .errors import Invalid
from .permission import require

#: Side of a logo in pixels, and the most pixels that are decoded at all (a picture of a few kilobytes can hold billions).
LOGO_SIDE = 320
#: Side of the photo of a site, in pixels.
SITE_SIDE = 1280
#: Side of a photo kept as evidence, in pixels: enough to read a label on it.
PHOTO_SIDE = 2000
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
    """Keep a document.  What it is, its bytes say, not its name.  Sent twice, it is one document.

    :raises Invalid: it is empty, larger than ``most_bytes``, or of a type that is not accepted
    """
    require(P.UPDATE, company, actor)
    data = stream.read(most_bytes + 1)
    content_type = _checked(data, filename, most_bytes)
    if content_type in SAFE_IMAGES:
        # A photo of a farm says where somebody lives: it is drawn anew, as evidence is.
        data = _redrawn(data, PHOTO_SIDE, content_type)
    base = PurePosixPath(PureWindowsPath(filename).name).stem or "document"
    file = File(one_line(title) or base, f"{base}.{ACCEPTED[content_type]}", content_type, visibility)
    folder = company["files"]
    for other in folder.values():
        if (other.title, other.visibility, other.sha256) == (file.title, visibility, _sha256(data)):
            there: File = other
            return there
    _filled(file, data, actor, now)
    folder.add(free_name(folder, file.title), file)
    return file


def change(file: File, title: str, visibility: str, actor: Actor, now: datetime) -> None:
    """Change what a document is called and who sees it."""
    require(P.UPDATE, file, actor)
    file.title, file.visibility, file.modified = one_line(title) or file.title, visibility, now


def remove(file: File, actor: Actor) -> None:
    """Remove a document."""
    require(P.UPDATE, file, actor)
    file.__parent__.remove(file.__name__)


def set_logo(company: Any, stream: BinaryIO, filename: str, actor: Actor, now: datetime, *, most_bytes: int) -> None:
    """Keep a picture as the logo, made anew: small, upright, without what a camera writes beside it.

    :raises Invalid: it is no picture that can be read
    """
    require(P.UPDATE, company, actor)
    data = _picture(stream, filename, LOGO_SIDE, "image/png", most_bytes)
    if company.logo is not None and company.logo.sha256 == _sha256(data):
        return
    company.logo = _filled(File(company.title, "logo.png", "image/png", "public"), data, actor, now)


def set_photo(site: Any, stream: BinaryIO, filename: str, actor: Actor, now: datetime, *, most_bytes: int) -> None:
    """Keep the photo of a site, made anew: a farm is somebody's home, and a photo knows where it was taken.

    :raises Invalid: it is no picture that can be read
    """
    require(P.UPDATE, site, actor)
    data = _picture(stream, filename, SITE_SIDE, "image/jpeg", most_bytes)
    if site.photo is not None and site.photo.sha256 == _sha256(data):
        return
    site.photo = _filled(File(site.title, "photo.jpg", "image/jpeg", "public"), data, actor, now)


def remove_photo(site: Any, actor: Actor) -> None:
    """Show no photo any more."""
    require(P.UPDATE, site, actor)
    site.photo = None


def _picture(stream: BinaryIO, filename: str, side: int, content_type: str, most_bytes: int) -> bytes:
    """The bytes of a picture that was uploaded, drawn anew."""
    data = stream.read(most_bytes + 1)
    if _checked(data, filename, most_bytes) not in SAFE_IMAGES:
        raise Invalid(upload=_("Choisissez une image : JPEG, PNG ou WebP."))
    return _redrawn(data, side, content_type)


def _filled(file: File, data: bytes, actor: Actor, now: datetime) -> File:
    """The document, with its bytes in it."""
    file.creator, file.created, file.modified = actor.userid, now, now
    file.size, file.sha256 = len(data), _sha256(data)
    with file.blob.open("w") as blob:
        blob.write(data)
    return file


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def accepted(stream: BinaryIO, filename: str, most_bytes: int) -> tuple[bytes, str, str]:
    """The bytes to keep of an upload, their type and a name.  A photo is drawn anew: no larger than needed, without its position.

    :raises Invalid: it is empty, too large, or of a type that is not accepted
    """
    data = stream.read(most_bytes + 1)
    content_type = _checked(data, filename, most_bytes)
    if content_type in SAFE_IMAGES:
        data = _redrawn(data, PHOTO_SIDE, content_type)
    base = PurePosixPath(PureWindowsPath(filename).name).stem or "document"
    return data, content_type, f"{base}.{ACCEPTED[content_type]}"


def _redrawn(data: bytes, side: int, content_type: str) -> bytes:
    """A picture made anew: upright, at most that many pixels a side, without what a camera writes beside it."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid(upload=_("Cette image a trop de pixels : réduisez-la avant de l’envoyer."))
            upright = ImageOps.exif_transpose(picture).convert("RGB" if content_type == "image/jpeg" else "RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(upload=_("Cette image est abîmée : nous ne parvenons pas à la lire.")) from error
    upright.thumbnail((side, side))
    clean = io.BytesIO()
    kind = next(kind for kind, type in _IMAGE_TYPES.items() if type == content_type)
    upright.save(clean, kind, **({"quality": 82, "optimize": True} if kind == "JPEG" else {}))
    return clean.getvalue()


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
