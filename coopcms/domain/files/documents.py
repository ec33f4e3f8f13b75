"""Documents: PDF, office documents, texts and tables, told apart by their bytes."""

import re
from pathlib import PurePosixPath

from . import foreign, packages
from .foreign import NotAccepted

#: Within so many bytes a PDF says that it is one (ISO 32000, implementation note on the header).
_HEAD = 1024
_PROTECTION = re.compile(rb"/Encrypt\s{0,20}(?:\d{1,10}\s{1,20}\d{1,5}\s{1,20}R\b|<<)")
_TEXTS = {".csv": "text/csv", ".txt": "text/plain"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: One control character in so many is still a text; ends of lines and pages, tabulators and the end mark of DOS do not count.
_ONE_IN = 50
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\t\n\r\f\v\x1a")


def type_of(data: bytes, filename: str) -> str:
    """The type of a document; the name of the file decides only between a text and a table.

    :raises NotAccepted: it is none of those accepted, with what it is and what to do
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return packages.type_of(data)
    kind = foreign.of_bytes(data)
    if kind is not None:
        raise NotAccepted(kind)
    if b"%PDF-" in data[:_HEAD]:
        if _PROTECTION.search(data):
            raise NotAccepted(foreign.PROTECTED_PDF)
        return "application/pdf"
    return _type_of_text(data, filename)


def _type_of_text(data: bytes, filename: str) -> str:
    named = _TEXTS.get(PurePosixPath(filename.lower().strip()).suffix)
    readable = charset_of(data) is not None
    if named is not None and readable:
        return named
    kind = foreign.of_text(data)
    if kind is None:
        kind = foreign.NO_TEXT if named is not None else foreign.OTHER_TEXT if readable else foreign.UNKNOWN
    raise NotAccepted(kind)


def charset_of(data: bytes) -> str | None:
    """The character set of a text – UTF-8, UTF-16 with its mark, or Windows-1252 as Excel writes it –, None when it is no text.

    >>> charset_of("œufs;12 €".encode("cp1252")), charset_of(bytes(8))
    ('windows-1252', None)
    """
    charset = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    for attempt in (charset,) if charset else ("utf-8", "windows-1252"):
        try:
            text = data.decode(attempt)
        except UnicodeDecodeError:
            continue
        return attempt if _is_text(text) else None
    return None


def _is_text(text: str) -> bool:
    """Whether a text has no NUL, and hardly another control character."""
    raw = text.encode("utf-8", "surrogatepass")
    controls = len(raw) - len(raw.translate(None, _CONTROLS))
    return "\x00" not in text and controls * _ONE_IN <= len(text)
