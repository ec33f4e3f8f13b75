"""What the page of the workflow does not offer, and what a request of one's own does not obtain either."""

import re
import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import transaction
from webtest import TestApp

from coopcms.domain import companies
from tests import world as worlds
from tests.conftest import NOW

TRANSITIONS = [
    "apply",
    "declare_admissible",
    "return_to_company",
    "decline",
    "accept_audits",
    "admit",
    "refuse",
    "certify",
    "refuse_certification",
    "partner",
    "renew",
    "suspend",
    "reinstate",
    "exclude",
    "end",
    "withdraw",
    "reopen",
]

#: Who may fire what in which state; whatever is not written here is refused to everybody.
PERMITTED = {
    "draft": {"entreprise": "apply"},
    "applied": {
        "entreprise": "withdraw",
        "certificatrice": "accept_audits",
        "equipe": "declare_admissible return_to_company decline end",
    },
    "audited": {"entreprise": "withdraw", "equipe": "end"},
    "voted": {"entreprise": "withdraw", "certificatrice": "certify refuse_certification", "equipe": "end"},
    "certified": {"entreprise": "withdraw", "certificatrice": "renew suspend", "equipe": "partner end"},
    "partnered": {"entreprise": "withdraw", "certificatrice": "renew suspend", "equipe": "end"},
    "declined": {"equipe": "end reopen"},
    "suspended": {"entreprise": "withdraw", "certificatrice": "reinstate", "equipe": "end"},
    "withdrawn": {"equipe": "reopen"},
}
READERS = (None, "membre", "certificatrice", "entreprise", "voisine", "equipe", "admin")
#: Who may not even see a draft.
OUTSIDE_A_DRAFT = (None, "membre", "certificatrice", "voisine", "admin")
WORKFLOW = "/companies/celle/workflow"
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def token(browser):
    """The CSRF token of a session, from a page everybody has."""
    return browser.get("/forgotten").forms["form"]["csrf_token"].value


def offered(page):
    """The transitions a page shows: as a panel, and as a form with a button."""
    panels = set(re.findall(r'class="panel"[^>]*?\bid="(\w+)"', page.text))
    forms = {form["transition"].value for form in page.forms.values() if "transition" in form.fields}
    assert forms <= panels
    return panels


def stored(company):
    """State and history as they lie in the database now."""
    transaction.begin()
    return company.state, [dict(entry) for entry in company.history.values()]


def neighbour(world):
    other = companies.create(world.site, "Voisinage", world.actors["equipe"], NOW, name="voisinage")
    companies.add_staff(other, world.actors["voisine"].userid)


def form_of(page, transition):
    return next(f for f in page.forms.values() if "transition" in f.fields and f["transition"].value == transition)


@pytest.mark.parametrize("state", PERMITTED)
def test_what_the_table_does_not_permit_is_neither_offered_nor_obtained(world, browse, state):
    company = worlds.in_state(world, "celle", state, NOW)
    neighbour(world)
    transaction.commit()
    before = stored(company)
    for login in READERS:
        browser, mine = browse(login), PERMITTED[state].get(login, "").split()
        csrf = token(browser)
        page = browser.get(WORKFLOW, status="*")
        hidden = state == "draft" and login in OUTSIDE_A_DRAFT
        assert page.status_int == (403 if hidden else 200), login
        assert offered(page) == set(mine), login
        for transition in TRANSITIONS:
            if transition in mine:
                continue
            sent = {"csrf_token": csrf, "transition": transition, "from": state, "comment": "Si !"}
            answer = browser.post(WORKFLOW, sent, status="*")
            assert answer.status_int == 403, f"{login} {transition}"
    assert stored(company) == before


def test_a_step_that_does_not_exist_is_refused(world, browse):
    company = world.companies["candidate"]
    browser, before = browse("equipe"), stored(company)
    for transition in ("", "create", "@same", "decline@applied>declined", "supprimer", "é" * 3000):
        sent = {"csrf_token": token(browser), "transition": transition, "comment": "Si !"}
        browser.post("/companies/candidate/workflow", sent, status=403)
    assert stored(company) == before


@pytest.mark.parametrize("csrf", [None, "", "forged"])
def test_a_request_without_the_token_of_the_session_changes_nothing(world, browse, csrf):
    company = world.companies["candidate"]
    browser, before = browse("equipe"), stored(company)
    sent = {"transition": "decline", "from": "applied", "comment": "non"}
    if csrf is not None:
        sent["csrf_token"] = csrf
    browser.post("/companies/candidate/workflow", sent, status=400)
    assert stored(company) == before


def test_the_token_of_somebody_else_changes_nothing(world, browse):
    company, before = world.companies["candidate"], stored(world.companies["candidate"])
    sent = {"transition": "decline", "comment": "non", "csrf_token": token(browse("equipe2"))}
    browse("equipe").post("/companies/candidate/workflow", sent, status=400)
    assert stored(company) == before


def test_a_get_request_fires_nothing(world, browse):
    company, before = world.companies["candidate"], stored(world.companies["candidate"])
    browser = browse("equipe")
    sent = {"transition": "decline", "comment": "non", "from": "applied", "csrf_token": token(browser)}
    browser.get("/companies/candidate/workflow", sent)
    assert stored(company) == before


