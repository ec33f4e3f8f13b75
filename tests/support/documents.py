"""Documents made by code: good ones, and those with macros, passwords or nothing that anybody can read."""

import io
import zipfile

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODF = "application/vnd.oasis.opendocument."
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def package(members, compression=zipfile.ZIP_DEFLATED):
    """A ZIP archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def office(main, *types, part="word/document.xml", extra=None, relations=()):
    """An Office document whose main part has that content type."""
    overrides = "".join(f'<Override PartName="/x{n}" ContentType="{one}"/>' for n, one in enumerate(types))
    listed = (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/{part}" ContentType="{main}"/>{overrides}'
        "</Types>"
    )
    rels = "".join(f'<Relationship Id="r{n}" Type="{one}" Target="x"/>' for n, one in enumerate(relations))
    xmlns = "http://schemas.openxmlformats.org/package/2006/relationships"
    return package(
        {
            "[Content_Types].xml": listed,
            "_rels/.rels": f'<Relationships xmlns="{xmlns}">{rels}</Relationships>',
            part: "<x/>",
            **(extra or {}),
        }
    )


def docx(**kw):
    return office(f"{WORD}.main+xml", **kw)


def xlsx(**kw):
    return office(f"{SHEET}.main+xml", part="xl/workbook.xml", **kw)


def open_document(kind="text", listed="", extra=None):
    """An OpenDocument with its manifest."""
    ns = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = f'<manifest:manifest xmlns:manifest="{ns}"><manifest:file-entry manifest:full-path="/"/>{listed}</manifest:manifest>'
    members = {"mimetype": f"{ODF}{kind}", "content.xml": "<x/>", "META-INF/manifest.xml": manifest}
    return package({**members, **(extra or {})})


def encrypted_entries(data):
    """The same archive, with the mark of a password on every member."""
    made = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = made.find(mark)
        while position >= 0:
            made[position + offset] |= 1
            position = made.find(mark, position + 4)
    return bytes(made)


TEXT = "Été;Œufs;12 €\r\nhiver;lait;3\r\n"


def good():
    """Documents that are taken, by name: bytes, the name of the file, the type, and the character set of a text."""
    return {
        "pdf": (PDF, "contrat.pdf", "application/pdf", ""),
        "pdf after a preamble": (b"\r\n" * 400 + PDF, "contrat.pdf", "application/pdf", ""),
        "pdf under another name": (PDF, "contrat.exe", "application/pdf", ""),
        "csv utf-8": (TEXT.encode(), "ventes.csv", "text/csv", "utf-8"),
        "csv utf-8 with its mark": (TEXT.encode("utf-8-sig"), "ventes.csv", "text/csv", "utf-8"),
        "csv windows-1252": (TEXT.encode("cp1252"), "ventes.CSV", "text/csv", "windows-1252"),
        "txt utf-16 of excel": (TEXT.replace(";", "\t").encode("utf-16"), "ventes.txt", "text/plain", "utf-16"),
        "txt utf-16 big-endian": (b"\xfe\xff" + TEXT.encode("utf-16-be"), "ventes.txt", "text/plain", "utf-16"),
        "txt that begins like a picture": (b"BM;2026\nMZ;12\n", "ventes.txt", "text/plain", "utf-8"),
        "docx": (docx(), "note.docx", WORD, ""),
        "xlsx": (xlsx(), "ventes.xlsx", SHEET, ""),
        "odt": (open_document(), "note.odt", f"{ODF}text", ""),
        "ods": (open_document("spreadsheet"), "ventes.ods", f"{ODF}spreadsheet", ""),
    }
