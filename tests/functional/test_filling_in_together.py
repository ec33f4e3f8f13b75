"""The company and the cooperative fill in a dossier together, and staff see what others will see."""

import io

import pytest
import transaction
from PIL import Image
from webtest import Upload

from coopcms.domain import companies, files

from .. import world as worlds
from .auditing import days_ago, errors, main, token

DRAFT = "/companies/brouillon"
FORM = "form"


def propose(browse, text="Nos comptes sont publiés.", message="Vu au téléphone."):
    form = browse("equipe").get(f"{DRAFT}/suggest").click(href="suggest/transparency$").forms[FORM]
    form["statement"], form["message"] = text, message
    return form.submit("save")


def test_a_coordinator_proposes_and_the_company_takes_it(browse, world):
    companies.save_section(
        world.companies["brouillon"],
        "transparency",
        {"statement": "Nos comptes."},
        world.actors["entreprise"],
        days_ago(1),
    )
    transaction.commit()
    assert propose(browse).status_int == 303
    staff = browse("entreprise")
    assert "un texte vous est proposé" in main(staff.get("/tasks"))
    page = staff.get(f"{DRAFT}/edit").click("Transparence", href="suggestion/")
    assert [one.get_text() for one in page.html.select(".compare ins")] == ["sont publiés"]
    assert "Vu au téléphone." in main(page)
    form = page.forms["form"]
    assert "est dans votre dossier" in main(form.submit("take", status=303).follow())
    assert staff.get(f"{DRAFT}/edit/transparency").forms[FORM]["statement"].value == "Nos comptes sont publiés."
    staff.get(f"{DRAFT}/suggestion/transparency", status=404)


def test_the_company_says_why_it_does_not_take_it(browse):
    propose(browse)
    staff = browse("entreprise")
    page = staff.get(f"{DRAFT}/suggestion/transparency")
    form = page.forms["form"]
    assert "Dites en une phrase pourquoi" in main(form.submit("decline", status=422))
    form["answer"] = "Pas encore vrai."
    form.submit("decline", status=303)
    coordinator = browse("equipe")
    assert "Pas encore vrai." in main(coordinator.get(f"{DRAFT}/suggest"))
    form = coordinator.get(f"{DRAFT}/suggest/transparency").forms[FORM]
    assert form["statement"].value == "Nos comptes sont publiés."


def test_a_text_that_changed_while_it_was_read_is_not_taken(browse, world):
    propose(browse)
    page = browse("entreprise").get(f"{DRAFT}/suggestion/transparency")
    companies.save_section(
        world.companies["brouillon"],
        "transparency",
        {"statement": "D’une collègue."},
        world.actors["collegue"],
        days_ago(0),
    )
    transaction.commit()
    form = page.forms["form"]
    answer = form.submit("take", status=409)
    assert "a changé pendant que vous lisiez" in main(answer)
    assert "D’une collègue." in main(answer)
    answer.forms["form"].submit("take", status=303)


@pytest.mark.parametrize("login", [None, "voisine", "membre", "certificateur", "admin"])
@pytest.mark.parametrize("view", ["suggest", "suggest/transparency", "suggestion/transparency", "preview"])
def test_nobody_else_comes_in(browse, login, view):
    propose(browse)
    browse(login).get(f"{DRAFT}/{view}", status=403)


def test_an_empty_proposal_is_refused_with_a_sentence(browse):
    form = browse("equipe").get(f"{DRAFT}/suggest/transparency").forms[FORM]
    assert "changez au moins un champ" in main(form.submit("save", status=422))


@pytest.mark.parametrize(
    ("eyes", "seen"),
    [
        ("", {"public"}),
        ("nonsense", {"public"}),
        ("public", {"public"}),
        ("members", {"public", "members"}),
        ("verifiers", {"public", "members", "verifiers"}),
    ],
)
def test_a_preview_shows_what_those_others_will_read(browse, world, eyes, seen):
    company, staff = world.companies["complete"], world.actors["entreprise"]
    every = ("private", "verifiers", "members", "public")
    for visibility in every:
        files.add(
            company,
            io.BytesIO(b"%PDF-1"),
            "a.pdf",
            f"Pièce {visibility}",
            visibility,
            staff,
            days_ago(1),
            most_bytes=99,
        )
        companies.add_contact(
            company, {**worlds.CONTACT, "name": f"Contact {visibility}", "visibility": visibility}, staff
        )
    transaction.commit()
    browser = browse("entreprise")
    page = browser.get(f"/companies/complete/preview?eyes={eyes}")
    aside = page.html.select_one("aside.preview").extract().get_text()
    for visibility in every:
        for what in ("Pièce", "Contact"):
            shown = f"{what} {visibility}" in main(page)
            assert shown is (visibility in seen), (what, visibility)
            assert (f"{what} {visibility}" in aside) is not shown
    assert "Notre engagement : transparency." in main(page)
    assert "Compléter le dossier" not in main(page)
    assert token(browser), "the next page is one's own again"
    assert "Compléter le dossier" in main(browser.get("/companies/complete"))


def test_the_preview_is_what_the_public_reads_after_the_application(browse, world):
    from coopcms.workflows import engine

    browser = browse("entreprise")

    def said(page):
        for each in page.html.select(
            "aside.preview, .history, .timeline, .verdict, .header, h1 + .meta, details, .small, time"
        ):
            each.extract()
        return [
            " ".join(s.get_text().split())
            for s in page.html.select("main section, main .lead")
            if "Historique" not in s.get_text()
        ]

    before = said(browser.get("/companies/complete/preview"))
    engine.fire(world.companies["complete"], "apply", world.actors["entreprise"], days_ago(0))
    transaction.commit()
    after = said(browse().get("/companies/complete"))
    assert [text for text in before if text not in after] == []


def test_the_dossier_says_how_long_it_takes_and_what_to_have_at_hand(browse):
    page = browse("entreprise").get(f"{DRAFT}/edit")
    assert "environ 50 minutes" in main(page)
    assert "sous la main" in main(page)
    assert "Environ 10 minutes." in main(page.click(href="edit/transparency$", index=0))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("7328293200007", "vous en avez saisi 13"),
        ("732 829 320 00O74", "en chiffres seulement"),
        ("73282932000047", "Est-ce 732 829 320 00074 ?"),
        ("73282932100074", "ne forment pas un SIREN"),
        ("73282932000075", "c’est le numéro de l’établissement"),
    ],
)
def test_a_siret_that_is_wrong_says_in_what(browse, typed, sentence):
    form = browse("entreprise").get(f"{DRAFT}/edit/identity").forms[FORM]
    form["siret"] = typed
    answer = form.submit("save", status=422)
    assert sentence in " ".join(errors(answer)["SIRET"].split())
    assert answer.forms[FORM]["siret"].value == typed


def test_a_photo_among_the_documents_forgets_where_it_was_taken(browse, world):
    place = Image.Exif()
    place[0x8825] = {1: "N", 2: (48.0, 6.0, 30.0)}
    stream = io.BytesIO()
    Image.new("RGB", (2600, 900), "green").save(stream, "JPEG", exif=place)
    form = browse("entreprise").get(f"{DRAFT}/files/add").forms[FORM]
    form["upload"] = Upload("ferme.jpg", stream.getvalue(), "image/jpeg")
    form.submit("save", status=303)
    transaction.begin()
    [file] = world.companies["brouillon"]["files"].values()
    with file.open() as kept, Image.open(kept) as picture:
        assert picture.size == (2000, 692)
        assert not picture.getexif()
