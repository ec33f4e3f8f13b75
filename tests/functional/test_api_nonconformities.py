"""Non-conformities in the API: what everybody reads of them, and who takes which step."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import transaction

from coopcms.domain import companies, nonconformities
from coopcms.security.principals import roles_here
from coopcms.workflows import WORKFLOWS, engine

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures
from .api_reports import AUDIT, COMPANY, READERS, VISIBILITIES, report_in, told_of

api = api_fixtures.api

WORKFLOW = WORKFLOWS["nonconformity"]
STATES = list(WORKFLOW.by_id)
ACTION = f"{AUDIT}/a1/action"


@pytest.fixture
def followed(world):
    """A function that makes a report with one non-conformity at the criterion A1, brought to a state, and commits it."""

    def make(level, state, audit_state="validated", now=NOW, **given):
        audit = report_in(world, level, audit_state, now, **given)
        assert told_of(audit).__name__ == "a1"
        found = worlds.nonconformity(world, audit, state, now)
        transaction.commit()
        return found

    return make


def refused(login):
    return 401 if login is None else 403


def test_a_non_conformity_tells_what_is_done_about_it(api, followed):
    followed(2, "closed", result="major")
    told = api("membre").get(ACTION).json
    assert (told["@id"], told["@type"]) == (f"http://localhost{ACTION}", "nonconformity")
    assert told["title"] == "A1 – Surface par poule"
    assert (told["state"], told["is_major"], told["counts"]) == ("closed", True, True)
    assert (told["cause"], told["action"], told["deadline"]) == ("Un oubli.", "Un relevé par mois.", "2026-05-11")
    assert (told["due"], told["overdue"]) == (None, False)
    assert told["proofs"] == [
        {"text": "Les relevés sont tenus.", "when": "2026-03-12T10:00:00Z", "name": "Élise Garnier"}
    ]
    assert [line["transition"] for line in told["history"]] == [
        "create",
        "propose_action",
        "accept_action",
        "submit_proof",
        "verify_effect",
        "close",
    ]
    assert told["history"][4]["comment"] == "Relevés vus sur place."
    assert api("membre").get(f"{AUDIT}/a1").json["nonconformity"] == told
    [finding] = [each for each in api("membre").get(AUDIT).json["findings"] if each["nonconformity"]]
    assert finding["nonconformity"] == told


def test_the_day_by_which_the_company_acts_is_told(api, followed, world):
    found = followed(2, "open")
    told = api().get(ACTION).json
    assert (told["due"], told["deadline"], told["overdue"]) == ("2026-04-11", None, True)
    worlds.nonconformity(world, told_of(found.audit).__parent__, "accepted", NOW, deadline=date(2027, 3, 1))
    transaction.commit()
    told = api().get(ACTION).json
    assert (told["due"], told["deadline"], told["overdue"]) == ("2027-03-01", "2027-03-01", False)


def test_names_are_for_those_who_may_see_names(api, followed):
    followed(1, "closed")
    for login in READERS:
        told = api(login).get(ACTION)
        named = login not in (None, "voisine")
        assert (told.json["proofs"][0]["name"] is not None) == named, login
        assert ("Bruno Lefèvre" in told.text) == named


@pytest.mark.parametrize("audit_state", ["reported", "contested", "validated"])
def test_who_reads_the_report_reads_what_is_done_about_it(api, followed, audit_state):
    followed(2, "proposed", audit_state)
    early = ("visiteuse", "certificatrice", "certificateur", "entreprise", "equipe")
    for login in READERS:
        readable = audit_state == "validated" or login in early
        for path in (ACTION, f"{ACTION}/workflow", f"{AUDIT}/a1"):
            assert api(login).get(path).status_int == (200 if readable else refused(login)), (login, path)


def test_documents_are_shown_as_far_as_their_visibility_goes(api, followed, world):
    found = followed(2, "accepted")
    for visibility in VISIBILITIES:
        nonconformities.add_document(
            found, io.BytesIO(b"vu"), "a.txt", visibility, visibility, world.actors["entreprise"], NOW, most_bytes=9
        )
    transaction.commit()
    for login in READERS:
        client = api(login)
        expected = {"public"}
        if login in ("membre", "certificateur", "certificatrice", "visiteuse", "entreprise", "equipe"):
            expected |= {"members"} | ({"verifiers"} if login != "membre" else set())
        assert {piece["visibility"] for piece in client.get(ACTION).json["documents"]} == expected, login
        for key, piece in found.documents.items():
            status = client.get(f"{ACTION}/{key}").status_int
            assert status == (200 if piece.visibility in expected else refused(login))


def test_what_a_new_report_finds_no_more_stands_no_more_at_the_finding(api, followed, world):
    found = followed(2, "proposed", "contested")
    audit = found.audit
    engine.fire(audit, "resume", world.actors["certificateur"], NOW, comment="À revoir.")
    transaction.commit()
    assert api("entreprise").get(ACTION).status_int == 403
    answer = api("certificateur").fire(ACTION, "accept_action")
    assert (answer.status_int, answer.json["missing"][0]["@id"]) == (409, f"http://localhost{AUDIT}")
    transaction.begin()
    worlds.answer(world, audit, NOW)
    worlds.report(world, audit, NOW)
    transaction.commit()
    assert api("entreprise").get(f"{AUDIT}/a1").json["nonconformity"] is None
    told = api("entreprise").get(ACTION).json
    assert (told["counts"], told["is_major"], told["state"]) == (False, False, "proposed")


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("state", STATES)
def test_whoever_has_not_the_role_is_refused_every_transition(api, followed, world, level, state):
    found = followed(level, state, "reported")
    tried = 0
    for login in READERS:
        client = api(login)
        roles = frozenset() if login is None else roles_here(world.actors[login], found)
        readable = client.get(ACTION).status_int == 200
        for id in dict.fromkeys(transition.id for transition in WORKFLOW.transitions):
            transition = WORKFLOW.transition(id, state)
            granted = transition is not None and WORKFLOW.roles(state, transition.permission) & roles
            if not granted or not readable:
                assert client.fire(ACTION, id, comment="Non.").status_int == refused(login), (login, id)
                tried += 1
    transaction.begin()
    assert found.state == state
    assert tried > 50


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("state", STATES)
def test_what_is_missing_is_told_before_and_after_and_can_be_looked_at(api, followed, level, state):
    followed(level, state)
    for login in READERS:
        client = api(login)
        for step in client.get(f"{ACTION}/workflow").json["transitions"]:
            for point in step["missing"]:
                assert client.get(point["@id"]).status_int == 200, (login, point)
            if not step["allowed"]:
                answer = client.fire(ACTION, step["id"], comment="Pourquoi pas.")
                assert (answer.status_int, answer.json["missing"]) == (409, step["missing"])


def test_level_2_is_closed_by_a_certifier_outside_the_team(api, followed, world):
    found = followed(2, "open")
    answer = api("entreprise").fire(ACTION, "propose_action")
    assert answer.status_int == 409
    assert answer.json["missing"][0]["@id"] == f"http://localhost{ACTION}"
    transaction.begin()
    now = datetime.now(UTC)
    day = now.date() + timedelta(days=9)
    nonconformities.propose(found, "Un oubli.", "Un relevé.", day, world.actors["entreprise"], now)
    transaction.commit()
    certifier = api("certificateur")
    assert certifier.fire(ACTION, "return_action").json["field"] == "comment"
    assert certifier.fire(ACTION, "accept_action", **{"from": "open"}).status_int == 409
    assert certifier.fire(ACTION, "accept_action", **{"from": "proposed"}).json["state"] == "accepted"
    assert api("entreprise").fire(ACTION, "submit_proof").status_int == 409
    transaction.begin()
    nonconformities.prove(found, "Fait.", world.actors["entreprise"], datetime.now(UTC))
    transaction.commit()
    answer = api("certificatrice").fire(ACTION, "verify_effect", comment="Vu.")
    assert answer.status_int == 409
    assert "équipe de cet audit" in answer.json["detail"]
    assert certifier.fire(ACTION, "refuse_proof", comment="Illisible.").json["state"] == "accepted"
    transaction.begin()
    nonconformities.prove(found, "Refait.", world.actors["entreprise"], datetime.now(UTC))
    transaction.commit()
    assert certifier.fire(ACTION, "verify_effect").status_int == 422
    assert certifier.fire(ACTION, "verify_effect", comment="Vu sur place.").json["state"] == "verified"
    assert certifier.fire(ACTION, "close").json["state"] == "closed"
    assert [proof["text"] for proof in api().get(ACTION).json["proofs"]] == ["Fait.", "Refait."]


def test_level_1_is_closed_by_the_body(api, followed):
    followed(1, "proved")
    answer = api("certificateur").fire(ACTION, "verify_effect", comment="Vu.")
    assert (answer.status_int, answer.json["missing"][0]["@id"]) == (409, "http://localhost/api/v1/bodies/bureau")
    assert api("auditeur").fire(ACTION, "verify_effect", comment="Vu.").json["state"] == "verified"
    assert api("auditeur").fire(ACTION, "close").json["history"][-1]["role"] == "auditor"


def test_a_conflict_of_interest_is_a_guard(api, followed, world):
    followed(2, "proposed")
    companies.declare_interest(world.companies["candidate"], "Un cousin.", world.actors["certificateur"], NOW)
    transaction.commit()
    answer = api("certificateur").fire(ACTION, "accept_action")
    assert (answer.status_int, answer.json["missing"][0]["@id"]) == (409, f"http://localhost{COMPANY}")


@pytest.mark.parametrize("path", [ACTION, f"{ACTION}/workflow"])
def test_an_entity_tag_spares_what_did_not_change(api, followed, path):
    followed(2, "proposed")
    tag = api().get(path).headers["ETag"]
    assert api().get(path, If_None_Match=tag).status_int == 304
    api("certificateur").fire(ACTION, "accept_action")
    assert api().get(path, If_None_Match=tag).status_int == 200
