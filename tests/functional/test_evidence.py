"""Evidence: photos and documents that show what was found."""

import io

import pytest
import transaction
from PIL import Image
from webtest import Upload

from coopcms.domain import audits
from coopcms.workflows import engine

from . import audit_forms
from .audit_forms import AUDIT, FORM, choose, press, removals
from .auditing import days_ago, errors, picture, token

audit, company = audit_forms.audit, audit_forms.company


def evidence_form(browser, name="a1"):
    return browser.get(f"{AUDIT}/{name}").forms[FORM]


def attach(browser, data, filename, title="Le parcours", visibility="verifiers", status=303):
    form = evidence_form(browser)
    form["upload"] = Upload(filename, data, "application/octet-stream")
    form["title"] = title
    choose(form, "Qui peut la voir", visibility)
    return form.submit("attach", status=status)


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
    assert answer.forms[FORM]["title"].value == "Le poulailler nord"
    assert answer.html.select_one("#form input[value=public]").has_attr("checked")
    transaction.begin()
    assert len(next(made.findings()).evidence) == 0


def test_without_a_file_the_form_asks_for_one(browse, audit):
    audit("in_progress")
    form = evidence_form(browse("visiteuse"))
    assert errors(form.submit("attach", status=422)).keys() == {"Photo ou document"}


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
    keys = list(finding.evidence)
    assert len(page.html.select("button[name=remove]")) == len(keys) == 12
    press(page.forms[FORM], "remove", keys[0])
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
    key = removals(page)["Retirer Premier"]
    assert "La pièce est retirée." in press(page.forms[FORM], "remove", key).follow().text
    press(page.forms[FORM], "remove", key)
    transaction.begin()
    finding = next(made.findings())
    [left] = finding.evidence
    engine.fire(made, "report", world.actors["auditeur"], days_ago(1))
    transaction.commit()
    sent = {"csrf_token": token(browser), "remove": left}
    browser.post(f"{AUDIT}/a1/file", sent, status=403)
    assert FORM not in browser.get(f"{AUDIT}/a1").forms
    transaction.begin()
    assert list(finding.evidence) == [left]


def test_the_address_of_the_form_leads_back_to_its_page_when_it_is_only_looked_at(browse, audit):
    audit("in_progress")
    answer = browse("visiteuse").get(f"{AUDIT}/a1/file", status=303)
    assert answer.headers["Location"].endswith(f"{AUDIT}/a1")


WORDS = "Une trappe sur deux était fermée."


def filled(browser, result="minor", text=WORDS, data=None):
    """The form with words and a photo."""
    form = browser.get(f"{AUDIT}/a1").forms[FORM]
    choose(form, "Votre constat", result)
    form["text"] = text
    form["upload"] = Upload("trappe.jpg", picture() if data is None else data, "image/jpeg")
    form["title"] = "La trappe"
    return form


@pytest.mark.parametrize("button", ["save", "attach"])
def test_either_button_keeps_both_the_words_and_the_photo(browse, audit, button):
    made, browser = audit("in_progress"), browse("visiteuse")
    filled(browser).submit(button, status=303)
    transaction.begin()
    finding = next(made.findings())
    assert (finding.result, finding.text) == ("minor", "Une trappe sur deux était fermée.")
    assert [piece.title for piece in finding.evidence.values()] == ["La trappe"]


def test_taking_a_piece_away_keeps_what_is_typed(browse, audit):
    made, browser = audit("in_progress"), browse("visiteuse")
    attach(browser, picture(), "photo.jpg")
    page = browser.get(f"{AUDIT}/a1")
    form = filled(browser)
    press(form, "remove", removals(page)["Retirer Le parcours"])
    transaction.begin()
    finding = next(made.findings())
    assert finding.text == "Une trappe sur deux était fermée."
    assert [piece.title for piece in finding.evidence.values()] == ["La trappe"]


def test_a_photo_that_was_chosen_stays_chosen_while_the_words_are_missing(browse, audit):
    made, browser = audit("in_progress"), browse("visiteuse")
    answer = filled(browser, text="").submit("save", status=422)
    assert errors(answer).keys() == {"Ce que vous avez vu"}
    assert "trappe.jpg" in answer.html.select_one("#form .hint b").get_text()
    transaction.begin()
    assert len(next(made.findings()).evidence) == 0
    form = answer.forms[FORM]
    form["text"] = "Une trappe sur deux était fermée."
    form.submit("save", status=303)
    transaction.begin()
    [piece] = next(made.findings()).evidence.values()
    with piece.open() as kept:
        assert Image.open(kept).size == Image.open(io.BytesIO(picture())).size


def test_a_piece_joined_beside_words_that_are_not_whole_stands_and_the_words_stay(browse, audit):
    made, browser = audit("in_progress"), browse("visiteuse")
    answer = filled(browser, result="conforming", text="Tout est là.").submit("attach", status=303)
    answer = filled(browser, text="").submit("attach", status=200)
    assert errors(answer).keys() == {"Ce que vous avez vu"}
    transaction.begin()
    assert len(next(made.findings()).evidence) == 1
    assert not answer.html.select_one("#form .hint b")


def test_a_photo_waits_for_nobody_but_its_sender(browse, audit):
    audit("in_progress")
    held = filled(browse("visiteuse"), text="").submit("save", status=422)
    number = held.html.select_one("input[name=uid]")["value"]
    form = browse("visiteur").get(f"{AUDIT}/a1").forms[FORM]
    fields = [(name, value) for name, value in form.submit_fields("attach") if name != "upload"]
    fields.insert([name for name, _value in fields].index("title"), ("uid", number))
    start = next(place for place, (name, value) in enumerate(fields) if value.startswith("upload:"))
    assert fields[start + 1][0] in ("__end__", "uid")
    answer = browse("visiteur").post(form.action, [*fields], status="*")
    assert answer.status_int in (400, 422)


@pytest.mark.parametrize("button", ["save", "attach", "remove"])
@pytest.mark.parametrize("good_text", [True, False])
@pytest.mark.parametrize("good_file", [True, False])
@pytest.mark.parametrize("stale", [True, False])
def test_what_the_page_says_of_pieces_is_what_is_stored(browse, audit, world, button, good_text, good_file, stale):
    made, browser = audit("in_progress"), browse("visiteuse")
    attach(browser, picture("PNG"), "avant.png", title="Avant")
    key = removals(browser.get(f"{AUDIT}/a1"))["Retirer Avant"]
    form = filled(browser, text=WORDS if good_text else "", data=None if good_file else b"MZ\x90\x00 program")
    if stale:
        audits.file(next(made.findings()), "conforming", "", world.actors["visiteur"], days_ago(0))
        transaction.commit()
    answer = press(form, "remove", key, status="*") if button == "remove" else form.submit(button, status="*")
    page = answer.follow() if answer.status_int == 303 else answer
    transaction.begin()
    finding = next(made.findings())
    titles = {piece.title for piece in finding.evidence.values()}
    assert ("La pièce est jointe." in page.text) == ("La trappe" in titles)
    assert ("La pièce est retirée." in page.text) == ("Avant" not in titles)
    if answer.status_int != 303:
        shown = {" ".join(one.get_text().split()) for one in page.html.select(".evidence a:not(.original) > span")}
        assert shown == titles
