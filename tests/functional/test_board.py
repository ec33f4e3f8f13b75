"""The board of the coordinators, the notes and letters of a dossier, and the calendar of deadlines."""

from datetime import timedelta

import pytest
import transaction
from icalendar import Calendar

from coopcms.content.calendar import day_in_paris
from coopcms.domain import audits, care, members, outbox, registers, voting

from .. import world as worlds
from .audit_forms import press
from .auditing import days_ago, errors, main

FORM = "form"
CANDIDATE = "/companies/candidate"


def names(page):
    return [" ".join(cell.a.get_text().split()) for cell in page.html.select(".board tbody th")]


def test_every_dossier_is_there_with_whose_turn_it_is(browse, world):
    worlds.in_state(world, "partie", "withdrawn", days_ago(3))
    care.assign(world.companies["candidate"], world.actors["equipe2"].userid, world.actors["equipe"])
    transaction.commit()
    browser = browse("equipe")
    page = browser.get("/board")
    assert sorted(names(page)) == ["Candidate", "Complete", "Ferme des Bruyères"]
    assert "Examiner la recevabilité" in main(page)
    assert "Karim Haddad" in main(page)
    assert names(browser.get("/board?who=role:coordinator")) == ["Candidate"]
    assert sorted(names(browser.get("/board?care=none"))) == ["Complete", "Ferme des Bruyères"]
    assert names(browser.get(f"/board?care={world.actors['equipe2'].userid}")) == ["Candidate"]
    assert names(browser.get("/board?state=withdrawn")) == ["Partie"]
    assert "Aucun dossier ne correspond" in main(browser.get("/board?state=suspended"))
    browser.get("/board?state=nonsense&who=nonsense&care=nonsense")


def test_the_one_that_waits_longest_comes_first(browse, world):
    worlds.company(world, "ancienne", days_ago(900))
    transaction.commit()
    page = browse("equipe").get("/board")
    assert names(page)[0] == "Ancienne"
    assert page.html.select(".board .late")


@pytest.mark.parametrize("login", [None, "membre", "entreprise", "certificateur", "auditeur", "admin"])
@pytest.mark.parametrize(
    "path", ["/board", "/letters", "/letters/add", f"{CANDIDATE}/care", f"{CANDIDATE}/letter/visit"]
)
def test_nobody_else_sees_them(browse, login, path):
    browse(login).get(path, status=403)


def test_a_note_is_read_by_coordinators_alone(browse, world):
    browser = browse("equipe")
    form = browser.get(f"{CANDIDATE}/care").forms["form"]
    assert "Écrivez votre note" in main(form.submit("save", status=422))
    form["note"] = "Le voisin se plaint du bruit."
    form.submit("save", status=303)
    assert "Le voisin se plaint" in main(browse("equipe2").get(f"{CANDIDATE}/care"))
    for login in (None, "entreprise", "membre", "admin"):
        for path in (CANDIDATE, f"/api/v1{CANDIDATE}", f"{CANDIDATE}/workflow"):
            assert "Le voisin" not in browse(login).get(path).text
    page = browse("equipe2").get(f"{CANDIDATE}/care")
    form = page.forms["form"]
    form["note"] = "Le voisin est rassuré."
    press(form, "strike", page.html.select_one("button[name=strike]")["value"])
    shown = main(browser.get(f"{CANDIDATE}/care"))
    assert "se plaint" not in shown
    assert "Le voisin est rassuré." in shown


def test_a_dossier_is_assigned(browse):
    browser = browse("equipe")
    form = browser.get(f"{CANDIDATE}/care").forms["form"]
    form["assignee"].select(text="Karim Haddad")
    form["note"] = "Il connaît la région."
    form.submit("save", status=303)
    assert "Karim Haddad" in main(browser.get("/board"))
    assert "Il connaît la région." in main(browser.get(f"{CANDIDATE}/care"))


def test_a_letter_is_read_again_sent_and_noted(browse, world):
    browser = browse("equipe")
    page = browser.get("/companies/brouillon/care").click("Relancer un dossier commencé")
    assert "Élise Garnier" in main(page)
    form = page.forms[FORM]
    assert "Aucun contact n’est indiqué." in form["text"].value
    assert "http://localhost" in form["text"].value
    form["text"] = ""
    answer = form.submit("save", status=422)
    assert errors(answer) == {"Texte": "Écrivez ce champ : la lettre en a besoin."}
    form = answer.forms[FORM]
    form["text"] = "Bonjour,\n\nIl manque un contact."
    form.submit("save", status=303)
    transaction.begin()
    told = [letter for letter in outbox.page(world.site)[0] if letter.kind == "company_letter"]
    assert {letter.account for letter in told} == {world.actors[login].userid for login in ("entreprise", "collegue")}
    assert "Lettre envoyée" in main(browser.get("/companies/brouillon/care"))


