"""Non-conformities: the list, the page of one, and the two forms of the company."""

import io
from datetime import timedelta

import pytest
import transaction
from webtest import Upload

from coopcms.content.calendar import day_in_paris, months_later
from coopcms.domain import audits, nonconformities
from coopcms.workflows import engine

from .. import world as worlds
from .audit_forms import FORM, choose, day, press, removals
from .auditing import COMPANY, applied, days_ago, errors, main, picture, token

AUDIT = f"{COMPANY}/audits/celui-ci"
ACTION = f"{AUDIT}/a1/action"
TODAY = day_in_paris(days_ago(0))


@pytest.fixture
def found(world):
    """A function that makes a report with one non-conformity in a state; the audit may be validated."""

    def make(state="open", level=2, result="minor", audited="reported", when=None, **kw):
        when = when or days_ago(5)
        company, version = applied(world, "celle", when)
        audit = worlds.audit(
            world, company, level, audited, when, found=[("A1", result)], versions=[version], name="celui-ci"
        )
        made = worlds.nonconformity(world, audit, state, when, **kw)
        transaction.commit()
        return made

    return make


def stored(made):
    transaction.begin()
    return made.state, made.cause, made.action, made.deadline, len(made.proofs), len(made.documents)


def propose(browser, cause="Un relevé oublié chaque été.", action="Un relevé par semaine.", until=None):
    form = browser.get(f"{ACTION}/propose").forms[FORM]
    form["cause"], form["action"] = cause, action
    day(form, until or TODAY + timedelta(days=60))
    return form


def prove(browser, text="Les relevés sont tenus depuis mai."):
    form = browser.get(f"{ACTION}/prove").forms[FORM]
    form["text"] = text
    return form


# What one reads

BUTTONS = {
    "open": {"entreprise": ["Proposer une action corrective", "Étapes possibles"]},
    "proposed": {"certificateur": ["Étapes possibles"], "certificatrice": ["Étapes possibles"]},
    "accepted": {"entreprise": ["Apporter la preuve", "Étapes possibles"]},
    "proved": {"certificateur": ["Étapes possibles"], "certificatrice": ["Étapes possibles"]},
    "verified": {"certificateur": ["Étapes possibles"], "certificatrice": ["Étapes possibles"]},
    "closed": {},
}
STATES = {
    "open": "À traiter",
    "proposed": "Action proposée",
    "accepted": "Action acceptée",
    "proved": "Preuve apportée",
    "verified": "Effet vérifié",
    "closed": "Levée",
}


@pytest.mark.parametrize("state", STATES)
def test_its_page_says_where_it_stands_and_offers_each_reader_their_step(browse, found, state):
    found(state, audited="validated")
    for login in (None, "membre", "entreprise", "certificateur", "certificatrice", "visiteuse", "equipe", "admin"):
        page = browse(login).get(ACTION)
        header = page.html.select_one("main .page-header")
        assert STATES[state] in header.get_text()
        assert "Non-conformité mineure" in header.get_text()
        offered = [a.get_text(strip=True) for a in header.select(".actions a")]
        assert offered == BUTTONS[state].get(login, []), login
    words = main(browse().get(ACTION))
    assert "Vu sur place." in words
    assert ("Un relevé par mois." in words) is (state != "open")
    assert ("Les relevés sont tenus." in words) is (state in ("proved", "verified", "closed"))


def test_the_list_has_what_is_open_before_what_is_closed_and_major_before_minor(browse, world):
    when = days_ago(5)
    company, version = applied(world, "celle", when)
    for name, result, state in (("un", "minor", "closed"), ("deux", "minor", "open"), ("trois", "major", "accepted")):
        made = worlds.audit(world, company, 2, "validated", when, found=[("A1", result)], versions=[version], name=name)
        worlds.nonconformity(world, made, state, when)
    hidden = worlds.audit(
        world, company, 2, "reported", when, found=[("A1", "major")], versions=[version], name="quatre"
    )
    transaction.commit()
    page = browse().get(f"{COMPANY}/nonconformities")
    rows = [" ".join(row.get_text(" ").split()) for row in page.html.select("main .worklist li")]
    assert [("majeure" in row, "Levée" in row) for row in rows] == [(True, False), (False, False), (False, True)]
    assert hidden.__name__ not in page.text
    assert "quatre" in browse("entreprise").get(f"{COMPANY}/nonconformities").text


