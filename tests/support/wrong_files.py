"""Files that no upload takes, and what is said of each: what it is, and what to do."""

import struct
import zipfile

from PIL import Image

from . import documents, pictures
from .documents import SLIDES, WORD

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
VBA = "application/vnd.ms-office.vbaProject"
VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"


def ole(part):
    """An old office document with a part of that name."""
    return OLE + part.encode("utf-16-le") + bytes(64)


def ftyp(brand):
    """The first box of a file of the family of MP4."""
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(12) + b"\x00\x00\x00\x08mdat"


def animated(kind):
    return pictures.saved(
        pictures.plain_image("red"), kind, save_all=True, append_images=[pictures.plain_image("blue")], duration=100
    )


def tiff(dng=False):
    if not dng:
        return pictures.saved(pictures.plain_image("red"), "TIFF")
    entry = struct.pack("<HHI4s", 0xC612, 1, 4, b"\x01\x04\x00\x00")
    return b"II*\x00" + struct.pack("<IH", 8, 1) + entry + bytes(4)


#: Each by its name: bytes, the name of the file, what is said where a document may be sent, and where only a picture may (None: the
#: same).
OFFICE, TEXT, PAGE, MESSAGE, SOUND = (
    "est un document bureautique, pas une image",
    "est un texte, pas une image",
    "est une page web, pas une image",
    "est un message électronique, pas une image",
    "est un enregistrement sonore, pas une image",
)


