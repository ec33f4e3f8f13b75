"""Pictures and documents that stand for evidence: drawn when the demo is made, so that no photo of anybody is needed."""

import io
import unicodedata
from random import Random
from zlib import crc32

from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 640)
_SKIES = ((206, 222, 232), (222, 226, 220), (232, 218, 200), (198, 208, 218))
_GROUNDS = ((112, 134, 84), (146, 130, 98), (128, 128, 126), (92, 120, 104))


def draw(label: str) -> io.BytesIO:
    """A simple drawing with a label, as a JPEG; the same for the same label."""
    chance = Random(crc32(label.encode()))  # noqa: S311 - no secret
    picture = Image.new("RGB", SIZE, chance.choice(_SKIES))
    canvas = ImageDraw.Draw(picture)
    width, height = SIZE
    horizon = chance.randint(height // 3, height // 2)
    ground = chance.choice(_GROUNDS)
    canvas.rectangle((0, horizon, width, height), fill=ground)
    for _number in range(chance.randint(3, 5)):
        left, wide = chance.randint(-60, width - 160), chance.randint(140, 320)
        top = horizon - chance.randint(30, 170)
        shade = chance.randint(90, 200)
        canvas.rectangle((left, top, left + wide, horizon + 24), fill=(shade, shade - 12, shade - 26))
        canvas.polygon(((left - 14, top), (left + wide // 2, top - 64), (left + wide + 14, top)), fill=(116, 72, 60))
    for row in range(6):
        y = horizon + 60 + row * (height - horizon - 60) // 6
        canvas.line((0, y, width, y + chance.randint(-10, 10)), fill=tuple(c - 18 for c in ground), width=5)
    _write(canvas, "DESSIN DE DEMONSTRATION", (24, 20), 22)
    _write(canvas, _plain(label), (24, height - 74), 34)
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=80)
    drawn.seek(0)
    return drawn


def _write(canvas: ImageDraw.ImageDraw, text: str, place: tuple[int, int], size: int) -> None:
    font = ImageFont.load_default(size)
    left, top, right, bottom = canvas.textbbox(place, text, font=font)
    canvas.rectangle((left - 10, top - 8, right + 10, bottom + 8), fill=(250, 250, 246))
    canvas.text(place, text, font=font, fill=(34, 34, 34))


def _plain(text: str) -> str:
    """Capitals without accents: the font that comes with Pillow has none."""
    return unicodedata.normalize("NFKD", text.upper()).encode("ascii", "ignore").decode()


def document(text: str) -> io.BytesIO:
    """A text or a table, as it would be uploaded."""
    return io.BytesIO((text.strip() + "\n").encode())
