"""Nobody decides for the cooperative on a company they are staff of or declared an interest in."""

import pytest

from coopcms.domain import companies
from coopcms.domain.errors import Invalid
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW

#: Every step of a coordinator or a certifier: the state it leaves, who is to fire it, where it leads.
STEPS = [
    ("declare_admissible", "applied", "equipe2", "applied"),
    ("return_to_company", "applied", "equipe2", "draft"),
    ("decline", "applied", "equipe2", "declined"),
    ("accept_audits", "applied", "certificatrice", "audited"),
    ("certify", "voted", "certificatrice", "certified"),
    ("refuse_certification", "voted", "certificatrice", "declined"),
    ("partner", "certified", "equipe2", "partnered"),
    ("renew", "certified", "certificatrice", "certified"),
    ("renew", "partnered", "certificatrice", "partnered"),
    ("suspend", "certified", "certificatrice", "suspended"),
    ("suspend", "partnered", "certificatrice", "suspended"),
    ("reinstate", "suspended", "certificatrice", "certified"),
    ("end", "applied", "equipe2", "withdrawn"),
    ("end", "declined", "equipe2", "withdrawn"),
    ("reopen", "declined", "equipe2", "draft"),
    ("reopen", "withdrawn", "equipe2", "draft"),
]


def with_every_ground(world, state, audited, name="celle"):
    """A company in a state, for which nothing is missing whatever the step."""
    company = worlds.in_state(world, name, state, NOW)
    audited(company)
    company.link = "an agreement"
    if state == "applied":
        engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    return company


@pytest.mark.parametrize(("id", "state", "login", "target"), STEPS)
def test_whoever_has_no_conflict_fires_the_step(world, audited, id, state, login, target):
    company = with_every_ground(world, state, audited)
    engine.fire(company, id, world.actors[login], NOW, comment="oui")
    assert company.state == target


@pytest.mark.parametrize(("id", "state", "login", "target"), STEPS)
def test_staff_of_the_company_do_not_fire_the_step(world, audited, missing, id, state, login, target):
    company, actor = with_every_ground(world, state, audited), world.actors[login]
    companies.add_staff(company, actor.userid)
    (found,) = missing(company, id, actor, comment="oui")
    assert "équipe de cette entreprise" in str(found.sentence)
    assert (found.target, found.view) == (company, "staff")


@pytest.mark.parametrize(("id", "state", "login", "target"), STEPS)
def test_whoever_declared_an_interest_does_not_fire_the_step(world, audited, missing, id, state, login, target):
    company, actor = with_every_ground(world, state, audited), world.actors[login]
    companies.declare_interest(company, "Ma sœur y travaille.", actor, NOW)
    (found,) = missing(company, id, actor, comment="oui")
    assert "intérêt" in str(found.sentence)
    assert (found.target, found.view) == (company, "interests")


def test_a_conflict_in_one_company_is_none_in_another(world, audited):
    company, other = (with_every_ground(world, "applied", audited, name) for name in ("celle", "autre"))
    companies.declare_interest(other, "Ma sœur y travaille.", world.actors["equipe"], NOW)
    engine.fire(company, "decline", world.actors["equipe"], NOW, comment="non")
    assert company.state == "declined"


def test_a_coordinator_who_is_staff_fires_the_steps_of_staff_all_the_same(world):
    company, actor = world.companies["complete"], world.actors["equipe"]
    companies.add_staff(company, actor.userid)
    assert engine.fire(company, "apply", actor, NOW)["role"] == "local:staff"
    assert engine.fire(company, "withdraw", actor, NOW, comment="non")["role"] == "local:staff"


def test_the_conflict_is_said_beside_whatever_else_is_missing(world, missing):
    company, actor = worlds.in_state(world, "celle", "voted", NOW), world.actors["certificatrice"]
    companies.declare_interest(company, "Ma sœur y travaille.", actor, NOW)
    assert ["intérêt" in str(m.sentence) for m in missing(company, "certify", actor)] == [True, False, False]


def test_where_all_coordinators_are_in_conflict_an_administrator_names_another_person(world):
    company, other = world.companies["candidate"], world.companies["complete"]
    for login in ("equipe", "equipe2"):
        companies.declare_interest(company, "Nous y travaillions.", world.actors[login], NOW)
    companies.name_stand_in(world.site, company, world.accounts["voisine"], world.actors["admin"])
    assert engine.fire(company, "decline", world.actors["voisine"], NOW, comment="non")["role"] == "role:coordinator"
    assert not engine.available(other, world.actors["voisine"], NOW)


def test_nobody_stands_in_while_a_coordinator_is_free(world):
    company = world.companies["candidate"]
    companies.declare_interest(company, "J’y travaillais.", world.actors["equipe"], NOW)
    with pytest.raises(Invalid):
        companies.name_stand_in(world.site, company, world.accounts["voisine"], world.actors["admin"])


def test_a_stand_in_has_no_conflict_either(world, missing):
    company = world.companies["candidate"]
    for login in ("equipe", "equipe2"):
        companies.declare_interest(company, "Nous y travaillions.", world.actors[login], NOW)
    with pytest.raises(Invalid):
        companies.name_stand_in(world.site, company, world.accounts["entreprise"], world.actors["admin"])
    companies.name_stand_in(world.site, company, world.accounts["voisine"], world.actors["admin"])
    companies.add_staff(company, world.actors["voisine"].userid)
    assert missing(company, "decline", world.actors["voisine"], comment="non")
