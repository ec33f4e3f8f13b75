"""Pictures made by code: of every way to hold colours, with all that cameras write beside them."""

import io
import struct
import zlib

from PIL import Image, ImageCms

#: Where a photo was taken, and by what, in words that stand nowhere else.
MAKER = b"Kumquat Phone"
GPS = {1: "N", 2: (45.0, 56.0, 49.0), 3: "E", 4: (1.0, 36.0, 55.0)}
SECRETS = (MAKER, b"exif:GPSLatitude", b"MAKERNOTE-4856", b"Comment-4856", b"TRAILER-4856")


def saved(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def plain(kind="PNG", mode="RGB", size=(60, 40), colour=None, **options):
    """A picture of one colour."""
    colours = {"1": 1, "L": 120, "LA": (120, 200), "RGBA": (200, 30, 30, 128), "CMYK": (0, 200, 200, 20), "P": 3}
    return saved(Image.new(mode, size, colour or colours.get(mode, (200, 30, 30))), kind, **options)


def corners(size=(64, 48)):
    """A picture whose four quarters have four colours, so that one sees which way is up."""
    image = Image.new("RGB", size)
    width, height = size[0] // 2, size[1] // 2
    for number, colour in enumerate(((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))):
        image.paste(
            colour, (number % 2 * width, number // 2 * height, (number % 2 + 1) * width, (number // 2 + 1) * height)
        )
    return image


def oriented(kind, orientation):
    """The same scene, held another way, with an Exif that says how."""
    turned = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    scene = corners()
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(
        scene if turned is None else scene.transpose(turned),
        kind,
        exif=exif,
        **({"lossless": True} if kind == "WEBP" else {}),
    )


def located(kind="JPEG", size=(400, 300)):
    """A photo as a telephone takes it: position, maker, the maker's notes, XMP, a comment, and something behind the end."""
    exif = Image.Exif()
    exif[0x010F] = MAKER.decode()
    exif[0x8825] = GPS
    exif.get_ifd(0x8769)[0x927C] = b"MAKERNOTE-4856"
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" exif:GPSLatitude="45,56.8N"/>'
    image = Image.effect_noise(size, 40).convert("RGB")
    options = {"exif": exif, "xmp": xmp}
    if kind == "JPEG":
        options["comment"] = b"Comment-4856"
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        del options["xmp"]
        texts = PngInfo()
        texts.add_text("Comment", "Comment-4856")
        texts.add_text("Author", MAKER.decode(), zip=True)
        texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"] = texts
    return saved(image, kind, **options) + (b"TRAILER-4856" if kind != "WEBP" else b"")


def mpo():
    """What many telephones write: two JPEGs in one file."""
    return saved(corners(), "MPO", save_all=True, append_images=[plain_image("blue")])


def plain_image(colour, size=(64, 48), mode="RGB"):
    return Image.new(mode, size, colour)


def heic(image=None, **options):
    """A photo of an iPhone."""
    import pillow_heif

    stream = io.BytesIO()
    pillow_heif.from_pillow(image or corners((256, 192))).save(stream, quality=90, **options)
    return stream.getvalue()


def chunk(name, data):
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunk(png, name, data):
    """A PNG with one more chunk after its head."""
    return png[:33] + chunk(name, data) + png[33:]


def gray16(levels):
    """A row of gray of sixteen bits."""
    rows = b"\x00" + b"".join(struct.pack(">H", level) for level in levels)
    head = struct.pack(">IIBBBBB", len(levels), 1, 16, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def low_gray(depth, levels, transparent=None):
    """A row of gray of one, two or four bits, one level of which may be transparent."""
    bits = "".join(f"{level:0{depth}b}" for level in levels)
    row = b"\x00" + int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    head = struct.pack(">IIBBBBB", len(levels), 1, depth, 0, 0, 0, 0)
    seen = b"" if transparent is None else chunk(b"tRNS", struct.pack(">H", transparent))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + seen + chunk(b"IDAT", zlib.compress(row)) + chunk(b"IEND", b"")


def _fixed(number):
    return struct.pack(">i", round(number * 65536))


def display_p3():
    """The profile of the screens of telephones, made of its primaries (SMPTE EG 432-1, adapted to D50) and the curve of sRGB."""
    curve = (
        b"para"
        + bytes(4)
        + struct.pack(">HH", 3, 0)
        + b"".join(map(_fixed, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
    )
    tags = {
        b"rXYZ": b"XYZ " + bytes(4) + b"".join(map(_fixed, (0.51512, 0.24120, -0.00105))),
        b"gXYZ": b"XYZ " + bytes(4) + b"".join(map(_fixed, (0.29198, 0.69225, 0.04189))),
        b"bXYZ": b"XYZ " + bytes(4) + b"".join(map(_fixed, (0.15710, 0.06657, 0.78407))),
        b"wtpt": b"XYZ " + bytes(4) + b"".join(map(_fixed, (0.96420, 1.0, 0.82491))),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    offset, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    head = (
        struct.pack(">I4sI4s4s4s", 0, b"lcms", 0x04300000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp" + bytes(28)
    )
    head += b"".join(map(_fixed, (0.96420, 1.0, 0.82491))) + bytes(48)
    whole = head + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def good():
    """Pictures that every upload takes, by name: bytes and the name of the file."""
    return {
        "jpeg": (plain("JPEG"), "photo.jpg"),
        "jpeg gray": (plain("JPEG", "L"), "photo.jpeg"),
        "jpeg progressive": (plain("JPEG", progressive=True), "photo.JPG"),
        "jpeg of ink": (plain("JPEG", "CMYK"), "affiche.jpg"),
        "jpeg with a place": (located(), "IMG_2041.JPG"),
        "mpo": (mpo(), "IMG_2042.JPG"),
        "png": (plain("PNG"), "photo.png"),
        "png black and white": (plain("PNG", "1"), "plan.png"),
        "png gray": (plain("PNG", "L"), "plan.png"),
        "png gray 16 bits": (gray16([0, 20_000, 65_535]), "radio.png"),
        "png gray see-through": (plain("PNG", "LA"), "plan.png"),
        "png palette": (plain("PNG", "P"), "plan.png"),
        "png see-through": (plain("PNG", "RGBA"), "logo.png"),
        "png display p3": (plain("PNG", icc_profile=display_p3()), "photo.png"),
        "webp": (plain("WEBP"), "photo.webp"),
        "webp see-through": (plain("WEBP", "RGBA", lossless=True), "logo.webp"),
        "heic": (heic(), "IMG_2043.HEIC"),
    }


def exif_of_a_telephone():
    """The Exif that a telephone writes into its photo."""
    exif = Image.Exif()
    exif[0x010F] = MAKER.decode()
    exif[0x8825] = GPS
    return exif.tobytes()
