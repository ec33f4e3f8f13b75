"""OpenDocument and Office Open XML: archives that are measured before anything in them is read."""

import io
import zipfile
import zlib
from typing import NoReturn
from xml.parsers import expat

from . import foreign
from .foreign import Kind, NotAccepted

#: How many parts a document has at most, bytes of all of them unpacked, and how often the unpacked may hold the packed.  The last
#: counts from ``SMALL`` bytes on: a page of white space is packed very well.
MOST_PARTS = 3_000
MOST_BYTES = 150_000_000
MOST_TIMES = 120
SMALL = 5_000_000
#: Bytes of the descriptions that are read: of one, and of all together.
MOST_DESCRIPTION = 1_000_000
MOST_DESCRIPTIONS = 3_000_000

_CENTRAL = b"PK\x01\x02"  # how each entry of the table of contents begins
_ENCRYPTED = 0x1
_PIECE = 1 << 16
_TYPES, _MIMETYPE, _MANIFEST = "[content_types].xml", "mimetype", "meta-inf/manifest.xml"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODF = "application/vnd.oasis.opendocument."
#: The main part of an Office document, by its content type …
_MAIN = {f"{_WORD}.main+xml": _WORD, f"{_SHEET}.main+xml": _SHEET}
#: … and by its name, where an old program wrote no list of types.
_PARTS = {"word/document.xml": _WORD, "xl/workbook.xml": _SHEET}
_OTHER_MAIN = (
    ("presentationml.", foreign.PRESENTATION),
    (".template.main+xml", foreign.TEMPLATE),
    ("ms-excel.sheet.binary", foreign.BINARY_WORKBOOK),
)
_OTHER_ODF = (
    ("-template", foreign.TEMPLATE),
    (f"{_ODF}presentation", foreign.PRESENTATION),
    (_ODF, foreign.OTHER_OFFICE),
    ("application/epub+zip", foreign.EPUB),
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    RuntimeError,  # with NotImplementedError: a way to pack or to encrypt that is not known
    EOFError,
    OSError,
    KeyError,
    ValueError,
    OverflowError,
)


