"""Pictures drawn anew: upright, small, in the colours of a screen, without what a camera writes beside them.

Whoever sends a picture sends a program for a decoder.  So its head is read first; what is too large, broken or would not come
out as it was meant is refused with a sentence; one picture at a time is decoded, and reduced in strips before anything else.
"""

import io
import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops

from ...i18n import _
from ..errors import Invalid
from . import colours, headers, webp
from .headers import Head

log = logging.getLogger(__name__)

#: How large a picture may be: pixels in all, pixels a side, bytes of coefficients of a JPEG that is drawn in passes, and passes.
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 65_535
MOST_COEFFICIENTS = 240_000_000
MOST_SCANS = 60
#: Pixels of a strip, of a WebP that Pillow decodes as it likes, and of the largest one that it may.
STRIP = 1_000_000
SMALL_WEBP, LARGE_WEBP = 4_000_000, 18_000_000

#: How much larger than it is shown a decoder may hand over a picture: what is left to reduce makes it sharp.
_SPARE = 1.25

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"
_SAVED: dict[str, tuple[str, dict[str, object]]] = {
    JPEG: ("JPEG", {"quality": 82, "optimize": True}),
    PNG: ("PNG", {}),
    WEBP: ("WEBP", {"quality": 82}),
}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: Memory is shared by all who send at once: one picture is decoded after the other.
_ONE_AT_A_TIME = threading.Lock()

_BROKEN = _(
    "Cette image est abîmée : nous ne parvenons pas à la lire. Ouvrez-la, enregistrez-la de nouveau, puis envoyez-la."
)
_ANIMATED = _(
    "Cette image est animée : seules les images fixes sont acceptées. Enregistrez-en une vue en JPEG ou en PNG."
)
_COLOURS = _(
    "Les couleurs de cette image sont codées d’une manière que nous ne savons pas rendre fidèlement. Enregistrez-la en JPEG ou "
    "en PNG ordinaire (8 bits, sRGB)."
)
_NO_HEIC = _(
    "Ce fichier est une photo HEIC, que ce site ne sait pas lire. Enregistrez-la en JPEG (sur iPhone : Réglages, Appareil photo, "
    "Formats, « Le plus compatible »)."
)