def test_the_second_of_two_people_is_told_that_it_is_done_by_whom_and_when(world, browse):
    company = world.companies["candidate"]
    first, second = browse("equipe2"), browse("equipe")
    pages = [browser.get("/companies/candidate/workflow") for browser in (first, second)]
    form = form_of(pages[0], "return_to_company")
    form["comment"] = "Il manque les comptes."
    assert form.submit().status_int == 303
    done = stored(company)
    form = form_of(pages[1], "decline")
    form["comment"] = "Ce n’est pas pour nous : <b>non</b>."
    answer = form.submit(status=409)
    when = done[1][-1]["when"].astimezone(ZoneInfo("Europe/Paris"))
    assert "déjà" in answer.text
    assert "Karim Haddad" in answer.text
    assert f"{when.day} {MONTHS[when.month - 1]} {when.year}" in answer.text
    assert f"{when:%H:%M}" in answer.text
    assert "Brouillon" in answer.text
    assert "Ce n’est pas pour nous : &lt;b&gt;non&lt;/b&gt;." in answer.text
    assert stored(company) == done


def test_of_two_people_in_the_same_instant_one_moves_the_company_and_one_is_told(world, browse):
    company = world.companies["candidate"]
    begun = datetime.now(UTC)
    forms = []
    for login, transition in (("equipe", "decline"), ("equipe2", "return_to_company")):
        form = form_of(browse(login).get("/companies/candidate/workflow"), transition)
        form["comment"] = f"Mot de {login}"
        forms.append(form)
    ready, answers = threading.Barrier(2), []

    def send(form):
        ready.wait()
        answers.append(form.submit(status="*"))

    threads = [threading.Thread(target=send, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_int for answer in answers) == [303, 409]
    told = next(answer for answer in answers if answer.status_int == 409)
    state, history = stored(company)
    assert [e["transition"] for e in history if e["when"] >= begun] in (["decline"], ["return_to_company"])
    assert state == history[-1]["to"]
    assert "déjà" in told.text
    assert ("Anne Delmas" if state == "declined" else "Karim Haddad") in told.text
    assert ("Mot de equipe2" if state == "declined" else "Mot de equipe") in told.text


def test_a_guard_that_refuses_says_what_is_missing_and_keeps_the_comment(world, browse):
    company = world.companies["brouillon"]
    browser, before = browse("entreprise"), stored(company)
    sent = {"csrf_token": token(browser), "transition": "apply", "from": "draft", "comment": "Nous voici quand même."}
    answer = browser.post("/companies/brouillon/workflow", sent, status=409)
    assert "Nous voici quand même." in answer.text
    assert 'href="/companies/brouillon/edit/identity"' in answer.text
    assert stored(company) == before


@pytest.mark.parametrize("blank", ["", "   ", "\u200b", "\u2800\u3164", "\u00ad\n", "\u202e\u0301"], ids=ascii)
def test_a_step_without_its_comment_says_so_beside_the_field(world, browse, blank):
    company = world.companies["candidate"]
    before = stored(company)
    form = form_of(browse("equipe").get("/companies/candidate/workflow"), "decline")
    form["comment"] = blank
    answer = form.submit(status=422)
    [wrong] = answer.html.select("textarea[aria-invalid=true]")
    assert wrong.find_parent("form")["id"] == "step-decline"
    assert answer.html.select("form#step-decline .error-summary")
    assert stored(company) == before


def links_of_what_is_missing(page):
    return re.findall(r'href="([^"]+)"', " ".join(re.findall(r'<ul class="missing">(.*?)</ul>', page.text, re.S)))


def test_every_link_of_what_an_application_lacks_opens(world, browse):
    browser = browse("entreprise")
    links = links_of_what_is_missing(browser.get("/companies/brouillon/workflow"))
    assert len(links) == len(set(links)) == 8
    for link in links:
        browser.get(link, status=200)


@pytest.mark.parametrize("state", ["applied", "certified", "declined", "withdrawn"])
@pytest.mark.parametrize("conflict", ["staff", "interest"])
def test_the_link_of_a_conflict_of_interest_opens(world, browse, conflict, state):
    company, coordinator = worlds.in_state(world, "celle", state, NOW), world.actors["equipe2"]
    if conflict == "staff":
        companies.add_staff(company, coordinator.userid)
    else:
        companies.declare_interest(company, "Ma sœur y travaille.", coordinator, NOW)
    transaction.commit()
    browser = browse("equipe2")
    links = links_of_what_is_missing(browser.get(WORKFLOW))
    assert links
    for link in set(links):
        browser.get(link, status=200)


def test_the_link_of_an_incomplete_criterion_opens_also_in_consultation(world, browse):
    from coopcms.domain import specifications
    from coopcms.workflows import engine

    staff = world.actors["entreprise"]
    version = specifications.create(world.companies["candidate"], "Miel", "", staff, NOW, name="miel")
    specifications.add_criterion(version, {"code": "B1", "title": "À écrire"}, staff, NOW)
    engine.fire(version, "consult", staff, NOW)
    transaction.commit()
    browser = browse("entreprise")
    links = links_of_what_is_missing(browser.get("/companies/candidate/specifications/miel/1/workflow"))
    assert len(links) == 1
    browser.get(links[0], status=200)


def test_whoever_looks_with_other_eyes_fires_nothing(world, browse):
    company, browser = world.companies["candidate"], browse("admin")
    form = next(f for f in browser.get("/see-as").forms.values() if "role" in f.fields)
    form.submit("role", value="coordinator")
    assert "decline" in offered(browser.get("/companies/candidate/workflow"))
    before = stored(company)
    sent = {"csrf_token": token(browser), "transition": "decline", "from": "applied", "comment": "non"}
    browser.post("/companies/candidate/workflow", sent, status=403)
    assert stored(company) == before


def test_a_session_that_is_not_ours_is_a_visitor(world, application):
    browser = TestApp(application, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    browser.set_cookie("session", "forged")
    page = browser.get("/companies/candidate/workflow")
    assert offered(page) == set()
