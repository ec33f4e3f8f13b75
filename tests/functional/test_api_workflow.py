"""Transitions over the API: who is refused, what is missing, and bodies that cannot be."""

import json

import pytest
import transaction

from coopcms.domain import companies
from coopcms.security.principals import roles_here
from coopcms.workflows import WORKFLOWS, engine

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures

api = api_fixtures.api

CANDIDATE = "/api/v1/companies/candidate"
DRAFT = "/api/v1/companies/brouillon"
LOGINS = ("membre", "certificatrice", "entreprise", "voisine", "equipe", "admin")
COMPANY = WORKFLOWS["company"]


def company_in(world, state, name="autre"):
    made = worlds.in_state(world, name, state, NOW)
    transaction.commit()
    return made


def test_the_workflow_says_what_one_may_do_and_what_is_missing(api):
    told = api("certificatrice").get(f"{CANDIDATE}/workflow").json
    assert told["state"] == "applied"
    assert [state["id"] for state in told["states"]] == list(COMPANY.by_id)
    [step] = told["transitions"]
    assert (step["id"], step["allowed"]) == ("accept_audits", False)
    assert step["missing"][0] == {
        "sentence": "La candidature n’a pas encore été déclarée recevable par l’équipe de la coopérative.",
        "@id": "http://localhost/api/v1/companies/candidate",
    }
    assert api().get(f"{CANDIDATE}/workflow").json["transitions"] == []


def test_names_in_the_history_are_for_members(api):
    for login, expected in (
        (None, None),
        ("voisine", None),
        ("membre", "Élise Garnier"),
        ("entreprise", "Élise Garnier"),
    ):
        line = api(login).get(f"{CANDIDATE}/workflow").json["history"][-1]
        assert line == {
            "transition": "apply",
            "from": "draft",
            "to": "applied",
            "when": "2026-03-12T10:00:00Z",
            "actor": expected,
            "role": "staff",
            "comment": "",
        }
    assert api().get("/api/v1/framework/workflow").json["history"][0]["role"] == "closing"


def test_a_transition_is_fired_and_stands_in_the_history(api):
    answer = api("equipe").fire(CANDIDATE, "decline", comment="Hors du champ.", **{"from": "applied"})
    assert answer.status_int == 200
    assert answer.json["state"] == "declined"
    line = answer.json["history"][-1]
    assert (line["transition"], line["role"], line["comment"]) == ("decline", "coordinator", "Hors du champ.")
    assert api().get(CANDIDATE).json["state"] == "declined"
    assert [i["title"] for i in api().get("/api/v1/companies?state=declined").json["items"]] == ["Candidate"]


def test_a_version_is_moved_at_its_own_address_and_at_that_of_its_specification(api):
    path = f"{CANDIDATE}/specifications/oeufs"
    assert api("entreprise").fire(f"{path}/1", "back_to_draft", comment="Une faute.").json["state"] == "draft"
    assert api("entreprise").fire(path, "freeze").json["state"] == "frozen"


@pytest.mark.parametrize("state", list(COMPANY.by_id))
def test_whoever_has_not_the_role_is_refused_every_transition(api, world, state):
    company = company_in(world, state)
    refused = 0
    for login in LOGINS:
        client, roles = api(login), roles_here(world.actors[login], company)
        for transition in COMPANY.leaving(state):
            if not COMPANY.roles(state, transition.permission) & roles:
                answer = client.fire("/api/v1/companies/autre", transition.id, comment="Pourquoi pas.")
                assert answer.status_int == 403, (login, transition.id)
                refused += 1
    for transition in COMPANY.leaving(state):
        assert api().fire("/api/v1/companies/autre", transition.id, comment="x").status_int == 401
    transaction.begin()
    assert company.state == state
    assert refused


@pytest.mark.parametrize("state", list(WORKFLOWS["specification"].by_id))
def test_whoever_has_not_the_role_is_refused_every_transition_of_a_version(api, world, state):
    workflow, version = WORKFLOWS["specification"], world.companies["candidate"]["specifications"]["oeufs"]["1"]
    version.state = state
    transaction.commit()
    for login in LOGINS:
        roles = roles_here(world.actors[login], version)
        for transition in workflow.leaving(state):
            if not workflow.roles(state, transition.permission) & roles:
                answer = api(login).fire(f"{CANDIDATE}/specifications/oeufs/1", transition.id, comment="Non.")
                assert answer.status_int == 403, (login, transition.id)
    transaction.begin()
    assert version.state == state


