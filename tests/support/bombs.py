"""Small files that ask for much memory or much time: each made by code, by name, with the name of the file."""

import io
import struct
import zipfile
import zlib

from PIL import Image

from . import documents, pictures
from .pictures import chunk, saved

MEGABYTE = bytes(1_000_000)


def png(width, height, depth=8, colour=6, data=b"", extra=b""):
    """A PNG that says it is so large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + extra
        + chunk(b"IDAT", data or zlib.compress(bytes(5_000_000), 9))
        + chunk(b"IEND", b"")
    )


def deflated(megabytes):
    """So many megabytes of nothing, packed twice as hard as anybody needs."""
    return b"\x78\xda" + repeated(megabytes) + bytes(4)


def jpeg_of_segments():
    """A JPEG whose head has a million comments."""
    body = saved(Image.new("RGB", (8, 8)), "JPEG")
    return body[:2] + b"\xff\xfe\x00\x02" * 2_000_000 + body[2:]


def jpeg_of_filling():
    body = saved(Image.new("RGB", (8, 8)), "JPEG")
    return body[:2] + b"\xff" * 9_000_000 + body[2:]


def jpeg_of_scans():
    """A progressive JPEG that is drawn five thousand times."""
    body = saved(Image.new("RGB", (7000, 7000)), "JPEG", progressive=True)
    start = body.rindex(b"\xff\xda")
    return body[:-2] + body[start:-2] * 5_000 + body[-2:]


def jpeg_that_lies(width, height):
    """A small JPEG that says it is so large."""
    body = saved(Image.new("RGB", (8, 8)), "JPEG")
    frame = body.index(b"\xff\xc0")
    return body[: frame + 5] + struct.pack(">HH", height, width) + body[frame + 9 :]


def tiff_in_jpeg():
    """An Exif of five thousand entries, each of which names the same sixty kilobytes."""
    entries = b"".join(struct.pack("<HHII", 1 + n, 7, 60_000, 8) for n in range(5_000))
    exif = b"Exif\x00\x00II*\x00" + struct.pack("<IH", 8, 5_000) + entries + bytes(4)
    body = saved(Image.new("RGB", (8, 8)), "JPEG")
    return body[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + body[2:]


def exif_in(kind):
    """An Exif of sixty thousand entries, each of which names megabytes, in a format that takes as much."""
    entries = b"".join(struct.pack("<HHII", 1 + n, 7, 2_000_000, 8) for n in range(60_000))
    exif = b"II*\x00" + struct.pack("<IH", 8, 60_000) + entries + bytes(2_000_000)
    if kind == "png":
        return pictures.with_chunk(pictures.plain("PNG"), b"eXIf", exif)
    return saved(Image.new("RGB", (8, 8)), "WEBP", exif=b"Exif\x00\x00" + exif)


def webp(width, height):
    """A WebP whose canvas is said to be so large."""
    body = bytearray(
        saved(Image.new("RGBA", (8, 8)), "WEBP", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00", lossless=True)
    )
    body[24:27], body[27:30] = struct.pack("<I", width - 1)[:3], struct.pack("<I", height - 1)[:3]
    return bytes(body)


def repeated(megabytes):
    """A raw stream that unpacks to so many megabytes of nothing, made of one piece again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * megabytes + b"\x03\x00"


def zipped(name, megabytes, **members):
    """An archive with one member that is large when unpacked, in the last place."""
    crc = 0
    for _number in range(megabytes):
        crc = zlib.crc32(MEGABYTE, crc)
    return with_member(documents.package(members), name.encode(), repeated(megabytes), crc, megabytes * 1_000_000)


def with_member(archive, name, raw, crc, size):
    """An archive with one more member, given as it is packed."""
    table, end = archive.find(b"PK\x01\x02"), archive.index(b"PK\x05\x06")
    table = end if table < 0 else table
    what = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, crc, len(raw), size, len(name), 0)
    place = struct.pack("<HHHII", 0, 0, 0, 0, table)
    member = b"PK\x03\x04" + what + name + raw
    entries = archive[table:end] + b"PK\x01\x02" + struct.pack("<H", 20) + what + place + name
    count = entries.count(b"PK\x01\x02")
    last = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entries), table + len(member), 0)
    return archive[:table] + member + entries + last


def lying_sizes():
    """A document whose table of contents says that a large part is small."""
    return with_member(documents.package({"word/document.xml": "<x/>"}), b"word/big.bin", repeated(400), 0, 1_000)


def many_members(count):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        for number in range(count):
            archive.writestr(f"x{number}", b"")
    return stream.getvalue()


def overlapping():
    """A document of which two hundred entries unpack the same two megabytes (after D. Fifield, A better zip bomb, 2019)."""
    data = documents.package({"word/document.xml": "<x/>", "a.bin": bytes(2_000_000)})
    start = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    more = b"".join(entry.replace(b"a.bin", b"%05d" % number) for number in range(200))
    records = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 202, 202, 0, 0, 0)
    table = data.index(b"PK\x01\x02")
    size = end - table + len(more)
    records = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 202, 202, size, table, 0)
    return data[:end] + more + records


