"""Evidence: photos and documents that show what was found."""

import io

import pytest
import transaction
from PIL import Image
from webtest import Upload

from coopcms.domain import audits
from coopcms.workflows import engine

from . import audit_forms
from .audit_forms import AUDIT, FORM, choose
from .auditing import days_ago, errors, picture, token

audit, company = audit_forms.audit, audit_forms.company


def evidence_form(browser, name="a1"):
    return browser.get(f"{AUDIT}/{name}").forms["evidence"]


def attach(browser, data, filename, title="Le parcours", visibility="verifiers", status=303):
    form = evidence_form(browser)
    form["upload"] = Upload(filename, data, "application/octet-stream")
    form["title"] = title
    choose(form, "Qui peut la voir", visibility)
    return form.submit("save", status=status)


def located(size=(400, 300)):
    """A photo as a telephone takes it, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Kumquat Phone"
    exif[0x8825] = {1: "N", 2: (45.0, 56.0, 49.0), 3: "E", 4: (1.0, 36.0, 55.0)}
    return picture("JPEG", size, exif=exif)


def test_a_photo_loses_its_position_and_is_shown_in_the_page(browse, audit):
    made, browser = audit("in_progress"), browse("visiteuse")
    sent = located()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    page = attach(browser, sent, "IMG_2041.JPG").follow()
    assert "La pièce est jointe." in page.text
    transaction.begin()
    [evidence] = next(made.findings()).evidence.values()
    image = page.html.select_one(".evidence img")
    answer = browser.get(image["src"])
    assert answer.content_type == "image/jpeg"
    assert "Content-Disposition" not in answer.headers
    kept = Image.open(io.BytesIO(answer.body))
    assert not dict(kept.getexif())
    assert b"Kumquat" not in answer.body
    assert evidence.size == len(answer.body)


def test_a_photo_of_five_megabytes_is_reduced(browse, audit):
    made, browser = audit("in_progress"), browse("visiteuse")
    stream = io.BytesIO()
    Image.effect_noise((3200, 2400), 80).save(stream, "JPEG", quality=95)
    assert 5_000_000 < len(stream.getvalue()) < 10_000_000
    attach(browser, stream.getvalue(), "grande.jpg")
    transaction.begin()
    [evidence] = next(made.findings()).evidence.values()
    assert evidence.size < 2_500_000
    with evidence.open() as kept:
        assert max(Image.open(kept).size) == 2000


@pytest.mark.parametrize(
    ("data", "filename", "sentence"),
    [
        (b"<html><script>alert(1)</script></html>", "poulailler.jpg", "est une page web (HTML)"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "plan.svg", "est un dessin vectoriel (SVG)"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "plan.png", "est un dessin vectoriel (SVG)"),
        (b"GIF89a" + bytes(200), "photo.gif", "est une image GIF"),
        (picture()[:-300], "abimee.jpg", "abîmée"),
        (b"%PDF-" + bytes(10_000_000), "gros.pdf", "trop lourd : 10 Mo au plus"),
        (b"", "vide.jpg", "Choisissez un fichier|vide"),
    ],
)
def test_what_is_no_photo_and_no_document_is_refused_beside_the_field_and_the_words_stay(
    browse, audit, data, filename, sentence
):
    made, browser = audit("in_progress"), browse("visiteuse")
    answer = attach(browser, data, filename, title="Le poulailler nord", visibility="public", status=422)
    told = errors(answer)["Photo ou document"]
    assert any(part in told for part in sentence.split("|"))
    assert answer.forms["evidence"]["title"].value == "Le poulailler nord"
    assert answer.html.select_one("#evidence input[value=public]").has_attr("checked")
    assert FORM in answer.forms
    transaction.begin()
    assert len(next(made.findings()).evidence) == 0


def test_without_a_file_the_form_asks_for_one(browse, audit):
    audit("in_progress")
    form = evidence_form(browse("visiteuse"))
    assert errors(form.submit("save", status=422)).keys() == {"Photo ou document"}


def test_twelve_pieces_are_enough(browse, audit, world):
    made, browser = audit("in_progress"), browse("visiteuse")
    finding = next(made.findings())
    for number in range(audits.MOST_EVIDENCE):
        audits.add_evidence(
            finding,
            io.BytesIO(b"x"),
            f"{number}.txt",
            "",
            "public",
            world.actors["visiteuse"],
            days_ago(1),
            most_bytes=9,
        )
    transaction.commit()
    answer = attach(browser, b"une de trop", "treize.txt", status=422)
    assert "12 pièces au plus" in errors(answer)["Photo ou document"]
    page = browser.get(f"{AUDIT}/a1")
    removals = [form for form in page.forms.values() if "remove" in form.fields]
    assert len(removals) == 12
    removals[0].submit("remove", status=303)
    attach(browser, b"une de plus", "treize.txt")
    transaction.begin()
    assert len(finding.evidence) == 12


def test_a_document_is_saved_and_never_runs_here(browse, audit):
    made, browser = audit("in_progress"), browse("visiteuse")
    attach(browser, b"<script>alert(1)</script>", '../../relev\u00e9 "mai".txt')
    transaction.begin()
    [evidence] = next(made.findings()).evidence.values()
    for view in ("download", "picture"):
        answer = browser.get(f"{AUDIT}/a1/{evidence.__name__}/{view}")
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
        assert "/" not in answer.headers["Content-Disposition"].replace("''", "")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.body == b"<script>alert(1)</script>"
    assert not browser.get(f"{AUDIT}/a1").html.select(".evidence img")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_shown_under_a_policy_in_which_nothing_runs(browse, audit, kind):
    made, browser = audit("in_progress"), browse("visiteuse")
    attach(browser, picture(kind), f"photo.{kind.lower()}")
    transaction.begin()
    [evidence] = next(made.findings()).evidence.values()
    answer = browser.get(f"{AUDIT}/a1/{evidence.__name__}/picture")
    assert answer.content_type == f"image/{kind.lower()}"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]
    download = browser.get(f"{AUDIT}/a1/{evidence.__name__}/download")
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert browser.get(f"{AUDIT}/a1/{evidence.__name__}", status=303).headers["Location"].endswith(f"{AUDIT}/a1")


def test_evidence_is_removed_before_the_report_and_not_after(browse, audit, world):
    made, browser = audit("answered", level=1), browse("auditeur")
    for title in ("Premier", "Second"):
        attach(browser, picture(), "photo.jpg", title=title)
    page = browser.get(f"{AUDIT}/a1")
    removal = next(form for form in page.forms.values() if "remove" in form.fields)
    assert "La pièce est retirée." in removal.submit("remove", status=303).follow().text
    removal.submit("remove", status=303)
    transaction.begin()
    finding = next(made.findings())
    [left] = finding.evidence
    engine.fire(made, "report", world.actors["auditeur"], days_ago(1))
    transaction.commit()
    sent = {"csrf_token": token(browser), "remove": left}
    browser.post(f"{AUDIT}/a1/evidence", sent, status=403)
    assert "evidence" not in browser.get(f"{AUDIT}/a1").forms
    transaction.begin()
    assert list(finding.evidence) == [left]


def test_the_addresses_of_forms_lead_back_to_their_page_when_they_are_only_looked_at(browse, audit):
    audit("in_progress")
    browser = browse("visiteuse")
    for view in ("file", "evidence"):
        assert browser.get(f"{AUDIT}/a1/{view}", status=303).headers["Location"].endswith(f"{AUDIT}/a1")
