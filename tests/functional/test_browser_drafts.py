"""Bad coverage: what is typed into a long form is kept on the device until the site has it, and no longer."""

import io
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from coopcms.workflows import engine

from .. import world as worlds
from ..conftest import PATIENCE
from .browsing import PHONE
from .serving import Place

COMPANY = "/companies/brouillon-de-terrain"
VISITED = "/companies/visitee"


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """A site with something to write about in every long form."""
    folder = tmp_path_factory.mktemp("drafts") / "site"
    shutil.copytree(founded / "var", folder / "var")
    place = Place(folder)
    with place.opened() as site:
        now = datetime.now(UTC) - timedelta(days=3)
        world = worlds.find(site)
        worlds.company(world, "brouillon-de-terrain", now, complete=False)
        company, staff = worlds.company(world, "visitee", now), world.actors["entreprise"]
        [version] = company.versions()
        [place.criterion] = version.criteria
        engine.fire(version, "back_to_draft", staff, now, comment="Une faute.")
        engine.fire(version, "consult", staff, now)
        other = worlds.company(world, "auditee", now)
        engine.fire(other, "apply", staff, now)
        worlds.audit(world, other, 2, "in_progress", now, name="visite")
        found = worlds.audit(world, other, 1, "validated", now, name="rapport", found={"A1": "minor"})
        worlds.nonconformity(world, found, "open", now)
        worlds.audit(world, other, 1, "reported", now, name="rendu")
        worlds.vote(world, "exclusion", worlds.in_state(world, "certifiee", "certified", now), now, state="discussion")
    return place


#: Who writes where, and the fields that are typed in.
FORMS = {
    "statement": ("entreprise", f"{COMPANY}/edit/transparency", {"statement": "Nos comptes,\nligne à ligne."}),
    "identity": ("entreprise", f"{COMPANY}/edit/identity", {"legal_name": "GAEC des Aulnes", "summary": "Du lait."}),
    "part": ("entreprise", f"{COMPANY}/edit/impact", {"promise": "Moins d’eau.", "proof": "Le compteur."}),
    "contact": ("entreprise", f"{COMPANY}/contacts/add", {"name": "Jeanne", "role": "gérante"}),
    "comment": ("membre", "/companies/certifiee/comments", {"text": "Bravo pour le lait."}),
    "proposal": ("equipe", "/proposals/exclusion-de-certifiee/edit", {"text": "Nous excluons **Certifiée**."}),
    "verdict": ("visiteuse", "/companies/auditee/audits/visite/verdict", {"text": "Tout est tenu."}),
    "reply": ("entreprise", "/companies/auditee/audits/rendu/reply", {"text": "Nous avons lu."}),
    "finding": ("visiteuse", "/companies/auditee/audits/visite/a1", {"text": "Mesuré : 4 m² par poule."}),
    "amendment": (
        "membre",
        "/companies/visitee/specifications/oeufs/1/{criterion}/amend",
        {"reason": "Sans haies, non."},
    ),
    "suggestion": (
        "equipe",
        f"{COMPANY}/suggest/fairness",
        {"statement": "Payés à l’heure.", "message": "Vu ensemble."},
    ),
    "letter": ("equipe", "/companies/auditee/letter/visit", {"text": "Bonjour, nous venons lundi."}),
    "interest": ("membre", "/companies/certifiee/interests", {"text": "Ma sœur y travaille."}),
    "action": (
        "entreprise",
        "/companies/auditee/audits/rapport/a1/action/propose",
        {"cause": "Un oubli.", "action": "Un relevé."},
    ),
}


def typed(reader):
    return reader.page.evaluate(
        "[...document.querySelectorAll('#form textarea, #form input[type=text], #form input:not([type])')].map(e => e.value)"
    )


def write(reader, values):
    """By hand: a script that sets a value is nobody who types."""
    for name, value in values.items():
        reader.page.locator(f"#form [name='{name}']").click()
        reader.page.keyboard.press("Control+A")
        reader.page.keyboard.insert_text(value)
    for _attempt in range(30 * PATIENCE):  # our policy lets nothing be evaluated while the browser waits by itself
        if kept(reader):
            return
        reader.page.wait_for_timeout(30)
    raise AssertionError("nothing was kept")


def kept(reader):
    return reader.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length")


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_was_cut_off_comes_back_as_it_was_typed(browser_people, browser_place, form):
    login, address, values = FORMS[form]
    address = address.replace("{criterion}", browser_place.criterion)
    reader = browser_people(login, **PHONE)
    reader.go(address)
    write(reader, values)
    before = typed(reader)
    reader.context.set_offline(True)
    reader.page.locator("#formsave").tap()
    assert "Pas de réseau" in reader.read("[data-offline]")
    assert typed(reader) == before
    reader.context.set_offline(False)
    # The phone goes off; later the form is opened anew.
    reader.page.close(run_before_unload=False)
    reader.page = reader.context.new_page()
    reader.page.on("dialog", reader._dialog)
    reader.go(address)
    assert "votre texte, gardé sur cet appareil" in reader.read("[data-draft]")
    assert typed(reader) == before