def test_an_empty_list_does_not_say_that_all_is_well(browse, world):
    applied(world, "celle", days_ago(3))
    transaction.commit()
    words = main(browse().get(f"{COMPANY}/nonconformities"))
    assert "Aucune non-conformité" in words
    assert "aucun rapport n’est encore publié" in words


@pytest.mark.parametrize("address", [ACTION, f"{COMPANY}/nonconformities", AUDIT])
def test_what_is_overdue_says_so_in_words(browse, found, address):
    found("open", audited="validated", when=days_ago(40))
    words = main(browse().get(address))
    assert "en retard" in words


# Proposing an action


def test_an_action_is_proposed_and_waits_for_a_certifier(browse, found):
    made, browser = found(), browse("entreprise")
    browser.get(ACTION).click("Proposer une action corrective")
    page = propose(browser).submit("save", status=303).follow()
    assert "un certificateur l’examine" in page.text
    assert "Un relevé par semaine." in main(page)
    assert stored(made)[0] == "proposed"


@pytest.mark.parametrize(
    ("changes", "wrong", "sentence"),
    [
        ({"cause": " "}, "La cause", "Dites d’où vient l’écart"),
        ({"action": ""}, "L’action corrective", "Dites ce que vous faites"),
        ({"until": "2026-02-30"}, "Échéance", "Écrivez une date qui existe"),
        ({"until": TODAY - timedelta(days=2)}, "Échéance", "Cette échéance est passée"),
        ({"until": months_later(TODAY, 12) + timedelta(days=2)}, "Échéance", "un an au plus"),
        ({"cause": "x" * 5001}, "La cause", "5000"),
    ],
)
def test_an_action_that_lacks_something_says_what_and_keeps_the_rest(browse, found, changes, wrong, sentence):
    made = found()
    before = stored(made)
    answer = propose(browse("entreprise"), **changes).submit("save", status=422)
    assert errors(answer).keys() == {wrong}
    assert sentence in errors(answer)[wrong]
    form = answer.forms[FORM]
    given = {"cause": "Un relevé oublié chaque été.", "action": "Un relevé par semaine.", **changes}
    assert form["cause"].value.strip() == given["cause"].strip()
    assert form["action"].value == given["action"]
    if "until" in changes:
        assert form["date"].value == str(changes["until"])
    assert stored(made) == before


def test_an_action_without_a_day_asks_for_one(browse, found):
    found()
    form = propose(browse("entreprise"))
    form["date"] = ""
    assert errors(form.submit("save", status=422)) == {"Échéance": "Donnez une échéance."}


def test_a_colleague_who_proposed_meanwhile_is_shown_once_the_action_came_back(browse, found, world):
    made = found()
    mine, theirs = propose(browse("entreprise")), propose(browse("collegue"), cause="La balance était faussée.")
    theirs.submit("save", status=303)
    transaction.begin()
    engine.fire(made, "return_action", world.actors["certificateur"], days_ago(0), comment="L’action est trop vague.")
    transaction.commit()
    answer = mine.submit("save", status=409)
    assert "La balance était faussée." in main(answer)
    assert answer.forms[FORM]["cause"].value == "Un relevé oublié chaque été."
    answer.forms[FORM].submit("save", status=303)
    assert stored(made)[1] == "Un relevé oublié chaque été."


def test_the_deadline_may_be_all_in_which_two_differ(browse, found, world):
    made = found()
    mine, theirs = propose(browse("entreprise")), propose(browse("collegue"), until=TODAY + timedelta(days=90))
    theirs.submit("save", status=303)
    transaction.begin()
    engine.fire(made, "return_action", world.actors["certificateur"], days_ago(0), comment="C’est trop long.")
    transaction.commit()
    answer = mine.submit("save", status=409)
    assert len(answer.html.select(".compare")) == 1
    assert "Échéance Votre texte" in main(answer)