def long_description():
    """A list of content types of a hundred megabytes."""
    return documents.package(
        {"[Content_Types].xml": b"<T>" + b"<a/>" * 25_000_000 + b"</T>", "word/document.xml": "<x/>"}
    )


def laughing():
    """A list of content types whose words unfold to a billion others."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    listed = f'<!DOCTYPE T [<!ENTITY l0 "ha">{entities}]><T>&l9;</T>'
    return documents.package({"[Content_Types].xml": listed, "word/document.xml": "<x/>"})


def text_chunks():
    """A PNG with sixty texts of a megabyte each, packed."""
    packed = b"Comment\x00\x00" + deflated(1)
    return png(8, 8, data=zlib.compress(bytes(8 * 33)), extra=chunk(b"zTXt", packed) * 60)


def heic_that_lies(width, height, claimed):
    """A photo of a telephone whose head says another size."""
    return pictures.heic(Image.new("RGB", (width, height))).replace(
        struct.pack(">II", width, height), struct.pack(">II", *claimed)
    )


WORD = {"word/document.xml": "<x/>"}

BOMBS = {
    "zip": lambda: (zipped("a", 900), "a.zip"),
    "docx": lambda: (zipped("word/media/a.bin", 900, **WORD), "a.docx"),
    "docx of the largest size that is said": lambda: (zipped("word/media/a.bin", 149, **WORD), "a.docx"),
    "docx that lies": lambda: (lying_sizes(), "a.docx"),
    "docx of many members": lambda: (many_members(60_000), "a.docx"),
    "docx of overlapping members": lambda: (overlapping(), "a.docx"),
    "docx of a long list": lambda: (long_description(), "a.docx"),
    "docx that laughs": lambda: (laughing(), "a.docx"),
    "odt": lambda: (zipped("content.xml", 900, mimetype="application/vnd.oasis.opendocument.text"), "a.odt"),
    "odt whose name is long": lambda: (zipped("mimetype", 140), "a.odt"),
    "nested zips": lambda: (documents.package({**WORD, "b.zip": zipped("a", 900)}), "a.docx"),
    "png of a billion pixels": lambda: (png(30_000, 30_000), "a.png"),
    "png of 49 megapixels in 5 kB": lambda: (png(7_000, 7_000), "a.png"),
    "png black and white": lambda: (saved(Image.new("1", (7_000, 7_000)), "PNG"), "a.png"),
    "png of one line": lambda: (png(40_000_000, 1, 1, 0), "a.png"),
    "png whose pixels go on": lambda: (png(8, 8, data=deflated(900)), "a.png"),
    "png of packed texts": lambda: (text_chunks(), "a.png"),
    "png of a packed profile": lambda: (png(8, 8, extra=chunk(b"iCCP", b"x\x00\x00" + deflated(300))), "a.png"),
    "png of small chunks": lambda: (png(8, 8, extra=chunk(b"tEXt", b"") * 700_000), "a.png"),
    "png of entries": lambda: (exif_in("png"), "a.png"),
    "gif": lambda: (b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(100), "a.gif"),
    "webp": lambda: (webp(16_383, 16_383), "a.webp"),
    "webp wider than webp is": lambda: (webp(1 << 24, 1 << 24), "a.webp"),
    "webp of entries": lambda: (exif_in("webp"), "a.webp"),
    "jpeg that lies": lambda: (jpeg_that_lies(65_000, 65_000), "a.jpg"),
    "jpeg that lies less": lambda: (jpeg_that_lies(7_000, 7_000), "a.jpg"),
    "jpeg of segments": lambda: (jpeg_of_segments(), "a.jpg"),
    "jpeg of filling": lambda: (jpeg_of_filling(), "a.jpg"),
    "jpeg of scans": lambda: (jpeg_of_scans(), "a.jpg"),
    "mpo of many pictures": lambda: (pictures.mpo() * 3_000, "a.jpg"),
    "tiff in a jpeg": lambda: (tiff_in_jpeg(), "a.jpg"),
    "heic": lambda: (heic_that_lies(256, 192, (11_000, 11_000)), "a.heic"),
    "heic that lies": lambda: (heic_that_lies(2_000, 1_600, (100, 80)), "a.heic"),
    "pdf": lambda: (documents.PDF + b"<< /Filter /FlateDecode >> stream" + repeated(900) + b"endstream", "a.pdf"),
    "text": lambda: (b"a" * 9_900_000, "a.txt"),
    "text of astral characters": lambda: (("\U0001f600" * 2_400_000).encode(), "a.txt"),
}
#: Those of which nothing remains to be feared once they are looked at: they may be taken.
HARMLESS = {
    "nested zips",
    "png black and white",
    "png whose pixels go on",
    "png of packed texts",
    "png of entries",
    "webp of entries",
    "mpo of many pictures",
    "tiff in a jpeg",
    "pdf",
    "text",
    "text of astral characters",
}
