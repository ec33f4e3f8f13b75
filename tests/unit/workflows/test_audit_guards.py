"""What the steps of an audit ask for: each condition with its sentence and its place, and how it is mended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coopcms.domain import accounts, audits, bodies, companies, specifications
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW


@pytest.fixture
def company(world):
    return world.companies["candidate"]


def plan(world, company, level, **given):
    """An audit that is planned, with another team, body or texts than usual."""
    engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    given = {"body": world.body, "team": worlds.TEAMS[level]} | given
    team = [world.accounts[login] for login in given.pop("team")]
    return audits.plan(company, level, world.actors["equipe"], NOW, team=team, **given)


def replan(world, audit, **given):
    """Mend the plan."""
    given = {"body": world.body, "team": worlds.TEAMS[audit.level]} | given
    team = [world.accounts[login] for login in given.pop("team")]
    audits.change_plan(audit, world.actors["equipe"], NOW, title="", planned_on=None, team=team, **given)


def first(world, audit):
    """Somebody of the team."""
    return world.actors[worlds.TEAMS[audit.level][0]]


def says(found, *words):
    return all(word in getattr(found.sentence, "interpolate", found.sentence.__str__)() for word in words)


# Starting


@pytest.mark.parametrize("level", [1, 2])
def test_an_audit_starts_when_nothing_is_missing(world, company, level):
    audit = plan(world, company, level)
    assert engine.fire(audit, "start", first(world, audit), NOW)["role"] in ("local:team", "local:auditor")
    assert audit.state == "in_progress"


@pytest.mark.parametrize("level", [1, 2])
def test_nothing_is_verified_of_a_company_that_withdrew(world, company, missing, level):
    audit = plan(world, company, level)
    engine.fire(company, "withdraw", world.actors["entreprise"], NOW, comment="Nous arrêtons.")
    (found,) = missing(audit, "start", first(world, audit))
    assert says(found, "pas ouvert")
    assert found.target is company


def test_nothing_is_verified_before_the_application_is_admissible(world, company, missing):
    audit = plan(world, company, 2)
    engine.fire(company, "return_to_company", world.actors["equipe"], NOW, comment="À compléter.")
    assert [found.target for found in missing(audit, "start", first(world, audit))] == [company]
    engine.fire(company, "apply", world.actors["entreprise"], NOW)
    (found,) = missing(audit, "start", first(world, audit))
    assert says(found, "recevable")
    assert found.target is company
    engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    engine.fire(audit, "start", first(world, audit), NOW)


def test_there_is_a_text_to_verify(world, company, missing):
    audit = plan(world, company, 2, versions=[])
    (found,) = missing(audit, "start", first(world, audit))
    assert says(found, "Aucun texte")
    assert (found.target, found.view) == (audit, "plan")
    replan(world, audit)
    engine.fire(audit, "start", first(world, audit), NOW)


def test_what_is_verified_is_frozen(world, company, missing):
    audit, version = plan(world, company, 2), next(company.versions())
    engine.fire(version, "back_to_draft", world.actors["entreprise"], NOW, comment="Une faute.")
    (found,) = missing(audit, "start", first(world, audit))
    assert says(found, version.title, "figé")
    assert found.target is company["specifications"]
    engine.fire(version, "freeze", world.actors["entreprise"], NOW)
    engine.fire(audit, "start", first(world, audit), NOW)


def test_a_framework_that_is_being_written_is_not_verified(world, company, missing):
    framework, pen = world.site["framework"], world.actors["equipe"]
    version = specifications.revise(framework, pen, NOW)
    audit = plan(world, company, 2, versions=[version])
    (found,) = missing(audit, "start", first(world, audit))
    assert found.target is version
    engine.fire(version, "freeze", pen, NOW)
    engine.fire(audit, "start", first(world, audit), NOW)


@pytest.mark.parametrize(
    ("team", "words"),
    [
        (("visiteuse", "certificatrice"), ("2 sociétaires sur 3",)),
        (("visiteuse",), ("1 ", "sur 3")),
        (("visiteuse", "visiteur", "membre"), ("aucun consommateur certificateur",)),
    ],
)
def test_a_visit_is_made_by_three_members_one_of_them_a_certifier(world, company, missing, team, words):
    audit = plan(world, company, 2, team=team)
    (found,) = missing(audit, "start", world.actors["visiteuse"])
    assert says(found, *words)
    assert (found.target, found.view) == (audit, "plan")
    replan(world, audit)
    engine.fire(audit, "start", world.actors["visiteuse"], NOW)


@pytest.mark.parametrize(("size", "team"), [(1, 1), (2, 2), (4, 4)])
def test_how_many_make_a_visit_is_a_setting(world, company, registry, monkeypatch, missing, size, team):
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, visit_team=size))
    everybody = ("certificatrice", "visiteuse", "visiteur", "membre")
    if team > 1:
        audit = plan(world, company, 2, team=everybody[: team - 1])
        assert missing(audit, "start", world.actors["certificatrice"])
        replan(world, audit, team=everybody[:team])
    else:
        audit = plan(world, company, 2, team=everybody[:team])
    engine.fire(audit, "start", world.actors["certificatrice"], NOW)


def test_who_is_a_member_no_more_does_not_count(world, company, missing):
    audit = plan(world, company, 2)
    accounts.take_role(world.site, world.accounts["visiteur"], "member")
    (found,) = missing(audit, "start", world.actors["visiteuse"])
    assert says(found, "2 sociétaires sur 3")


@pytest.mark.parametrize("mend", ["team", "body"])
def test_an_audit_of_level_1_is_made_by_an_auditor_of_the_body(world, company, missing, mend):
    audit = plan(world, company, 1)
    world.body.auditors.remove(world.actors["auditeur"].userid)
    (found,) = missing(audit, "start", world.actors["auditeur"])
    assert says(found, "auditeur")
    assert (found.target, found.view) == (audit, "plan")
    if mend == "body":
        bodies.add_auditor(world.body, world.actors["auditeur"].userid)
    else:
        bodies.add_auditor(world.body, world.actors["membre"].userid)
        replan(world, audit, team=("membre",))
    engine.fire(audit, "start", world.actors["auditeur" if mend == "body" else "membre"], NOW)


def test_nobody_with_an_interest_is_in_the_team(world, company, missing):
    audit = plan(world, company, 2)
    companies.declare_interest(company, "Mon frère y travaille.", world.actors["visiteur"], NOW)
    (found,) = missing(audit, "start", world.actors["visiteuse"])
    assert says(found, "équipe de vérification", "lien")
    assert (found.target, found.view) == (audit, "plan")
    replan(world, audit, team=("visiteuse", "membre", "certificatrice"))
    engine.fire(audit, "start", world.actors["visiteuse"], NOW)


def test_staff_of_the_company_is_not_in_the_team(world, company, missing):
    audit = plan(world, company, 1)
    companies.add_staff(company, world.actors["auditeur"].userid)
    own, team = missing(audit, "start", world.actors["auditeur"])
    assert (own.target, own.view) == (company, "staff")
    assert (team.target, team.view) == (audit, "plan")


@pytest.mark.parametrize(
    ("now", "starts"),
    [
        (datetime(2026, 6, 30, 10, tzinfo=UTC), True),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), True),  # one minute before midnight in Paris
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), False),  # midnight in Paris
        (datetime(2026, 7, 1, 10, tzinfo=UTC), False),
    ],
)
def test_an_accreditation_counts_through_its_last_day_in_paris(world, company, missing, now, starts):
    audit, actor = plan(world, company, 1), world.actors["auditeur"]
    world.body.accredited_until = date(2026, 6, 30)
    if starts:
        engine.fire(audit, "start", actor, now)
    else:
        (found,) = missing(audit, "start", actor, now=now)
        assert says(found, "accréditation")
        assert found.target is world.body
        bodies.change(world.body, {"accredited_until": date(2027, 6, 30)}, world.actors["equipe"], now)
        engine.fire(audit, "start", actor, now)


@pytest.mark.parametrize("login", ["equipe", "certificateur", "membre", "entreprise", "auditeur"])
def test_nobody_but_the_team_starts_a_visit(world, company, refused, login):
    refused(engine.NotPermitted, plan(world, company, 2), "start", world.actors[login])


# Reporting


def test_a_report_answers_every_criterion(world, company, missing):
    audit, actor = worlds.audit(world, company, 1, "in_progress", NOW), world.actors["auditeur"]
    everything = list(audit.findings())
    unanswered, verdict = missing(audit, "report", actor)
    assert says(unanswered, str(len(everything)), "critères")
    assert unanswered.target is everything[0]
    assert (verdict.target, verdict.view) == (audit, "verdict")
    for finding in everything[:-1]:
        audits.file(finding, "conforming", "", actor, NOW)
    audits.write_verdict(audit, "Tout est tenu.", actor, NOW)
    (last,) = missing(audit, "report", actor)
    assert says(last, "Un critère")
    assert last.target is everything[-1]
    audits.file(everything[-1], "not_checked", "Le poulailler était fermé.", actor, NOW)
    engine.fire(audit, "report", actor, NOW)
    assert audit.state == "reported"


def test_a_report_opens_with_a_verdict(world, company, missing):
    audit, actor = worlds.audit(world, company, 1, "in_progress", NOW), world.actors["auditeur"]
    for finding in audit.findings():
        audits.file(finding, "conforming", "", actor, NOW)
    (found,) = missing(audit, "report", actor)
    assert says(found, "verdict")
    audits.write_verdict(audit, "Tout est tenu.", actor, NOW)
    engine.fire(audit, "report", actor, NOW)


def test_a_visit_is_not_reported_while_a_signature_is_missing(world, company, missing):
    audit = worlds.audit(world, company, 2, "answered", NOW)
    for login, words in (
        ("visiteuse", "3 signatures"),
        ("visiteur", "2 signatures"),
        ("certificatrice", "Une signature"),
    ):
        (found,) = missing(audit, "report", world.actors[login])
        assert says(found, words)
        assert (found.target, found.view) == (audit, "sign")
        audits.sign(audit, world.actors[login], NOW)
    assert audit.state == "reported"


@pytest.mark.parametrize("declared", ["interest", "staff"])
def test_who_is_in_conflict_since_the_start_does_not_report(world, company, missing, declared):
    audit, actor = worlds.audit(world, company, 1, "answered", NOW), world.actors["auditeur"]
    if declared == "staff":
        companies.add_staff(company, actor.userid)
    else:
        accounts.give_role(world.site, world.accounts["auditeur"], "member")
        actor = accounts.actor_of(world.accounts["auditeur"])
        companies.declare_interest(company, "J’en ai acheté des parts.", actor, NOW)
    assert missing(audit, "report", actor)


# Contesting


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize(("after", "possible"), [(0, True), (30, True), (30.001, False), (31, False)])
def test_a_report_is_contested_within_thirty_days(world, company, missing, level, after, possible):
    audit, staff = worlds.audit(world, company, level, "reported", NOW), world.actors["entreprise"]
    now = NOW + timedelta(days=after)
    if possible:
        engine.fire(audit, "contest", staff, now, comment="Inexact.")
        assert audit.state == "contested"
    else:
        (found,) = missing(audit, "contest", staff, now=now, comment="Inexact.")
        assert says(found, "30 jours")
        assert found.target is audit


def test_a_report_given_anew_is_contested_within_thirty_days_of_that(world, company):
    audit, staff = worlds.audit(world, company, 2, "reported", NOW), world.actors["entreprise"]
    later = NOW + timedelta(days=40)
    engine.fire(audit, "resume", world.actors["certificateur"], later, comment="À revoir.")
    worlds.report(world, audit, later)
    engine.fire(audit, "contest", staff, later + timedelta(days=30), comment="Inexact.")


def test_the_time_to_contest_is_a_setting(world, company, registry, monkeypatch, missing):
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, contest_days=7))
    audit, staff = worlds.audit(world, company, 2, "reported", NOW), world.actors["entreprise"]
    assert missing(audit, "contest", staff, now=NOW + timedelta(days=8), comment="Inexact.")
    engine.fire(audit, "contest", staff, NOW + timedelta(days=7), comment="Inexact.")


# Judging


@pytest.mark.parametrize("id", ["resume", "validate"])
@pytest.mark.parametrize("state", ["reported", "contested"])
def test_who_evaluated_does_not_judge_the_evaluation(world, company, missing, state, id):
    audit = worlds.audit(world, company, 2, state, NOW)
    audits.reply(audit, "Nous avons lu.", world.actors["entreprise"], NOW)
    (found,) = missing(audit, id, world.actors["certificatrice"], comment="Bien.")
    assert says(found, "équipe de cet audit")
    assert found.target is audit
    engine.fire(audit, id, world.actors["certificateur"], NOW, comment="Bien.")


@pytest.mark.parametrize("id", ["resume", "validate"])
@pytest.mark.parametrize(("declared", "view"), [("interest", "interests"), ("staff", "staff")])
def test_who_is_in_conflict_does_not_judge_the_evaluation(world, company, missing, declared, view, id):
    audit, actor = worlds.audit(world, company, 1, "contested", NOW), world.actors["certificateur"]
    if declared == "staff":
        companies.add_staff(company, actor.userid)
    else:
        companies.declare_interest(company, "Ma sœur y travaille.", actor, NOW)
    (found,) = missing(audit, id, actor, comment="Bien.")
    assert (found.target, found.view) == (company, view)
    engine.fire(audit, id, world.actors["certificatrice"], NOW, comment="Bien.")


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize(("after", "possible"), [(0, False), (13.999, False), (14, True), (60, True)])
def test_without_a_reply_a_report_is_validated_after_fourteen_days(world, company, missing, level, after, possible):
    audit, certifier = worlds.audit(world, company, level, "reported", NOW), world.actors["certificateur"]
    now = NOW + timedelta(days=after)
    if possible:
        engine.fire(audit, "validate", certifier, now)
        assert audit.state == "validated"
    else:
        (found,) = missing(audit, "validate", certifier, now=now)
        assert says(found, "pas encore répondu", "14 jours")
        assert found.target is audit


def test_the_time_to_reply_is_a_setting(world, company, registry, monkeypatch, missing):
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, reply_days=3))
    audit, certifier = worlds.audit(world, company, 1, "reported", NOW), world.actors["certificateur"]
    assert missing(audit, "validate", certifier, now=NOW + timedelta(days=2))
    engine.fire(audit, "validate", certifier, NOW + timedelta(days=3))


def test_after_a_reply_a_report_is_validated_at_once(world, company):
    audit = worlds.audit(world, company, 2, "reported", NOW)
    audits.reply(audit, "Nous avons lu.", world.actors["entreprise"], NOW)
    engine.fire(audit, "validate", world.actors["certificateur"], NOW)


def test_a_reply_to_a_former_report_is_none_to_the_report_given_anew(world, company, missing):
    audit, certifier = worlds.audit(world, company, 2, "reported", NOW), world.actors["certificateur"]
    audits.reply(audit, "Nous avons lu.", world.actors["entreprise"], NOW)
    later = NOW + timedelta(days=3)
    engine.fire(audit, "resume", certifier, later, comment="À revoir.")
    worlds.report(world, audit, later)
    assert missing(audit, "validate", certifier, now=later + timedelta(days=13))
    engine.fire(audit, "validate", certifier, later + timedelta(days=14))


@pytest.mark.parametrize("login", ["equipe", "membre", "visiteuse", "entreprise", "auditeur", "admin", "clock"])
@pytest.mark.parametrize("id", ["resume", "validate"])
def test_nobody_but_a_certifier_judges(world, company, refused, login, id):
    audit = worlds.audit(world, company, 1, "contested", NOW)
    refused(engine.NotPermitted, audit, id, world.actors[login], comment="Bien.")


# Cancelling


@pytest.mark.parametrize("state", ["planned", "in_progress", "contested"])
def test_a_coordinator_without_a_conflict_cancels_and_says_why(world, company, missing, refused, state):
    audit = worlds.audit(world, company, 2, state, NOW)
    companies.declare_interest(company, "J’y travaillais.", world.actors["equipe"], NOW)
    (found,) = missing(audit, "cancel", world.actors["equipe"], comment="Reporté.")
    assert (found.target, found.view) == (company, "interests")
    refused(engine.CommentRequired, audit, "cancel", world.actors["equipe2"])
    engine.fire(audit, "cancel", world.actors["equipe2"], NOW, comment="Reporté.")
    assert audit.state == "cancelled"


@pytest.mark.parametrize("id", ["contest", "resume"])
def test_contesting_and_sending_back_ask_for_a_reason(world, company, refused, id):
    audit = worlds.audit(world, company, 2, "reported", NOW)
    actor = world.actors["entreprise" if id == "contest" else "certificateur"]
    refused(engine.CommentRequired, audit, id, actor, comment="  ")


# What rests on an audit


def test_a_text_that_is_being_verified_does_not_go_back_to_draft(world, company, missing):
    version, staff = next(company.versions()), world.actors["entreprise"]
    audit = worlds.audit(world, company, 2, "in_progress", NOW)
    (found,) = missing(version, "back_to_draft", staff, comment="Une faute.")
    assert found.target is audit
    engine.fire(audit, "cancel", world.actors["equipe"], NOW, comment="Reporté.")
    engine.fire(version, "back_to_draft", staff, NOW, comment="Une faute.")


def test_a_framework_that_is_being_verified_does_not_go_back_to_draft_either(world, company, missing):
    pen = world.actors["equipe"]
    version = specifications.revise(world.site["framework"], pen, NOW)
    engine.fire(version, "freeze", pen, NOW)
    worlds.audit(world, company, 2, "in_progress", NOW, versions=[version])
    assert missing(version, "back_to_draft", pen, comment="Une faute.")
