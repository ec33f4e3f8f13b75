"""Audits in the API: who moves them, and what is missing."""

import json
from datetime import UTC, datetime

import pytest
import transaction

from coopcms.domain import audits, companies
from coopcms.security.principals import roles_here
from coopcms.workflows import WORKFLOWS

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures, api_reports
from .api_reports import (
    AUDIT,
    READERS,
    refused,
)

api, report = api_fixtures.api, api_reports.report

WORKFLOW = WORKFLOWS["audit"]
STATES = list(WORKFLOW.by_id)
PLANNED = {"@id", "@type", "title", "level", "state", "since", "planned_on"}


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("state", STATES)
def test_whoever_has_not_the_role_is_refused_every_transition(api, report, world, level, state):
    audit = report(level, state)
    tried = 0
    for login in READERS:
        client = api(login)
        roles = frozenset() if login is None else roles_here(world.actors[login], audit)
        for id in dict.fromkeys(transition.id for transition in WORKFLOW.transitions):
            transition = WORKFLOW.transition(id, state)
            if transition is None or not WORKFLOW.roles(state, transition.permission) & roles:
                answer = client.fire(AUDIT, id, comment="Pourquoi pas.")
                assert answer.status_int == refused(login), (login, id)
                tried += 1
    transaction.begin()
    assert audit.state == state
    assert tried > 40


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("state", STATES)
def test_what_is_missing_is_told_before_and_after_and_can_be_looked_at(api, report, level, state):
    report(level, state)
    for login in READERS:
        client = api(login)
        told = client.get(f"{AUDIT}/workflow")
        if told.status_int != 200:
            continue
        for step in told.json["transitions"]:
            for point in step["missing"]:
                assert client.get(point["@id"]).status_int == 200, (login, point)
            if not step["allowed"]:
                answer = client.fire(AUDIT, step["id"], comment="Pourquoi pas.")
                assert answer.status_int == 409
                assert answer.json["missing"] == step["missing"]
                assert step["missing"][0]["sentence"] in answer.json["detail"]


def test_a_visit_goes_its_way(api, world, report):
    now = datetime.now(UTC)
    report(2, "planned", now)
    started = api("visiteuse").fire(AUDIT, "start", **{"from": "planned"})
    assert (started.status_int, started.json["state"]) == (200, "in_progress")
    answer = api("visiteur").fire(AUDIT, "report")
    assert answer.status_int == 409
    sentences = [point["sentence"] for point in answer.json["missing"]]
    assert len(sentences) == 3
    assert "signatures" in sentences[2]
    assert answer.json["missing"][0]["@id"].startswith(f"http://localhost{AUDIT}/")
    transaction.begin()
    audit = world.companies["candidate"]["audits"]["visite"]
    worlds.answer(world, audit, now)
    worlds.report(world, audit, now)
    transaction.commit()
    assert api("entreprise").fire(AUDIT, "contest", comment="Non.").json["state"] == "contested"
    assert api("certificateur").fire(AUDIT, "resume", comment="À revoir.").json["state"] == "in_progress"
    assert api("visiteuse").get(AUDIT).json["signatures"] == []
    transaction.begin()
    worlds.report(world, audit, datetime.now(UTC))
    transaction.commit()
    told = api("certificateur").get(f"{AUDIT}/workflow").json["transitions"]
    assert [(step["id"], step["allowed"]) for step in told] == [("resume", True), ("validate", False)]
    transaction.begin()
    audits.reply(audit, "Nous avons lu.", world.actors["entreprise"], datetime.now(UTC))
    transaction.commit()
    answer = api("certificateur").fire(AUDIT, "validate")
    assert answer.json["state"] == "validated"
    assert answer.json["history"][-1]["actor"] == "Bruno Lefèvre"
    assert api().get(AUDIT).json["verdict"]


def test_an_auditor_reports_level_1(api, world, report):
    now = datetime.now(UTC)
    report(1, "planned", now)
    assert api("auditeur").fire(AUDIT, "start").json["state"] == "in_progress"
    assert len(api("auditeur").fire(AUDIT, "report").json["missing"]) == 2
    transaction.begin()
    audit = world.companies["candidate"]["audits"]["visite"]
    worlds.answer(world, audit, now, {"A1": "major"})
    transaction.commit()
    assert api("auditeur").fire(AUDIT, "report").json["state"] == "reported"
    told = api("entreprise").get(AUDIT).json
    assert [each["name"] for each in told["signatures"]] == ["Marc Vidal"]
    assert [f["nonconformity"]["state"] for f in told["findings"] if f["nonconformity"]] == ["open"]


def test_who_was_in_the_team_does_not_validate(api, report):
    report(2, "reported")
    answer = api("certificatrice").fire(AUDIT, "validate")
    assert answer.status_int == 409
    assert "équipe de cet audit" in answer.json["detail"]


def test_a_report_is_not_contested_after_its_time(api, report):
    report(2, "reported")
    answer = api("entreprise").fire(AUDIT, "contest", comment="Inexact.")
    assert (answer.status_int, answer.json["missing"][0]["@id"]) == (409, f"http://localhost{AUDIT}")


def test_a_conflict_of_interest_is_a_guard(api, report, world):
    report(2, "planned")
    companies.declare_interest(world.companies["candidate"], "Un cousin.", world.actors["equipe"], NOW)
    transaction.commit()
    answer = api("equipe").fire(AUDIT, "cancel", comment="Reporté.")
    assert answer.status_int == 409
    assert "intérêt" in answer.json["detail"]


@pytest.mark.parametrize(
    ("state", "login", "transition"),
    [
        ("planned", "equipe", "cancel"),
        ("in_progress", "equipe", "cancel"),
        ("contested", "equipe", "cancel"),
        ("reported", "certificateur", "resume"),
        ("contested", "certificateur", "resume"),
        ("reported", "entreprise", "contest"),
    ],
)
@pytest.mark.parametrize("comment", [{}, {"comment": " "}])
def test_a_comment_that_is_missing_is_422(api, report, state, login, transition, comment):
    audit = report(2, state, datetime.now(UTC))
    answer = api(login).fire(AUDIT, transition, **comment)
    assert (answer.status_int, answer.json["field"]) == (422, "comment")
    transaction.begin()
    assert audit.state == state


def test_a_state_that_moved_is_409_with_who_and_when(api, report):
    report(2, "reported")
    answer = api("equipe").fire(AUDIT, "cancel", comment="Reporté.", **{"from": "planned"})
    assert (answer.status_int, answer.json["state"]) == (409, "reported")
    assert (answer.json["transition"], answer.json["when"]) == ("report", "2026-03-12T10:00:00Z")
    assert api("membre").fire(AUDIT, "cancel", comment="x", **{"from": "planned"}).status_int == 403


@pytest.mark.parametrize("body", [{"transition": "certify"}, {"transition": "start", "level": 2}, {}])
def test_a_field_that_is_not_accepted_is_422(api, report, body):
    report(2, "planned")
    assert api("visiteuse").post(f"{AUDIT}/workflow", json.dumps(body)).status_int == 422
