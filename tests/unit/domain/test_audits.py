"""Planning an audit, filing what is found, replying, and what a report leaves behind."""

from datetime import date

import pytest

from coopcms.domain import audits, bodies, companies, nonconformities, specifications
from coopcms.domain.errors import Forbidden, Invalid, Stale
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW


@pytest.fixture
def company(world):
    """A company that applied and was declared admissible."""
    found = world.companies["candidate"]
    engine.fire(found, "declare_admissible", world.actors["equipe"], NOW)
    return found


@pytest.fixture
def visit(world, company):
    """A visit that has started."""
    return worlds.audit(world, company, 2, "in_progress", NOW)


def team(world, *logins):
    return [world.accounts[login] for login in logins]


def finding_on(audit, code):
    return next(finding for finding in audit.findings() if finding.criterion.code == code)


# Planning


@pytest.mark.parametrize("level", [1, 2])
def test_an_audit_verifies_the_framework_and_every_candidate_version(world, company, level):
    audit = audits.plan(company, level, world.actors["equipe"], NOW, body=world.body)
    assert audit.state == "planned"
    assert set(audit.versions) == {*company.versions(), *world.site["framework"].versions()}
    assert audit.__parent__ is company["audits"]


def test_a_draft_is_not_to_be_verified(world, company):
    staff = world.actors["entreprise"]
    draft = specifications.create(company, "Miel", "", staff, NOW)
    assert draft not in audits.plan(company, 2, world.actors["equipe"], NOW).versions


def test_nothing_is_planned_before_the_application_is_admissible(world):
    company = worlds.company(world, "nouvelle", NOW)
    engine.fire(company, "apply", world.actors["entreprise"], NOW)
    with pytest.raises(Invalid):
        audits.plan(company, 2, world.actors["equipe"], NOW)
    assert list(company.audits()) == []


@pytest.mark.parametrize("state", ["audited", "voted", "certified", "partnered", "suspended"])
def test_audits_are_planned_as_long_as_a_company_is_on_its_way_or_attached(world, state):
    company = worlds.in_state(world, "celle", state, NOW)
    assert audits.plan(company, 2, world.actors["equipe"], NOW).state == "planned"


@pytest.mark.parametrize("state", ["draft", "declined", "withdrawn"])
def test_nothing_is_planned_for_a_company_that_is_not(world, state):
    company = worlds.in_state(world, "celle", state, NOW)
    with pytest.raises(Forbidden):
        audits.plan(company, 2, world.actors["equipe"], NOW)


@pytest.mark.parametrize("login", ["certificateur", "visiteuse", "entreprise", "auditeur", "admin", "visitor"])
def test_only_a_coordinator_plans(world, company, login):
    with pytest.raises(Forbidden):
        audits.plan(company, 2, world.actors[login], NOW)


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("declared", ["interest", "staff"])
def test_nobody_in_conflict_is_planned_into_a_team(world, company, level, declared):
    login = worlds.TEAMS[level][0]
    if declared == "staff":
        companies.add_staff(company, world.actors[login].userid)
    else:
        company.interests[world.actors[login].userid] = {"text": "Des parts.", "when": NOW}
    with pytest.raises(Invalid) as caught:
        people = team(world, *worlds.TEAMS[level])
        audits.plan(company, level, world.actors["equipe"], NOW, body=world.body, team=people)
    assert list(caught.value.messages) == ["team"]
    assert list(company.audits()) == []


@pytest.mark.parametrize("login", ["auditeur", "equipe", "voisine"])
def test_a_visit_is_made_by_members(world, company, login):
    with pytest.raises(Invalid) as caught:
        audits.plan(company, 2, world.actors["equipe"], NOW, team=team(world, "visiteuse", login))
    assert list(caught.value.messages) == ["team"]


@pytest.mark.parametrize("body", ["bureau", "ailleurs", None])
def test_an_audit_of_level_1_is_made_by_auditors_of_its_body(world, company, body):
    bodies.create(world.site, worlds.BODY, world.actors["equipe"], NOW, name="ailleurs")
    with pytest.raises(Invalid):
        given = world.site["bodies"][body] if body else None
        login = "visiteuse" if body == "bureau" else "auditeur"
        audits.plan(company, 1, world.actors["equipe"], NOW, body=given, team=team(world, login))


def test_a_plan_changes_until_the_audit_starts(world, company):
    coordinator = world.actors["equipe"]
    audit = audits.plan(company, 2, coordinator, NOW)
    given = {"title": "Visite d’avril", "planned_on": date(2026, 4, 7), "team": team(world, *worlds.TEAMS[2])}
    audits.change_plan(audit, coordinator, NOW, **given)
    assert (audit.title, audit.planned_on, len(audit.team)) == ("Visite d’avril", date(2026, 4, 7), 3)
    engine.fire(audit, "start", world.actors["visiteuse"], NOW)
    with pytest.raises(Forbidden):
        audits.change_plan(audit, coordinator, NOW, **given | {"team": []})


# The checklist


