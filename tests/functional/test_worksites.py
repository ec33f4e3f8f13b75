"""Sites of a company: who finds the exact address, who edits, what a closed company keeps."""

import io

import pytest
import transaction
from PIL import Image

from coopcms.domain import audits, companies, worksites

from .. import world as worlds
from ..conftest import NOW
from .audit_forms import press
from .test_visibility import marks

#: Who finds the exact address, by the state of the company; the site itself is there for whoever reads the dossier.
TABLE = """
state     visibility  visitor  member  certifier  coordinator  staff  visitor2  neighbour  admin
draft     verifiers   no       no      no         yes          yes    no        no         no
draft     members     no       no      no         yes          yes    no        no         no
draft     public      no       no      no         yes          yes    no        no         no
applied   verifiers   no       no      yes        yes          yes    no        no         no
applied   members     no       yes     yes        yes          yes    yes       no         no
applied   public      yes      yes     yes        yes          yes    yes       yes        yes
declined  verifiers   no       no      no         yes          yes    no        no         no
declined  members     no       no      no         yes          yes    no        no         no
declined  public      no       no      no         yes          yes    no        no         no
"""
READERS = {
    "visitor": None,
    "member": "membre",
    "certifier": "certificatrice",
    "coordinator": "equipe",
    "staff": "entreprise",
    "visitor2": "visiteuse",  # a member who visits others
    "neighbour": "voisine",
    "admin": "admin",
}
HEAD, *ROWS = (line.split() for line in TABLE.strip().splitlines())
EXPECTED = {(r[0], r[1], who): cell == "yes" for r in ROWS for who, cell in zip(HEAD[2:], r[2:], strict=True)}
STATES = ("draft", "applied", "declined")
VISIBILITIES = ("verifiers", "members", "public")


def street(visibility):
    return f"12 impasse Zanzibar {visibility}"


@pytest.fixture
def sites(world):
    """A function that makes a company in a state, with a site of each visibility and a photo."""

    def make(state):
        company = worlds.in_state(world, "celle", state, NOW)
        for number, visibility in enumerate(VISIBILITIES):
            values = {
                "title": f"Lieu {visibility}",
                "kind": "farm",
                "description": f"On y trait, {visibility}.",
                "street": street(visibility),
                "postcode": f"9991{number}",
                "city": "Ouagadougou",
                "region": "Bretagne",
                "visibility_of_address": visibility,
            }
            worksites.create(company, values, world.actors["entreprise"], NOW)
        transaction.commit()
        return company

    return make


def picture():
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(stream, "JPEG")
    return stream.getvalue()


@pytest.mark.parametrize("state", STATES)
def test_the_exact_address_is_found_by_those_it_is_meant_for_alone(browse, sites, state):
    sites(state)
    for reader, login in READERS.items():
        browser = browse(login)
        for number, visibility in enumerate(VISIBILITIES):
            who = f"{reader}, {visibility}"
            address = f"/companies/celle/sites/lieu-{visibility}"
            shown = EXPECTED[state, visibility, reader]
            open_to_all = EXPECTED[state, "public", reader]
            page = browser.get(address, status=200 if open_to_all else 403).text
            assert (street(visibility) in page) is shown, who
            assert (f"9991{number}" in page) is shown, who
            assert ("On y trait" in page) is open_to_all, who
        everywhere = browser.get("/companies/celle", status="*").text
        everywhere += browser.get("/companies/celle/sites", status="*").text
        assert "Zanzibar" not in everywhere and "9991" not in everywhere, reader


def test_who_is_in_the_team_of_an_audit_finds_the_address_of_what_they_verify(browse, sites, world):
    company = sites("applied")
    browser, address = browse("visiteuse"), "/companies/celle/sites/lieu-verifiers"
    assert street("verifiers") not in browser.get(address).text
    worlds.audit(world, company, 2, "planned", NOW)
    transaction.commit()
    assert street("verifiers") in browser.get(address).text


@pytest.mark.parametrize("reader", ["visitor", "member", "certifier", "neighbour", "admin"])
def test_a_closed_company_closes_its_sites(browse, sites, world, reader):
    company = sites("declined")
    company["sites"]["lieu-public"].photo = None
    transaction.commit()
    browser = browse(READERS[reader])
    for address in ("sites", "sites/lieu-public", "sites/lieu-public/photo", "outside-certificates"):
        page = browser.get(f"/companies/celle/{address}", status=403).text
        assert "Lieu" not in page and "trait" not in page
    assert "/companies/celle/sites" not in browser.get("/companies/celle").text


def test_the_dossier_leads_to_the_sites_in_one_line(browse, sites):
    sites("applied")
    links = [a for a in browse().get("/companies/celle").html.select("main a") if a["href"].endswith("/sites")]
    assert [a.text for a in links] == ["3 lieux"]
    assert "/companies/candidate/sites" not in browse().get("/companies/candidate").text


