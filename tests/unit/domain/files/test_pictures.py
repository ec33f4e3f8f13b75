"""Pictures drawn anew look as they were meant, and say nothing of whoever took them."""

import io
import sys

import pytest
from PIL import Image, ImageChops, ImageStat

from coopcms.domain.errors import Invalid
from coopcms.domain.files import pictures, uploads

from ....support import pictures as made
from ....support.pictures import chunk, plain, saved, with_chunk

MOST = 60_000_000
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def drawn(data, side=2000, shown_as=""):
    """The picture that readers get."""
    return Image.open(io.BytesIO(pictures.drawn(data, pictures.type_of(data), side, shown_as)))


def pixels(data, **kw):
    """Its pixels as red, green, blue and opacity."""
    return list(drawn(data, **kw).convert("RGBA").get_flattened_data())


def near(one, other, by=2):
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def refused(data, filename="a.png"):
    with pytest.raises(Invalid) as error:
        uploads.received(io.BytesIO(data), filename, MOST)
    return error.value.messages["upload"].interpolate()


def test_every_picture_of_the_corpus_is_taken():
    for name, (data, filename) in made.good().items():
        upload = uploads.received(io.BytesIO(data), filename, MOST)
        assert upload.sent == data, name
        assert upload.content_type in KINDS.values()


def test_gray_of_sixteen_bits_keeps_its_levels():
    levels = [0, 257, 20_000, 32_896, 50_000, 65_535]
    assert [red for red, *_rest in pixels(made.gray16(levels))] == [round(level / 257) for level in levels]


@pytest.mark.parametrize(("depth", "spread"), [(1, 255), (2, 85), (4, 17)])
def test_gray_of_few_bits_keeps_its_levels_and_the_one_that_is_see_through(depth, spread):
    levels = list(range(2**depth))
    found = pixels(made.low_gray(depth, levels, transparent=1))
    assert [red for red, *_rest in found] == [level * spread for level in levels]
    assert [opacity for *_rest, opacity in found] == [0 if level == 1 else 255 for level in levels]


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("PNG", "1", (255, 255, 255, 255)),
        ("PNG", "L", (120, 120, 120, 255)),
        ("PNG", "LA", (120, 120, 120, 200)),
        ("PNG", "RGB", (200, 30, 30, 255)),
        ("PNG", "RGBA", (200, 30, 30, 128)),
        ("WEBP", "RGBA", (200, 30, 30, 128)),
        ("JPEG", "L", (120, 120, 120, 255)),
        ("JPEG", "RGB", (200, 30, 30, 255)),
        ("JPEG", "CMYK", (235, 51, 51, 255)),
    ],
)
def test_each_way_to_hold_colours_is_drawn_as_it_was_meant(kind, mode, expected):
    options = {"lossless": True} if kind == "WEBP" else {"quality": 95} if kind == "JPEG" else {}
    assert near(pixels(plain(kind, mode, **options))[0], expected, by=4)


def test_a_palette_is_drawn_with_what_is_see_through_in_it():
    image = Image.new("P", (4, 1))
    image.putpalette([10, 20, 30, 200, 100, 50, 0, 0, 0, 255, 255, 255])
    for x in range(4):
        image.putpixel((x, 0), x)
    found = pixels(saved(image, "PNG", transparency=bytes([255, 128, 0, 255])))
    assert found[0] == (10, 20, 30, 255)
    assert found[1] == (200, 100, 50, 128)
    assert found[2][3] == 0


def test_ink_without_the_mark_of_adobe_is_ink_as_it_is():
    data = plain("JPEG", "CMYK", quality=95)
    start = data.index(b"\xff\xee")
    without = data[:start] + data[start + 2 + int.from_bytes(data[start + 2 : start + 4], "big") :]
    assert near(pixels(data)[0], (235, 51, 51, 255), by=4)
    # The same numbers without that mark are the contrary: 255 is all ink (libjpeg.txt, « CMYK files »).
    contrary = Image.new("CMYK", (1, 1), (255, 55, 55, 235)).convert("RGB").getpixel((0, 0))
    assert near(pixels(without)[0][:3], contrary, by=4)


def linear(level):
    level /= 255
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4


