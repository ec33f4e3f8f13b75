"""Filling in a dossier together: what the cooperative proposes changes nothing before the company takes it."""

from datetime import timedelta

import pytest

from coopcms.domain import companies, suggestions
from coopcms.domain.errors import Forbidden, Invalid, Stale
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW

LATER = NOW + timedelta(hours=1)
TEXT = {"statement": "Nos comptes sont publiés chaque année."}


@pytest.fixture
def company(world):
    return world.companies["brouillon"]


@pytest.fixture
def staff(world):
    return world.actors["entreprise"]


@pytest.fixture
def coordinator(world):
    return world.actors["equipe"]


def suggest(company, coordinator, values=TEXT, now=NOW):
    return suggestions.suggest(company, "transparency", values, "Vu ensemble au téléphone.", coordinator, now)


def test_a_text_changes_the_dossier_once_the_company_takes_it(company, staff, coordinator):
    made = suggest(company, coordinator)
    assert company.statement("transparency") == ""
    assert list(suggestions.waiting(company)) == ["transparency"]
    suggestions.take(company, "transparency", staff, LATER, seen=made.when, revision=0, against=1)
    record = company.sections["transparency"]
    assert (record.values, record.modified_by, record.helped_by) == (TEXT, staff.userid, coordinator.userid)
    assert suggestions.waiting(company) == {}
    companies.save_section(company, "transparency", {"statement": "Autre."}, staff, LATER)
    assert record.helped_by is None, "what the company writes afterwards is its own"


def test_a_text_that_was_not_taken_keeps_the_answer(company, staff, coordinator):
    suggest(company, coordinator)
    with pytest.raises(Invalid):
        suggestions.decline(company, "transparency", " ", staff)
    suggestions.decline(company, "transparency", "Ce n’est pas encore vrai.", staff)
    assert suggestions.waiting(company) == {}
    assert company.suggestions["transparency"].answer == "Ce n’est pas encore vrai."
    assert company.statement("transparency") == ""
    suggestions.take_back(company, "transparency", coordinator)
    assert not company.suggestions


def test_nobody_takes_what_they_did_not_read(company, staff, coordinator):
    read = suggest(company, coordinator)
    newer = suggest(company, coordinator, {"statement": "Autre chose."}, LATER)
    with pytest.raises(Stale):
        suggestions.take(company, "transparency", staff, LATER, seen=read.when, revision=0)
    companies.save_section(company, "transparency", {"statement": "Écrit par une collègue."}, staff, LATER)
    with pytest.raises(Stale):
        suggestions.take(company, "transparency", staff, LATER, seen=newer.when, revision=0)
    assert company.statement("transparency") == "Écrit par une collègue."
    assert list(suggestions.waiting(company)) == ["transparency"]


def test_a_proposal_says_something_new(company, staff, coordinator):
    companies.save_section(company, "transparency", TEXT, staff, NOW)
    with pytest.raises(Invalid):
        suggest(company, coordinator)


@pytest.mark.parametrize("login", ["entreprise", "voisine", "membre", "certificateur", "admin", "visitor"])
def test_only_coordinators_propose(world, company, login):
    with pytest.raises(Forbidden):
        suggest(company, world.actors[login])


@pytest.mark.parametrize("login", ["equipe", "voisine", "membre", "admin", "visitor"])
def test_only_the_company_decides(world, company, coordinator, login):
    made = suggest(company, coordinator)
    with pytest.raises(Forbidden):
        suggestions.take(company, "transparency", world.actors[login], LATER, seen=made.when, revision=0)
    with pytest.raises(Forbidden):
        suggestions.decline(company, "transparency", "Non.", world.actors[login])


def test_nothing_is_proposed_or_taken_once_the_dossier_is_submitted(world, staff, coordinator):
    company = worlds.company(world, "deposee", NOW)
    made = suggest(company, coordinator)
    engine.fire(company, "apply", staff, NOW)
    with pytest.raises(Forbidden):
        suggest(company, coordinator, {"statement": "Trop tard."})
    with pytest.raises(Forbidden):
        suggestions.take(company, "transparency", staff, LATER, seen=made.when, revision=1)
