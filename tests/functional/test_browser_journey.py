"""From an empty draft to an admissible application: three people, three browsers, on a phone or at a desk."""

import shutil
from datetime import UTC, datetime

import pytest

from .. import world as worlds
from ..conftest import FULL
from .browsing import DESKTOP, PHONE
from .serving import Place

#: The phone has every hurdle of the desk and some of its own; the desk is asked too with COOPCMS_FULL=1.
SCREENS = {"phone": PHONE, "desk": DESKTOP} if FULL else {"phone": PHONE}
SECRET = {"name": "Ombeline Discrète", "email": "ombeline@secret.example", "phone": "06 00 11 22 33"}
WRONG_SIRET, SIRET = "73282932000075", "732 829 320 00074"
CRITERION = worlds.CRITERION
COMMENT = "Précisez le salaire de la personne embauchée au printemps."


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """A site with an empty draft for each screen."""
    folder = tmp_path_factory.mktemp("journey") / "site"
    shutil.copytree(founded / "var", folder / "var")
    place = Place(folder)
    with place.opened() as site:
        world = worlds.find(site)
        for screen in SCREENS:
            worlds.company(world, f"ferme-{screen}", datetime.now(UTC), complete=False)
    return place


@pytest.mark.parametrize("screen", SCREENS)
def test_a_farm_applies_is_sent_back_applies_again_and_the_public_reads_it(browser_people, screen):
    address = f"/companies/ferme-{screen}"
    staff = browser_people("entreprise", **SCREENS[screen])
    writes_the_dossier(staff, address)
    writes_a_specification(staff, address)
    applies(staff, address)
    coordinator = browser_people("equipe", **SCREENS[screen])
    sends_back(coordinator, address)
    mends_and_applies_again(staff, address)
    declares_admissible(coordinator, address)
    visitor = browser_people(**SCREENS[screen])
    reads_the_dossier(visitor, address)


def writes_the_dossier(staff, address):
    staff.press("Ferme des Bruyères", within=f".card:has(a[href='{address}/edit'])")
    assert "Il manque encore" in staff.read()
    staff.go(f"{address}/edit/identity")
    typed = {**worlds.IDENTITY, "title": "Ferme du Causse", "siret": WRONG_SIRET}
    staff.fill(**typed)
    assert staff.save() == 422
    field = staff.page.locator(".field:has([name=siret])")
    assert "le numéro de l’établissement" in field.locator(".error").inner_text()
    assert staff.page.locator("[name=siret]").get_attribute("aria-invalid") == "true"
    assert staff.page.locator(".error").count() == 1
    assert staff.page.locator(".error-summary").evaluate("e => e === document.activeElement")
    for name, value in typed.items():
        if name != "origin":
            assert staff.page.locator(f"#form [name='{name}']").input_value() == str(value), f"{name} is lost"
    staff.fill(siret=SIRET)
    assert staff.save() == 200
    assert staff.page.url.endswith(f"{address}/edit")
    staff.press("Ouvrir les contacts")
    staff.press("Ajouter un contact")
    staff.fill(**SECRET, visibility="verifiers")
    staff.save()
    assert SECRET["name"] in staff.read()
    for statement in worlds.STATEMENTS:
        staff.go(f"{address}/edit/{statement}")
        staff.fill(statement=f"Nous tenons **{statement}** depuis 2019.")
        staff.save()
        assert "est enregistré" in staff.read(".notice.success")


def writes_a_specification(staff, address):
    staff.go(f"{address}/edit")
    staff.press("Ouvrir les cahiers des charges")
    staff.press("Commencer un cahier des charges")
    staff.fill(title="Œufs de plein air", description="Les œufs de nos 900 poules.")
    staff.save()
    staff.press("Ajouter un critère")
    staff.fill(**CRITERION)
    staff.save()
    assert CRITERION["requirement"] in staff.read()
    staff.press("Étapes possibles")
    assert staff.fire("freeze") == 200
    assert "Figée" in staff.read("main .page-header")