def test_a_letter_to_nobody_does_not_pretend_to_leave(browse, world):
    for login in ("entreprise", "collegue"):
        world.companies["brouillon"].staff.remove(world.actors[login].userid)
    transaction.commit()
    browser = browse("equipe")
    answer = browser.get("/companies/brouillon/letter/visit").forms[FORM].submit("save", status=422)
    assert "rien n’est parti" in main(answer)
    assert "Lettre envoyée" not in main(browser.get("/companies/brouillon/care"))


def test_a_template_is_changed_and_a_colleague_is_not_overwritten(browse):
    one, other = (browse(login).get("/letters/visit").forms[FORM] for login in ("equipe", "equipe2"))
    one["title"], other["title"] = "Visite", "La visite"
    one.submit("save", status=303)
    answer = other.submit("save", status=409)
    assert answer.forms[FORM]["title"].value == "La visite"
    answer.forms[FORM].submit("save", status=303)
    assert "La visite" in main(browse("equipe").get("/letters"))
    form = browse("equipe").get("/letters/add").forms[FORM]
    form["title"], form["subject"], form["text"] = "Autre", "Objet", "{inconnu}"
    assert "Entre accolades" in errors(form.submit("save", status=422))["Texte"]


# The calendar


def subscribe(browser):
    page = browser.get("/calendar")
    form = next(f for f in page.forms.values() if "renew" in f.fields)
    page = form.submit("renew", status=303).follow()
    return page.html.select_one("#address")["value"]


def events(address, browse):
    answer = browse().get(address)
    assert answer.content_type == "text/calendar"
    found = Calendar.from_ical(answer.body).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in found}


def test_deadlines_are_read_by_a_calendar_with_the_address_alone(browse, world):
    when, soon = days_ago(3), day_in_paris(days_ago(0)) + timedelta(days=9)
    company = world.companies["candidate"]
    audit = worlds.audit(world, company, 2, "planned", when)
    audits.change_plan(
        audit, world.actors["equipe"], when, title="Visite d’été", planned_on=soon, team=[world.accounts["visiteuse"]]
    )
    found = worlds.audit(world, company, 1, "validated", when, found={"A1": "minor"})
    worlds.nonconformity(world, found, "accepted", when, deadline=soon)
    transaction.commit()
    visits = events(subscribe(browse("visiteuse")), browse)
    [(title, event)] = visits.items()
    assert "Visite d’été" in title
    assert event.decoded("DTSTART") == soon
    assert str(event["URL"]).startswith("http://localhost")
    tasks = events(subscribe(browse("entreprise")), browse)
    assert [event.decoded("DTSTART") for title, event in tasks.items() if "apporter la preuve" in title] == [soon]
    again = events(subscribe(browse("visiteuse")), browse)
    assert again[title]["UID"] == event["UID"], "a calendar knows what it knows"


def test_a_feed_does_not_tell_whether_somebody_voted(browse, world):
    when = days_ago(3)
    members.admit(world.site, world.accounts["membre"], world.actors["equipe"], when)
    registers.number_waiting(world.site, when)
    vote = worlds.vote(world, "admission", worlds.in_state(world, "celle", "audited", when), when)
    transaction.commit()
    address = subscribe(browse("membre"))
    before = list(events(address, browse))
    assert any("Fin du vote" in title for title in before)
    voting.cast(vote, "for", world.actors["membre"], days_ago(1))
    transaction.commit()
    assert list(events(address, browse)) == before


def test_an_address_that_was_changed_or_closed_tells_nothing(browse, world):
    browser = browse("equipe")
    first = subscribe(browser)
    second = subscribe(browser)
    assert first != second
    browse().get(first, status=404)
    browse().get(second)
    next(f for f in browser.get("/calendar").forms.values() if "end" in f.fields).submit("end", status=303)
    browse().get(second, status=404)
    for key in ("", "x", "-", "0-0", "f" * 60, "ffffffffffffffff-" + "0" * 40, second.split("=")[1][:-1]):
        browse().get(f"/deadlines.ics?key={key}", status=404)
    third = subscribe(browser)
    assert third not in (first, second)


def test_the_feed_is_in_the_language_of_the_account(browse, world):
    worlds.certified(world, "celle", days_ago(30))
    world.accounts["equipe"].language = "en"
    transaction.commit()
    assert any("certificate ends" in title for title in events(subscribe(browse("equipe")), browse))
