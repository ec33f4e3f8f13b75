"""The members of the cooperative, and its structural link with a company."""

from datetime import UTC, datetime

import pytest
import transaction

from coopcms.domain import members, registers

from .. import world as worlds
from .auditing import days_ago, errors, main, token

FORM = "form"
VOTERS = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")


@pytest.fixture
def company(world):
    """A company whose audits are accepted, and the members of the world."""
    when = days_ago(30)
    for login in VOTERS:
        members.admit(world.site, world.accounts[login], world.actors["equipe"], when)
    registers.number_waiting(world.site, when)
    made = worlds.in_state(world, "celle", "audited", when)
    transaction.commit()
    return made


def test_a_coordinator_registers_a_member_whose_line_is_numbered_by_the_clock(browse, world, company):
    browser = browse("equipe")
    form = browser.get("/members/add").forms[FORM]
    for account, shares, wrong in (
        ("personne", "1", "Compte"),
        ("membre", "1", "Compte"),
        ("collegue", "0", "Parts sociales"),
        ("collegue", "beaucoup", "Parts sociales"),
    ):
        form["account"], form["shares"] = account, shares
        answer = form.submit("save", status=422)
        assert errors(answer).keys() == {wrong}, account
        form = answer.forms[FORM]
        assert form["account"].value == account
    form["account"], form["shares"] = "collegue", "12"
    form.submit("save", status=303)
    transaction.begin()
    assert members.in_good_standing(world.site) == 5
    registers.number_waiting(world.site, datetime.now(UTC))
    transaction.commit()
    assert "17 €" in main(browser.get("/members"))
    page = browser.get("/members/6")
    assert "+12" in main(page)
    form = next(f for f in page.forms.values() if f.action.endswith("/leave"))
    form.submit(status=303)
    transaction.begin()
    assert members.in_good_standing(world.site) == 5


@pytest.mark.parametrize("login", [None, "membre", "entreprise", "certificateur", "admin"])
def test_the_members_are_shown_to_coordinators_alone(browse, company, login):
    browser = browse(login)
    for path in ("/members", "/members/1", "/members/add"):
        browser.get(path, status=403)
    assert "Camille Roux" not in browser.get("/").text or login == "membre"


LINK = "/companies/liee/link"


@pytest.fixture
def certified(world):
    worlds.in_state(world, "liee", "certified", days_ago(9))
    transaction.commit()
    return world.companies["liee"]


def test_a_company_is_attached_once_its_link_is_recorded(browse, certified):
    browser = browse("equipe")
    assert "lien" in main(browser.get("/companies/liee/workflow")).lower()
    form = browser.get(LINK).forms[FORM]
    answer = form.submit("save", status=422)
    assert "Indiquez au moins un lien" in main(answer)
    form = answer.forms[FORM]
    form["stake"], form["seat"], form["agreement"] = "120", "Camille Roux", "Un accord."
    form["programme"] = "2027-06-30 Bac de récupération"
    answer = form.submit("save", status=422)
    assert errors(answer).keys() == {
        "Participation au capital, en pour cent",
        "Fin du mandat",
        "Signé le",
    }
    form = answer.forms[FORM]
    assert form["programme"].value == "2027-06-30 Bac de récupération"
    form["stake"], form["seat"], form["agreement"], form["programme"] = "2,5 %", "", "", ""
    form.submit("save", status=303)
    assert "2,5 %" in main(browse().get("/companies/liee"))
    page = browser.get("/companies/liee/workflow")
    form = next(f for f in page.forms.values() if "transition" in f.fields or f.action.endswith("/workflow"))
    browser.post(
        "/companies/liee/workflow",
        {"csrf_token": token(browser), "transition": "partner", "from": "certified"},
        status=303,
    )
    transaction.begin()
    assert certified.state == "partnered"


@pytest.mark.parametrize("login", [None, "membre", "entreprise", "certificateur", "admin"])
def test_nobody_else_records_a_link(browse, certified, login):
    browse(login).get(LINK, status=403)
