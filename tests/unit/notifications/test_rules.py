"""Who is told what, in the transaction of what happened."""

from datetime import date, timedelta

import pytest
import transaction

from coopcms.content.outbox import KINDS
from coopcms.domain import accounts, audits, bodies, outbox, voting
from coopcms.notifications.rules import RULES
from coopcms.notifications.words import WORDS
from coopcms.workflows import WORKFLOWS, engine

from ... import world as worlds
from ...conftest import NOW
from ...posting import letters, mailings, told
from .conftest import ROLL

STAFF = ["collegue", "entreprise"]


def test_every_kind_has_words_and_every_rule_a_step():
    assert set(WORDS) == set(KINDS)
    for workflow, transition in RULES:
        assert any(step.id == transition for step in WORKFLOWS[workflow].transitions), transition


def test_staff_learns_that_the_dossier_came_back_and_why(world):
    company = world.companies["candidate"]
    engine.fire(company, "return_to_company", world.actors["equipe"], NOW, comment="Il manque le plan du parcours.")
    assert told(world.site, world, "dossier_returned") == STAFF
    letter = letters(world.site)[0]
    assert letter.facts == {"company": "Candidate", "comment": "Il manque le plan du parcours."}
    assert letter.path == "/companies/candidate/edit"


def test_staff_learns_that_the_application_is_admissible(world):
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    assert told(world.site, world, "admissible") == STAFF
    assert {letter.path for letter in letters(world.site)} == {"/companies/candidate"}


def test_another_step_tells_nobody(world):
    engine.fire(world.companies["candidate"], "decline", world.actors["equipe"], NOW, comment="Non.")
    assert letters(world.site) == []


def test_team_body_and_company_learn_of_an_audit_that_is_planned(world):
    bodies.add_auditor(world.body, world.actors["voisine"].userid)
    made = worlds.audit(world, world.companies["candidate"], 1, "planned", NOW)
    assert told(world.site, world, "audit_planned_team") == ["auditeur"]
    assert told(world.site, world, "audit_planned_body") == ["voisine"]
    assert told(world.site, world, "audit_planned_company") == STAFF
    (letter,) = [letter for letter in letters(world.site) if letter.kind == "audit_planned_team"]
    assert letter.path == f"/companies/candidate/audits/{made.__name__}"


def test_a_plan_that_changes_tells_whom_it_is_new_to(world):
    made = worlds.audit(world, world.companies["candidate"], 2, "planned", NOW)
    team = [world.accounts[login] for login in worlds.TEAMS[2]]
    before, people = len(letters(world.site)), len(team) + len(STAFF)
    plan = {"title": made.title, "planned_on": None, "team": team}
    audits.change_plan(made, world.actors["equipe"], NOW, **plan)
    assert len(letters(world.site)) == before, "nothing is new"
    audits.change_plan(made, world.actors["equipe"], NOW, **{**plan, "team": [*team, world.accounts["membre"]]})
    assert told(world.site, world, "audit_planned_team") == sorted([*worlds.TEAMS[2], "membre"])
    assert len(letters(world.site)) == before + 1
    audits.change_plan(made, world.actors["equipe"], NOW, **{**plan, "planned_on": date(2026, 4, 2)})
    assert len(letters(world.site)) == before + 1 + people, "another day is news for everybody"


def test_staff_learns_what_a_report_found_and_until_when_to_answer(world):
    worlds.audit(world, world.companies["candidate"], 2, "reported", NOW, found={"A1": "minor"})
    found = [letter for letter in letters(world.site) if letter.kind == "findings"]
    assert told(world.site, world, "findings") == STAFF
    assert found[0].facts["count"] == 1
    assert found[0].facts["reply"] == date(2026, 3, 26)
    assert found[0].facts["action"] == date(2026, 4, 11)


def test_an_open_vote_is_one_entry_however_many_are_on_the_roll(world, vote):
    (mailing,) = mailings(world.site)
    assert (mailing.kind, mailing.proposal) == ("vote_open", vote.__oid__)
    assert not [letter for letter in letters(world.site) if letter.kind == "vote_open"]
    assert outbox.expand(mailing, world.site, 100) == len(ROLL)
    assert told(world.site, world, "vote_open") == sorted(ROLL)


def test_the_result_goes_to_the_roll_and_to_the_company_once_to_who_is_both(world, vote):
    vote.company.staff.add(world.actors["membre"].userid)
    voting.cast(vote, "for", world.actors["membre"], NOW)
    voting.close(vote, vote.ends_at)
    mailing = mailings(world.site)[-1]
    outbox.expand(mailing, world.site, 100)
    assert told(world.site, world, "vote_result_company") == ["collegue", "entreprise", "membre"]
    assert told(world.site, world, "vote_result") == sorted(set(ROLL) - {"membre"})
    assert mailing.facts["counts"] == {"for": 1, "against": 0, "blank": 0}


def test_staff_learns_of_a_certificate(world):
    company = worlds.certified(world, "celle", NOW)
    number = company.current_certificate().number
    assert told(world.site, world, "certificate_issued") == STAFF
    assert f"/companies/celle/certificates/{number}" in {letter.path for letter in letters(world.site)}


def test_who_has_no_address_or_is_erased_gets_nothing(world):
    world.accounts["entreprise"].email = ""
    world.accounts["collegue"].erased = True
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    assert letters(world.site) == []


def test_a_fact_that_is_told_twice_makes_one_mail(world):
    company = world.companies["candidate"]
    engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    again = {"account": world.accounts["entreprise"], "facts": {"company": "Candidate"}, "path": "/"}
    number, userid = company.history.maxKey(), world.actors["entreprise"].userid
    assert outbox.post(world.site, "admissible", ("admissible", company.__oid__, number, userid), NOW, **again) is None
    assert told(world.site, world, "admissible") == STAFF
    engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    assert told(world.site, world, "admissible") == sorted(2 * STAFF), "declared again is another fact"


def test_an_aborted_transaction_leaves_nothing(world):
    transaction.commit()
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    assert letters(world.site)
    transaction.abort()
    assert letters(world.site) == []


@pytest.mark.parametrize("group, kind", [("votes", "vote_open"), ("results", "vote_result")])
def test_who_does_not_want_mail_on_votes_gets_none(world, vote, group, kind):
    accounts.choose_mail(world.accounts["membre"], [group])
    voting.close(vote, vote.ends_at) if kind == "vote_result" else None
    mailing = mailings(world.site)[-1]
    outbox.expand(mailing, world.site, 100)
    assert told(world.site, world, kind) == sorted(set(ROLL) - {"membre"})


def test_what_concerns_ones_own_dossier_cannot_be_switched_off(world):
    accounts.choose_mail(world.accounts["entreprise"], ["votes", "results", "bodies"])
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    assert told(world.site, world, "admissible") == STAFF


def test_a_mail_that_was_removed_is_not_told_again(world):
    made = worlds.audit(world, world.companies["candidate"], 2, "planned", NOW)
    for letter in letters(world.site):
        outbox.of(world.site).box_of(letter).move(letter, "sent")
    later = NOW + timedelta(days=91)
    assert outbox.remove_old(world.site, NOW + timedelta(days=89)) == 0
    assert outbox.remove_old(world.site, later) > 0
    assert letters(world.site) == []
    team = [world.accounts[login] for login in worlds.TEAMS[2]]
    audits.change_plan(made, world.actors["equipe"], later, title=made.title, planned_on=None, team=team)
    assert letters(world.site) == []
