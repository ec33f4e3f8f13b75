"""Accredited bodies: what everybody reads, what coordinators change, how auditors come in."""

from datetime import date

import pytest
import transaction

from coopcms.domain import bodies, companies

from .. import world as worlds
from ..conftest import NOW
from .mails import links_in, mails  # noqa: F401 - a fixture

OTHERS = (None, "membre", "certificatrice", "entreprise", "auditeur", "admin")
PAST = date(2020, 1, 31)


def filled(form, **values):
    """The form of a body with good values, and others where given."""
    good = {
        "title": "Contrôle du Limousin",
        "accreditation_number": "5-0999",
        "accreditation_scope": "Élevages et ateliers",
        "date": "2031-05-01",
    }
    for name, value in {**good, **values}.items():
        form[name] = value
    return form


def errors(page):
    """What a form that was refused says, field by field."""
    return {
        item["id"].removeprefix("item-deformField"): item.select_one(".error").get_text(strip=True)
        for item in page.html.select(".field.invalid")
    }


def test_a_coordinator_takes_a_body_into_the_list_and_everybody_reads_it(browse, world):
    team = browse("equipe")
    done = filled(team.get("/bodies/add").forms["form"], city="Limoges").submit("save")
    assert done.headers["Location"].endswith("/bodies/controle-du-limousin/auditors")
    listed = browse().get("/bodies")
    assert "Contrôle du Limousin" in listed.text
    assert "valable jusqu’au 1er mai 2031" in " ".join(listed.html.get_text().split())
    page = browse().get("/bodies/controle-du-limousin")
    for told in ("5-0999", "Élevages et ateliers", "Limoges", "1er mai 2031"):
        assert told in page.text
    form = team.get("/bodies/controle-du-limousin/edit").forms["form"]
    assert form["date"].value == "2031-05-01"
    form["accreditation_scope"] = "Ateliers seulement"
    assert form.submit("save").headers["Location"].endswith("/bodies/controle-du-limousin")
    assert "Ateliers seulement" in browse().get("/bodies/controle-du-limousin").text


def test_an_accreditation_that_lapsed_is_said_plainly(browse, world):
    bodies.change(world.body, {**worlds.BODY, "accredited_until": PAST}, world.actors["equipe"], NOW)
    transaction.commit()
    for path in ("/bodies", "/bodies/bureau"):
        words = " ".join(browse().get(path).html.select_one("main").get_text().split())
        assert "échue depuis le 31 janvier 2020" in words
        assert "valable" not in words.lower()


