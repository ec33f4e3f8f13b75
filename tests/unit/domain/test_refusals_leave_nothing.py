"""Who is refused has changed nothing: verbs that write before they fire a step ask its conditions first."""

import io
from datetime import date, timedelta
from fractions import Fraction

import pytest

from coopcms.domain import audits, companies, enforcement, nonconformities, outside, proposals
from coopcms.domain.errors import Forbidden, Invalid, Stale
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW

TOMORROW = (NOW + timedelta(days=1)).date()


@pytest.fixture
def company(world):
    return world.companies["candidate"]


def written(found):
    return (
        found.state,
        found.cause,
        found.action,
        found.deadline,
        found.revision,
        list(found.proofs),
        len(found.documents),
    )


def propose(found, staff):
    nonconformities.propose(found, "Un oubli.", "Un relevé.", TOMORROW, staff, NOW)


def prove(found, staff):
    nonconformities.prove(found, "C’est fait.", staff, NOW)


def document(found, staff):
    nonconformities.add_document(found, io.BytesIO(b"%PDF-1"), "a.pdf", "", "public", staff, NOW, most_bytes=99)


@pytest.mark.parametrize(("state", "act"), [("open", propose), ("accepted", prove), ("accepted", document)])
def test_a_company_that_left_writes_nothing_about_a_finding(world, company, state, act):
    audit = worlds.audit(world, company, 2, "validated", NOW, found={"A1": "minor"})
    found, staff = worlds.nonconformity(world, audit, state, NOW), world.actors["entreprise"]
    engine.fire(company, "withdraw", staff, NOW, comment="Nous arrêtons.")
    before = written(found)
    with pytest.raises(engine.GuardRefused):
        act(found, staff)
    assert written(found) == before


@pytest.mark.parametrize(("state", "act"), [("open", propose), ("accepted", prove), ("accepted", document)])
def test_a_report_that_is_made_anew_is_not_answered(world, company, state, act):
    audit = worlds.audit(world, company, 2, "reported", NOW, found={"A1": "minor"})
    found, staff = worlds.nonconformity(world, audit, state, NOW), world.actors["entreprise"]
    engine.fire(audit, "resume", world.actors["certificateur"], NOW, comment="À revoir.")
    before = written(found)
    with pytest.raises(Forbidden):
        act(found, staff)
    assert written(found) == before


def upload_a_program(finding, actor):
    audits.add_evidence(finding, io.BytesIO(b"MZ"), "a.exe", "", "public", actor, NOW, most_bytes=99)


def remove_what_is_not_there(finding, actor):
    audits.remove_evidence(finding, "0" * 16, actor, NOW)


@pytest.mark.parametrize(("act", "error"), [(upload_a_program, Invalid), (remove_what_is_not_there, KeyError)])
def test_evidence_that_is_refused_leaves_the_signatures(world, company, act, error):
    audit = worlds.audit(world, company, 2, "answered", NOW)
    audits.sign(audit, world.actors["visiteuse"], NOW)
    with pytest.raises(error):
        act(next(audit.findings()), world.actors["visiteur"])
    assert list(audit.signatures) == [world.actors["visiteuse"].userid]


# Conflict of interest: not by a date for the clock either


def in_conflict(world, company, how):
    actor = world.actors["equipe"]
    if how == "staff":
        companies.add_staff(company, actor.userid)
    else:
        companies.declare_interest(company, "Ma sœur y travaille.", actor, NOW)
    return actor


def plan(world, company, actor):
    audits.plan(company, 2, actor, NOW)


def change_a_plan(world, company, actor):
    audits.change_plan(next(company.audits()), actor, NOW, title="Autre", planned_on=TOMORROW, team=())


def record_unsigned(world, company, actor):
    audits.record_unsigned(
        list(company.audits())[1], world.actors["visiteur"].userid, "Absent.", actor, NOW + timedelta(days=20)
    )


def set_a_date(world, company, actor):
    enforcement.set_date(next(company.versions()), TOMORROW, actor, NOW)


def rewrite(world, company, actor):
    proposals.rewrite(next(iter(world.site["proposals"].values())), "Autre", "", "Autre", actor, NOW)


def set_an_opening(world, company, actor):
    given = {"days": 9, "secret": True, "quorum": Fraction(0), "majority": Fraction(1, 2), "opens_on": NOW.date()}
    proposals.set_rules(next(iter(world.site["proposals"].values())), actor, NOW, **given)


