"""Verbs on accredited bodies, and who audits for them."""

from datetime import date, timedelta

import pytest

from coopcms.domain import accounts, bodies
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.security.principals import roles_here
from coopcms.security.roles import R

from ... import world as worlds
from ...conftest import NOW


def test_only_coordinators_take_a_body_into_the_list_and_change_it(world):
    for login in ("visitor", "membre", "certificatrice", "entreprise", "auditeur", "admin"):
        with pytest.raises(Forbidden):
            bodies.create(world.site, worlds.BODY, world.actors[login], NOW)
        with pytest.raises(Forbidden):
            bodies.change(world.body, {**worlds.BODY, "title": "Pris"}, world.actors[login], NOW)
    made = bodies.create(world.site, {**worlds.BODY, "city": "Guéret"}, world.actors["equipe"], NOW)
    assert bodies.create(world.site, {**worlds.BODY, "city": "Guéret"}, world.actors["equipe"], NOW) is made
    assert (made.__name__, made.accredited_until, made.created) == ("bureau-de-controle", date(2030, 12, 31), NOW)
    later = NOW + timedelta(days=1)
    bodies.change(made, {**worlds.BODY, "city": " Limoges "}, world.actors["equipe"], later)
    assert (made.city, made.modified, made.revision) == ("Limoges", later, 1)


@pytest.mark.parametrize(
    "day, runs", [(date(2030, 12, 30), True), (date(2030, 12, 31), True), (date(2031, 1, 1), False)]
)
def test_an_accreditation_runs_until_its_last_day(world, day, runs):
    assert world.body.is_accredited_on(day) is runs


def test_a_body_without_a_date_is_not_accredited(world):
    world.body.accredited_until = None
    assert not world.body.is_accredited_on(NOW.date())


def test_an_auditor_is_one_towards_the_own_body_alone(world):
    other = bodies.create(world.site, {**worlds.BODY, "title": "Autre"}, world.actors["equipe"], NOW)
    auditor = world.actors["auditeur"]
    assert R.AUDITOR in roles_here(auditor, world.body)
    assert R.AUDITOR not in roles_here(auditor, other)
    assert R.AUDITOR not in roles_here(auditor, world.companies["candidate"])
    assert R.AUDITOR not in roles_here(world.actors["visitor"], world.body)


def test_an_auditor_is_removed_unless_an_audit_that_runs_counts_on_them(world):
    team, auditor = world.actors["equipe"], world.actors["auditeur"]
    with pytest.raises(Forbidden):
        bodies.remove_auditor(world.site, world.body, auditor.userid, world.actors["certificatrice"])
    for state in ("planned", "in_progress", "reported", "contested"):
        running = worlds.audit(world, world.companies["candidate"], 1, state, NOW)
        with pytest.raises(Invalid) as refused:
            bodies.remove_auditor(world.site, world.body, auditor.userid, team)
        assert running.title == refused.value.messages["auditor"].mapping["audit"]
        running.team.clear()
    bodies.remove_auditor(world.site, world.body, auditor.userid, team)
    assert auditor.userid not in world.body.auditors
    bodies.remove_auditor(world.site, world.body, auditor.userid, team)


@pytest.mark.parametrize("state", ["validated", "cancelled"])
def test_an_audit_that_is_over_does_not_hold_its_auditor(world, state):
    worlds.audit(world, world.companies["candidate"], 1, state, NOW)
    bodies.remove_auditor(world.site, world.body, world.actors["auditeur"].userid, world.actors["equipe"])
    assert not world.body.auditors


def test_the_audits_of_a_body_are_those_given_to_it(world):
    other = bodies.create(world.site, {**worlds.BODY, "title": "Autre"}, world.actors["equipe"], NOW)
    assert list(bodies.audits_of(world.site, world.body)) == []
    first = worlds.audit(world, world.companies["candidate"], 1, "planned", NOW)
    worlds.audit(world, world.companies["candidate"], 2, "planned", NOW)
    assert list(bodies.audits_of(world.site, world.body)) == [first]
    assert list(bodies.audits_of(world.site, other)) == []


def test_an_invitation_to_audit_makes_an_auditor_and_no_staff(world):
    site, team = world.site, world.actors["equipe"]
    for login in ("membre", "entreprise", "auditeur", "admin"):
        with pytest.raises(Forbidden):
            accounts.invite(site, "x@y.example", world.actors[login], NOW, body=world.body)
    number = accounts.invite(site, "x@y.example", team, NOW, body=world.body)
    assert [n for n, _found in accounts.pending_invitations(site, NOW, world.body)] == [number]
    assert accounts.pending_invitations(site, NOW) == []
    assert accounts.pending_invitations(site, NOW, world.companies["candidate"]) == []
    assert accounts.invites_auditor(site.invitations[number])
    before = set(world.companies)
    place = accounts.accept_invitation(site, number, world.accounts["voisine"], NOW)
    assert place is world.body
    assert world.accounts["voisine"].__oid__ in world.body.auditors
    assert set(world.companies) == before
    with pytest.raises(Forbidden):
        accounts.accept_invitation(site, number, world.accounts["membre"], NOW)


def test_only_coordinators_take_an_invitation_to_audit_back(world):
    number = accounts.invite(world.site, "x@y.example", world.actors["equipe"], NOW, body=world.body)
    with pytest.raises(Forbidden):
        accounts.revoke_invitation(world.site, number, world.actors["entreprise"])
    accounts.revoke_invitation(world.site, number, world.actors["equipe2"])
    assert number not in world.site.invitations


def test_an_invitation_of_before_there_were_bodies_still_leads_to_its_company(world):
    company = world.companies["candidate"]
    number = accounts.invite(world.site, "x@y.example", world.actors["entreprise"], NOW, company=company)
    del world.site.invitations[number]["body"]
    assert [n for n, _found in accounts.pending_invitations(world.site, NOW, company)] == [number]
    assert accounts.accept_invitation(world.site, number, world.accounts["voisine"], NOW) is company
    assert world.accounts["voisine"].__oid__ in company.staff
