"""Verbs on documents, logos and photos.  What may be kept, and how it is read, stands in the modules of this room."""

from datetime import datetime
from typing import Any, BinaryIO

from ...content.file import File
from ...content.naming import free_name
from ...security.permissions import P
from ...security.principals import Actor
from ..permission import require
from . import names
from .uploads import filled, picture, received, sha256

__all__ = ["add", "change", "received", "remove", "remove_logo", "remove_photo", "set_logo", "set_photo"]

#: Side of a logo, in pixels, and of the photo of a site.
LOGO_SIDE = 320
SITE_SIDE = 1280


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
    upload = received(stream, filename, most_bytes)
    title = names.title(title, filename)
    folder = company["files"]
    for other in folder.values():
        if (other.title, other.visibility) == (title, visibility) and upload.is_in(other):
            there: File = other
            return there
    file = upload.file_of(File(title, upload.filename, upload.content_type, visibility), actor, now)
    folder.add(free_name(folder, file.title), file)
    return file


def change(file: File, title: str, visibility: str, actor: Actor, now: datetime) -> None:
    """Change what a document is called and who sees it."""
    require(P.UPDATE, file, actor)
    file.title, file.visibility, file.modified = names.title(title, file.title), visibility, now


def remove(file: File, actor: Actor) -> None:
    """Remove a document."""
    require(P.UPDATE, file, actor)
    file.__parent__.remove(file.__name__)


def set_logo(company: Any, stream: BinaryIO, filename: str, actor: Actor, now: datetime, *, most_bytes: int) -> None:
    """Keep a picture as the logo, made anew: small, upright, without what a camera writes beside it.

    :raises Invalid: it is no picture that can be read
    """
    require(P.UPDATE, company, actor)
    data = picture(stream, filename, LOGO_SIDE, "image/png", most_bytes)
    if not _is_kept(company.logo, data):
        company.logo = filled(File(company.title, "logo.png", "image/png", "public"), data, actor, now)


def remove_logo(company: Any, actor: Actor) -> None:
    """Show the initials again."""
    require(P.UPDATE, company, actor)
    company.logo = None


def set_photo(site: Any, stream: BinaryIO, filename: str, actor: Actor, now: datetime, *, most_bytes: int) -> None:
    """Keep the photo of a site, made anew: a farm is somebody's home, and a photo knows where it was taken.

    :raises Invalid: it is no picture that can be read
    """
    require(P.UPDATE, site, actor)
    data = picture(stream, filename, SITE_SIDE, "image/jpeg", most_bytes)
    if not _is_kept(site.photo, data):
        site.photo = filled(File(site.title, "photo.jpg", "image/jpeg", "public"), data, actor, now)


def remove_photo(site: Any, actor: Actor) -> None:
    """Show no photo any more."""
    require(P.UPDATE, site, actor)
    site.photo = None


def _is_kept(file: File | None, data: bytes) -> bool:
    """Whether a picture that was sent twice is there already."""
    return file is not None and file.sha256 == sha256(data)
