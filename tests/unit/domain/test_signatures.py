"""Signing the report of a visit: with or without a reservation, again after a change, or not at all."""

import io
from datetime import timedelta

import pytest

from coopcms.domain import audits, bodies, companies
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW

LATER = NOW + timedelta(days=14)


@pytest.fixture
def company(world):
    return world.companies["candidate"]


@pytest.fixture
def answered(world, company):
    """A visit of which only the signatures are missing."""
    return worlds.audit(world, company, 2, "answered", NOW)


def finding_on(audit, code):
    return next(finding for finding in audit.findings() if finding.criterion.code == code)


def test_the_last_signature_gives_the_report(world, answered):
    given = [audits.sign(answered, world.actors[login], NOW) for login in worlds.TEAMS[2]]
    assert given == [False, False, True]
    assert answered.state == "reported"
    assert engine.last_entry(answered)["role"] == "local:team"


def test_a_signature_may_carry_a_reservation(world, answered):
    actor = world.actors["visiteuse"]
    audits.sign(answered, actor, NOW, reservation=" Nous n’avons pas vu l’abattoir. ")
    assert answered.signatures[actor.userid]["reservation"] == "Nous n’avons pas vu l’abattoir."


def test_nobody_signs_twice(world, answered):
    audits.sign(answered, world.actors["visiteuse"], NOW)
    with pytest.raises(Invalid):
        audits.sign(answered, world.actors["visiteuse"], NOW)


def test_nobody_signs_what_is_not_finished(world, company):
    visit = worlds.audit(world, company, 2, "in_progress", NOW)
    with pytest.raises(engine.GuardRefused) as caught:
        audits.sign(visit, world.actors["visiteuse"], NOW)
    assert len(caught.value.missing) == 2


@pytest.mark.parametrize("login", ["certificateur", "equipe", "membre", "auditeur", "entreprise", "clock"])
def test_nobody_but_the_team_signs(world, answered, login):
    with pytest.raises(Forbidden):
        audits.sign(answered, world.actors[login], NOW)


def test_who_came_into_conflict_does_not_sign(world, company, answered):
    companies.declare_interest(company, "Ma sœur y travaille.", world.actors["visiteuse"], NOW)
    with pytest.raises((Invalid, engine.GuardRefused)):
        audits.sign(answered, world.actors["visiteuse"], NOW)
    assert not answered.signatures


def change_a_finding(world, audit):
    audits.file(finding_on(audit, "A1"), "minor", "Trop petit.", world.actors["visiteur"], NOW)


def change_the_verdict(world, audit):
    audits.write_verdict(audit, "Presque tout est tenu.", world.actors["visiteur"], NOW)


def add_a_photo(world, audit):
    actor = world.actors["visiteur"]
    finding = finding_on(audit, "A1")
    return audits.add_evidence(finding, io.BytesIO(b"%PDF-1"), "a.pdf", "", "public", actor, NOW, most_bytes=99)


def remove_a_photo(world, audit):
    evidence = add_a_photo(world, audit)
    audits.sign(audit, world.actors["visiteuse"], NOW)
    audits.remove_evidence(finding_on(audit, "A1"), evidence.__name__, world.actors["visiteur"], NOW)


@pytest.mark.parametrize("change", [change_a_finding, change_the_verdict, add_a_photo, remove_a_photo])
def test_whoever_signed_before_a_change_signs_again(world, answered, change):
    audits.sign(answered, world.actors["visiteuse"], NOW)
    audits.sign(answered, world.actors["visiteur"], NOW)
    change(world, answered)
    assert len(answered.unsigned()) == 3
    assert not audits.sign(answered, world.actors["certificatrice"], NOW)
    worlds.report(world, answered, NOW)
    assert answered.state == "reported"


def test_saying_the_same_again_is_no_change(world, answered):
    audits.sign(answered, world.actors["visiteuse"], NOW)
    audits.file(finding_on(answered, "A1"), "conforming", "", world.actors["visiteur"], NOW)
    audits.write_verdict(answered, answered.verdict.text, world.actors["visiteur"], NOW)
    assert len(answered.unsigned()) == 2


def test_who_reports_at_level_1_signs_by_that(world, company):
    audit = worlds.audit(world, company, 1, "reported", NOW)
    assert list(audit.signatures) == [world.actors["auditeur"].userid]


