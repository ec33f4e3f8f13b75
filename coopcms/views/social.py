"""Pictures that other sites show when somebody passes an address on, and the icon of a home screen.

They are drawn here, of what everybody may read, so that no file and no other host is needed (the Open Graph protocol).
"""

import functools
import io
import re
import threading
from importlib.resources import files
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..content.company import Company
from ..content.proposal import KINDS, Proposal
from ..content.site import Site
from ..i18n import _
from ..security.access import may
from ..security.permissions import P
from ..security.principals import VISITOR
from ..workflows import WORKFLOWS
from .addresses import url
from .translating import translate

#: The letters come as a package: the same picture on every machine.
_FONT = files("font_lato") / "files" / "Lato-Bold.ttf"
WIDTH, HEIGHT, MARGIN = 1200, 630, 80
PAPER, INK, BRAND, SPOT = "#f3f3ef", "#14211f", "#07525a", "#ffcb2f"


@functools.lru_cache(maxsize=256)
def drawn(kicker: str, title: str, foot: str, site: str) -> bytes:
    """A card of 1200 × 630 pixels as PNG: a line above, a title of at most four lines, a line below, the name of the site."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 18), BRAND)
    _mark(draw, MARGIN, HEIGHT - MARGIN - 64, 64)
    draw.text((MARGIN + 84, HEIGHT - MARGIN - 56), site, INK, _font(40))
    draw.text((MARGIN, MARGIN - 10), kicker, BRAND, _font(34))
    size = next((size for size in (84, 72, 60, 50) if len(_lines(draw, title, size)) <= 4), 44)
    y = MARGIN + 55
    for line in _lines(draw, title, size)[:4]:
        draw.text((MARGIN, y), line, INK, _font(size))
        y += int(size * 1.2)
    wide = draw.textlength(foot, _font(34))
    if foot:
        draw.rectangle((WIDTH - MARGIN - wide - 40, HEIGHT - MARGIN - 64, WIDTH - MARGIN, HEIGHT - MARGIN), SPOT)
        draw.text((WIDTH - MARGIN - wide - 20, HEIGHT - MARGIN - 54), foot, INK, _font(34))
    return _png(picture)


@functools.lru_cache(maxsize=4)
def icon(side: int) -> bytes:
    """The mark of the site as PNG, for a home screen."""
    picture = Image.new("RGB", (side, side), BRAND)
    _mark(ImageDraw.Draw(picture), 0, 0, side)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.quantize(64).save(stream, "PNG", optimize=True)
    return stream.getvalue()


class _Fonts(threading.local):
    """The letters in each size, for one thread: FreeType draws with a face that it changes."""

    def __init__(self) -> None:
        self.by_size: dict[int, Any] = {}


_fonts = _Fonts()


def _font(size: int) -> Any:
    if size not in _fonts.by_size:
        _fonts.by_size[size] = ImageFont.truetype(str(_FONT), size)
    return _fonts.by_size[size]


def _mark(draw: ImageDraw.ImageDraw, x: float, y: float, side: float) -> None:
    """Four strokes and one across, as one counts votes: the favicon again."""
    unit = side / 32
    draw.rectangle((x, y, x + side - 1, y + side - 1), BRAND)
    for stroke in (7.5, 13.2, 18.8, 24.5):
        draw.line((x + stroke * unit, y + 6 * unit, x + stroke * unit, y + 26 * unit), "#ffffff", round(2.8 * unit))
    draw.line((x + 4.2 * unit, y + 22.6 * unit, x + 27.8 * unit, y + 9.4 * unit), SPOT, round(3.6 * unit))


def _kept_together(text: str) -> str:
    """A text whose signs do not part from their words; of the narrow space the letters have no glyph."""
    plain = " ".join(text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}").split(" ")).strip()
    plain = re.sub(r" ([»:;?!])", "\N{NO-BREAK SPACE}\\1", plain)
    return plain.replace("« ", "«\N{NO-BREAK SPACE}")


def _lines(draw: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    lines = [""]
    for word in _kept_together(text).split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, _font(size)) <= WIDTH - 2 * MARGIN or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def told(request: Request, obj: Any) -> dict[str, str] | None:
    """What the head of a page says of its picture, None where everybody may not see the object."""
    if not isinstance(obj, (Company, Proposal, Site)):
        return None
    # What a page of a visitor is about, a visitor may see.
    if request.real_actor.is_person and not may(P.VIEW, obj, VISITOR):
        return None
    path = url(request, obj).rstrip("/")
    return {"image": f"{request.host_url}{path}/card.png", "address": f"{request.host_url}{path or '/'}"}


@view_config(context=Site, name="card.png", permission=P.VIEW, request_method="GET")
@view_config(context=Company, name="card.png", permission=P.VIEW, request_method="GET")
@view_config(context=Proposal, name="card.png", permission=P.VIEW, request_method="GET")
def card(context: Any, request: Request) -> Response:
    """The picture of a page that everybody may see; of what only some may, there is none."""
    if told(request, context) is None:
        raise HTTPNotFound()
    site = request.registry.coopcms.title
    if isinstance(context, Site):
        words = (_("Coopérative de consommateurs"), _("Ce que nous achetons, nous le décidons ensemble"), "")
    else:
        kicker = KINDS[context.kind] if isinstance(context, Proposal) else _("Entreprise")
        words = (kicker, context.title, WORKFLOWS[context.workflow_name].state(context.state).title)
    return _answer(drawn(*(str(translate(each)) for each in words), site))


@view_config(context=Site, name="icon.png", permission=P.VIEW, request_method="GET")
def home_screen(context: Site, request: Request) -> Response:
    """The icon of a home screen, 180 × 180 pixels."""
    return _answer(icon(180))


def _answer(data: bytes) -> Response:
    response = Response(data, content_type="image/png", conditional_response=True)
    response.md5_etag()
    response.cache_control = "public, max-age=3600"
    return response