def type_of(data: bytes) -> str | None:
    """The type of a picture that can be drawn, by its first bytes; None for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and b"avif" not in data[8:64]:
        return HEIC
    return None


def shown_type(content_type: str) -> str:
    """The type in which a picture is shown: browsers do not read HEIC."""
    return JPEG if content_type == HEIC else content_type


def drawn(data: bytes, content_type: str, side: int, shown_as: str = "") -> bytes:
    """A picture made anew as ``shown_as`` (else its own type, or JPEG), at most ``side`` pixels high and wide.

    :raises Invalid: it is too large, broken, animated, or its colours would not come out as they were meant
    """
    with _ONE_AT_A_TIME:
        try:
            picture = _upright(data, content_type, side)
            return _saved(picture, shown_as or shown_type(content_type))
        except Invalid:
            raise
        except colours.Unfaithful as error:
            raise Invalid(upload=_COLOURS) from error
        except Exception as error:  # decoders tell broken pictures in twenty ways; the log has which
            log.info("a picture (%s) cannot be read", content_type, exc_info=True)
            raise Invalid(upload=_BROKEN) from error


def _upright(data: bytes, content_type: str, side: int) -> Image.Image:
    """The picture in sRGB, reduced and turned the way it was taken."""
    source = _READERS[content_type](data, side)
    small, head, profile = _reduced(source, side), source.head, source.profile
    del source  # with all its pixels
    shown = colours.on_screen(small, profile, head.gamma)
    turn = _TURNS.get(head.orientation)
    shown = shown if turn is None else shown.transpose(turn)
    shown.thumbnail((side, side))
    return shown


def _reduced(source: "_Source", side: int) -> Image.Image:
    """A picture at one to two times its size in the end, made strip by strip: no second one of the first size is ever in memory."""
    width, height = source.size
    factor = max(1, max(width, height) // side)
    rows = factor * max(1, STRIP // (width * factor))
    whole: Image.Image | None = None
    for top in range(0, height, rows):
        strip = colours.plain(source.strip(top, min(height, top + rows)))
        part = strip.reduce(factor) if factor > 1 else strip
        if whole is None:
            whole = Image.new(part.mode, (part.width, -(-height // factor)))
        whole.paste(part, (0, top // factor))
    if whole is None:
        raise headers.Unreadable("no rows")
    return whole


def _saved(picture: Image.Image, content_type: str) -> bytes:
    """The bytes of a picture, with nothing beside it."""
    kind, options = _SAVED[content_type]
    clean = colours.on_white(picture) if content_type == JPEG else picture
    clean.info = {}
    stream = io.BytesIO()
    clean.save(stream, kind, **options)
    return stream.getvalue()


# --- what each format is read with -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """A picture that is open: rows of it are asked for from the top to the bottom."""

    head: Head
    size: tuple[int, int]
    strip: Callable[[int, int], Image.Image]
    profile: bytes


def _source(picture: Image.Image, head: Head) -> _Source:
    """A picture that Pillow holds."""
    # A JPEG without the mark of Adobe holds ink as it is; Pillow takes all for those of Adobe's programs, which write its contrary.
    contrary = picture.format == "JPEG" and picture.mode == "CMYK" and "adobe" not in picture.info

    def strip(top: int, bottom: int) -> Image.Image:
        part = picture.crop((0, top, picture.width, bottom))
        return ImageChops.invert(part) if contrary else part

    return _Source(head, picture.size, strip, head.profile or picture.info.get("icc_profile") or b"")


def _allowed(head: Head) -> Head:
    """A head that promises a picture which can be drawn.

    :raises Invalid: else
    """
    bound(head.width, head.height)
    if head.short:
        raise headers.Unreadable("a picture that ends before its last row")
    if head.animated:
        raise Invalid(upload=_ANIMATED)
    if head.foreign_colours:
        raise colours.Unfaithful("high dynamic range, or 16 bits with transparency")
    if head.coefficients > MOST_COEFFICIENTS or head.scans > MOST_SCANS:
        raise Invalid(
            upload=_(
                "Cette image JPEG progressive de ${found} mégapixels demande trop de mémoire. Enregistrez-la en JPEG ordinaire "
                "(non progressif), ou réduisez-la.",
                mapping={"found": _megapixels(head.pixels)},
            )
        )
    return head


def bound(width: int, height: int, *, most: int = MOST_PIXELS) -> None:
    """Nothing while a picture of that size is decoded.

    :raises Invalid: it is too large
    """
    if width * height > most:
        raise Invalid(
            upload=_(
                "Cette image compte ${found} mégapixels : ${most} au plus. Réduisez-la avant de l’envoyer.",
                mapping={"found": _megapixels(width * height), "most": most // 1_000_000},
            )
        )
    if max(width, height) > LONGEST_SIDE:
        raise Invalid(
            upload=_(
                "Cette image mesure ${found} pixels de long : ${most} au plus. Réduisez-la avant de l’envoyer.",
                mapping={"found": max(width, height), "most": LONGEST_SIDE},
            )
        )


def _megapixels(pixels: int) -> int:
    """Millions of pixels, rounded up: one too many is not « 50 »."""
    return math.ceil(pixels / 1_000_000)


def _jpeg(data: bytes, side: int) -> _Source:
    head = _allowed(headers.jpeg(data))
    picture = Image.open(io.BytesIO(head.bare), formats=("JPEG",))
    picture.draft(None, _within(head, side * _SPARE))
    picture.load()
    return _source(picture, head)


def _png(data: bytes, side: int) -> _Source:
    head = _allowed(headers.png(data))
    picture = Image.open(io.BytesIO(head.bare), formats=("PNG",))
    picture.load()
    if head.spread > 1 and "transparency" in picture.info:
        picture.info["transparency"] *= head.spread  # Pillow spreads the levels, but not the one that is see-through
    return _source(picture, head)


def _webp(data: bytes, side: int) -> _Source:
    head = _allowed(headers.webp(data))
    picture = webp.reduced(data, _within(head, side * _SPARE)) if head.pixels > SMALL_WEBP else None
    if picture is None:
        bound(head.width, head.height, most=LARGE_WEBP)
        picture = Image.open(io.BytesIO(data), formats=("WEBP",))
        picture.load()
    return _source(picture, head)


def _heic(data: bytes, side: int) -> _Source:
    """A photo of a telephone.  Its library turns it upright itself."""
    try:
        import pillow_heif  # loaded when the first one comes: most sites never see one
    except ImportError as error:
        raise Invalid(upload=_NO_HEIC) from error
    found = pillow_heif.open_heif(data)
    image = found[found.primary_index]
    info: dict[str, Any] = image.info
    profile, code = info.get("icc_profile") or b"", info.get("nclx_profile") or {}
    named = code.get("color_primaries", 2), code.get("transfer_characteristics", 2)
    head = _allowed(Head(*image.size, b"", foreign_colours=not profile and named not in _HEIC_COLOURS))
    pixels, stride = image.data, image.stride
    bound(*image.size)

    def strip(top: int, bottom: int) -> Image.Image:
        size = (image.size[0], bottom - top)
        return Image.frombytes(image.mode, size, pixels[top * stride : bottom * stride], "raw", image.mode, stride)

    return _Source(head, image.size, strip, profile)


#: Colours by number (ITU-T H.273) that are those of a screen, or not said: primaries and transfer.
_HEIC_COLOURS = frozenset((primaries, transfer) for primaries in (1, 2, 5, 6) for transfer in (1, 2, 6, 13))


def _within(head: Head, side: float) -> tuple[int, int]:
    """The size of a picture reduced to so many pixels a side, itself where it is smaller."""
    times = min(1.0, side / max(head.width, head.height))
    return max(1, int(head.width * times)), max(1, int(head.height * times))


_READERS: dict[str, Callable[[bytes, int], _Source]] = {JPEG: _jpeg, PNG: _png, WEBP: _webp, HEIC: _heic}