# A signature that is missing


def sign_by_two(world, audit, when=NOW):
    for login in ("visiteuse", "certificatrice"):
        audits.sign(audit, world.actors[login], when)


def test_after_fourteen_days_a_coordinator_records_who_did_not_sign_and_the_report_is_given(world, answered):
    sign_by_two(world, answered)
    absent, coordinator = world.actors["visiteur"].userid, world.actors["equipe"]
    assert audits.record_unsigned(answered, absent, "Parti à l’étranger.", coordinator, LATER)
    assert answered.state == "reported"
    line = answered.signatures[absent]
    assert (line["missing"], line["recorded_by"]) == ("Parti à l’étranger.", coordinator.userid)
    assert engine.last_entry(answered)["role"] == "system:clock"


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=13, hours=23, minutes=59)])
def test_a_missing_signature_is_not_recorded_sooner(world, answered, after):
    sign_by_two(world, answered)
    with pytest.raises(Invalid):
        audits.record_unsigned(answered, world.actors["visiteur"].userid, "Parti.", world.actors["equipe"], NOW + after)
    assert answered.state == "in_progress"


@pytest.mark.parametrize("signed", [[], ["visiteuse"]])
def test_two_signatures_remain(world, answered, signed):
    for login in signed:
        audits.sign(answered, world.actors[login], NOW)
    with pytest.raises(Invalid):
        audits.record_unsigned(answered, world.actors["visiteur"].userid, "Parti.", world.actors["equipe"], LATER)


def test_of_four_two_may_be_missing_and_the_report_waits_for_the_second(world, company):
    audit = worlds.audit(world, company, 2, "answered", NOW, team=("visiteuse", "visiteur", "membre", "certificatrice"))
    sign_by_two(world, audit)
    coordinator = world.actors["equipe"]
    assert not audits.record_unsigned(audit, world.actors["visiteur"].userid, "Parti.", coordinator, LATER)
    assert audits.record_unsigned(audit, world.actors["membre"].userid, "Malade.", coordinator, LATER)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_missing_signature_has_a_reason(world, answered, reason):
    sign_by_two(world, answered)
    with pytest.raises(Invalid) as caught:
        audits.record_unsigned(answered, world.actors["visiteur"].userid, reason, world.actors["equipe"], LATER)
    assert list(caught.value.messages) == ["reason"]


@pytest.mark.parametrize("login", ["visiteuse", "membre", "equipe"])
def test_nothing_is_missing_from_who_signed_or_was_not_there(world, answered, login):
    sign_by_two(world, answered)
    with pytest.raises(Invalid):
        audits.record_unsigned(answered, world.actors[login].userid, "Parti.", world.actors["equipe"], LATER)


@pytest.mark.parametrize("login", ["certificateur", "visiteuse", "entreprise", "admin", "clock"])
def test_only_a_coordinator_records_it(world, answered, login):
    sign_by_two(world, answered)
    with pytest.raises(Forbidden):
        audits.record_unsigned(answered, world.actors["visiteur"].userid, "Parti.", world.actors[login], LATER)


def test_a_change_lets_the_fourteen_days_begin_anew(world, answered):
    sign_by_two(world, answered)
    change_a_finding(world, answered)
    sign_by_two(world, answered, NOW + timedelta(days=10))
    with pytest.raises(Invalid):
        audits.record_unsigned(answered, world.actors["visiteur"].userid, "Parti.", world.actors["equipe"], LATER)


def test_an_accredited_body_gives_its_reports_itself(world, company):
    """Level 1 is reported by an auditor: no record of a missing signature takes that place."""
    for login in ("membre", "visiteuse"):
        bodies.add_auditor(world.body, world.actors[login].userid)
    audit = worlds.audit(world, company, 1, "answered", NOW, team=("auditeur", "membre", "visiteuse"))
    for login in ("auditeur", "membre"):
        audits.sign(audit, world.actors[login], NOW)
    with pytest.raises((Invalid, Forbidden, engine.Refused)):
        audits.record_unsigned(audit, world.actors["visiteuse"].userid, "Partie.", world.actors["equipe"], LATER)
    assert audit.state == "in_progress"
