"""Every form that takes a file takes the same good ones, and says the same of the wrong ones, at its field."""

import ast
import hashlib
import io
import re
from pathlib import Path

import pytest
import transaction
from PIL import Image
from ZODB.POSException import ConflictError

import coopcms
from coopcms.domain import files
from coopcms.domain.consistency import check

from ..support import documents, pictures, wrong_files
from . import uploading
from .auditing import COMPANY, errors
from .uploading import FORMS

NAMES = [form.name for form in FORMS]
BY_NAME = {form.name: form for form in FORMS}
#: Forms whose pictures are evidence: what was sent stays beside what is shown.
OF_EVIDENCE = ("document", "evidence", "proof")


@pytest.fixture
def company(world):
    return uploading.settle(world)


def test_no_other_form_takes_a_file():
    """A new one comes into the table of these tests, and by that under all of them."""
    found = {}
    for path in Path(coopcms.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        calls = [ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)]
        names = [name for name in calls if name in ("forms.upload", "deform.FileData")]
        if names:
            found[path.name] = names
    assert found == {
        "files.py": ["forms.upload"] * 3,  # document, logo, photo of a site
        "evidence.py": ["forms.upload"],  # of a finding, of a proof
        "forms.py": ["deform.FileData"],
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_form_takes_every_good_file(browse, company, name):
    form = BY_NAME[name]
    browser, wrong = browse(form.login), {}
    good = pictures.good() | ({} if form.pictures_only else {n: row[:2] for n, row in documents.good().items()})
    for kind, (data, filename) in good.items():
        answer = uploading.send(browser, form, data, filename)
        kept = uploading.sent(form, company)
        if answer.status_int != 303 or kept is None:
            wrong[kind] = (answer.status, errors(answer))
            continue
        with kept.open() as stream:
            assert hashlib.sha256(stream.read()).hexdigest() == kept.sha256
        uploading.clear(form, company)
    assert wrong == {}


@pytest.mark.parametrize("name", NAMES)
def test_each_form_names_every_wrong_file_at_its_field_and_loses_nothing(browse, company, name):
    form = BY_NAME[name]
    browser, wrong = browse(form.login), {}
    corpus = wrong_files.corpus()
    if form.pictures_only:
        corpus |= {n: (*row[:2], "", "pas une image") for n, row in documents.good().items()}
    for kind, (data, filename, sentence, elsewhere) in corpus.items():
        expected = (elsewhere or sentence) if form.pictures_only else sentence
        answer = uploading.send(browser, form, data, filename)
        told = errors(answer).get(form.label, "") if answer.content_type == "text/html" and answer.body else ""
        typed = all(answer.forms[form.form][field].value == text for field, text in form.typed) if told else False
        if answer.status_int != 422 or expected not in told.replace("\N{NO-BREAK SPACE}", " ") or not typed:
            wrong[kind] = (answer.status, told)
    assert wrong == {}
    assert uploading.sent(form, company) is None


def test_the_sentences_are_said_in_english_too(browse, company):
    form = BY_NAME["document"]
    browser, same = browse(form.login), []
    for kind, (data, filename, *_rest) in wrong_files.corpus().items():
        [told] = errors(uploading.send(browser, form, data, filename, **{"Accept-Language": "en"})).values()
        if not told or re.search(r"\b(est|une?|fichier|image est|enregistrez)\b", told.replace("image", "")):
            same.append((kind, told))
    assert same == []


# --- as it was sent ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OF_EVIDENCE)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_a_photo_is_kept_as_it_was_sent_and_shown_without_its_place(browse, company, world, name, kind):
    form = BY_NAME[name]
    data = pictures.located(kind) if kind != "HEIC" else pictures.heic(exif=pictures.exif_of_a_telephone())
    filename = f"IMG_2041.{kind}"
    assert uploading.send(browse(form.login), form, data, filename).status_int == 303
    file = uploading.sent(form, company)
    with file.open() as stream:
        shown = stream.read()
    assert [secret for secret in pictures.SECRETS if secret in shown] == []
    assert not dict(Image.open(io.BytesIO(shown)).getexif())
    original = file.original
    with original.open() as stream:
        assert stream.read() == data
    assert (original.size, original.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert original.filename == {"JPEG": "IMG_2041.jpg", "HEIC": "IMG_2041.heic"}.get(kind, f"IMG_2041.{kind.lower()}")
    assert not any(check(world.site).values())


@pytest.mark.parametrize("name", ["logo", "photo"])
def test_a_picture_that_is_no_evidence_is_kept_only_as_it_is_shown(browse, company, name):
    form = BY_NAME[name]
    uploading.send(browse(form.login), form, pictures.located(), "a.jpg", status=303)
    assert uploading.sent(form, company).original is None


def test_a_document_that_is_no_picture_has_one_form_only(browse, company):
    form = BY_NAME["document"]
    uploading.send(browse(form.login), form, documents.PDF, "a.pdf", status=303)
    assert uploading.sent(form, company).original is None
    browse("certificatrice").get(f"{COMPANY}/files/le-parcours-nord/original", status=404)


#: Who may have a photo as it was sent: those who verify, each where they do; not the company, not other members, not the public.
VERIFIERS = {
    "document": {"certificatrice", "certificateur", "equipe", "visiteuse"},
    "evidence": {"certificatrice", "certificateur", "equipe", "visiteuse"},
    "proof": {"certificatrice", "certificateur", "equipe", "visiteuse"},
}
READERS = (None, "membre", "voisine", "admin", "entreprise", "certificatrice", "certificateur", "equipe", "visiteuse")


@pytest.mark.parametrize("name", OF_EVIDENCE)
@pytest.mark.parametrize("visibility", ["verifiers", "members", "public"])
def test_only_those_who_verify_find_a_photo_as_it_was_sent(browse, company, name, visibility):
    form, data = BY_NAME[name], pictures.located()
    uploading.send(browse(form.login), form, data, "IMG_2041.JPG", status=303)
    file = uploading.sent(form, company)
    file.visibility = visibility
    transaction.commit()
    holder = {
        "document": f"{COMPANY}/files",
        "evidence": f"{uploading.AUDIT}/a1",
        "proof": f"{uploading.OTHER}/a1/action",
    }[name]
    address = f"{holder}/{file.__name__}/original"
    pages = {"document": f"{holder}/{file.__name__}", "evidence": holder, "proof": holder}
    for login in READERS:
        browser = browse(login)
        answer = browser.get(address, status="*")
        page = browser.get(pages[name], status="*")
        linked = address in page.text
        if login in VERIFIERS[name]:
            assert answer.body == data, login
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert linked, login
        else:
            assert answer.status_int == 404, login
            assert not linked, login
            nowhere = browser.get(address.replace(file.__name__, "rien"), status="*")
            assert nowhere.status_int == 404, login


def test_nobody_but_the_company_has_anything_of_a_private_photo(browse, company):
    form = BY_NAME["document"]
    uploading.send(browse(form.login), form, pictures.located(), "a.jpg", status=303)
    for login in READERS:
        browse(login).get(f"{COMPANY}/files/le-parcours-nord/original", status=404)


def test_the_api_knows_nothing_of_what_was_sent(browse, company):
    form = BY_NAME["document"]
    uploading.send(browse(form.login), form, pictures.located(), "IMG_2041.JPG", status=303)
    file = uploading.sent(form, company)
    file.visibility = "public"
    sha256 = file.original.sha256
    transaction.commit()
    browser = browse("certificatrice")
    for path in ("", "/files", f"/files/{file.__name__}", f"/files/{file.__name__}/original"):
        assert sha256 not in browser.get(f"/api/v1{COMPANY}{path}", status="*").text
    browser.get(f"/api/v1{COMPANY}/files/{file.__name__}/original", status=404)


# --- once, and whole -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_what_is_sent_twice_is_kept_once(browse, company, name):
    form, browser, data = BY_NAME[name], browse(BY_NAME[name].login), pictures.located()
    for _time in range(2):
        uploading.send(browser, form, data, "IMG_2041.JPG", status=303)
    if not form.pictures_only:
        transaction.begin()
        assert len(form.where(company)) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["small", "large"])
def test_an_upload_that_met_another_writer_is_read_again_from_its_beginning(browse, company, monkeypatch, name, kind):
    """Small uploads stay in memory, large ones lie in a temporary file; both are read once by the attempt that failed."""
    form = BY_NAME[name]
    data = (
        pictures.plain("JPEG")
        if kind == "small"
        else pictures.saved(Image.effect_noise((1200, 1200), 90), "JPEG", quality=95)
    )
    read, reads = files.uploads.bytes_of, []

    def conflicting(stream, most):
        reads.append(read(stream, most))
        if len(reads) < 4:
            raise ConflictError("two met")
        return reads[-1]

    monkeypatch.setattr(files.uploads, "bytes_of", conflicting)
    uploading.send(browse(form.login), form, data, "photo.jpg", status=303)
    assert reads == [data] * 4
    assert uploading.sent(form, company) is not None


# --- names ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filename", ["x" * 5_000 + ".pdf", "facture\u202efdp.exe", "é" * 300, "nul.pdf", "a\u200bb\u0000c.pdf"]
)
def test_a_name_fits_the_header_it_is_served_in_and_the_form_it_is_edited_in(browse, company, filename):
    form, browser = BY_NAME["document"], browse("entreprise")
    page = browser.get(form.path)
    filled = page.forms["form"]
    filled["upload"] = (filename, documents.PDF)
    filled.submit("save", status=303)
    file = uploading.sent(form, company)
    address = f"{COMPANY}/files/{file.__name__}"
    header = browser.get(f"{address}/download").headers["Content-Disposition"]
    assert len(header) < 1_000
    assert header.startswith('attachment; filename="')
    assert not re.search(r"%E2%80%(AE|8B)|%00", header)
    edited = browser.get(address).forms["form"].submit("save")
    assert edited.status_int == 303


def test_a_name_that_was_stored_before_names_were_looked_at_is_served_all_the_same(browse, company):
    form, browser = BY_NAME["document"], browse("entreprise")
    uploading.send(browser, form, documents.PDF, "a.pdf", status=303)
    file = uploading.sent(form, company)
    file.filename = "x" * 5_000 + "\u202efdp.exe"
    transaction.commit()
    header = browser.get(f"{COMPANY}/files/{file.__name__}/download").headers["Content-Disposition"]
    assert len(header) < 400
    assert header.endswith(".pdf")


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (documents.TEXT.encode(), "utf-8"),
        (documents.TEXT.encode("cp1252"), "windows-1252"),
        (documents.TEXT.encode("utf-16"), "utf-16"),
    ],
)
def test_a_table_is_served_with_the_character_set_it_came_in(browse, company, data, charset):
    form, browser = BY_NAME["document"], browse("entreprise")
    uploading.send(browser, form, data, "ventes.csv", status=303)
    answer = browser.get(f"{COMPANY}/files/le-parcours-nord/download")
    assert answer.headers["Content-Type"].lower() == f"text/csv; charset={charset}"
    assert answer.body == data
