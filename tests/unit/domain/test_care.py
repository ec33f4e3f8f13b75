"""What coordinators keep beside a dossier: who looks after it, notes, letters."""

import pytest

from coopcms.domain import care
from coopcms.domain.errors import Forbidden, Invalid, Stale

from ... import world as worlds
from ...conftest import NOW

STATES = ("draft", "applied", "audited", "voted", "certified", "partnered", "declined", "suspended", "withdrawn")


@pytest.fixture
def coordinator(world):
    return world.actors["equipe"]


@pytest.mark.parametrize("state", STATES)
def test_a_dossier_is_looked_after_in_every_state(world, coordinator, state):
    company = worlds.in_state(world, "celle", state, NOW)
    other = world.actors["equipe2"].userid
    care.assign(company, other, coordinator)
    care.note(company, "Rappeler lundi.", coordinator, NOW)
    assert company.care.assignee == other
    assert [note.text for _key, note in care.notes(company, world.actors["equipe2"])] == ["Rappeler lundi."]
    care.assign(company, None, coordinator)
    assert company.care.assignee is None


@pytest.mark.parametrize("login", ["entreprise", "membre", "certificateur", "voisine", "admin", "visitor", "auditeur"])
def test_nobody_else_reads_or_writes_it(world, coordinator, login):
    company, actor = world.companies["candidate"], world.actors[login]
    key = care.note(company, "Entre nous.", coordinator, NOW)
    for act in (
        lambda: care.notes(company, actor),
        lambda: care.note(company, "Moi aussi.", actor, NOW),
        lambda: care.strike(company, key, actor),
        lambda: care.assign(company, actor.userid, actor),
        lambda: care.save_letter(world.site, None, "a", "b", "c", actor),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_dossier_is_given_to_coordinators_alone(world, coordinator):
    with pytest.raises(Invalid):
        care.assign(world.companies["candidate"], world.actors["membre"].userid, coordinator)


def test_a_note_sent_twice_is_written_once_and_can_be_struck(world, coordinator):
    company = world.companies["candidate"]
    keys = {care.note(company, text, coordinator, NOW) for text in ("Une note.", "Une note. ")}
    assert len(keys) == 1
    with pytest.raises(Invalid):
        care.note(company, " ", coordinator, NOW)
    care.strike(company, *keys, coordinator)
    assert care.notes(company, coordinator) == []
    with pytest.raises(KeyError):
        care.strike(company, *keys, coordinator)


def test_a_letter_fills_in_its_blanks_and_nothing_else(world, coordinator):
    company = world.companies["brouillon"]
    key = care.save_letter(
        world.site, None, "Un modèle", "Pour {company}", "Étape {state}, ici {link} :\n{missing}", coordinator
    )
    subject, text = care.written(care.letters(world.site)[key], company, "Brouillon", "https://x/y", NOW, str)
    assert subject == "Pour Ferme des Bruyères"
    assert text.startswith("Étape Brouillon, ici https://x/y :\n– ")
    assert "Aucun contact n’est indiqué." in text


@pytest.mark.parametrize("text", ["{company.__class__}", "{0}", "{}", "{nom}"])
def test_a_blank_that_is_none_is_refused(world, coordinator, text):
    with pytest.raises(Invalid) as refused:
        care.save_letter(world.site, None, "Un modèle", "Objet", text, coordinator)
    assert list(refused.value.messages) == ["text"]


def test_a_first_letter_can_be_changed_and_a_colleague_is_not_overwritten(world, coordinator):
    first = care.letters(world.site)["reminder"]
    care.save_letter(world.site, "reminder", "Relance", "Objet", "Texte", coordinator, revision=first.revision)
    with pytest.raises(Stale):
        care.save_letter(world.site, "reminder", "Autre", "Objet", "Texte", coordinator, revision=first.revision)
    assert care.letters(world.site)["reminder"].title == "Relance"
    assert first.title == "Relancer un dossier commencé", "what a site begins with stays what it is"
