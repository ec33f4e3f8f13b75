"""Documents and logos."""

import hashlib
import io
import zipfile

import pytest
from PIL import Image

from coopcms.content.file import SAFE_IMAGES
from coopcms.domain import files
from coopcms.domain.errors import Forbidden, Invalid

from ...conftest import NOW

MOST = 1_000_000


def picture(kind="PNG", size=(400, 200), **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "green").save(stream, kind, **options)
    return stream.getvalue()


def package(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), data)
    return stream.getvalue()


ODT = "application/vnd.oasis.opendocument.text"
GOOD = {
    "pdf": (b"%PDF-1.7 ...", "contrat.pdf", "application/pdf"),
    "png": (picture(), "photo.png", "image/png"),
    "jpeg": (picture("JPEG"), "photo.jpg", "image/jpeg"),
    "webp": (picture("WEBP"), "photo.webp", "image/webp"),
    "csv": ("mois;unités\n".encode(), "ventes.csv", "text/csv"),
    "txt": ("Été".encode(), "note.txt", "text/plain"),
    "odt": (package(mimetype=ODT, content_xml="<x/>"), "statuts.odt", ODT),
    "docx": (
        package(word__document_xml="<x/>"),
        "a.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
BAD = {
    "html": (b"<html><script>alert(1)</script>", "photo.png"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "logo.svg"),
    "program": (b"\x7fELF\x02\x01", "facture.pdf"),
    "archive": (package(a="x"), "a.zip"),
    "macros": (package(word__document_xml="<x/>", word__vbaProject_bin="x"), "a.docx"),
    "empty": (b"", "rien.pdf"),
    "too large": (b"%PDF-" + b"x" * MOST, "gros.pdf"),
    "text that is none": (b"\x00\x01\x02", "a.txt"),
}


def add(world, data, filename, visibility="private", login="entreprise"):
    company = world.companies["brouillon"]
    return files.add(company, io.BytesIO(data), filename, "", visibility, world.actors[login], NOW, most_bytes=MOST)


@pytest.mark.parametrize("name", GOOD)
def test_a_document_is_kept_with_the_type_that_its_bytes_say(world, name):
    data, filename, content_type = GOOD[name]
    file = add(world, data, filename)
    with file.open() as stream:
        kept = stream.read()
    assert (file.content_type, file.size, file.visibility) == (content_type, len(kept), "private")
    assert file.sha256 == hashlib.sha256(kept).hexdigest()
    # A photo is drawn anew, without what a camera writes beside it; everything else stays as it came.
    assert content_type in SAFE_IMAGES or kept == data


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_accepted_is_refused_with_a_sentence(world, name):
    with pytest.raises(Invalid) as refused:
        add(world, *BAD[name])
    assert len(str(refused.value.messages["upload"])) > 20
    assert len(world.companies["brouillon"]["files"]) == 0


def test_a_name_with_a_path_loses_it_and_gets_the_ending_of_its_type(world):
    assert add(world, picture(), "..\\..\\C:\\photos\\été.exe").filename == "été.png"


def test_only_staff_keep_documents(world):
    with pytest.raises(Forbidden):
        add(world, b"%PDF-", "a.pdf", login="equipe")


def test_a_logo_is_made_anew_small_and_without_the_position_of_the_camera(world):
    company, staff = world.companies["brouillon"], world.actors["entreprise"]
    exif = Image.Exif()
    exif[0x010F] = "Appareil de la ferme"
    data = picture("JPEG", (1200, 600), exif=exif)
    assert b"Appareil de la ferme" in data
    files.set_logo(company, io.BytesIO(data), "logo.jpg", staff, NOW, most_bytes=MOST)
    with company.logo.open() as stream:
        kept = stream.read()
    assert b"Appareil de la ferme" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.format == "PNG"
        assert max(image.size) <= files.LOGO_SIDE


def test_a_logo_that_is_no_picture_or_a_broken_one_is_refused(world):
    company, staff = world.companies["brouillon"], world.actors["entreprise"]
    for data in (b"%PDF-1.7", picture()[:200]):
        with pytest.raises(Invalid):
            files.set_logo(company, io.BytesIO(data), "logo.png", staff, NOW, most_bytes=MOST)
    assert company.logo is None
