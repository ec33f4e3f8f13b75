"""What the head of a picture says before anything of it is decoded: how large it is, which way is up, what it will take.

Of each format the decoder gets only what it draws with: descriptions, previews and comments are left out before any library
reads them, for each of them has been a way to fill a memory.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field


class Unreadable(Exception):
    """The head of a picture is not as its format asks."""


@dataclass(frozen=True)
class Head:
    """``bare`` is the picture without what is not drawn; ``coefficients`` are bytes that a JPEG takes beside its pixels."""

    width: int
    height: int
    bare: bytes = field(repr=False)
    orientation: int = 1
    coefficients: int = 0
    scans: int = 1
    animated: bool = False
    short: bool = False  #: it holds less than its size promises
    spread: int = 1  #: what one level of gray of two or four bits becomes in eight
    foreign_colours: bool = False  #: colours that cannot be drawn faithfully here
    gamma: float | None = None
    profile: bytes = field(default=b"", repr=False)

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height


# --- JPEG (ITU-T T.81) -----------------------------------------------------------------------------------------------------------

_MOST_SEGMENTS = 1_000
_MOST_FILL = 64
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_SOS, _EXIF, _ADOBE, _ICC = 0xDA, 0xE1, 0xEE, 0xE2
_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_COEFFICIENT = 2  # bytes
#: A block of 64 samples takes a bit at least where they are coded by Huffman; a decoder paints gray what is missing, in silence.
_HUFFMAN, _BLOCK, _MOST_BLOCKS = frozenset({0xC0, 0xC1, 0xC2}), 64 * _COEFFICIENT, 8


def jpeg(data: bytes) -> Head:
    """The head of a JPEG; of an MPO, which begins as one, that of its first picture.

    :raises Unreadable: it is broken
    """
    kept, frame, kind, orientation = [data[:2]], None, 0, None
    for marker, segment, end in _segments(data):
        if marker in _SOF:
            frame, kind = _frame(segment), marker
        elif marker == _EXIF and orientation is None and segment[4:10] == b"Exif\x00\x00":
            orientation = upright(segment[10:])
        if not _is_description(marker, segment):
            kept.append(segment)
        if marker == _SOS and frame is not None:
            last = data.find(_END, end)
            drawn = data[end:] if last < 0 else data[end : last + len(_END)]
            width, height, coefficients, parts = frame
            return Head(
                width,
                height,
                b"".join((*kept, drawn)),
                orientation or 1,
                coefficients=coefficients if kind in _PROGRESSIVE or segment[4] < parts else 0,
                scans=drawn.count(_SCAN) + 1,
                short=kind in _HUFFMAN and len(drawn) * _MOST_BLOCKS < coefficients // _BLOCK,
            )
    raise Unreadable("a JPEG without a picture")


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, bytes and end of each segment of the head."""
    position = 2
    for _number in range(_MOST_SEGMENTS):
        if data[position : position + 1] != b"\xff":
            raise Unreadable("no marker")
        fill = data[position + 1 : position + _MOST_FILL]
        position += len(fill) - len(fill.lstrip(b"\xff"))
        head = data[position : position + 4]
        if len(head) < 4:
            raise Unreadable("the end")
        length = int.from_bytes(head[2:], "big")
        end = position + 2 + length
        if length < 2 or end > len(data):
            raise Unreadable("a segment without its end")
        yield head[1], data[position:end], end
        position = end
    raise Unreadable("too many segments")


def _frame(segment: bytes) -> tuple[int, int, int, int]:
    """Width, height, bytes of all coefficients, components."""
    _precision, height, width, parts = struct.unpack_from(">BHHB", segment, 4)
    sampling = [(segment[11 + 3 * i] >> 4, segment[11 + 3 * i] & 15) for i in range(parts)]
    if not width or not height or not sampling or not all(h and v for h, v in sampling):
        raise Unreadable("a frame without a size")
    across, down = max(h for h, _v in sampling), max(v for _h, v in sampling)
    samples = sum(-(-width * h // across) * -(-height * v // down) for h, v in sampling)
    return width, height, samples * _COEFFICIENT, parts


def _is_description(marker: int, segment: bytes) -> bool:
    """Whether a segment says something of the picture rather than how to draw it."""
    if marker == _ICC:
        return segment[4:16] != b"ICC_PROFILE\x00"
    return marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != _ADOBE)


# --- PNG (ISO/IEC 15948) ---------------------------------------------------------------------------------------------------------

_MOST_CHUNKS = 20_000
_DRAWN = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"iCCP", b"sRGB"})
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_MOST_DEFLATED = 1_032  # bytes that one byte can stand for
_SRGB_GAMMA = 0.45455