def test_an_accreditation_that_runs_is_not_called_lapsed(browse):
    for path in ("/bodies", "/bodies/bureau"):
        assert "chue" not in browse().get(path).html.select_one("main").get_text()


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("title", "", "Donnez le nom de l’organisme."),
        ("title", "x" * 121, "trop long"),
        ("accreditation_number", "5" * 41, "trop long"),
        ("accreditation_scope", "  ", "Dites pour quoi l’organisme est accrédité."),
        ("date", "", "Indiquez le dernier jour de validité"),
        ("date", "2026-02-30", "Écrivez une date qui existe"),
        ("date", "demain", "Écrivez une date qui existe"),
        ("date", "0026-01-01", "trop ancienne"),
        ("date", "20260-01-01", ""),
        ("postcode", "8700", "5 chiffres"),
        ("website", "javascript:alert(1)", "https://"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(browse, field, value, sentence):
    form = filled(browse("equipe").get("/bodies/add").forms["form"], **{field: value})
    page = form.submit("save", status=422)
    (said,) = errors(page).values()
    assert sentence in said
    assert page.forms["form"]["accreditation_number"].value == ("5" * 41 if len(value) == 41 else "5-0999")
    assert "controle-du-limousin" not in browse().get("/bodies").text


@pytest.mark.parametrize("login", OTHERS)
def test_only_coordinators_manage_bodies(browse, world, login):
    browser = browse(login)
    csrf = browser.get("/forgotten").forms["form"]["csrf_token"].value
    sent = {"csrf_token": csrf, "title": "Pris", "remove": str(world.accounts["auditeur"].__oid__), "email": "x@y.fr"}
    for page in ("/bodies/add", "/bodies/bureau/edit", "/bodies/bureau/auditors"):
        browser.get(page, status=403)
        browser.post(page, sent, status=403)
    shown = "".join(str(browser.get(path).html.select_one("main")) for path in ("/bodies", "/bodies/bureau"))
    assert "/bodies/add" not in shown and "/bodies/bureau/edit" not in shown
    assert "auditeur@test.example" not in shown and "Marc Vidal" not in shown
    transaction.begin()
    assert world.accounts["auditeur"].__oid__ in world.body.auditors
    assert world.body.title == worlds.BODY["title"]


def test_an_auditor_comes_in_by_a_link_and_finds_the_body(browse, mails, world):  # noqa: F811
    team = browse("equipe")
    form = team.get("/bodies/bureau/auditors").forms["form"]
    form["email"] = "louise@controle.example"
    assert form.submit("save").status_int == 303
    (mail,) = mails()
    assert mail["To"] == "louise@controle.example"
    assert "auditer pour Bureau de contrôle" in mail["Subject"]
    assert "louise@controle.example" in team.get("/bodies/bureau/auditors").text
    assert "louise@controle.example" not in team.get("/companies/invite").text
    (link,) = links_in(mail)
    visitor = browse()
    page = visitor.get(link)
    assert "auditer pour cet organisme" in page.text
    assert "dossier de cette entreprise" not in page.text
    form = page.forms["form"]
    form["name"], form["password"], form["again"] = "Louise Aubert", worlds.PASSWORD, worlds.PASSWORD
    arrived = form.submit("save")
    assert arrived.headers["Location"].endswith("/bodies/bureau")
    assert "Vous auditez désormais pour" in arrived.follow().text
    transaction.begin()
    louise = world.site["principals"]["users"]["louise@controle.example"]
    assert louise.__oid__ in world.body.auditors
    assert louise.roles() == frozenset()
    assert "ne fonctionne plus" in browse().get(link, status=403).text


def test_an_invitation_to_audit_is_taken_back(browse, mails):  # noqa: F811
    team = browse("equipe")
    form = team.get("/bodies/bureau/auditors").forms["form"]
    form["email"] = "louise@controle.example"
    form.submit("save")
    (link,) = links_in(mails()[0])
    page = team.get("/bodies/bureau/auditors")
    next(form for form in page.forms.values() if "revoke" in form.fields).submit("revoke")
    assert "louise@controle.example" not in team.get("/bodies/bureau/auditors").text
    assert "ne fonctionne plus" in browse().get(link, status=403).text


@pytest.mark.parametrize("email", ["", "louise", "louise@", "x" * 201 + "@y.example"])
def test_an_address_that_is_none_invites_nobody(browse, mails, email):  # noqa: F811
    form = browse("equipe").get("/bodies/bureau/auditors").forms["form"]
    form["email"] = email
    assert form.submit("save", status=422).html.select(".field.invalid")
    assert mails() == []


def test_an_auditor_is_removed_unless_an_audit_counts_on_them(browse, world):
    def remove():
        page = browse("equipe").get("/bodies/bureau/auditors")
        return next(form for form in page.forms.values() if "remove" in form.fields).submit("remove").follow()

    made = worlds.audit(world, world.companies["candidate"], 1, "planned", NOW)
    transaction.commit()
    assert "remplacez-la d’abord" in remove().text
    made.team.clear()
    transaction.commit()
    assert "n’audite plus" in remove().text
    transaction.begin()
    assert not world.body.auditors


@pytest.mark.parametrize("who", ["", "x", "-1", "9" * 40])
def test_removing_nobody_is_no_error(browse, who):
    team = browse("equipe")
    csrf = team.get("/bodies/bureau/auditors").forms["form"]["csrf_token"].value
    assert team.post("/bodies/bureau/auditors", {"csrf_token": csrf, "remove": who}).status_int == 303


def test_the_page_of_a_body_lists_the_audits_that_the_reader_may_see(browse, world):
    candidate = world.companies["candidate"]
    worlds.audit(world, candidate, 1, "in_progress", NOW, name="en-cours")
    shown = worlds.audit(world, candidate, 1, "validated", NOW, name="valide")
    draft = worlds.company(world, "secrete", NOW)
    companies.add_contact(draft, worlds.CONTACT, world.actors["entreprise"])
    transaction.commit()
    assert shown.state == "validated"
    public = browse().get("/bodies/bureau").text
    assert "/companies/candidate/audits/valide" in public
    assert "en-cours" not in public
    assert "/audits/en-cours" in browse("equipe").get("/bodies/bureau").text


def test_the_footer_leads_to_the_bodies(browse):
    assert [a["href"] for a in browse().get("/").html.select("footer a") if "Organismes" in a.text] == ["/bodies"]