def screen(light):
    light = min(1.0, max(0.0, light))
    return round(255 * (light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


#: From Display P3 to sRGB, both of white D65 (the primaries of SMPTE EG 432-1 and IEC 61966-2-1).
P3_TO_SRGB = ((1.22494, -0.22494, 0.0), (-0.04206, 1.04206, 0.0), (-0.01964, -0.07864, 1.09827))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("WEBP", "RGBA"), ("JPEG", "RGB"), ("HEIC", "RGB")],
)
def test_the_colours_of_a_telephone_become_those_of_any_screen(kind, mode):
    colour = (110, 160, 90)
    image = Image.new(mode, (64, 64), colour + (255,) * (mode == "RGBA"))
    if kind == "HEIC":
        image.info["icc_profile"] = made.display_p3()
        data = made.heic(image)
    else:
        options = {"PNG": {}, "WEBP": {"lossless": True}, "JPEG": {"quality": 98, "subsampling": 0}}[kind]
        data = saved(image, kind, icc_profile=made.display_p3(), **options)
    light = [linear(level) for level in colour]
    expected = tuple(screen(sum(f * one for f, one in zip(row, light, strict=True))) for row in P3_TO_SRGB)
    assert expected[0] < colour[0] - 10
    assert near(pixels(data)[0][:3], expected, by=5)
    assert "icc_profile" not in drawn(data).info


def test_a_profile_that_is_broken_or_of_another_kind_is_passed_over_as_every_viewer_does():
    for profile in (b"nothing", made.srgb()):
        assert near(pixels(plain("PNG", "L", icc_profile=profile))[0][:3], (120, 120, 120))
    assert near(pixels(plain("PNG", "RGB", icc_profile=made.srgb()))[0][:3], (200, 30, 30))


def test_the_gamma_of_a_png_counts_where_no_profile_explains_it():
    data = plain("PNG", "L", colour=128)
    lit = with_chunk(data, b"gAMA", (100_000).to_bytes(4, "big"))
    assert pixels(lit)[0][0] == round(255 * (128 / 255) ** (1 / 2.2))
    assert pixels(with_chunk(data, b"gAMA", (45_455).to_bytes(4, "big")))[0][0] == 128
    assert pixels(with_chunk(lit, b"sRGB", b"\x00"))[0][0] == 128


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_shown_upright_however_it_was_held(kind, orientation):
    expected, found = made.corners(), drawn(made.oriented(kind, orientation)).convert("RGB")
    assert found.size == expected.size
    for x, y in ((10, 10), (54, 10), (10, 38), (54, 38)):
        assert near(found.getpixel((x, y)), expected.getpixel((x, y)), by=25), (x, y)


def test_a_photo_in_heic_is_shown_upright_as_a_jpeg():
    image = made.corners((256, 192)).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    found = drawn(made.heic(image, exif=exif.tobytes()))
    assert (found.format, found.size) == ("JPEG", (256, 192))
    assert near(found.getpixel((20, 20)), (255, 0, 0), by=25)
    assert near(found.getpixel((230, 170)), (255, 255, 0), by=25)


def test_an_orientation_that_cannot_be_read_turns_nothing():
    data = made.oriented("JPEG", 1)
    for junk in (b"", b"II", b"II*\x00\xff\xff\xff\xff", b"MM\x00*\x00\x00\x00\x08\xff\xff", b"XX" + bytes(30)):
        exif = b"Exif\x00\x00" + junk
        broken = data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]
        assert drawn(broken).size == (64, 48)


def test_the_first_picture_of_an_mpo_is_the_one_that_was_taken():
    found = drawn(made.mpo())
    assert (found.format, found.size) == ("JPEG", (64, 48))
    assert near(found.convert("RGB").getpixel((10, 10)), (255, 0, 0), by=25)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_camera_writes_beside_a_picture_is_not_in_what_is_shown(kind):
    data = made.located(kind)
    assert [secret for secret in made.SECRETS if secret in data]
    shown = pictures.drawn(data, KINDS[kind], 2000)
    assert [secret for secret in made.SECRETS if secret in shown] == []
    with Image.open(io.BytesIO(shown)) as image:
        assert not dict(image.getexif())
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "loop",
            "background",
            "timestamp",
            "duration",
        }


def test_what_is_see_through_lies_on_white_where_the_picture_becomes_a_jpeg():
    data = plain("PNG", "RGBA", colour=(10, 10, 10, 0))
    assert near(pixels(data, shown_as="image/jpeg")[0], (255, 255, 255, 255))


