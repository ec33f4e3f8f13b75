"""Amendments by the real forms: a member proposes, staff decide."""

import pytest
import transaction

from coopcms.domain import amendments
from coopcms.workflows import engine

from ..conftest import NOW
from ..consulting import PATH, consulted
from ..world import CRITERION


@pytest.fixture
def version(world):
    version, _keys = consulted(world, "A1", "A2")
    transaction.commit()
    return version


@pytest.fixture
def criterion(version):
    return next(criterion for _key, criterion in version.ordered())


@pytest.fixture
def page(criterion):
    return f"{PATH}/{criterion.__name__}"


def proposed(world, criterion, login="membre", **values):
    key = amendments.propose(criterion, values or {"requirement": "6 m²."}, "Plus sûr.", world.actors[login], NOW)
    transaction.commit()
    return key


def decision(answer):
    """The form of the decision on the page of an amendment, or None."""
    return next((form for form in answer.forms.values() if "accept" in form.fields), None)


def test_a_member_proposes_another_text_and_everybody_reads_the_difference(browse, page):
    app = browse("membre")
    form = app.get(app.get(page).html.find("a", string="Proposer un amendement")["href"]).forms["form"]
    assert form["requirement"].value == CRITERION["requirement"]
    form["requirement"] = "Chaque poule dispose de 6 m² de parcours."
    form["reason"] = "La recherche le recommande."
    answer = form.submit("save")
    assert answer.status_int == 303
    for address in (answer.headers["Location"], page):
        told = browse().get(address)
        assert "<del>5</del> <ins>6</ins>" in told.text
        assert "La recherche le recommande." in told.text
        assert "un sociétaire" in told.text
        assert "Camille Roux" not in told.text
        assert "Camille Roux" in browse("certificatrice").get(address).text
    assert "Amendements en consultation\xa0: 1" in browse().get(PATH).text


@pytest.mark.parametrize("login", [None, "entreprise", "voisine", "admin"])
def test_others_have_neither_button_nor_form(browse, page, login):
    app = browse(login)
    assert "Proposer un amendement" not in app.get(page).text
    app.get(f"{page}/amend", status=403)


@pytest.mark.parametrize(
    ("field", "value"), [("reason", ""), ("requirement", "x" * 4001), ("title", ""), ("reason", "x" * 2001)]
)
def test_a_bad_amendment_is_refused_and_nothing_typed_is_lost(browse, criterion, page, field, value):
    form = browse("membre").get(f"{page}/amend").forms["form"]
    form["evidence"], form["reason"] = "Un autre plan", "Parce que."
    form[field] = value
    answer = form.submit("save", status=422)
    assert answer.html.select(".error-summary li")
    assert answer.forms["form"]["evidence"].value.strip() == "Un autre plan"
    transaction.begin()
    assert len(criterion.amendments) == 0


def test_an_amendment_that_changes_nothing_is_refused_with_a_sentence(browse, criterion, page):
    form = browse("membre").get(f"{page}/amend").forms["form"]
    form["reason"] = "Pour voir."
    answer = form.submit("save", status=422)
    assert "changez au moins un champ" in answer.text
    assert answer.forms["form"]["reason"].value.strip() == "Pour voir."


def test_staff_accept_and_the_criterion_says_with_whom_it_was_written(browse, world, criterion, page):
    key = proposed(world, criterion)
    answer = decision(browse("entreprise").get(f"{page}/amendments/{key}")).submit("accept")
    assert answer.status_int == 303
    told = browse().get(page)
    assert told.html.select_one(".lead").get_text() == "6 m²."
    assert "Réécrit par un amendement" in told.text
    assert "Camille Roux" not in told.text
    assert "Camille Roux" in browse("certificatrice").get(page).text


def test_staff_refuse_with_a_public_answer(browse, world, criterion, page):
    key = proposed(world, criterion)
    form = decision(browse("entreprise").get(f"{page}/amendments/{key}"))
    answer = form.submit("refuse", status=422)
    assert "Répondez à la personne" in answer.text
    form["answer"] = "Nos parcours ne le permettent pas."
    assert form.submit("refuse").status_int == 303
    told = browse().get(page)
    assert "Non retenu" in told.text
    assert "Nos parcours ne le permettent pas." in told.text
    assert told.html.select_one(".lead").get_text() == CRITERION["requirement"]


@pytest.mark.parametrize("login", [None, "membre", "certificatrice", "equipe", "voisine", "admin"])
@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_nobody_else_decides(browse, world, criterion, page, login, act):
    key = proposed(world, criterion)
    app = browse(login)
    assert decision(app.get(f"{page}/amendments/{key}")) is None
    token = app.get("/forgotten").forms["form"]["csrf_token"].value
    app.post(f"{page}/amendments/{key}", {"csrf_token": token, act: "1", "answer": "Non."}, status=403)
    transaction.begin()
    assert criterion.amendments[key].state == "proposed"