def test_the_checklist_asks_every_criterion_once(world, company, visit):
    wanted = {(version.__oid__, key) for version in visit.versions for key, _criterion in version.ordered()}
    found = [(finding.version_id, finding.key) for finding in visit.findings()]
    assert len(found) == len(set(found)) == 17
    assert set(found) == wanted
    assert all(visit[finding.__name__] is finding for finding in visit.findings())


def test_a_criterion_may_have_the_code_of_one_of_the_framework(world):
    company, staff = worlds.company(world, "homonyme", NOW), world.actors["entreprise"]
    version = specifications.create(company, "Miel", "", staff, NOW)
    code = world.site["framework"].current().ordered()[0][1].code
    specifications.add_criterion(version, worlds.CRITERION | {"code": code}, staff, NOW)
    specifications.add_criterion(version, worlds.CRITERION | {"code": "Edit"}, staff, NOW)
    engine.fire(version, "freeze", staff, NOW)
    engine.fire(company, "apply", staff, NOW)
    audit = worlds.audit(world, company, 2, "validated", NOW)
    assert len({finding.__name__ for finding in audit.findings()}) == 16 + 3
    assert [f.criterion.code for f in audit.findings()].count(code) == 2


def test_an_audit_that_is_resumed_keeps_its_checklist_and_what_was_found(world, company):
    audit = worlds.audit(world, company, 2, "reported", NOW, found={"A1": "observation"})
    before = [(f.__name__, f.result, f.text) for f in audit.findings()]
    engine.fire(audit, "resume", world.actors["certificateur"], NOW, comment="À revoir.")
    assert [(f.__name__, f.result, f.text) for f in audit.findings()] == before
    assert not audit.signatures


# Filing


@pytest.mark.parametrize("result", ["minor", "major", "observation", "not_applicable", "not_checked"])
def test_what_is_not_simply_conforming_says_what_was_seen_or_why_not(world, visit, result):
    finding, actor = finding_on(visit, "A1"), world.actors["visiteuse"]
    with pytest.raises(Invalid) as caught:
        audits.file(finding, result, "  ", actor, NOW)
    assert list(caught.value.messages) == ["text"]
    assert finding.result == ""
    audits.file(finding, result, "La clôture est couchée.", actor, NOW)
    assert (finding.result, finding.found_by, finding.found_at) == (result, actor.userid, NOW)


def test_what_conforms_needs_no_words(world, visit):
    audits.file(finding_on(visit, "A1"), "conforming", "", world.actors["visiteuse"], NOW)
    assert finding_on(visit, "A1").is_answered


@pytest.mark.parametrize("result", ["", "conforming", "not_checked", "major"])
def test_access_that_is_refused_is_a_major_non_conformity(world, visit, result):
    finding = finding_on(visit, "A1")
    audits.file(finding, result, "On ne nous a pas ouvert.", world.actors["visiteuse"], NOW, access_refused=True)
    assert (finding.is_major, finding.access_refused) == (True, True)


@pytest.mark.parametrize("result", ["", "perfect", "closed", "validated"])
def test_a_result_that_is_unknown_is_not_taken(world, visit, result):
    with pytest.raises(Invalid) as caught:
        audits.file(finding_on(visit, "A1"), result, "Vu.", world.actors["visiteuse"], NOW)
    assert list(caught.value.messages) == ["result"]


def test_two_visitors_do_not_overwrite_each_other_at_one_criterion(world, visit):
    finding = finding_on(visit, "A1")
    audits.file(finding, "minor", "Trop petit.", world.actors["visiteuse"], NOW, revision=0)
    with pytest.raises(Stale) as caught:
        audits.file(finding, "conforming", "", world.actors["visiteur"], NOW, revision=0)
    assert caught.value.current is finding
    assert finding.result == "minor"
    audits.file(finding, "conforming", "", world.actors["visiteur"], NOW, revision=1)


def test_the_verdict_says_something_and_is_not_overwritten(world, visit):
    actor = world.actors["visiteuse"]
    with pytest.raises(Invalid):
        audits.write_verdict(visit, " ", actor, NOW)
    audits.write_verdict(visit, "Tout est tenu.", actor, NOW, revision=0)
    with pytest.raises(Stale):
        audits.write_verdict(visit, "Rien n’est tenu.", world.actors["visiteur"], NOW, revision=0)
    assert visit.verdict.text == "Tout est tenu."


@pytest.mark.parametrize("login", ["certificateur", "equipe", "entreprise", "membre", "auditeur", "admin"])
def test_nobody_but_the_team_files(world, visit, login):
    with pytest.raises(Forbidden):
        audits.file(finding_on(visit, "A1"), "conforming", "", world.actors[login], NOW)
    with pytest.raises(Forbidden):
        audits.write_verdict(visit, "Tout est tenu.", world.actors[login], NOW)


def test_the_team_of_one_audit_files_nothing_in_another(world, company, visit):
    other = worlds.audit(world, company, 1, "in_progress", NOW)
    with pytest.raises(Forbidden):
        audits.file(finding_on(other, "A1"), "conforming", "", world.actors["visiteuse"], NOW)
    with pytest.raises(Forbidden):
        audits.file(finding_on(visit, "A1"), "conforming", "", world.actors["auditeur"], NOW)


