"""Colours as they were meant, in the colours of a screen: 8 bits a channel, sRGB."""

import io

from PIL import Image, ImageCms

#: The kind of profile that goes with each way to hold colours.
_SPACES = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK"}
_LEVELS = 65_535 / 255  # of sixteen bits in eight


class Unfaithful(Exception):
    """Colours that cannot be drawn as they were meant."""


def plain(picture: Image.Image) -> Image.Image:
    """A picture with 8 bits a channel and no palette: L, LA, RGB, RGBA or CMYK.

    :raises Unfaithful: it holds its colours in a way that has no agreed meaning on a screen
    """
    transparent = "transparency" in picture.info
    match picture.mode:
        case "I;16" | "I;16B" | "I;16L":
            # convert() alone would cut off all that is lighter than nearly black.
            return picture.point(lambda level: level * (1 / _LEVELS) + 0.5).convert("L")
        case "P" | "PA":
            see_through = (
                transparent or picture.mode == "PA" or picture.palette is not None and picture.palette.mode == "RGBA"
            )
            return picture.convert("RGBA" if see_through else "RGB")
        case "1" | "L" | "RGB" if transparent:
            return picture.convert("RGBA")
        case "1":
            return picture.convert("L")
        case "RGBa" | "La":
            return picture.convert(picture.mode.upper())
        case mode if mode in _SPACES:
            return picture
    raise Unfaithful(picture.mode)


def on_screen(picture: Image.Image, profile: bytes, gamma: float | None) -> Image.Image:
    """A plain picture in sRGB: as its profile says where it brings one of its own kind, else as screens show it."""
    alpha = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    base = picture.convert(picture.mode[:-1]) if alpha is not None else picture
    shown = _by_profile(base, profile) if profile else None
    if shown is None:
        shown = base.convert("RGB")
        if gamma is not None:
            power = 1 / (gamma * 2.2)
            shown = shown.point([round(255 * (level / 255) ** power) for level in range(256)] * 3)
    if alpha is not None:
        shown.putalpha(alpha)
    return shown


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """A picture from its profile to sRGB; None for a profile that is broken or of another kind, which viewers pass over too."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != _SPACES[picture.mode]:
            return None
        return ImageCms.profileToProfile(
            picture,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def on_white(picture: Image.Image) -> Image.Image:
    """A picture for paper: what was transparent is white."""
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