def test_an_amendment_on_a_text_that_changed_is_confirmed_on_the_text_of_today(browse, world, criterion, page):
    first = proposed(world, criterion)
    second = proposed(world, criterion, "certificatrice", requirement="Chaque poule dispose de 7 m² de parcours.")
    app = browse("entreprise")
    form = decision(app.get(f"{page}/amendments/{second}"))
    decision(app.get(f"{page}/amendments/{first}")).submit("accept")
    form["answer"] = "Merci à vous deux."
    answer = form.submit("accept", status=409)
    assert "Le critère a changé depuis" in answer.text
    texts = [text.get_text() for text in answer.html.select(".compare .text")]
    assert texts == ["Chaque poule dispose de 7 m² de parcours.", "6 m²."]
    again = decision(answer)
    assert again["answer"].value.strip() == "Merci à vous deux."
    assert again.submit("accept").status_int == 303
    assert "7 m²" in browse().get(page).html.select_one(".lead").get_text()


@pytest.mark.parametrize(("revision", "status"), [("", 409), ("x", 422), ("-1", 409), ("²", 422), ("9" * 30, 422)])
def test_a_made_up_revision_confirms_nothing(browse, world, criterion, page, revision, status):
    key = proposed(world, criterion, "certificatrice", requirement="7 m².")
    amendments.accept(criterion, proposed(world, criterion), world.actors["entreprise"], NOW)
    transaction.commit()
    form = decision(browse("entreprise").get(f"{page}/amendments/{key}"))
    form["revision"].force_value(revision)
    form.submit("accept", status=status)


def test_an_author_takes_an_amendment_back(browse, world, criterion, page):
    key = proposed(world, criterion)
    app = browse("membre")
    form = next(f for f in app.get(f"{page}/amendments/{key}").forms.values() if "withdraw" in f.fields)
    assert form.submit("withdraw").status_int == 303
    assert "Retiré par son auteur" in browse().get(page).text
    for login in (None, "certificatrice", "entreprise"):
        assert "Retirer mon amendement" not in browse(login).get(f"{page}/amendments/{key}").text


def test_two_who_decide_at_once_are_told(browse, world, criterion, page):
    key = proposed(world, criterion)
    form = decision(browse("entreprise").get(f"{page}/amendments/{key}"))
    decision(browse("collegue").get(f"{page}/amendments/{key}")).submit("accept")
    assert "déjà traité" in form.submit("accept", status=422).text


def test_open_amendments_of_a_frozen_version_stay_open(browse, world, version, criterion, page):
    key = proposed(world, criterion)
    engine.fire(version, "freeze", world.actors["entreprise"], NOW)
    transaction.commit()
    app = browse("entreprise")
    assert "Resté ouvert" in app.get(page).text
    assert decision(app.get(f"{page}/amendments/{key}")) is None
    assert "Amendements en consultation" not in browse().get(PATH).text
    assert "Proposer un amendement" not in browse("membre").get(page).text
    browse("membre").get(f"{page}/amend", status=403)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_what_is_proposed_is_text(browse, world, criterion, page, text):
    key = proposed(world, criterion, requirement=text, title=text)
    amendments.refuse(criterion, key, text, world.actors["entreprise"], NOW)
    amendments.accept(criterion, proposed(world, criterion, title=text), world.actors["entreprise"], NOW)
    transaction.commit()
    for address in (page, f"{page}/amendments/{key}", PATH):
        told = browse().get(address)
        assert text not in told.text
        assert not told.html.select("main script, main img")


@pytest.mark.parametrize("key", ["", "0" * 16, "x/y"])
def test_an_amendment_that_is_not_there_is_404(browse, page, key):
    browse("membre").get(f"{page}/amendments/{key}", status=(303, 404))
    app = browse("entreprise")
    token = app.get("/forgotten").forms["form"]["csrf_token"].value
    app.post(f"{page}/amendments/{key}", {"csrf_token": token, "accept": "1"}, status=404)


def test_amendments_of_a_closed_dossier_are_closed(browse, world, criterion, page):
    key = proposed(world, criterion)
    engine.fire(world.companies["candidate"], "decline", world.actors["equipe"], NOW, comment="Non.")
    transaction.commit()
    for login in (None, "membre", "certificatrice"):
        app = browse(login)
        app.get(f"{page}/amendments/{key}", status=403)
        token = app.get("/forgotten").forms["form"]["csrf_token"].value
        app.post(f"{page}/amendments/{key}", {"csrf_token": token, "withdraw": "1"}, status=403)
        app.post(f"{page}/amend", {"csrf_token": token}, status=(403, 422))
    transaction.begin()
    assert criterion.amendments[key].state == "proposed"