def test_while_the_action_of_a_colleague_is_examined_ones_own_is_handed_back_to_be_copied(browse, found):
    made = found()
    mine = propose(browse("entreprise"))
    propose(browse("collegue"), cause="La balance était faussée.").submit("save", status=303)
    answer = mine.submit("save", status=403)
    assert "Un relevé oublié chaque été." in [area.get_text() for area in answer.html.find_all("textarea")]
    assert stored(made)[1] == "La balance était faussée."


def test_an_action_that_was_returned_is_found_in_the_form_again(browse, found, world):
    made = found("proposed")
    engine.fire(made, "return_action", world.actors["certificateur"], days_ago(1), comment="Qui s’en charge ?")
    transaction.commit()
    browser = browse("entreprise")
    page = browser.get(ACTION)
    assert "Qui s’en charge ?" in main(page)
    form = browser.get(f"{ACTION}/propose").forms[FORM]
    assert (form["cause"].value, form["action"].value) == ("Un oubli.", "Un relevé par mois.")


def test_nothing_is_proposed_while_the_report_is_made_anew(browse, found, world):
    made = found()
    form = propose(browse("entreprise"))
    engine.fire(made.audit, "resume", world.actors["certificateur"], days_ago(1), comment="Un constat manque.")
    transaction.commit()
    form.submit("save", status=403)
    assert stored(made) == ("open", "", "", None, 0, 0)


@pytest.mark.parametrize(("state", "view"), [("open", "propose"), ("accepted", "prove")])
def test_the_forms_show_nothing_of_a_finding_that_is_being_made_anew(browse, found, world, state, view):
    made = found(state)
    engine.fire(made.audit, "resume", world.actors["certificateur"], days_ago(1), comment="Un constat manque.")
    audits.file(made.finding, "major", "Un charnier derrière la grange.", world.actors["visiteuse"], days_ago(1))
    transaction.commit()
    assert "charnier" not in browse("entreprise").get(f"{ACTION}/{view}", status=403).text


def test_a_company_that_left_meanwhile_is_told_so_and_nothing_is_written(browse, found, world):
    made = found(audited="validated")
    form = propose(browse("entreprise"))
    engine.fire(world.companies["celle"], "withdraw", world.actors["entreprise"], days_ago(1), comment="Nous arrêtons.")
    transaction.commit()
    answer = form.submit("save", status=409)
    assert answer.forms[FORM]["cause"].value == "Un relevé oublié chaque été."
    assert stored(made) == ("open", "", "", None, 0, 0)


def test_one_that_a_graver_report_outdid_before_anybody_answered_can_be_read(browse, found, world):
    made = found(result="minor", audited="reported")
    audit = made.audit
    engine.fire(audit, "resume", world.actors["certificateur"], days_ago(3), comment="Un constat manque.")
    audits.file(made.finding, "major", "Bien plus grave.", world.actors["visiteuse"], days_ago(2))
    worlds.report(world, audit, days_ago(2))
    transaction.commit()
    page = browse("entreprise").get(ACTION)
    assert "Avant ce rapport" in main(page)
    assert "Un rapport plus récent" in main(page.click("À traiter"))


# Proving it


def attach(browser, data=b"Enclos nord : 0,4 ha.", filename="plan.txt", title="Plan", visibility="members", status=303):
    form = browser.get(f"{ACTION}/prove").forms[FORM]
    form["upload"] = Upload(filename, data, "application/octet-stream")
    form["title"] = title
    choose(form, "Qui peut la voir", visibility)
    return form.submit("attach", status=status)