@pytest.mark.parametrize("state", ["reported", "contested", "validated"])
def test_a_report_that_was_given_does_not_change(world, company, state):
    audit = worlds.audit(world, company, 2, state, NOW)
    with pytest.raises(Forbidden):
        audits.file(finding_on(audit, "A1"), "minor", "Trop petit.", world.actors["visiteuse"], NOW)
    with pytest.raises(Forbidden):
        audits.write_verdict(audit, "Autre chose.", world.actors["visiteuse"], NOW)


@pytest.mark.parametrize("declared", ["interest", "staff"])
def test_who_came_into_conflict_since_the_start_verifies_no_more(world, company, visit, declared):
    actor = world.actors["visiteur"]
    if declared == "staff":
        companies.add_staff(company, actor.userid)
    else:
        companies.declare_interest(company, "Ma sœur y travaille.", actor, NOW)
    with pytest.raises((Forbidden, Invalid, engine.Refused)):
        audits.file(finding_on(visit, "A1"), "conforming", "", actor, NOW)


# Replying


@pytest.mark.parametrize("state", ["reported", "contested"])
def test_the_company_replies_and_each_reply_is_kept(world, company, state):
    audit = worlds.audit(world, company, 2, state, NOW)
    for login in ("entreprise", "collegue"):
        audits.reply(audit, f"Réponse de {login}.", world.actors[login], NOW)
    assert [reply["text"] for reply in audit.replies.values()] == ["Réponse de entreprise.", "Réponse de collegue."]
    with pytest.raises(Invalid):
        audits.reply(audit, " ", world.actors["entreprise"], NOW)


@pytest.mark.parametrize("login", ["equipe", "certificateur", "visiteuse", "voisine", "visitor"])
def test_nobody_else_replies(world, company, login):
    with pytest.raises(Forbidden):
        audits.reply(worlds.audit(world, company, 2, "reported", NOW), "Non.", world.actors[login], NOW)


# From the report to the non-conformities


@pytest.mark.parametrize("level", [1, 2])
def test_a_report_opens_a_non_conformity_for_each_finding_that_is_one(world, company, level):
    found = {"A1": "major", "TR-1": "minor", "TR-2": "observation", "TR-3": "not_checked", "TR-4": "not_applicable"}
    audit = worlds.audit(world, company, level, "reported", NOW, found=found)
    assert {n.finding.criterion.code: n.is_major for n in audit.nonconformities()} == {"A1": True, "TR-1": False}
    assert all(n.state == "open" and len(n.history) == 1 for n in audit.nonconformities())


def test_before_the_report_there_is_none(world, company):
    audit = worlds.audit(world, company, 2, "answered", NOW, found={"A1": "major"})
    assert list(audit.nonconformities()) == []
    assert list(company.findings()) == []


def again(world, audit, result, text="Vu de nouveau."):
    """The report sent back, one finding changed, and given anew."""
    engine.fire(audit, "resume", world.actors["certificateur"], NOW, comment="À revoir.")
    audits.file(finding_on(audit, "A1"), result, text, world.actors["visiteuse"], NOW)
    worlds.report(world, audit, NOW)


def test_a_second_report_may_say_that_it_was_none(world, company):
    audit = worlds.audit(world, company, 2, "reported", NOW, found={"A1": "major"})
    opened = next(audit.nonconformities())
    again(world, audit, "conforming")
    assert list(audit.nonconformities()) == []
    assert not any(finding.is_major for finding in company.findings())
    with pytest.raises(engine.GuardRefused):
        day = date(2026, 5, 1)
        nonconformities.propose(opened, "Un oubli.", "Un relevé.", day, world.actors["entreprise"], NOW)


def test_what_a_second_report_finds_as_well_goes_on(world, company):
    audit = worlds.audit(world, company, 2, "reported", NOW, found={"A1": "minor"})
    opened = worlds.nonconformity(world, audit, "accepted", NOW)
    engine.fire(audit, "resume", world.actors["certificateur"], NOW, comment="À revoir.")
    worlds.report(world, audit, NOW)
    assert next(audit.nonconformities()) is opened
    assert (opened.state, opened.cause) == ("accepted", "Un oubli.")


def test_what_a_second_report_finds_newly_is_opened(world, company):
    audit = worlds.audit(world, company, 2, "reported", NOW)
    again(world, audit, "major")
    assert [n.state for n in audit.nonconformities()] == ["open"]


def test_a_minor_one_that_was_closed_and_is_major_in_a_second_report_is_open_again(world, company):
    audit = worlds.audit(world, company, 2, "reported", NOW, found={"A1": "minor"})
    worlds.nonconformity(world, audit, "closed", NOW)
    again(world, audit, "major")
    assert not finding_on(audit, "A1").is_closed, "what was closed was another, lesser gap"


def test_an_action_that_was_accepted_for_a_minor_one_is_none_for_the_major_one(world, company):
    audit = worlds.audit(world, company, 2, "reported", NOW, found={"A1": "minor"})
    worlds.nonconformity(world, audit, "accepted", NOW)
    again(world, audit, "major")
    assert any(finding.is_major and not finding.is_closed for finding in company.findings())
