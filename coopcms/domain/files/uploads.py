"""What somebody sends: its bytes, what they are, and what is made of them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from ...content.file import ACCEPTED, ORIGINALS, File
from ...i18n import _
from ...security.principals import Actor
from ..errors import Invalid
from . import documents, foreign, names, pictures
from .foreign import NotAccepted

#: Side of a picture that is evidence, in pixels: enough to read a label on it.
PHOTO_SIDE = 2000


@dataclass(frozen=True)
class Upload:
    """A file that may be kept: ``shown`` is what readers get, ``sent`` what came where a picture was drawn anew, else None."""

    shown: bytes = field(repr=False)
    content_type: str
    filename: str
    charset: str = ""
    sent: bytes | None = field(default=None, repr=False)
    sent_type: str = ""

    def is_in(self, file: File) -> bool:
        """Whether a file was made of the same bytes."""
        if file.original is not None and self.sent is not None:
            return bool(file.original.sha256 == sha256(self.sent))
        return bool(file.original is None and file.sha256 == sha256(self.shown))

    def file_of(self, made: File, actor: Actor, now: datetime) -> File:
        """A new file with these bytes in it, and with those that came beside it."""
        made.charset = self.charset
        filled(made, self.shown, actor, now)
        if self.sent is not None:
            name = names.safe(self.filename, ORIGINALS[self.sent_type])
            made.original = filled(File(made.title, name, self.sent_type, "verifiers"), self.sent, actor, now)
        return made


def received(stream: BinaryIO, filename: str, most_bytes: int) -> Upload:
    """What was sent, a picture drawn anew: no larger than needed, without its position.

    :raises Invalid: it is empty, too large, or of a type that is not accepted
    """
    data = bytes_of(stream, most_bytes)
    picture = pictures.type_of(data)
    if picture is None:
        kind = documents.type_of(data, filename)
        charset = documents.charset_of(data) if kind.startswith("text/") else None
        return Upload(data, kind, names.safe(filename, ACCEPTED[kind]), charset or "")
    shown = pictures.shown_type(picture)
    drawn = pictures.drawn(data, picture, PHOTO_SIDE)
    return Upload(drawn, shown, names.safe(filename, ACCEPTED[shown]), sent=data, sent_type=picture)


def picture(stream: BinaryIO, filename: str, side: int, content_type: str, most_bytes: int) -> bytes:
    """The bytes of a picture that was sent, drawn anew as ``content_type``.

    :raises Invalid: it is empty, too large, or no picture that can be drawn
    """
    data = bytes_of(stream, most_bytes)
    sent = pictures.type_of(data)
    if sent is None:
        raise Invalid(upload=_no_picture(data, filename))
    return pictures.drawn(data, sent, side, content_type)


def _no_picture(data: bytes, filename: str) -> Any:
    """What is said of a file where only a picture will do."""
    try:
        kind = documents.type_of(data, filename)
    except NotAccepted as refused:
        return foreign.NO_PICTURE.get(refused.kind.group, refused.kind.sentence)
    group = "pdf" if kind == "application/pdf" else "text" if kind.startswith("text/") else "office"
    return foreign.NO_PICTURE[group]


def bytes_of(stream: BinaryIO, most_bytes: int) -> bytes:
    """The bytes of an upload, from their beginning: a request that is played again after a conflict has read them once.

    :raises Invalid: there are none, or too many
    """
    stream.seek(0)
    data = stream.read(most_bytes + 1)
    if not data:
        raise Invalid(upload=_("Ce fichier est vide : choisissez-en un autre."))
    if len(data) > most_bytes:
        raise Invalid(
            upload=_("Ce fichier est trop lourd : ${most} Mo au plus.", mapping={"most": most_bytes // 1_000_000})
        )
    return data


def filled(file: File, data: bytes, actor: Actor, now: datetime) -> File:
    """A file with its bytes in it."""
    file.creator, file.created, file.modified = actor.userid, now, now
    file.size, file.sha256 = len(data), sha256(data)
    with file.blob.open("w") as blob:
        blob.write(data)
    return file


def sha256(data: bytes) -> str:
    """Their SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