def test_a_proof_is_brought_with_documents_and_stays_as_it_was_given(browse, found):
    made, browser = found("accepted", audited="validated"), browse("entreprise")
    page = attach(browser, picture(), "abreuvoir.jpg", "L’abreuvoir").follow()
    assert "La pièce est jointe." in page.text
    assert "L’abreuvoir" in main(page)
    page = attach(browser, title="Plan de trop").follow()
    page = press(page.forms[FORM], "remove", removals(page)["Retirer Plan de trop"]).follow()
    assert "Plan de trop" not in main(page)
    page = prove(browser).submit("save", status=303).follow()
    assert "elle attend d’être vérifiée" in page.text
    assert "Les relevés sont tenus depuis mai." in main(page)
    assert stored(made)[0] == "proved"
    [left] = made.documents
    browser.get(f"{ACTION}/prove", status=403)
    sent = {"csrf_token": token(browser), "remove": left}
    browser.post(f"{ACTION}/prove", sent, status=403)
    assert stored(made)[5] == 1
    assert "L’abreuvoir" in main(browse("membre").get(ACTION))
    assert "L’abreuvoir" not in main(browse().get(ACTION))


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001])
def test_a_proof_says_what_was_done(browse, found, text):
    made = found("accepted")
    before = stored(made)
    answer = prove(browse("entreprise"), text).submit("save", status=422)
    assert errors(answer).keys() == {"Ce qui a été fait"}
    assert answer.forms[FORM]["text"].value.strip() == text.strip()
    assert stored(made) == before


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (b"<html></html>", "preuve.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "preuve.svg"),
        (b"%PDF-" + bytes(10_000_000), "gros.pdf"),
        (b"", "vide.pdf"),
    ],
)
def test_a_document_that_is_not_accepted_is_refused_beside_its_field(browse, found, data, filename):
    made = found("accepted")
    answer = attach(browse("entreprise"), data, filename, title="La facture", status=422)
    assert errors(answer).keys() == {"Photo ou document"}
    assert answer.forms[FORM]["title"].value == "La facture"
    assert stored(made)[5] == 0


def test_twelve_documents_are_enough(browse, found, world):
    made = found("accepted")
    for number in range(audits.MOST_EVIDENCE):
        nonconformities.add_document(
            made, io.BytesIO(b"x"), f"{number}.txt", "", "public", world.actors["entreprise"], days_ago(1), most_bytes=9
        )
    transaction.commit()
    answer = attach(browse("entreprise"), status=422)
    assert "12 pièces au plus" in errors(answer)["Photo ou document"]


def test_a_proof_that_was_refused_is_kept_beside_the_new_one(browse, found, world):
    made = found("proved")
    engine.fire(made, "refuse_proof", world.actors["certificateur"], days_ago(1), comment="La photo est floue.")
    transaction.commit()
    browser = browse("entreprise")
    assert "La photo est floue." in main(browser.get(ACTION))
    prove(browser, "Voici une photo nette.").submit("save", status=303)
    words = main(browse("certificateur").get(ACTION))
    assert "Les relevés sont tenus." in words
    assert "Voici une photo nette." in words
    assert stored(made)[0] == "proved"


def test_what_a_company_writes_is_never_code(browse, found):
    found(audited="validated")
    browser = browse("entreprise")
    propose(browser, cause="<script>alert(1)</script>", action="<img src=x onerror=alert(1)>").submit(
        "save", status=303
    )
    page = browse().get(ACTION)
    assert "<script>alert(1)" not in page.text
    assert "<img src=x" not in page.text
    assert "<script>alert(1)</script>" in main(page)


@pytest.mark.parametrize("button", ["save", "attach"])
def test_a_document_that_was_chosen_is_joined_by_either_button_and_the_words_stay(browse, found, button):
    made, browser = found("accepted"), browse("entreprise")
    form = prove(browser)
    form["upload"], form["title"] = Upload("plan.txt", b"Enclos nord", "text/plain"), "Plan"
    answer = form.submit(button, status=303 if button == "save" else 200)
    assert stored(made)[5] == 1
    if button == "attach":
        assert answer.forms[FORM]["text"].value.strip() == "Les relevés sont tenus depuis mai."
        assert "Plan" in main(answer)


@pytest.mark.parametrize(("level", "closer"), [(1, "auditeur"), (2, "certificateur")])
def test_it_is_closed_by_the_level_that_found_it(browse, found, level, closer):
    made = found("proved", level=level)
    for transition, comment in (("verify_effect", "Vu sur place."), ("close", "")):
        page = browse(closer).get(f"{ACTION}/workflow")
        form = next(f for f in page.forms.values() if "transition" in f.fields and f["transition"].value == transition)
        if comment:
            form["comment"] = comment
        form.submit(status=303)
    assert stored(made)[0] == "closed"
    assert "Levée" in main(browse("entreprise").get(ACTION))