@pytest.mark.parametrize("state", list(COMPANY.by_id))
def test_what_the_workflow_says_is_what_firing_does(api, world, state):
    company_in(world, state)
    for login in LOGINS:
        client = api(login)
        told = client.get("/api/v1/companies/autre/workflow")
        if told.status_int == 403:
            continue
        for step in told.json["transitions"]:
            if not step["allowed"]:
                answer = client.fire("/api/v1/companies/autre", step["id"], comment="Pourquoi pas.")
                assert answer.status_int == 409
                assert answer.json["missing"] == step["missing"]
                assert step["missing"][0]["sentence"] in answer.json["detail"]


def test_a_conflict_of_interest_is_a_guard(api, world):
    companies.declare_interest(world.companies["candidate"], "Mon frère y travaille.", world.actors["equipe"], NOW)
    transaction.commit()
    answer = api("equipe").fire(CANDIDATE, "declare_admissible")
    assert answer.status_int == 409
    assert "intérêt" in answer.json["missing"][0]["sentence"]


def test_an_incomplete_dossier_says_everything_that_is_missing(api):
    answer = api("entreprise").fire(DRAFT, "apply")
    assert answer.status_int == 409
    assert len(answer.json["missing"]) == 8
    assert {point["@id"] for point in answer.json["missing"]} == {"http://localhost/api/v1/companies/brouillon"}


def test_a_state_that_moved_is_409_with_who_and_when(api, world):
    engine.fire(world.companies["candidate"], "decline", world.actors["equipe2"], NOW, comment="Non.")
    transaction.commit()
    answer = api("equipe").fire(CANDIDATE, "declare_admissible", **{"from": "applied"})
    assert answer.status_int == 409
    assert (answer.json["who"], answer.json["when"]) == ("Karim Haddad", "2026-03-12T10:00:00Z")
    assert answer.json["state"] == "declined"
    assert api("voisine").fire(CANDIDATE, "decline", comment="x", **{"from": "applied"}).json["who"] is None


@pytest.mark.parametrize("comment", [{}, {"comment": ""}, {"comment": "  "}, {"comment": None}])
def test_a_comment_that_is_missing_is_422(api, comment):
    answer = api("equipe").fire(CANDIDATE, "decline", **comment)
    assert answer.status_int == 422
    assert answer.json["field"] == "comment"
    assert api().get(CANDIDATE).json["state"] == "applied"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "transition"),
        ({"transition": "fly"}, "transition"),
        ({"transition": 3}, "transition"),
        ({"transition": None}, "transition"),
        ({"transition": "end", "form": "applied"}, "form"),
        ({"transition": "end", "comment": ["x"]}, "comment"),
        ({"transition": "end", "comment": "x" * 5001}, "comment"),
        ({"transition": "end", "from": 1}, "from"),
        ([], None),
        ("text", None),
    ],
)
def test_a_field_that_is_not_accepted_is_422_and_named(api, body, field):
    body = json.dumps(body)
    answer = api("equipe").post(f"{CANDIDATE}/workflow", body)
    assert answer.status_int == 422
    assert answer.json.get("field") == field
    assert field is None or f"« {field} »" in answer.json["detail"].replace("\xa0", " ")


@pytest.mark.parametrize(
    "body", ["", "{", '{"a":1,}', "[" * 100_000, '{"transition":"end","comment":"\\ud800"}', "\xff"]
)
def test_what_is_no_json_is_400(api, body):
    assert api("equipe").post(f"{CANDIDATE}/workflow", body).status_int == 400
    assert api().post("/api/v1/session", body).status_int == 400


def test_another_type_than_json_is_415(api):
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        assert api("equipe").post(f"{CANDIDATE}/workflow", "transition=end", content_type=kind).status_int == 415


def test_a_body_too_large_is_413(api):
    assert api("equipe").fire(CANDIDATE, "decline", comment="x" * 1_000_001).status_int == 413


def test_the_sentence_is_in_the_language_of_the_reader(api):
    french, english = (
        api().ask("GET", "/api/v1/companies?limit=0", headers={"Accept-Language": language}).json["detail"]
        for language in ("fr", "en")
    )
    assert "ou plus" in french
    assert english
