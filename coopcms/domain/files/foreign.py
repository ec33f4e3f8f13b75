"""What a file is that is not accepted, by its first bytes, and what to do about it."""

import re
from dataclasses import dataclass

from ...i18n import _
from ..errors import Invalid


@dataclass(frozen=True)
class Kind:
    """A kind of file that is not accepted: a sentence that names it and says what to do; ``group`` of the documents among them."""

    sentence: str
    group: str = ""


class NotAccepted(Invalid):
    """A file of a kind that is not accepted."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(upload=kind.sentence)
        self.kind = kind


#: What takes the place of such a sentence where only a picture will do: a document saved as PDF would be refused as well.
NO_PICTURE = {
    "office": _(
        "Ce fichier est un document bureautique, pas une image. Choisissez une image : JPEG, PNG, WebP ou HEIC."
    ),
    "pdf": _("Ce fichier est un document PDF, pas une image. Choisissez une image : JPEG, PNG, WebP ou HEIC."),
    "text": _("Ce fichier est un texte, pas une image. Choisissez une image : JPEG, PNG, WebP ou HEIC."),
    "page": _("Ce fichier est une page web, pas une image. Choisissez une image : JPEG, PNG, WebP ou HEIC."),
    "sound": _(
        "Ce fichier est un enregistrement sonore, pas une image. Choisissez une image : JPEG, PNG, WebP ou HEIC."
    ),
    "unknown": _(
        "Ce fichier n’est pas une image que nous savons lire. Choisissez une image : JPEG, PNG, WebP ou HEIC."
    ),
    "message": _(
        "Ce fichier est un message électronique, pas une image. Choisissez une image : JPEG, PNG, WebP ou HEIC."
    ),
}

UNKNOWN = Kind(
    _(
        "Ce type de fichier n’est pas accepté. Envoyez un PDF, une image (JPEG, PNG, WebP, HEIC), un texte, un CSV ou un "
        "document bureautique sans macros (ODT, ODS, DOCX, XLSX)."
    ),
    "unknown",
)
NO_TEXT = Kind(
    _(
        "Ce fichier porte le nom d’un texte, mais son contenu n’en est pas un. Ouvrez-le dans le logiciel qui l’a fait et "
        "enregistrez-le en PDF."
    ),
    "text",
)
OTHER_TEXT = Kind(
    _(
        "Ce fichier est un texte, mais son nom ne finit ni en TXT ni en CSV. Donnez-lui l’une de ces fins, ou "
        "enregistrez-le en PDF."
    ),
    "text",
)
PROTECTED_PDF = Kind(
    _(
        "Ce PDF est protégé par un mot de passe ou par des restrictions : d’autres ne pourraient ni le lire ni l’archiver. "
        "Enregistrez-le sans protection, ou imprimez-le en PDF, puis envoyez celui-là."
    ),
    "pdf",
)
PROTECTED = Kind(
    _(
        "Ce document est protégé par un mot de passe : personne d’autre ne pourrait le lire. Enregistrez-le sans mot de passe, "
        "ou en PDF, puis envoyez celui-là."
    ),
    "office",
)
BROKEN = Kind(
    _(
        "Ce document est abîmé : nous ne parvenons pas à l’ouvrir. Ouvrez-le dans le logiciel qui l’a fait, enregistrez-le de "
        "nouveau, puis envoyez-le."
    ),
    "office",
)
TOO_COMPRESSED = Kind(
    _(
        "Une fois décompressé, ce document est démesuré : nous ne l’ouvrons pas. Enregistrez-le en PDF, ou allégez-le avant de "
        "l’envoyer."
    ),
    "office",
)
MACROS = Kind(
    _(
        "Ce fichier est un document avec macros : des programmes y sont joints. Enregistrez-le sans macros (DOCX, XLSX, ODT, "
        "ODS) ou en PDF."
    ),
    "office",
)
WORKBOOK_WITH_MACROS = Kind(
    _(
        "Ce fichier est un classeur avec macros : des programmes y sont joints. Enregistrez-le sans macros (XLSX) ou en PDF."
    ),
    "office",
)
TEMPLATE = Kind(
    _("Ce fichier est un modèle de document. Enregistrez-le comme document (DOCX, XLSX, ODT, ODS) ou en PDF."),
    "office",
)
PRESENTATION = Kind(_("Ce fichier est une présentation (PowerPoint, Impress). Exportez-la en PDF."), "office")
BINARY_WORKBOOK = Kind(
    _("Ce fichier est un classeur Excel binaire (.xlsb). Enregistrez-le en XLSX ou en PDF."), "office"
)
OTHER_OFFICE = Kind(_("Ce fichier est un document bureautique d’un autre genre. Exportez-le en PDF."), "office")
IWORK = Kind(
    _("Ce fichier est un document Pages, Numbers ou Keynote. Exportez-le en PDF, ou en DOCX ou XLSX."), "office"
)
EPUB = Kind(_("Ce fichier est un livre numérique (EPUB). Enregistrez-le en PDF."), "office")
ZIP = Kind(_("Ce fichier est une archive ZIP. Sortez-en les documents et envoyez-les un par un."))
PROGRAM = Kind(_("Ce fichier est un programme : il n’est pas accepté. Envoyez-en un autre."))

_ARCHIVE = Kind(_("Ce fichier est une archive (RAR, 7z, GZ, TAR…). Sortez-en les documents et envoyez-les un par un."))
_GIF = Kind(_("Ce fichier est une image GIF. Enregistrez-la en PNG ou en JPEG."))
_TIFF = Kind(_("Ce fichier est une image TIFF. Enregistrez-la en JPEG ou en PNG."))
_RAW = Kind(_("Ce fichier est une photo brute d’appareil (DNG, RAW). Exportez-la en JPEG."))
_BMP = Kind(_("Ce fichier est une image BMP. Enregistrez-la en PNG ou en JPEG."))
_ICON = Kind(_("Ce fichier est une icône (.ico). Enregistrez-la en PNG."))
_PSD = Kind(_("Ce fichier est une image Photoshop (.psd). Exportez-la en JPEG ou en PNG."))
_SVG = Kind(_("Ce fichier est un dessin vectoriel (SVG). Exportez-le en PNG."))
_POSTSCRIPT = Kind(_("Ce fichier est un dessin PostScript ou Illustrator (EPS, AI). Exportez-le en PNG."))
_AVIF = Kind(_("Ce fichier est une image AVIF. Enregistrez-la en JPEG ou en PNG."))
_NEW_JPEG = Kind(_("Ce fichier est une image JPEG 2000 ou JPEG XL. Enregistrez-la en JPEG ordinaire ou en PNG."))
_SEQUENCE = Kind(_("Ce fichier est une suite d’images HEIC. Enregistrez-en une en JPEG."))
_MP4 = Kind(_("Ce fichier est une vidéo MP4. Envoyez une photo, ou quelques images tirées de la vidéo."))
_MOV = Kind(_("Ce fichier est une vidéo QuickTime (.mov). Envoyez une photo, ou quelques images tirées de la vidéo."))
_VIDEO = Kind(_("Ce fichier est une vidéo. Envoyez une photo, ou quelques images tirées de la vidéo."))
_MP3 = Kind(_("Ce fichier est un enregistrement sonore (MP3). Envoyez-en le texte en PDF ou en TXT."), "sound")
_SOUND = Kind(_("Ce fichier est un enregistrement sonore. Envoyez-en le texte en PDF ou en TXT."), "sound")
_DOC = Kind(_("Ce fichier est un document Word ancien (.doc). Enregistrez-le en PDF ou en DOCX."), "office")
_XLS = Kind(_("Ce fichier est un classeur Excel ancien (.xls). Enregistrez-le en XLSX ou en PDF."), "office")
_PPT = Kind(_("Ce fichier est une présentation PowerPoint ancienne (.ppt). Exportez-la en PDF."), "office")
_MSG = Kind(_("Ce fichier est un message Outlook (.msg). Imprimez-le en PDF."), "message")
_OLE = Kind(_("Ce fichier est un ancien document bureautique. Enregistrez-le en PDF."), "office")
_RTF = Kind(_("Ce fichier est un document RTF. Enregistrez-le en PDF, en DOCX ou en ODT."), "office")
_HTML = Kind(_("Ce fichier est une page web (HTML). Imprimez-la en PDF."), "page")
_XML = Kind(
    _("Ce fichier est un fichier XML. Ouvrez-le dans le logiciel qui l’a fait et enregistrez-le en PDF."), "text"
)
_EML = Kind(_("Ce fichier est un message électronique (.eml). Imprimez-le en PDF."), "message")
_DATABASE = Kind(_("Ce fichier est une base de données. Exportez-en une feuille en XLSX ou en CSV."), "office")

#: Where in a file which bytes stand.  Two letters alone say nothing: a table of sales may begin with « BM ».
_MAGIC: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"GIF87a", _GIF),
    (0, b"GIF89a", _GIF),
    (0, b"8BPS\x00", _PSD),
    (0, b"\x00\x00\x01\x00", _ICON),
    (0, b"\x00\x00\x00\x0cjP  \r\n", _NEW_JPEG),
    (0, b"\xff\x4f\xff\x51", _NEW_JPEG),
    (0, b"\x00\x00\x00\x0cJXL \r\n", _NEW_JPEG),
    (0, b"\xff\x0a", _NEW_JPEG),
    (0, b"%!PS", _POSTSCRIPT),
    (0, b"\xc5\xd0\xd3\xc6", _POSTSCRIPT),
    (0, b"{\\rtf", _RTF),
    (0, b"Rar!\x1a\x07", _ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (0, b"\x1f\x8b", _ARCHIVE),
    (0, b"BZh", _ARCHIVE),
    (0, b"\xfd7zXZ\x00", _ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (0, b"MSCF\x00", _ARCHIVE),
    (257, b"ustar", _ARCHIVE),
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xca\xfe\xba\xbe", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
    (0, b"\xce\xfa\xed\xfe", PROGRAM),
    (0, b"\xfe\xed\xfa", PROGRAM),
    (0, b"#!", PROGRAM),
    (0, b"\x1a\x45\xdf\xa3", _VIDEO),
    (0, b"\x00\x00\x01\xba", _VIDEO),
    (0, b"\x00\x00\x01\xb3", _VIDEO),
    (0, b"FLV\x01", _VIDEO),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", _VIDEO),
    (8, b"AVI LIST", _VIDEO),
    (8, b"WAVEfmt ", _SOUND),
    (0, b"ID3\x02", _MP3),
    (0, b"ID3\x03", _MP3),
    (0, b"ID3\x04", _MP3),
    (0, b"\xff\xfb", _MP3),
    (0, b"\xff\xf3", _MP3),
    (0, b"\xff\xf2", _MP3),
    (0, b"OggS\x00", _SOUND),
    (0, b"fLaC\x00", _SOUND),
    (0, b"#!AMR", _SOUND),
    (0, b"SQLite format 3\x00", _DATABASE),
    (4, b"Standard Jet DB", _DATABASE),
    (4, b"Standard ACE DB", _DATABASE),
)
#: Brands of the family of MP4: the four letters after ``ftyp``.
_BRANDS = {
    b"qt  ": _MOV,
    b"M4A ": _SOUND,
    b"M4B ": _SOUND,
    b"avif": _AVIF,
    b"mif1": _AVIF,  # that of HEIC is read as a picture
    b"avis": _AVIF,
    b"crx ": _RAW,
    b"hevc": _SEQUENCE,
    b"hevx": _SEQUENCE,
    b"msf1": _SEQUENCE,
}
#: Old office documents name their parts in UTF-16; the one of encryption comes first.
_OLE_PARTS = (
    ("EncryptedPackage", PROTECTED),
    ("WordDocument", _DOC),
    ("Workbook", _XLS),
    ("Book", _XLS),
    ("PowerPoint Document", _PPT),
    ("__properties_version1.0", _MSG),
)
_MAIL = re.compile(
    rb"(?i)\A(?:from |return-path:|received:|delivered-to:|x-[a-z-]+:|mime-version:|message-id:|subject:|date:|from:)"
)
_HEADERS = re.compile(rb"(?im)^(?:from|subject|message-id|mime-version):")


def of_bytes(data: bytes) -> Kind | None:
    """The kind of a file whose first bytes give it away, None when they say nothing."""
    for offset, magic, kind in _MAGIC:
        if data.startswith(magic, offset):
            return kind
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], _MP4)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return next((kind for part, kind in _OLE_PARTS if part.encode("utf-16-le") in data), _OLE)
    if data.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"IIRO", b"IIU\x00", b"FUJIFILMCCD-RAW")):
        return _RAW if _is_raw(data) else _TIFF
    if data.startswith(b"BM") and data[6:10] == b"\x00\x00\x00\x00":
        return _BMP
    if data.startswith(b"MZ") and b"\x00" in data[:64]:
        return PROGRAM
    return None


def _is_raw(data: bytes) -> bool:
    """Whether a TIFF is what a camera saw: it has the tag of DNG, or the mark of a maker."""
    head = data[:65_536]
    dng = (b"\x12\xc6\x01\x00\x04\x00\x00\x00", b"\xc6\x12\x00\x01\x00\x00\x00\x04")
    return (
        any(tag in head for tag in dng)
        or data[8:10] == b"CR"
        or not data.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"))
    )


def of_text(data: bytes) -> Kind | None:
    """The kind of a text that programs read rather than people: a page, a drawing, a message."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    low = head.lower()
    if b"<svg" in low and low.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")):
        return _SVG
    if low.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")) or b"<html" in low[:1024]:
        return _HTML
    if low.startswith(b"<?xml"):
        return _XML
    if _MAIL.match(head) and _HEADERS.search(head):
        return _EML
    return None