def type_of(data: bytes) -> str:
    """The type of an office document.

    :raises NotAccepted: it is none of those accepted, has macros or a password, is broken, or unpacks to too much
    """
    if data.count(_CENTRAL) > MOST_PARTS:
        _refuse(foreign.TOO_COMPRESSED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Package(archive, len(data)).type()
    except _BROKEN as error:
        raise NotAccepted(foreign.BROKEN) from error


def _refuse(kind: Kind) -> NoReturn:
    raise NotAccepted(kind)


class _Package:
    """An archive that may be an office document.  Names of its parts are compared without regard to case, as Office does."""

    def __init__(self, archive: zipfile.ZipFile, packed: int) -> None:
        self.archive = archive
        self.packed = packed
        self.parts = {info.filename.lower(): info for info in archive.infolist()}
        self.left = MOST_DESCRIPTIONS

    def type(self) -> str:
        """Its type, once it is sure that it is harmless."""
        if not self.parts.keys() & {_TYPES, _MIMETYPE, *_PARTS}:
            _refuse(self.other())
        self.measure()
        if _TYPES in self.parts:
            return self.office()
        if _MIMETYPE in self.parts:
            return self.open_document()
        self.no_macros_by_name(set())
        return next(kind for name, kind in _PARTS.items() if name in self.parts)

    def other(self) -> Kind:
        """What an archive is that is no office document."""
        if any(name.endswith(".iwa") or name == "index.zip" for name in self.parts):
            return foreign.IWORK
        if self.parts.keys() & {"meta-inf/manifest.mf", "androidmanifest.xml"}:
            return foreign.PROGRAM
        return foreign.ZIP

    def measure(self) -> None:
        """Unpack every part once, piece by piece, and keep none: what the table of contents says of sizes may be a lie."""
        entries = self.archive.infolist()
        if any(info.flag_bits & _ENCRYPTED for info in entries):
            _refuse(foreign.PROTECTED)
        if len(self.parts) != len(entries):  # two parts of one name: each program reads another one
            _refuse(foreign.BROKEN)
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in entries):
            _refuse(foreign.BROKEN)
        self.bound(sum(info.file_size for info in entries))
        total = 0
        for info in entries:
            with self.archive.open(info) as part:
                while piece := part.read(_PIECE):
                    total += len(piece)
                    self.bound(total)

    def bound(self, unpacked: int) -> None:
        """Nothing while that many bytes are not too many."""
        if unpacked > MOST_BYTES or unpacked > max(SMALL, MOST_TIMES * self.packed):
            _refuse(foreign.TOO_COMPRESSED)

    def office(self) -> str:
        """The type of an Office document, by its list of content types."""
        types = {value.lower() for attribute, value in self.described(_TYPES).values if attribute == "ContentType"}
        if any("vba" in one or "macro" in one for one in types | self.relations()):
            excel = any("excel" in one or "spreadsheetml" in one for one in types)
            _refuse(foreign.WORKBOOK_WITH_MACROS if excel else foreign.MACROS)
        self.no_macros_by_name(set())
        found = next((kind for main, kind in _MAIN.items() if main in types), None)
        if found is None:
            _refuse(
                next((kind for mark, kind in _OTHER_MAIN if any(mark in one for one in types)), foreign.OTHER_OFFICE)
            )
        return found

    def relations(self) -> set[str]:
        """As what a part is bound to another one, whatever the two are called."""
        described = (self.described(name) for name in self.parts if name.endswith(".rels"))
        return {value.lower() for one in described for attribute, value in one.values if attribute == "Type"}

    def open_document(self) -> str:
        """The type of an OpenDocument, which names itself; its manifest lists what is in it."""
        kind = self.read(_MIMETYPE)[:100].decode("ascii", "replace").strip()
        listed = self.described(_MANIFEST) if _MANIFEST in self.parts else _Described()
        if any(element.endswith(" encryption-data") for element in listed.elements):
            _refuse(foreign.PROTECTED)
        self.no_macros_by_name({value.lower() for _attribute, value in listed.values})
        if kind not in (f"{_ODF}text", f"{_ODF}spreadsheet"):
            _refuse(next((other for mark, other in _OTHER_ODF if mark in kind), self.other()))
        return kind

    def no_macros_by_name(self, listed: set[str]) -> None:
        """Nothing where no part, nor any that is listed, lies where programs keep macros."""
        for name in (*self.parts, *listed):
            if name.startswith(("basic/", "scripts/", "application/binary;basic")) or "vbaproject" in name:
                _refuse(foreign.MACROS)

    def read(self, name: str) -> bytes:
        """A description, which is never long."""
        with self.archive.open(self.parts[name]) as part:
            data = part.read(MOST_DESCRIPTION + 1)
        self.left -= len(data)
        if len(data) > MOST_DESCRIPTION or self.left < 0:
            _refuse(foreign.TOO_COMPRESSED)
        return data

    def described(self, name: str) -> "_Described":
        """What an XML part names: each word once, however often it stands there."""
        found = _Described()
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = found.add
        parser.EntityDeclHandler = _no_entities
        parser.Parse(self.read(name), True)
        return found


class _Described:
    """The elements of an XML part, and the values of attributes; names have their namespace before a space."""

    def __init__(self) -> None:
        self.elements: set[str] = set()
        self.values: set[tuple[str, str]] = set()

    def add(self, element: str, attributes: dict[str, str]) -> None:
        """Note one element."""
        self.elements.add(element)
        self.values.update(attributes.items())


def _no_entities(*_declared: object) -> None:
    """A description that declares words of its own may unfold to anything."""
    _refuse(foreign.BROKEN)
