"""Forms as they are sent (URL-encoded or multipart): read strictly, with a limit to everything."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

import peppercorn
from pyramid.httpexceptions import HTTPException
from pyramid.request import Request
from webob.multidict import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio import multipart

from ..i18n import _
from .problems import refused

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
FORMS = (URLENCODED, MULTIPART)
MOST_FIELDS = 500
#: How deep deform's mappings and sequences may lie in each other; ours have three levels.
DEEPEST = 10
LONGEST_BOUNDARY = 200
#: Fields that are never files: whoever compares them may rely on it.
_TEXTS = frozenset({"csrf_token", "__formid__", "_charset_", "was", "uid", peppercorn.START, peppercorn.END})
_CHUNK = 64 * 1024
#: Up to this size a file stays in memory, in bytes.
_IN_MEMORY = 256 * 1024
_LAST_NAME = re.compile(r';\s*filename="((?:(?!";\s*[a-z]+\*?=).)*)"\s*\Z')
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii"})


@dataclass
class Upload:
    """A file that was sent, with the names that deform asks for."""

    name: str
    filename: str  #: as the sender calls it; nothing may rest on it
    type: str  #: as the sender says
    file: BinaryIO = field(repr=False)
    length: int = 0  #: bytes


def read(request: Request) -> MultiDict:
    """The fields of the form, in their order: texts, ``Upload`` for a file, ``b""`` where a file could have been chosen.

    :raises HTTPException: 400, 413 or 415, with a sentence
    """
    kind = request.content_type
    if request.method != "POST" or not request.content_length or kind not in FORMS:
        return MultiDict()
    try:
        found = MultiDict(_multipart(request) if kind == MULTIPART else _urlencoded(request))
        _check(found)
    except RequestEntityTooLarge:
        raise too_many() from None
    except ValueError:
        # Bytes that are no UTF-8, a missing boundary, a part that breaks off, markers without their pair.
        raise unreadable() from None
    return found


def unreadable() -> HTTPException:
    """400 for a form that no browser sends."""
    return refused(
        400,
        _("Le formulaire reçu n’est pas lisible ou s’arrête trop tôt. Revenez en arrière, puis envoyez-le à nouveau."),
    )


def too_many() -> HTTPException:
    """413 for more fields than any page of ours has."""
    return refused(
        413,
        _("Ce formulaire a trop de champs : ${most} au plus.", mapping={"most": MOST_FIELDS}),
        heading="",
    )


def _urlencoded(request: Request) -> Iterator[tuple[str, str]]:
    _check_charset(parse_options_header(request.headers.get("Content-Type", ""))[1])
    text = request.body.decode()
    if text.count("&") >= MOST_FIELDS:
        raise RequestEntityTooLarge()
    yield from parse_qsl(text, keep_blank_values=True, errors="strict")


def _check_charset(options: dict[str, str]) -> None:
    if options.get("charset", "utf-8").strip().lower() not in _UTF8:
        raise refused(415, _("Envoyez le formulaire en UTF-8."))


def _multipart(request: Request) -> Iterator[tuple[str, Any]]:
    options = parse_options_header(request.headers.get("Content-Type", ""))[1]
    _check_charset(options)
    boundary = options.get("boundary", "")
    if not 0 < len(boundary) <= LONGEST_BOUNDARY or not boundary.isascii():
        raise ValueError("no boundary")
    part: _Part | None = None
    for event in _events(request, multipart.MultipartDecoder(boundary.encode(), max_parts=MOST_FIELDS)):
        if isinstance(event, (multipart.Field, multipart.File)):
            part = _Part(event)
        elif isinstance(event, multipart.Data) and part is not None:
            part.write(event.data)
            if not event.more_data:
                yield part.name, part.value()


def _events(request: Request, decoder: multipart.MultipartDecoder) -> Iterator[multipart.Event]:
    stream = request.body_file_seekable
    stream.seek(0)
    while True:
        chunk = stream.read(_CHUNK)
        decoder.receive_data(chunk or None)
        # What breaks off before the last boundary raises ValueError here.
        while not isinstance(event := decoder.next_event(), (multipart.NeedData, multipart.Epilogue)):
            yield event
        if isinstance(event, multipart.Epilogue):
            return


def _filename(disposition: str, parsed: str) -> str:
    """The name of a file, with its ending also where a client does not mask the quotation marks in it."""
    last = _LAST_NAME.search(disposition)
    return parsed if last is None else last[1].replace('\\"', '"').replace("\\\\", "\\")


class _Part:
    """A part of a multipart body while it comes in."""

    def __init__(self, event: multipart.Field | multipart.File) -> None:
        if not event.name:
            raise ValueError("a part without a name")
        self.name = event.name
        self.filename = (
            _filename(event.headers["Content-Disposition"], event.filename)
            if isinstance(event, multipart.File)
            else None
        )
        self.type, options = parse_options_header(event.headers.get("Content-Type", ""))
        if self.filename is None:
            _check_charset(options)
        self.file: Any = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the request
        self.length = 0

    def write(self, data: bytes) -> None:
        """Take in some more of it."""
        self.file.write(data)
        self.length += len(data)

    def value(self) -> Any:
        """The text, or the file at its beginning."""
        self.file.seek(0)
        if self.filename:
            return Upload(self.name, self.filename, self.type, self.file, self.length)
        data: bytes = self.file.read()
        return b"" if self.filename is not None and not data else data.decode()


def _check(form: MultiDict) -> None:
    """Refuse what the libraries that read the fields rely upon not to come."""
    depth = 0
    for name, value in form.items():
        if name in _TEXTS and not isinstance(value, str):
            raise ValueError(name)
        depth += {peppercorn.START: 1, peppercorn.END: -1}.get(name, 0)
        if depth > DEEPEST:
            raise ValueError("too deep")
    if peppercorn.START in form or peppercorn.END in form:
        try:
            peppercorn.parse(list(form.items()))
        except (TypeError, IndexError) as error:
            raise ValueError("markers") from error