def corpus():
    vba = documents.docx(extra={"word/vbaProject.bin": b"x"})
    return {
        "zip": (documents.package({"a.pdf": documents.PDF}), "a.zip", "est une archive ZIP", None),
        "empty zip": (documents.package({}), "a.docx", "est une archive ZIP", None),
        "encrypted zip": (
            documents.encrypted_entries(documents.package({"a": b"x"})),
            "a.zip",
            "est une archive ZIP",
            None,
        ),
        "doc": (ole("WordDocument"), "contrat.doc", "est un document Word ancien (.doc)", OFFICE),
        "xls": (ole("Workbook"), "ventes.xls", "est un classeur Excel ancien (.xls)", OFFICE),
        "ppt": (ole("PowerPoint Document"), "a.ppt", "est une présentation PowerPoint ancienne", OFFICE),
        "msg": (ole("__properties_version1.0"), "a.msg", "est un message Outlook", MESSAGE),
        "encrypted docx": (ole("EncryptedPackage"), "a.docx", "est protégé par un mot de passe", OFFICE),
        "encrypted odt": (
            documents.open_document(listed="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
            "a.odt",
            "est protégé par un mot de passe",
            OFFICE,
        ),
        "encrypted members": (
            documents.encrypted_entries(documents.docx()),
            "a.docx",
            "est protégé par un mot de passe",
            OFFICE,
        ),
        "docx with macros": (vba, "a.docx", "est un document avec macros", OFFICE),
        "docx with macros by type": (
            documents.office(f"{WORD}.main+xml", VBA),
            "a.docx",
            "est un document avec macros",
            OFFICE,
        ),
        "docx with macros by relation": (
            documents.docx(relations=[VBA_RELATION]),
            "a.docx",
            "est un document avec macros",
            OFFICE,
        ),
        "docx with macros in utf-16": (
            documents.package(
                {
                    "[Content_Types].xml": f'<?xml version="1.0" encoding="UTF-16"?><T><D ContentType="{VBA}"/></T>'.encode(
                        "utf-16"
                    ),
                    "word/document.xml": "<x/>",
                }
            ),
            "a.docx",
            "est un document avec macros",
            OFFICE,
        ),
        "xlsm named xlsx": (
            documents.office("application/vnd.ms-excel.sheet.macroEnabled.main+xml", part="xl/workbook.xml"),
            "ventes.xlsx",
            "est un classeur avec macros",
            OFFICE,
        ),
        "xlsm with its type escaped": (
            documents.office("application/vnd.ms-excel.sheet.&#109;acroEnabled.main+xml", part="xl/workbook.xml"),
            "ventes.xlsx",
            "est un classeur avec macros",
            OFFICE,
        ),
        "ods with macros": (
            documents.open_document("spreadsheet", extra={"Basic/Standard/Module1.xml": "<x/>"}),
            "a.ods",
            "est un document avec macros",
            OFFICE,
        ),
        "odt with scripts": (
            documents.open_document(extra={"Scripts/python/a.py": "x"}),
            "a.odt",
            "avec macros",
            OFFICE,
        ),
        "odt that lists macros": (
            documents.open_document(listed='<manifest:file-entry manifest:full-path="Basic/Standard/x.xml"/>'),
            "a.odt",
            "avec macros",
            OFFICE,
        ),
        "pptx": (
            documents.office(f"{SLIDES}.main+xml", part="ppt/presentation.xml"),
            "a.pptx",
            "est une présentation",
            OFFICE,
        ),
        "odp": (documents.open_document("presentation"), "a.odp", "est une présentation", OFFICE),
        "odg": (documents.open_document("graphics"), "a.odg", "document bureautique d’un autre genre", OFFICE),
        "template": (
            documents.office(f"{WORD.rpartition('.')[0]}.template.main+xml"),
            "a.dotx",
            "est un modèle",
            OFFICE,
        ),
        "ott": (documents.open_document("text-template"), "a.ott", "est un modèle", OFFICE),
        "xlsb": (
            documents.office("application/vnd.ms-excel.sheet.binary.main+xml"),
            "a.xlsb",
            "classeur Excel binaire",
            OFFICE,
        ),
        "broken docx": (documents.docx()[:-200], "a.docx", "Ce document est abîmé", OFFICE),
        "docx of another compression": (
            documents.package({"word/document.xml": b"x" * 99}, zipfile.ZIP_BZIP2),
            "a.docx",
            "abîmé",
            OFFICE,
        ),
        "docx with entities": (
            documents.package(
                {"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "word/document.xml": "<x/>"}
            ),
            "a.docx",
            "Ce document est abîmé",
            OFFICE,
        ),
        "pages": (
            documents.package({"Index/Document.iwa": b"x"}),
            "a.pages",
            "est un document Pages, Numbers ou Keynote",
            OFFICE,
        ),
        "epub": (documents.package({"mimetype": "application/epub+zip"}), "a.epub", "est un livre numérique", OFFICE),
        "jar": (documents.package({"META-INF/MANIFEST.MF": "x"}), "a.jar", "est un programme", None),
        "pdf with a password": (
            documents.PDF + b"trailer << /Encrypt 12 0 R >>",
            "a.pdf",
            "Ce PDF est protégé",
            "est un document PDF, pas une image",
        ),
        "rtf": (b"{\\rtf1\\ansi Bonjour}", "a.rtf", "est un document RTF", OFFICE),
        "rtf named txt": (b"{\\rtf1\\ansi Bonjour}", "a.txt", "est un document RTF", OFFICE),
        "gif": (pictures.plain("GIF", "P"), "photo.gif", "est une image GIF", None),
        "animated gif": (animated("GIF"), "photo.gif", "est une image GIF", None),
        "animated webp": (animated("WEBP"), "photo.webp", "est animée", None),
        "animated png": (animated("PNG"), "photo.png", "est animée", None),
        "tiff": (tiff(), "plan.tif", "est une image TIFF", None),
        "dng": (tiff(dng=True), "photo.dng", "est une photo brute", None),
        "bmp": (pictures.plain("BMP"), "photo.bmp", "est une image BMP", None),
        "ico": (pictures.saved(Image.new("RGB", (16, 16)), "ICO"), "a.ico", "est une icône", None),
        "psd": (b"8BPS\x00\x01" + bytes(40), "a.psd", "est une image Photoshop", None),
        "jpeg 2000": (b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(40), "a.jp2", "est une image JPEG 2000", None),
        "avif of another brand": (ftyp(b"mif1")[:16] + b"avif" + bytes(40), "a.avif", "est une image AVIF", None),
        "avif": (ftyp(b"avif"), "a.avif", "est une image AVIF", None),
        "svg": (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            "logo.svg",
            "est un dessin vectoriel (SVG)",
            None,
        ),
        "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "logo.eps", "est un dessin PostScript", None),
        "mp4": (ftyp(b"isom"), "film.mp4", "est une vidéo MP4", None),
        "mov": (ftyp(b"qt  "), "film.mov", "est une vidéo QuickTime", None),
        "avi": (b"RIFF\x00\x00\x00\x00AVI LIST", "film.avi", "est une vidéo", None),
        "mp3": (b"ID3\x03" + bytes(40), "a.mp3", "est un enregistrement sonore (MP3)", SOUND),
        "wav": (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a.wav", "est un enregistrement sonore", SOUND),
        "exe": (b"MZ\x90\x00" + bytes(100), "facture.pdf", "est un programme", None),
        "elf": (b"\x7fELF\x02\x01" + bytes(40), "facture.pdf", "est un programme", None),
        "rar": (b"Rar!\x1a\x07\x01\x00", "a.rar", "est une archive (RAR", None),
        "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(20), "a.7z", "est une archive (RAR", None),
        "gz": (b"\x1f\x8b\x08" + bytes(20), "a.csv.gz", "est une archive (RAR", None),
        "html": (b"<!DOCTYPE html><html><script>alert(1)</script>", "photo.png", "est une page web (HTML)", PAGE),
        "xml": (b"<?xml version='1.0'?><a/>", "a.xml", "est un fichier XML", TEXT),
        "eml": (
            b"From: a@exemple.example\r\nSubject: B\r\n\r\nC",
            "a.eml",
            "est un message électronique (.eml)",
            MESSAGE,
        ),
        "sqlite": (b"SQLite format 3\x00" + bytes(90), "a.db", "est une base de données", OFFICE),
        "text of another name": (b"Bonjour.\n", "lisezmoi.md", "ne finit ni en TXT ni en CSV", TEXT),
        "text with a nul": (b"a;b\x00;c", "a.csv", "son contenu n’en est pas un", TEXT),
        "noise named txt": (bytes(range(1, 32)) * 20, "a.txt", "son contenu n’en est pas un", TEXT),
        "nothing known": (
            bytes(range(256)) * 4,
            "a.bin",
            "Ce type de fichier n’est pas accepté",
            "n’est pas une image que nous savons lire",
        ),
        "cut jpeg": (pictures.plain("JPEG", size=(400, 300))[:-300], "photo.jpg", "est abîmée", None),
        "cut png": (pictures.plain("PNG")[:60], "photo.png", "est abîmée", None),
        "cut webp": (pictures.plain("WEBP")[:30], "photo.webp", "est abîmée", None),
        "cut heic": (pictures.heic()[:200], "photo.heic", "est abîmée", None),
        "png of high dynamic range": (
            pictures.with_chunk(pictures.plain("PNG"), b"cICP", b"\x09\x10\x00\x01"),
            "photo.png",
            "codées d’une manière",
            None,
        ),
    }