@pytest.mark.parametrize("side", [320, 1280, 2000])
@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("JPEG", "RGB"), ("WEBP", "RGB")]
)
def test_a_picture_reduced_in_strips_is_the_one_reduced_at_once(kind, mode, side):
    image = Image.effect_mandelbrot((3001, 2003), (-3, -2.5, 2, 2.5), 100).convert(mode)
    found = drawn(saved(image, kind, **({"quality": 95} if kind != "PNG" else {"compress_level": 1})), side=side)
    expected = image.convert("RGB").resize(found.size, Image.Resampling.LANCZOS)
    assert max(found.size) == side
    difference = ImageChops.difference(found.convert("RGB"), expected)
    assert max(ImageStat.Stat(difference).mean) < 4
    # No row stands in another place: the difference is as small below as above.
    below = difference.crop((0, found.height - 20, found.width, found.height))
    assert max(ImageStat.Stat(below).mean) < 6


def test_a_large_webp_is_drawn_as_a_small_one_is():
    image = Image.effect_mandelbrot((3001, 2003), (-3, -2.5, 2, 2.5), 100).convert("RGB")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    found = drawn(saved(image, "WEBP", lossless=True, method=0))
    expected = image.resize(found.size, Image.Resampling.LANCZOS)
    assert found.mode == "RGBA"
    assert max(ImageStat.Stat(ImageChops.difference(found, expected)).mean) < 4


def test_without_the_library_of_webp_at_hand_pillow_draws_what_its_memory_allows(monkeypatch):
    monkeypatch.setattr(pictures.webp, "reduced", lambda data, size: None)
    image = Image.new("RGB", (2400, 1800), (200, 30, 30))
    assert near(pixels(saved(image, "WEBP", quality=90))[0], (200, 30, 30, 255), by=4)
    monkeypatch.setattr(pictures, "LARGE_WEBP", 4_100_000)
    assert "Cette image compte 5 mégapixels : 4 au plus" in refused(saved(image, "WEBP"))


def test_one_pixel_too_many_is_told_with_the_number():
    assert "51 mégapixels : 50 au plus" in refused(saved(Image.new("1", (10_000, 5_001)), "PNG"))
    assert drawn(saved(Image.new("1", (10_000, 5_000)), "PNG"), side=320).size == (320, 160)


def test_a_picture_longer_than_any_screen_is_told_so():
    assert "mesure 65536 pixels de long" in refused(saved(Image.new("1", (65_536, 2)), "PNG"))


def test_a_progressive_jpeg_that_takes_too_much_memory_is_told_so():
    data = saved(Image.new("RGB", (8_000, 6_000)), "JPEG", progressive=True, subsampling=0)
    assert "JPEG progressive de 48 mégapixels" in refused(data, "a.jpg")
    assert drawn(saved(Image.new("RGB", (2_000, 1_500)), "JPEG", progressive=True, subsampling=0)).size == (
        2_000,
        1_500,
    )


def test_a_film_in_another_file_is_refused_but_the_film_behind_a_photo_is_left_out():
    data = plain("JPEG") + b"\x00\x00\x00\x18ftypmp42" + b"\xff\xda" * 500
    assert b"ftypmp42" not in pictures.drawn(data, "image/jpeg", 2000)


def test_colours_that_cannot_be_rendered_are_refused():
    wide = with_chunk(plain("PNG"), b"cICP", b"\x09\x10\x00\x01")
    head = made.gray16([1, 2])
    deep = with_chunk(head, b"tRNS", b"\x00\x01")
    for data in (wide, deep):
        assert "Les couleurs de cette image" in refused(data)
    assert near(pixels(with_chunk(plain("PNG"), b"cICP", b"\x01\x0d\x00\x01"))[0][:3], (200, 30, 30))


def test_without_its_library_a_photo_in_heic_is_told_what_to_do(monkeypatch):
    data = made.heic()
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert "que ce site ne sait pas lire" in refused(data, "IMG_1.HEIC")


def test_what_an_unknown_chunk_says_is_never_read():
    assert pixels(with_chunk(plain("PNG"), b"zTXt", b"junk"))[0] == pixels(plain("PNG"))[0]
    assert chunk(b"IEND", b"") in plain("PNG")


def test_pictures_sent_at_once_are_decoded_one_after_the_other(monkeypatch):
    import threading

    busy, most, lock = [0], [0], threading.Lock()
    upright = pictures._upright

    def watched(*given):
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        try:
            return upright(*given)
        finally:
            with lock:
                busy[0] -= 1

    monkeypatch.setattr(pictures, "_upright", watched)
    data = plain("PNG", size=(1500, 1500))
    threads = [threading.Thread(target=pictures.drawn, args=(data, "image/png", 320)) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