def test_staff_add_change_and_remove_a_site(browse, world):
    staff = browse("entreprise")
    assert "/companies/candidate/sites" in staff.get("/companies/candidate/edit").text
    form = staff.get("/companies/candidate/sites/add").forms["form"]
    assert marks(form).value == "verifiers", "a farm is somebody’s home"
    form["title"], form["kind"], form["city"], form["postcode"] = "Le Haut", "farm", "Guéret", "23 000"
    assert form.submit("save").headers["Location"].endswith("/companies/candidate/sites/le-haut")
    page = staff.get("/companies/candidate/sites/le-haut/edit")
    form = page.forms["form"]
    assert form["postcode"].value == "23000"
    form["title"] = "Le Bas"
    assert form.submit("save").status_int == 303
    assert "Le Bas" in browse().get("/companies/candidate/sites").text
    next(f for f in page.forms.values() if "remove" in f.fields).submit("remove")
    browse().get("/companies/candidate/sites/le-haut", status=404)


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("title", "", "Donnez un nom à ce lieu."),
        ("title", "x" * 121, "trop long"),
        ("description", "x" * 2001, "trop long"),
        ("kind", "", "Choisissez le type de lieu."),
        ("city", "", "Indiquez la commune"),
        ("postcode", "2300", "5 chiffres"),
        ("postcode", "73282932000074", "5 chiffres"),
        ("street", "x" * 121, "trop long"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(browse, world, field, value, sentence):
    form = browse("entreprise").get("/companies/candidate/sites/add").forms["form"]
    form["title"], form["kind"], form["city"], form["street"] = "Le Haut", "farm", "Guéret", "1 rue"
    form[field] = value
    page = form.submit("save", status=422)
    assert sentence in page.html.select_one(".error-summary").text
    assert page.forms["form"][field].value == value.strip()
    transaction.begin()
    assert len(world.companies["candidate"]["sites"]) == 0


@pytest.mark.parametrize(
    "field, value", [("kind", "palace"), ("visibility_of_address", "private"), ("region", "Atlantide")]
)
def test_a_choice_that_was_not_offered_is_refused(browse, field, value):
    form = browse("entreprise").get("/companies/candidate/sites/add").forms["form"]
    form["title"], form["kind"], form["city"] = "Le Haut", "farm", "Guéret"
    (marks(form) if field == "visibility_of_address" else form[field]).force_value(value)
    form.submit("save", status=422)


def test_a_site_that_an_audit_names_says_why_it_stays(browse, sites, world):
    company = sites("applied")
    site = company["sites"]["lieu-public"]
    made = worlds.audit(world, company, 2, "planned", NOW)
    team = [world.accounts[login] for login in worlds.TEAMS[2]]
    audits.change_plan(made, world.actors["equipe"], NOW, title="Visite", planned_on=None, team=team, sites=[site])
    transaction.commit()
    page = browse("entreprise").get("/companies/celle/sites/lieu-public/edit")
    answer = next(f for f in page.forms.values() if "remove" in f.fields).submit("remove").follow()
    assert "« <bdi>Visite</bdi> » porte sur ce lieu" in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    browse().get("/companies/celle/sites/lieu-public")


@pytest.mark.parametrize("state", STATES)
def test_only_staff_change_sites(browse, sites, world, state):
    company = sites(state)
    for reader, login in READERS.items():
        if reader == "staff":
            continue
        browser = browse(login)
        csrf = browser.get("/forgotten").forms["form"]["csrf_token"].value
        sent = {"csrf_token": csrf, "title": "Pris", "kind": "farm", "city": "X", "remove": "1", "remove_photo": "1"}
        for page in ("sites/add", "sites/lieu-public/edit"):
            browser.get(f"/companies/celle/{page}", status=403)
            browser.post(f"/companies/celle/{page}", sent, status=403)
    transaction.begin()
    assert {site.title for site in company.worksites()} == {f"Lieu {v}" for v in VISIBILITIES}


def test_a_photo_is_uploaded_seen_and_removed(browse, sites):
    sites("applied")
    staff, address = browse("entreprise"), "/companies/celle/sites/lieu-public"
    browse().get(f"{address}/photo", status=404)
    form = staff.get(f"{address}/edit").forms["form"]
    form["upload"], form["description"] = ("ferme.jpg", picture()), "La ferme du haut."
    assert form.submit("save").status_int == 303
    assert "La ferme du haut." in browse().get(address).text
    shown = browse().get(f"{address}/photo")
    assert shown.content_type == "image/jpeg"
    assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert f"{address}/photo" in browse().get(address).text
    page = staff.get(f"{address}/edit")
    form = page.forms["form"]
    form["description"] = "La ferme du bas."
    press(form, "remove_photo")
    assert "La ferme du bas." in browse().get(address).text
    browse().get(f"{address}/photo", status=404)


def test_what_is_no_picture_is_refused_at_its_form_and_the_site_stays_as_it_is(browse, sites):
    sites("applied")
    form = browse("entreprise").get("/companies/celle/sites/lieu-public/edit").forms["form"]
    form["upload"] = ("ferme.jpg", b"%PDF-1.4")
    page = form.submit("save", status=422)
    assert "Choisissez une image" in page.text
    assert page.forms["form"]["title"].value == "Lieu public"


def test_a_company_with_sites_still_has_its_neighbours_out(browse, sites, world):
    sites("draft")
    other = companies.create(world.site, "Voisinage", world.actors["equipe"], NOW, name="voisinage")
    companies.add_staff(other, world.actors["voisine"].userid)
    transaction.commit()
    browse("voisine").get("/companies/celle/sites/lieu-public", status=403)
    browse("voisine").get("/companies/celle/sites/lieu-public/edit", status=403)