def png(data: bytes) -> Head:
    """The head of a PNG.

    :raises Unreadable: it is broken
    """
    seen: dict[bytes, bytes] = {}
    kept, drawn = [data[:8]], 0
    for name, chunk, whole in _chunks(data):
        seen.setdefault(name, chunk)
        if name in _DRAWN:
            kept.append(whole)
        drawn += len(chunk) if name == b"IDAT" else 0
        if name == b"IEND":
            break
    width, height, depth, colour = struct.unpack_from(">IIBB", seen.get(b"IHDR", b""))
    row = (width * depth * _CHANNELS.get(colour, 4) + 7) // 8
    if not width or not height:
        raise Unreadable("a PNG without a size")
    return Head(
        width,
        height,
        b"".join(kept),
        upright(seen[b"eXIf"]) if b"eXIf" in seen else 1,
        animated=int.from_bytes(seen.get(b"acTL", b"")[:4], "big") > 1,
        short=drawn * _MOST_DEFLATED < height * row,
        foreign_colours=(depth == 16 and b"tRNS" in seen) or not _is_ordinary(seen.get(b"cICP")),
        spread={2: 85, 4: 17}.get(depth, 1) if colour == 0 else 1,
        gamma=_gamma(seen),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, content and all bytes of each chunk."""
    position = 8
    for _number in range(_MOST_CHUNKS):
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise Unreadable("a chunk without its end")
        yield name, data[position + 8 : end - 4], data[position:end]
        position = end
    raise Unreadable("too many chunks")


def _is_ordinary(code: bytes | None) -> bool:
    """Whether colours coded by number (ITU-T H.273) are those of a screen: primaries of BT.709, no high dynamic range."""
    return code is None or (code[:1] == b"\x01" and code[1:2] in b"\x01\x06\x0d")


def _gamma(seen: dict[bytes, bytes]) -> float | None:
    """The gamma of a PNG that no profile explains, where it is another one than usual."""
    if b"gAMA" not in seen or seen.keys() & {b"iCCP", b"sRGB", b"cICP"}:
        return None
    gamma = int.from_bytes(seen[b"gAMA"][:4], "big") / 100_000
    return gamma if gamma > 0 and abs(gamma - _SRGB_GAMMA) > 0.02 else None


# --- WebP (RFC 9649) -------------------------------------------------------------------------------------------------------------


def webp(data: bytes) -> Head:
    """The head of a WebP.

    :raises Unreadable: it is broken
    """
    sizes: list[tuple[int, int]] = []
    found: dict[bytes, bytes] = {}
    flags = 0
    for name, chunk in _parts(data):
        found.setdefault(name, chunk)
        if name == b"VP8X":
            flags = chunk[0]
            sizes.append((int.from_bytes(chunk[4:7], "little") + 1, int.from_bytes(chunk[7:10], "little") + 1))
        elif name == b"VP8 ":
            width, height = struct.unpack_from("<HH", chunk, 6)
            sizes.append((width & 0x3FFF, height & 0x3FFF))
        elif name == b"VP8L":
            (bits,) = struct.unpack_from("<I", chunk, 1)
            sizes.append(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
    if not sizes or not all(map(all, sizes)):
        raise Unreadable("a WebP without a size")
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    orientation = upright(found[b"EXIF"].removeprefix(b"Exif\x00\x00")) if b"EXIF" in found else 1
    animated = bool(flags & 2) or b"ANMF" in found
    return Head(width, height, data, orientation, animated=animated, profile=found.get(b"ICCP", b""))


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each part."""
    position = 12
    for _number in range(_MOST_SEGMENTS):
        if position + 8 > len(data):
            return
        name, length = struct.unpack_from("<4sI", data, position)
        yield name, data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2
    raise Unreadable("too many parts")


# --- Exif ------------------------------------------------------------------------------------------------------------------------

_ORIENTATION, _SHORT = 0x0112, 3


def upright(exif: bytes) -> int:
    """How a picture was held, 1 to 8, by its Exif (a small TIFF); 1 where that says nothing, or nothing readable.

    >>> upright(bytes.fromhex("49492a0008000000 0100 1201 0300 01000000 0600 0000"))
    6
    """
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 10:
        return 1
    (start,) = struct.unpack_from(f"{order}I", exif, 4)
    if start + 2 > len(exif):
        return 1
    (count,) = struct.unpack_from(f"{order}H", exif, start)
    for entry in range(start + 2, min(start + 2 + 12 * min(count, 500), len(exif) - 11), 12):
        tag, kind, _number, value = struct.unpack_from(f"{order}HHIH", exif, entry)
        if tag == _ORIENTATION and kind == _SHORT:
            return int(value) if 1 <= value <= 8 else 1
    return 1