def test_what_was_saved_is_not_offered_again(browser_people):
    reader = browser_people("entreprise")
    address = f"{COMPANY}/edit/fairness"
    reader.go(address)
    write(reader, {"statement": "Nous payons à l’heure."})
    assert reader.save() == 200
    assert kept(reader) == 0
    reader.go(address)
    assert not reader.page.locator("[data-draft]").is_visible()
    assert typed(reader) == ["Nous payons à l’heure."]


def test_a_connection_lost_while_sending_loses_nothing(browser_people):
    reader = browser_people("entreprise")
    address = f"{COMPANY}/edit/sharing"
    reader.go(address)
    write(reader, {"statement": "Un tiers du résultat."})
    reader.page.route(
        "**/*", lambda route: route.abort("connectionreset") if route.request.method == "POST" else route.continue_()
    )
    with reader.page.expect_event("requestfailed"):
        reader.page.locator("#formsave").click(no_wait_after=True)
    reader.complaints.clear()  # the browser says that the connection broke
    reader.page.unroute("**/*")
    reader.go(address)
    assert typed(reader) == ["Un tiers du résultat."]
    assert reader.save() == 200
    assert kept(reader) == 0


def test_a_draft_never_covers_what_a_colleague_saved_since(browser_people):
    one, other = browser_people("entreprise"), browser_people("collegue")
    address = f"{COMPANY}/edit/truth"
    one.go(address)
    write(one, {"statement": "Nos étiquettes disent tout."})
    one.go("/")
    other.go(address)
    other.fill(statement="Notre publicité dit vrai.")
    assert other.save() == 200
    one.go(address)
    assert typed(one) == ["Nos étiquettes disent tout."]
    assert one.save() == 409
    assert "Notre publicité dit vrai." in one.read(".compare")
    assert typed(one) == ["Nos étiquettes disent tout."]
    assert one.save() == 200


def test_one_may_go_back_to_the_saved_text(browser_people):
    reader = browser_people("entreprise")
    address = f"{COMPANY}/edit/association"
    reader.go(address)
    write(reader, {"statement": "Un brouillon."})
    reader.go("/")
    reader.go(address)
    reader.page.get_by_role("button", name="Revenir au texte enregistré").click()
    assert typed(reader) == [""]
    assert kept(reader) == 0
    assert not reader.page.locator("[data-draft]").is_visible()


def test_whoever_comes_next_to_the_device_finds_nothing(browser_people):
    reader = browser_people()
    reader.log_in("collegue")
    reader.go(f"{COMPANY}/edit/value")
    write(reader, {"promise": "Rien pour les autres."})
    reader.go("/")
    assert kept(reader) == 1
    with reader.page.expect_navigation():
        reader.page.get_by_role("button", name="Se déconnecter").click()
    assert kept(reader) == 0
    reader.log_in("entreprise")
    reader.go(f"{COMPANY}/edit/value")
    assert typed(reader) == ["", "", ""]


def photo_of(folder, size, quality):
    """A photo that says where it was taken."""
    photo = folder / "stable.jpg"
    place = Image.Exif()
    place[0x8825] = {1: "N", 2: (48.0, 6.0, 30.0)}
    Image.effect_noise(size, 100).save(photo, "JPEG", quality=quality, exif=place)
    return photo


def chosen(reader, photo):
    """The field of a finding into which a photo was put."""
    reader.go("/companies/auditee/audits/visite")
    reader.go(reader.page.locator("main a[href*='/visite/']").first.get_attribute("href"))
    reader.page.locator("input[type=file]").set_input_files(str(photo))


def leaving(reader):
    """The bytes that will leave with the form."""
    return bytes(
        reader.page.evaluate(
            "async () => Array.from(new Uint8Array(await document.querySelector('input[type=file]').files[0].arrayBuffer()))"
        )
    )


def test_a_photo_that_is_too_heavy_leaves_small_and_without_its_place(browser_people, browser_place, tmp_path):
    reader, photo = browser_people("visiteuse", **PHONE), photo_of(tmp_path, (3600, 3000), 98)
    assert photo.stat().st_size > 10_000_000
    chosen(reader, photo)
    reader.page.get_by_text("Photo réduite de").wait_for()
    sent = leaving(reader)
    assert len(sent) < photo.stat().st_size / 2
    with Image.open(io.BytesIO(sent)) as small:
        assert max(small.size) == 2000
        assert not small.getexif()


def test_a_photo_that_is_evidence_leaves_as_it_was_taken(browser_people, browser_place, tmp_path):
    reader, photo = browser_people("visiteuse", **PHONE), photo_of(tmp_path, (2400, 1800), 60)
    chosen(reader, photo)
    reader.page.wait_for_timeout(1_500)  # what would make it smaller had its time
    assert leaving(reader) == photo.read_bytes()
