"""What firing writes, where it leads, and who fires nothing at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
import transaction

from coopcms.catalog import queries
from coopcms.domain import companies
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW

LATER = NOW + timedelta(days=3)
#: Every step a person can take: state, transition, who.
BY_PEOPLE = [
    ("draft", "apply", "entreprise"),
    ("applied", "declare_admissible", "equipe"),
    ("applied", "return_to_company", "equipe"),
    ("applied", "decline", "equipe"),
    ("applied", "accept_audits", "certificatrice"),
    ("applied", "withdraw", "entreprise"),
    ("applied", "end", "equipe"),
    ("audited", "withdraw", "entreprise"),
    ("voted", "certify", "certificatrice"),
    ("voted", "refuse_certification", "certificatrice"),
    ("certified", "partner", "equipe"),
    ("certified", "renew", "certificatrice"),
    ("certified", "suspend", "certificatrice"),
    ("partnered", "suspend", "certificatrice"),
    ("suspended", "reinstate", "certificatrice"),
    ("declined", "reopen", "equipe2"),
    ("declined", "end", "equipe"),
    ("withdrawn", "reopen", "equipe"),
]


def test_a_line_of_the_history_tells_who_when_why_from_where_to_where_and_on_what(world):
    company, staff = world.companies["complete"], world.actors["entreprise"]
    entry = engine.fire(company, "apply", staff, LATER, comment=" Nous voici. ")
    assert entry == {
        "transition": "apply",
        "from": "draft",
        "to": "applied",
        "when": LATER,
        "actor": staff.userid,
        "role": "local:staff",
        "comment": "Nous voici.",
        "relied_on": (("specifications/oeufs/1", "frozen"),),
    }
    assert engine.last_entry(company) == entry


def test_each_firing_adds_one_line_after_the_others(world):
    company = world.companies["candidate"]
    before = [dict(e) for e in company.history.values()]
    engine.fire(company, "declare_admissible", world.actors["equipe"], LATER)
    engine.fire(company, "return_to_company", world.actors["equipe2"], LATER, comment="à compléter")
    after = [dict(e) for e in company.history.values()]
    assert after[:-2] == before
    assert [(e["transition"], e["from"], e["to"]) for e in after] == [
        ("create", "", "draft"),
        ("apply", "draft", "applied"),
        ("declare_admissible", "applied", "applied"),
        ("return_to_company", "applied", "draft"),
    ]


@pytest.mark.parametrize(
    ("id", "login", "role"),
    [
        ("decline", "equipe", "role:coordinator"),
        ("accept_audits", "certificatrice", "role:certifier"),
        ("withdraw", "collegue", "local:staff"),
    ],
)
def test_the_line_names_the_role_that_gave_the_right(world, audited, id, login, role):
    company = world.companies["candidate"]
    engine.fire(company, "declare_admissible", world.actors["equipe2"], NOW)
    audited(company)
    entry = engine.fire(company, id, world.actors[login], NOW, comment="voilà")
    assert (entry["role"], entry["actor"]) == (role, world.actors[login].userid)


def test_the_index_follows_the_state(world):
    company, visitor = world.companies["complete"], world.actors["visitor"]
    assert company not in queries.companies(world.site, visitor).items
    engine.fire(company, "apply", world.actors["entreprise"], NOW)
    transaction.commit()
    assert company in queries.companies(world.site, visitor).items
    assert company in queries.companies(world.site, visitor, states=("applied",)).items


@pytest.mark.parametrize("state", ["certified", "partnered"])
def test_a_renewal_leaves_the_state_as_it_is(world, audited, state):
    company = worlds.in_state(world, "celle", state, NOW)
    audited(company)
    entry = engine.fire(company, "renew", world.actors["certificatrice"], LATER)
    assert company.state == entry["from"] == entry["to"] == state


@pytest.mark.parametrize("state", ["certified", "partnered"])
def test_a_reinstated_company_is_what_it_was_before_the_suspension(world, audited, state):
    company, certifier = worlds.in_state(world, "celle", state, NOW), world.actors["certificatrice"]
    audited(company)
    engine.fire(company, "suspend", certifier, NOW, comment="fraude")
    assert company.state == "suspended"
    engine.fire(company, "reinstate", certifier, LATER)
    assert company.state == state


def test_the_last_suspension_counts_not_the_first(world, audited):
    company, certifier = worlds.in_state(world, "celle", "certified", NOW), world.actors["certificatrice"]
    audited(company)
    company.link = "an agreement"
    for state, between in (("certified", ("partner", "equipe")), ("partnered", None)):
        engine.fire(company, "suspend", certifier, NOW, comment="fraude")
        engine.fire(company, "reinstate", certifier, LATER)
        assert company.state == state
        if between:
            engine.fire(company, between[0], world.actors[between[1]], LATER)


def test_whoever_saw_an_older_state_is_told_who_moved_it_and_when(world, refused):
    company, other = world.companies["candidate"], world.actors["equipe2"]
    engine.fire(company, "return_to_company", other, LATER, comment="à compléter")
    found = refused(engine.StateMoved, company, "decline", world.actors["equipe"], comment="non", expected="applied")
    assert found.entry["actor"] == other.userid
    assert found.entry["when"] == LATER
    assert (found.entry["transition"], found.entry["to"]) == ("return_to_company", "draft")


def test_the_state_one_saw_is_asked_for_even_where_the_step_would_be_possible(world, refused):
    company = worlds.in_state(world, "celle", "audited", NOW)
    refused(engine.StateMoved, company, "withdraw", world.actors["entreprise"], comment="non", expected="applied")
    engine.fire(company, "withdraw", world.actors["entreprise"], NOW, comment="non", expected="audited")
    assert company.state == "withdrawn"


def test_whoever_may_not_see_the_company_any_more_learns_nothing(world, refused):
    company = world.companies["candidate"]
    engine.fire(company, "return_to_company", world.actors["equipe2"], LATER, comment="à compléter")
    for login in ("visitor", "membre", "certificatrice", "admin"):
        refused(engine.NotPermitted, company, "accept_audits", world.actors[login], expected="applied")


@pytest.mark.parametrize(("state", "id", "login"), BY_PEOPLE)
def test_whoever_only_reads_fires_nothing(world, audited, refused, state, id, login):
    company = worlds.in_state(world, "celle", state, NOW)
    audited(company)
    company.link = "an agreement"
    if id == "accept_audits":
        engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    reading = replace(world.actors[login], reading=True)
    refused(engine.NotPermitted, company, id, reading, comment="oui")
    engine.fire(company, id, world.actors[login], NOW, comment="oui")


def test_a_step_that_does_not_exist_or_does_not_leave_this_state_is_not_permitted(world, refused):
    company = world.companies["candidate"]
    for id in ("", "apply", "certify", "@same", "create", "no such step", "apply@draft>applied"):
        for login in world.actors:
            refused(engine.NotPermitted, company, id, world.actors[login], comment="oui")


def test_former_staff_fire_nothing(world, refused):
    company, colleague = world.companies["candidate"], world.actors["collegue"]
    companies.remove_staff(company, colleague.userid, world.actors["entreprise"])
    refused(engine.NotPermitted, company, "withdraw", colleague, comment="oui")


def test_only_the_clock_and_the_closing_start_an_object_in_another_state(world):
    from coopcms.content.company import Company

    for login in world.accounts:
        with pytest.raises(engine.NotPermitted):
            engine.start(Company("X"), world.actors[login], NOW, state="certified")
    company = Company("X")
    engine.start(company, world.actors["clock"], NOW, state="partnered", comment="avant le site")
    assert (company.state, engine.last_entry(company)["to"]) == ("partnered", "partnered")
