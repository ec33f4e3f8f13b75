"""Who finds which document and which contact, on every page that shows some, and what stays of a closed dossier."""

import io

import pytest
import transaction

from coopcms.domain import companies, files
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW

VISIBILITIES = ("private", "verifiers", "members", "public")
READERS = {
    "visitor": None,
    "member": "membre",
    "certifier": "certificatrice",
    "coordinator": "equipe",
    "staff": "entreprise",
    "neighbour": "voisine",  # staff of another company
    "admin": "admin",
}

#: Who finds what, by the state of the company; "yes" or "no".
TABLE = """
state     visibility  visitor  member  certifier  coordinator  staff  neighbour  admin
draft     private     no       no      no         no           yes    no         no
draft     verifiers   no       no      no         yes          yes    no         no
draft     members     no       no      no         yes          yes    no         no
draft     public      no       no      no         yes          yes    no         no
applied   private     no       no      no         no           yes    no         no
applied   verifiers   no       no      yes        yes          yes    no         no
applied   members     no       yes     yes        yes          yes    no         no
applied   public      yes      yes     yes        yes          yes    yes        yes
declined  private     no       no      no         no           yes    no         no
declined  verifiers   no       no      no         yes          yes    no         no
declined  members     no       no      no         yes          yes    no         no
declined  public      no       no      no         yes          yes    no         no
"""
HEAD, *ROWS = (line.split() for line in TABLE.strip().splitlines())
EXPECTED = {
    (row[0], row[1], reader): cell == "yes" for row in ROWS for reader, cell in zip(HEAD[2:], row[2:], strict=True)
}
STATES = ("draft", "applied", "declined")

#: Words that stand in the dossier and nowhere else on the site.
DOSSIER = {
    "legal_name": "SCEA Quetzalcoatl",
    "street": "9 impasse Zanzibar",
    "city": "Ouagadougou",
    "website": "https://zanzibar.example",
    "summary": "Des kumquats confits.",
}


def bytes_of(visibility):
    return f"contenu {visibility} : quetsches".encode()


@pytest.fixture
def dossier(world):
    """A function that makes a company in a state, with a document and a contact of each visibility."""

    def make(state):
        staff, team = world.actors["entreprise"], world.actors["equipe"]
        other = companies.create(world.site, "Voisinage", team, NOW, name="voisinage")
        companies.add_staff(other, world.actors["voisine"].userid)
        company = worlds.company(world, "celle", NOW)
        companies.save_section(company, "identity", {**company.values_of("identity"), **DOSSIER}, staff, NOW)
        companies.save_section(company, "truth", {"statement": "Nous disons tout du kumquat."}, staff, NOW)
        for key in list(company.contacts):
            companies.remove_contact(company, key, staff)
        for visibility in VISIBILITIES:
            files.add(
                company,
                io.BytesIO(bytes_of(visibility)),
                f"piece-{visibility}.txt",
                f"Pièce {visibility}",
                visibility,
                staff,
                NOW,
                most_bytes=1000,
            )
            contact = {"name": f"Nom {visibility}", "email": f"{visibility}@kumquat.example", "phone": "0102030405"}
            companies.add_contact(company, {**contact, "role": "", "visibility": visibility}, staff)
        if state != "draft":
            engine.fire(company, "apply", staff, NOW)
        if state == "declined":
            engine.fire(company, "decline", team, NOW, comment="Les comptes manquent.")
        transaction.commit()
        return company

    return make


def addresses(company):
    """The address of the document of each visibility."""
    return {file.visibility: f"/companies/celle/files/{name}" for name, file in company["files"].items()}


def found(text, visibility):
    """What of a document and a contact of that visibility a page tells."""
    told = (f"Pièce {visibility}", f"piece-{visibility}.txt", f"Nom {visibility}", f"{visibility}@kumquat.example")
    return {word for word in told if word in text}


def marks(form):
    """The field of a form in which one chooses who sees something."""
    return next(
        field
        for same in form.fields.values()
        for field in same
        if "verifiers" in {option[0] for option in getattr(field, "options", ())}
    )


@pytest.mark.parametrize("state", STATES)
def test_pages_show_each_reader_the_documents_and_contacts_marked_for_them(browse, dossier, state):
    dossier(state)
    for reader, login in READERS.items():
        browser = browse(login)
        page = browser.get("/companies/celle", status="*").text
        listing = browser.get("/companies/celle/files", status="*").text
        for visibility in VISIBILITIES:
            shown = EXPECTED[state, visibility, reader]
            who = f"{reader}, {visibility}"
            contact = {f"Nom {visibility}", f"{visibility}@kumquat.example"}
            assert contact <= found(page, visibility) if shown else not found(page, visibility), who
            assert (f"Pièce {visibility}" in page) is shown, who
            assert (f"Pièce {visibility}" in listing) is shown, who
            assert shown or not found(listing, visibility), who


@pytest.mark.parametrize("state", STATES)
def test_a_document_is_read_and_downloaded_by_those_it_is_marked_for_and_refused_to_others(browse, dossier, state):
    company = dossier(state)
    for reader, login in READERS.items():
        browser = browse(login)
        for visibility, address in addresses(company).items():
            shown, who = EXPECTED[state, visibility, reader], f"{reader}, {visibility}"
            page = browser.get(address, status="*")
            bytes_ = browser.get(f"{address}/download", status="*")
            assert page.status_int == bytes_.status_int == (200 if shown else 403), who
            assert (bytes_.body == bytes_of(visibility)) is shown, who
            assert shown or not found(page.text + bytes_.text, visibility), who
            if shown:
                assert bytes_.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("state", STATES)