@pytest.mark.parametrize("how", ["staff", "interests"])
@pytest.mark.parametrize("act", [plan, change_a_plan, record_unsigned, set_a_date, rewrite, set_an_opening])
def test_a_coordinator_in_conflict_decides_nothing_by_another_way(world, how, act):
    company = worlds.in_state(world, "celle", "certified", NOW)
    worlds.audit(world, company, 2, "planned", NOW, name="a")
    signed = worlds.audit(world, company, 2, "answered", NOW, name="b")
    for login in ("visiteuse", "certificatrice"):
        audits.sign(signed, world.actors[login], NOW)
    worlds.vote(world, "exclusion", company, NOW, state="discussion")
    [proposal] = world.site["proposals"].values()
    actor = in_conflict(world, company, how)
    with pytest.raises(engine.GuardRefused) as refused:
        act(world, company, actor)
    [missing] = refused.value.missing
    assert (missing.target, missing.view) == (company, how)
    assert [audit.title for audit in company.audits()] == ["Visite de vérification"] * 2
    assert next(company.versions()).in_force_on is None
    assert (proposal.title, proposal.opens_on) == (f"exclusion de {company.title}", None)
    act(world, company, world.actors["equipe2"])


def test_who_wrote_a_proposal_may_go_on_writing_its_draft(world):
    company = worlds.in_state(world, "celle", "certified", NOW)
    proposal = worlds.vote(world, "exclusion", company, NOW, state="draft")
    actor = in_conflict(world, company, "interests")
    proposals.rewrite(proposal, "Autre", "", "Autre", actor, NOW)
    assert proposal.title == "Autre"


# Two at one text


def test_a_proposal_that_somebody_changed_meanwhile_is_not_overwritten(world):
    company = worlds.in_state(world, "celle", "certified", NOW)
    proposal = worlds.vote(world, "exclusion", company, NOW, state="submitted")
    rules = {"days": 9, "secret": True, "quorum": Fraction(0), "majority": Fraction(1, 2)}
    seen = proposal.revision
    proposals.rewrite(proposal, "Le premier", "", "Texte", world.actors["equipe"], NOW, revision=seen)
    with pytest.raises(Stale):
        proposals.rewrite(proposal, "Le second", "", "Texte", world.actors["equipe2"], NOW, revision=seen)
    with pytest.raises(Stale):
        proposals.set_rules(proposal, world.actors["equipe2"], NOW, **rules, revision=seen)
    assert proposal.title == "Le premier"
    proposals.set_rules(proposal, world.actors["equipe2"], NOW, **rules, revision=proposal.revision)
    assert proposal.days == 9


def test_what_a_colleague_ticked_off_stays_ticked(world):
    company = worlds.in_state(world, "celle", "certified", NOW)
    proposal = worlds.vote(world, "exclusion", company, NOW, state="submitted")
    proposal.state = "adopted"
    one, other = world.actors["equipe"], world.actors["equipe2"]
    proposals.follow(proposal, set(), "Prévenir", one, NOW)
    seen = proposal.revision
    proposals.follow(proposal, {0}, "", one, NOW, revision=seen)
    with pytest.raises(Stale):
        proposals.follow(proposal, set(), "Publier", other, NOW, revision=seen)
    assert [milestone["done"] for milestone in proposal.milestones] == [True]


# Sent twice


def test_a_reply_sent_twice_is_said_once(world, company):
    audit, staff = worlds.audit(world, company, 1, "reported", NOW), world.actors["entreprise"]
    for text in ("Nous avons lu.", "Nous avons lu. ", "Et relu."):
        audits.reply(audit, text, staff, NOW)
    assert [reply["text"] for reply in audit.replies.values()] == ["Nous avons lu.", "Et relu."]


def test_a_plan_sent_twice_is_one_audit(world, company):
    engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    one = audits.plan(company, 2, world.actors["equipe"], NOW, planned_on=TOMORROW)
    assert audits.plan(company, 2, world.actors["equipe"], NOW, planned_on=TOMORROW) is one
    assert audits.plan(company, 2, world.actors["equipe2"], NOW, planned_on=TOMORROW) is not one
    assert len(list(company.audits())) == 2


def test_a_proposal_sent_twice_is_one_draft(world, company):
    one = worlds.vote(world, "exclusion", company, NOW, state="draft")
    assert worlds.vote(world, "exclusion", company, NOW, state="draft") is one
    engine.fire(one, "submit", world.actors["equipe"], NOW)
    assert worlds.vote(world, "exclusion", company, NOW, state="draft") is not one


def test_a_certificate_declared_twice_is_one(world, company):
    values = {"name": "AB", "issuer": "Certipaq", "number": "", "file": "", "valid_until": date(2027, 1, 31)}
    staff = world.actors["entreprise"]
    keys = {outside.declare(company, values, staff, NOW) for _time in range(2)}
    assert len(company.outside_certificates) == len(keys) == 1
    outside.change(company, *keys, {**values, "number": "12"}, staff, NOW)
    assert outside.declare(company, values, staff, NOW) not in keys