def applies(staff, address):
    staff.go(f"{address}/edit")
    assert "Le dossier peut être déposé" in staff.read()
    staff.press("Déposer la candidature")
    assert staff.fire("apply") == 200
    assert staff.page.url.endswith(address)
    assert "Candidate" in staff.read("main .page-header")


def sends_back(coordinator, address):
    coordinator.go("/tasks")
    assert "Ce qui m’attend" in coordinator.read("h1")
    assert coordinator.page.locator(f".worklist a[href='{address}/workflow']").count()
    coordinator.press_on(coordinator.page.locator(f".worklist a[href='{address}/workflow']").first)
    assert coordinator.fire("return_to_company", COMMENT) == 200
    assert "Brouillon" in coordinator.read("main")


def mends_and_applies_again(staff, address):
    staff.go("/tasks")
    staff.press("compléter le dossier renvoyé")
    staff.go(address)
    assert COMMENT in staff.read()
    staff.go(f"{address}/edit/fairness")
    old = staff.page.locator("[name=statement]").input_value()
    assert "fairness" in old
    staff.fill(statement=old + "\n\nLa personne embauchée touche 1 900 € net.")
    staff.save()
    staff.go(f"{address}/workflow")
    assert staff.fire("apply") == 200
    assert "1 900 € net" in staff.read()


def declares_admissible(coordinator, address):
    coordinator.go("/tasks")
    coordinator.press_on(coordinator.page.locator(f".worklist a[href='{address}/workflow']").first)
    assert coordinator.fire("declare_admissible") == 200
    assert "Candidature recevable" in coordinator.read()
    coordinator.go("/tasks")
    assert not coordinator.page.locator(f".worklist a[href='{address}/workflow']").count()
    assert "Anne Delmas" in (coordinator.go(address), coordinator.read(".history"))[1]


def reads_the_dossier(visitor, address):
    visitor.go("/companies")
    visitor.press_on(visitor.page.locator(f".card a[href='{address}']"))
    words = visitor.read()
    assert "Ferme du Causse" in words
    assert "1 900 € net" in words
    assert "732 829 320 00074" in words
    assert "Candidature recevable" in words
    steps = visitor.page.locator("ol.timeline li")
    assert steps.count() == 5
    assert "Candidate" in visitor.read("ol.timeline li[aria-current=step]")
    lines = visitor.page.locator(".history li")
    assert lines.count() == 5
    assert COMMENT in visitor.read(".history")
    for path in ("", "/workflow", "/access", "/specifications", "/specifications/oeufs-de-plein-air/1", "/files"):
        assert visitor.go(address + path) == 200
        source = visitor.page.content()
        for private in (*SECRET.values(), "Ombeline", "Élise Garnier", "Anne Delmas", "Paul Garnier"):
            assert private not in source, f"{private} stands in {path}"
    for path in ("/edit", "/contacts", "/staff"):
        answer = visitor.context.request.get(visitor.url + address + path)
        assert answer.status == 403
        assert "Ombeline" not in answer.text()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_dossier_changes_to_english_with_one_link_and_stays_so(browser_people, screen):
    visitor = browser_people(**SCREENS[screen])
    visitor.go("/companies/candidate")
    assert visitor.page.locator("html").get_attribute("lang") == "fr"
    if visitor.touches:
        visitor.activate(visitor.page.locator(".menu-button"))
    visitor.press("English", within="header")
    assert visitor.page.url.endswith("/companies/candidate")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    assert "Notre engagement" in visitor.read(), "what people wrote stays as they wrote it"
    visitor.go("/companies")
    assert visitor.page.locator("html").get_attribute("lang") == "en", "the choice is kept"
    visitor.go("/companies/candidate")
    words = visitor.read()
    for french in ("Historique", "Le parcours", "Le cahier des charges", "Déposer la candidature"):
        assert french not in words, f"“{french}” is not translated"