def test_a_document_that_one_may_not_read_is_not_had_by_part_or_by_its_mark_either(browse, dossier, state):
    address = addresses(dossier(state))["private"]
    owner, browser = browse("entreprise"), browse("equipe")
    mark = owner.get(f"{address}/download").headers["ETag"]
    browser.get(f"{address}/download", headers={"Range": "bytes=0-3"}, status=403)
    browser.get(f"{address}/download", headers={"If-None-Match": mark}, status=403)
    browser.head(f"{address}/download", status=(403, 404, 405))


@pytest.mark.parametrize("state", STATES)
def test_only_staff_change_documents_and_contacts(browse, dossier, state):
    company = dossier(state)
    before = {name: (f.title, f.visibility) for name, f in company["files"].items()}, dict(company.contacts)
    pages = ["files/add", "files/logo", "contacts", "contacts/add"]
    pages += [f"contacts/{key}" for key in company.contacts] + [f"files/{name}/edit" for name in company["files"]]
    for reader, login in READERS.items():
        browser = browse(login)
        if reader == "staff":
            continue
        csrf = browser.get("/forgotten").forms["form"]["csrf_token"].value
        sent = {
            "csrf_token": csrf,
            "remove": "1",
            "visibility": "public",
            "title": "Pris",
            "name": "X",
            "email": "x@x.fr",
        }
        for page in pages:
            browser.get(f"/companies/celle/{page}", status=403)
            browser.post(f"/companies/celle/{page}", sent, status=403)
    transaction.begin()
    assert ({name: (f.title, f.visibility) for name, f in company["files"].items()}, dict(company.contacts)) == before


@pytest.mark.parametrize("state", STATES)
def test_staff_keep_documents_and_contacts_up_to_date_in_every_state(browse, dossier, state):
    company = dossier(state)
    browser, address = browse("entreprise"), addresses(company)["members"]
    form = browser.get("/companies/celle/contacts/add").forms["form"]
    form["name"], form["email"] = "Une autre personne", "autre@kumquat.example"
    assert form.submit("save").status_int == 303
    form = browser.get(f"{address}/edit").forms["form"]
    form["title"] = "Pièce reprise"
    marks(form).value = "private"
    assert form.submit("save").status_int == 303
    assert "Pièce reprise" not in browse("equipe").get("/companies/celle/files").text


def test_a_document_and_a_contact_are_private_or_for_verifiers_unless_somebody_says_otherwise(browse, dossier):
    dossier("draft")
    browser = browse("entreprise")
    assert marks(browser.get("/companies/celle/files/add").forms["form"]).value == "private"
    assert marks(browser.get("/companies/celle/contacts/add").forms["form"]).value in ("private", "verifiers")


@pytest.mark.parametrize("reader", ["visitor", "member", "certifier", "neighbour", "admin"])
def test_a_declined_company_shows_everyone_title_state_and_history_and_nothing_else(browse, dossier, reader):
    dossier("declined")
    browser = browse(READERS[reader])
    page = str(browser.get("/companies/celle").html.body)
    for told in ("Quetzalcoatl", "Zanzibar", "zanzibar", "Ouagadougou", "kumquat", "Pièce", "1998", "73282932000074"):
        assert told not in page, told
    assert "732 829 320" not in page
    for told in ("Celle", "Refusée", "Les comptes manquent.", "Décliner la candidature"):
        assert told in page, told
    for address in ("files", "specifications", "specifications/oeufs", "edit", "contacts", "staff"):
        browser.get(f"/companies/celle/{address}", status=403)
    assert "kumquat" not in browser.get("/companies").text
    assert "Ouagadougou" not in browser.get("/companies").text
    assert "Celle" in browser.get("/companies").text


@pytest.mark.parametrize("reader", ["visitor", "member", "certifier"])
def test_a_declined_company_keeps_the_text_of_its_specification_to_itself(browse, dossier, reader):
    dossier("declined")
    page = browse(READERS[reader]).get("/companies/celle/specifications/oeufs/1", status="*")
    assert page.status_int == 403
    assert "5 m²" not in page.text


@pytest.mark.parametrize("sought", ["sector=eggs", "region=Nouvelle-Aquitaine"])
def test_the_directory_does_not_tell_by_a_filter_what_a_declined_dossier_keeps(browse, dossier, sought):
    dossier("declined")
    assert "/companies/celle" in browse("equipe").get(f"/companies?{sought}").text
    assert "/companies/celle" not in browse().get(f"/companies?{sought}").text


@pytest.mark.parametrize("reader", ["visitor", "member", "certifier", "neighbour", "admin"])
def test_a_draft_is_not_told_of_anywhere(browse, dossier, reader):
    dossier("draft")
    browser = browse(READERS[reader])
    for address in ("", "/workflow", "/access", "/diagram.svg", "/logo", "/specifications", "/files"):
        assert "Celle" not in browser.get(f"/companies/celle{address}", status=403).text
    for address in ("/", "/companies", "/companies?text=celle", "/companies?state=draft"):
        assert "/companies/celle" not in browser.get(address).text
