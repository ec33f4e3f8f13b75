"""Large WebP pictures, decoded at the size they are shown in.

Pillow decodes every WebP as a film: three whole frames and a copy, 16 bytes a pixel, 800 MB for fifty megapixels.  The library
underneath can reduce while it decodes; this asks it to, through the very library that Pillow has loaded.
"""

import ctypes

from PIL import Image, _webp

#: The version of these structures (``WEBP_DECODER_ABI_VERSION``); the library refuses one that it does not know.
_ABI = 0x0209
_RGBA = 1


class _Features(ctypes.Structure):
    _fields_ = [
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("has_alpha", ctypes.c_int),
        ("has_animation", ctypes.c_int),
        ("format", ctypes.c_int),
        ("pad", ctypes.c_uint32 * 5),
    ]


class _RGBABuffer(ctypes.Structure):
    _fields_ = [("rgba", ctypes.c_void_p), ("stride", ctypes.c_int), ("size", ctypes.c_size_t)]


class _YUVABuffer(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_void_p) for name in ("y", "u", "v", "a")),
        *((f"{name}_stride", ctypes.c_int) for name in ("y", "u", "v", "a")),
        *((f"{name}_size", ctypes.c_size_t) for name in ("y", "u", "v", "a")),
    ]


class _Planes(ctypes.Union):
    _fields_ = [("rgba", _RGBABuffer), ("yuva", _YUVABuffer)]


class _Buffer(ctypes.Structure):
    _fields_ = [
        ("colorspace", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("is_external_memory", ctypes.c_int),
        ("planes", _Planes),
        ("pad", ctypes.c_uint32 * 4),
        ("private_memory", ctypes.c_void_p),
    ]


class _Options(ctypes.Structure):
    _fields_ = [
        *(
            (name, ctypes.c_int)
            for name in (
                "bypass_filtering",
                "no_fancy_upsampling",
                "use_cropping",
                "crop_left",
                "crop_top",
                "crop_width",
                "crop_height",
                "use_scaling",
                "scaled_width",
                "scaled_height",
                "use_threads",
                "dithering_strength",
                "flip",
                "alpha_dithering_strength",
            )
        ),
        ("pad", ctypes.c_uint32 * 5),
    ]


class _Config(ctypes.Structure):
    _fields_ = [("input", _Features), ("output", _Buffer), ("options", _Options)]


def reduced(data: bytes, size: tuple[int, int]) -> Image.Image | None:
    """A still WebP at another size, None where the library of Pillow cannot be asked.

    :raises ValueError: it is broken
    """
    try:
        library = ctypes.CDLL(_webp.__file__)
        begin, features, decode = (
            getattr(library, name)
            for name in ("WebPInitDecoderConfigInternal", "WebPGetFeaturesInternal", "WebPDecode")
        )
    except (OSError, AttributeError):
        return None
    features.argtypes = decode.argtypes = None
    config = _Config()
    if not begin(ctypes.byref(config), _ABI):
        return None
    source, length = ctypes.c_char_p(data), ctypes.c_size_t(len(data))
    if features(source, length, ctypes.byref(config.input), _ABI):
        raise ValueError("a WebP without a head")
    pixels = bytearray(size[0] * size[1] * 4)
    _aim(config, size, pixels)
    if decode(source, length, ctypes.byref(config)):
        raise ValueError("a WebP that is broken")
    made = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", size[0] * 4, 1)
    return made if config.input.has_alpha else made.convert("RGB")


def _aim(config: _Config, size: tuple[int, int], pixels: bytearray) -> None:
    """Say how large the picture is to become, and where it goes."""
    config.options.use_scaling = 1
    config.options.scaled_width, config.options.scaled_height = size
    output = config.output
    output.colorspace, output.is_external_memory = _RGBA, 1
    output.planes.rgba.rgba = ctypes.addressof(ctypes.c_char.from_buffer(pixels))
    output.planes.rgba.stride, output.planes.rgba.size = size[0] * 4, len(pixels)
