"""Whose turn it is on a dossier, from its draft to its attachment."""

from datetime import timedelta

import pytest

from coopcms.domain import audits, members, proposals, registers, turns, voting
from coopcms.security.roles import R
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW

LATER = NOW + timedelta(days=3)


@pytest.fixture
def company(world):
    return world.companies["candidate"]


def whose(company, now=LATER):
    turn = turns.turn(company, now)
    return turn.who, str(turn.what)


def test_the_whole_way_of_a_dossier(world, company):
    """Each step hands over to whoever acts next."""
    coordinator, certifier, staff = (world.actors[login] for login in ("equipe", "certificateur", "entreprise"))
    assert whose(company) == (R.COORDINATOR, "Examiner la recevabilité")
    engine.fire(company, "declare_admissible", coordinator, NOW)
    assert whose(company) == (R.COORDINATOR, "Prévoir les audits")
    first = worlds.audit(world, company, 1, "planned", NOW)
    second = worlds.audit(world, company, 2, "validated", NOW)
    assert whose(company) == (R.TEAM, "Commencer « ${audit} »")
    engine.fire(first, "start", world.actors["auditeur"], NOW)
    worlds.answer(world, first, NOW, {"A1": "minor"})
    assert whose(company) == (R.TEAM, "Rendre le rapport de « ${audit} »")
    worlds.report(world, first, NOW)
    assert whose(company)[0] == R.STAFF
    audits.reply(first, "Nous avons lu.", staff, NOW)
    found = worlds.nonconformity(world, first, "proposed", NOW)
    assert whose(company) == (R.CERTIFIER, "Valider le rapport « ${audit} »")
    engine.fire(first, "validate", certifier, NOW)
    assert whose(company) == (R.CERTIFIER, "Examiner l’action pour « ${what} »")
    worlds.nonconformity(world, first, "proved", NOW)
    assert whose(company) == (R.AUDITOR, "Vérifier l’effet pour « ${what} »")
    worlds.nonconformity(world, first, "closed", NOW)
    assert (found.state, second.state) == ("closed", "validated")
    assert whose(company) == (R.CERTIFIER, "Accepter les audits")
    engine.fire(company, "accept_audits", certifier, NOW)
    assert whose(company) == (R.COORDINATOR, "Proposer le vote d’admission")
    members.admit(world.site, world.accounts["membre"], coordinator, NOW)
    registers.number_waiting(world.site, NOW)
    vote = proposals.propose(world.site, "admission", "Admettre ?", "Oui.", coordinator, NOW, company=company)
    assert whose(company) == (R.COORDINATOR, "Mener la proposition d’admission au vote")
    for step in ("submit", "discuss", "open"):
        engine.fire(vote, step, coordinator, NOW)
    assert whose(company) == (R.MEMBER, "Voter l’admission")
    assert whose(company, vote.ends_at) == (R.COORDINATOR, "Dépouiller le vote")
    voting.cast(vote, "for", world.actors["membre"], NOW)
    voting.close(vote, vote.ends_at)
    assert whose(company) == (R.CERTIFIER, "Décider de la certification")
    engine.fire(company, "certify", certifier, NOW)
    assert whose(company) == (R.COORDINATOR, "Enregistrer le lien structurel")
    company.link = {"stake": "2"}
    assert whose(company) == (R.COORDINATOR, "Rattacher")
    engine.fire(company, "partner", coordinator, NOW)
    assert whose(company) == (None, "Rien n’attend personne.")


@pytest.mark.parametrize(
    ("name", "who", "what"),
    [("brouillon", R.STAFF, "Compléter le dossier"), ("complete", R.STAFF, "Déposer la candidature")],
)
def test_a_draft_waits_for_its_company(world, name, who, what):
    assert whose(world.companies[name]) == (who, what)


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_a_closed_dossier_waits_for_nobody(world, state):
    assert whose(worlds.in_state(world, "celle", state, NOW))[0] is None


def test_of_several_the_one_that_waits_longest_is_named(world, company):
    early = worlds.audit(world, company, 1, "validated", NOW, found={"A1": "minor"})
    worlds.audit(world, company, 2, "planned", NOW + timedelta(days=2))
    turn = turns.turn(company, LATER)
    assert (turn.who, turn.target, turn.since) == (R.STAFF, next(early.nonconformities()), NOW)
