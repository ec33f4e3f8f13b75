"""What an application asks for, and which steps ask for a comment."""

import pytest

from coopcms.domain import companies, specifications
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW

WORDS = {
    "identity": "identité",
    "transparency": "transparence",
    "fairness": "équité",
    "sharing": "partage",
    "truth": "communication vraie",
    "association": "associer les consommateurs",
    "specifications": "cahier des charges",
    "contacts": "contact",
}
STATEMENTS = ("transparency", "fairness", "sharing", "truth", "association")
IDENTITY = ("title", "legal_name", "siret", "street", "postcode", "city", "region", "sector", "origin")

#: Each step that asks for a comment: the state it is fired in, and who fires it.
COMMENTED = [
    ("return_to_company", "applied", "equipe"),
    ("decline", "applied", "equipe"),
    ("refuse_certification", "voted", "certificatrice"),
    ("suspend", "certified", "certificatrice"),
    ("suspend", "partnered", "certificatrice"),
    ("end", "applied", "equipe"),
    ("end", "audited", "equipe"),
    ("end", "voted", "equipe"),
    ("end", "certified", "equipe"),
    ("end", "partnered", "equipe"),
    ("end", "suspended", "equipe"),
    ("end", "declined", "equipe"),
    ("withdraw", "applied", "entreprise"),
    ("withdraw", "audited", "entreprise"),
    ("withdraw", "voted", "entreprise"),
    ("withdraw", "certified", "entreprise"),
    ("withdraw", "partnered", "entreprise"),
    ("withdraw", "suspended", "entreprise"),
    ("reopen", "declined", "equipe2"),
    ("reopen", "withdrawn", "equipe2"),
]
TARGET = {
    "return_to_company": "draft",
    "decline": "declined",
    "refuse_certification": "declined",
    "suspend": "suspended",
    "end": "withdrawn",
    "withdraw": "withdrawn",
    "reopen": "draft",
}


@pytest.fixture
def staff(world):
    return world.actors["entreprise"]


@pytest.fixture
def company(world):
    return world.companies["complete"]


def lacks(found, key, company, view):
    """One thing is missing, its sentence names it, and its link leads to where it can be mended."""
    assert len(found) == 1
    assert WORDS[key] in str(found[0].sentence)
    assert (found[0].target or company) is company
    assert found[0].view == view


def test_a_complete_company_applies(company, staff):
    entry = engine.fire(company, "apply", staff, NOW)
    assert company.state == "applied"
    assert (entry["from"], entry["to"]) == ("draft", "applied")


@pytest.mark.parametrize("name", IDENTITY)
def test_an_application_lacking_one_field_of_the_identity_is_refused(company, staff, missing, name):
    values = dict(company.values_of("identity"))
    companies.save_section(company, "identity", {**values, name: ""}, staff, NOW)
    lacks(missing(company, "apply", staff), "identity", company, "edit/identity")
    companies.save_section(company, "identity", values, staff, NOW)
    engine.fire(company, "apply", staff, NOW)
    assert company.state == "applied"


@pytest.mark.parametrize("text", ["", "  \n "])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_application_lacking_one_statement_is_refused(company, staff, missing, statement, text):
    companies.save_section(company, statement, {"statement": text}, staff, NOW)
    lacks(missing(company, "apply", staff), statement, company, f"edit/{statement}")


def test_an_application_without_a_frozen_version_is_refused(company, staff, missing):
    version = next(company.versions())
    engine.fire(version, "back_to_draft", staff, NOW, comment="encore une phrase")
    lacks(missing(company, "apply", staff), "specifications", company, "specifications")
    engine.fire(version, "consult", staff, NOW)
    lacks(missing(company, "apply", staff), "specifications", company, "specifications")


def test_a_withdrawn_version_is_no_frozen_one(company, staff, missing):
    engine.fire(next(company.versions()), "withdraw", staff, NOW, comment="autre produit")
    lacks(missing(company, "apply", staff), "specifications", company, "specifications")


def test_one_frozen_version_is_enough_whatever_other_drafts_there_are(company, staff):
    specifications.create(company, "Miel", "", staff, NOW)
    engine.fire(company, "apply", staff, NOW)
    assert company.state == "applied"


def test_an_application_without_a_contact_is_refused(company, staff, missing):
    for key in list(company.contacts):
        companies.remove_contact(company, key, staff)
    lacks(missing(company, "apply", staff), "contacts", company, "contacts")


def test_an_empty_dossier_is_told_everything_at_once_each_in_its_own_sentence(world, staff, missing):
    company = world.companies["brouillon"]
    found = missing(company, "apply", staff)
    assert len({str(m.sentence) for m in found}) == len(found) == 8
    assert [next(k for k, word in WORDS.items() if word in str(m.sentence)) for m in found] == list(WORDS)


@pytest.mark.parametrize(("id", "state", "login"), COMMENTED)
def test_the_step_wants_a_comment_and_keeps_it(world, refused, id, state, login):
    company, actor = worlds.in_state(world, "celle", state, NOW), world.actors[login]
    refused(engine.CommentRequired, company, id, actor)
    refused(engine.CommentRequired, company, id, actor, comment=" \n\t ")
    entry = engine.fire(company, id, actor, NOW, comment="  Voici pourquoi. ")
    assert company.state == entry["to"] == TARGET[id]
    assert entry["comment"] == "Voici pourquoi."


@pytest.mark.parametrize("login", ["entreprise", "equipe"])
def test_other_steps_want_no_comment(world, login):
    id, name = {"entreprise": ("apply", "complete"), "equipe": ("declare_admissible", "candidate")}[login]
    assert engine.fire(world.companies[name], id, world.actors[login], NOW)["comment"] == ""


def test_a_coordinator_does_not_reopen_what_they_declined(world, missing):
    company = world.companies["candidate"]
    engine.fire(company, "decline", world.actors["equipe"], NOW, comment="hors sujet")
    (found,) = missing(company, "reopen", world.actors["equipe"], comment="appel")
    assert "décliné" in str(found.sentence)
    engine.fire(company, "reopen", world.actors["equipe2"], NOW, comment="appel")
    assert company.state == "draft"


def test_after_a_second_refusal_it_is_the_second_coordinator_who_does_not_reopen(world, missing):
    company, staff = world.companies["candidate"], world.actors["entreprise"]
    first, second = world.actors["equipe"], world.actors["equipe2"]
    engine.fire(company, "decline", first, NOW, comment="non")
    engine.fire(company, "reopen", second, NOW, comment="appel")
    engine.fire(company, "apply", staff, NOW)
    engine.fire(company, "decline", second, NOW, comment="toujours non")
    missing(company, "reopen", second, comment="appel")
    engine.fire(company, "reopen", first, NOW, comment="appel")
    assert company.state == "draft"


def test_a_withdrawn_company_is_reopened_by_any_coordinator(world):
    company = worlds.in_state(world, "celle", "withdrawn", NOW)
    engine.fire(company, "reopen", world.actors["equipe"], NOW, comment="nouvelle candidature")
    assert company.state == "draft"


def test_partner_asks_for_the_structural_link(world, missing):
    company, coordinator = worlds.in_state(world, "celle", "certified", NOW), world.actors["equipe"]
    (found,) = missing(company, "partner", coordinator)
    assert "lien" in str(found.sentence)
    company.link = "an agreement"
    engine.fire(company, "partner", coordinator, NOW)
    assert company.state == "partnered"
