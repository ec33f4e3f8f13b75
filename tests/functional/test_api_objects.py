"""What the API tells of content, to whom."""

import io
import json

import pytest
import transaction

from coopcms.api.openapi import document
from coopcms.domain import companies, files, specifications

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures

api = api_fixtures.api

CANDIDATE = "/api/v1/companies/candidate"
DRAFT = "/api/v1/companies/brouillon"
LOGINS = ("membre", "certificatrice", "entreprise", "voisine", "equipe", "admin")


def company_in(world, state, name="autre"):
    made = worlds.in_state(world, name, state, NOW)
    transaction.commit()
    return made


def test_a_company_tells_everything_public(api):
    answer = api().get(CANDIDATE)
    told = answer.json
    assert told["@id"] == "http://localhost/api/v1/companies/candidate"
    assert (told["@type"], told["title"], told["state"]) == ("company", "Candidate", "applied")
    assert (told["siret"], told["founded"], told["sector"]) == ("73282932000074", 1998, "eggs")
    assert told["created"] == "2026-03-12T10:00:00Z"
    assert told["statements"]["truth"] == "Notre engagement : truth."
    assert set(told["parts"]) == set(
        document()["components"]["schemas"]["Company"]["properties"]["parts"]["properties"]
    )
    assert told["specifications"] == [
        {
            "@id": f"{told['@id']}/specifications/oeufs",
            "@type": "specification",
            "title": "Œufs",
            "state": "frozen",
        }
    ]
    assert told["contacts"] == []
    assert [line["transition"] for line in told["history"]] == ["create", "apply"]


def test_what_is_linked_can_be_read(api):
    client, seen = api("entreprise"), set()

    def walk(value):
        if isinstance(value, dict):
            address = value.get("@id")
            if address and address not in seen:
                seen.add(address)
                answer = client.get(address)
                assert answer.status_int == 200
                if address != "http://localhost/api/v1/":
                    assert answer.json["@id"] == address
                    walk(answer.json)
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(client.get("/api/v1/companies").json)
    walk(client.get("/api/v1/framework").json)
    assert len(seen) > 6


def test_a_specification_answers_for_its_version_in_force_else_the_newest_one_may_see(api, world):
    company = world.companies["candidate"]
    specifications.open_version(company["specifications"]["oeufs"], world.actors["entreprise"], NOW)
    transaction.commit()
    path = f"{CANDIDATE}/specifications/oeufs"
    public, staff = api().get(path).json, api("entreprise").get(path).json
    assert (public["number"], public["state"], len(public["versions"])) == (1, "frozen", 1)
    assert (staff["number"], staff["state"], len(staff["versions"])) == (2, "draft", 2)
    assert public["criteria"][0]["code"] == "A1"
    assert public["version"].endswith("/specifications/oeufs/1")
    assert api().get(f"{path}/1").json["criteria"] == public["criteria"]
    assert api().get(f"{path}/2").status_int == 401
    assert api("membre").get(f"{path}/2").status_int == 403
    assert api().get(f"{path}/workflow").json["state"] == "frozen"
    framework = api().get("/api/v1/framework").json
    assert (framework["@type"], framework["state"], framework["number"]) == ("framework", "in_force", 1)
    assert [c["id"] for c in framework["commitments"]] == list(worlds.STATEMENTS)


def test_a_specification_of_which_one_may_see_no_version_is_not_there(api, world):
    specifications.create(world.companies["candidate"], "Poules", "", world.actors["entreprise"], NOW)
    transaction.commit()
    path = f"{CANDIDATE}/specifications"
    assert api().get(f"{path}/poules").status_int == 404
    assert api().get(f"{path}/poules/workflow").status_int == 404
    assert api().get(path).json["total"] == 1
    assert api("entreprise").get(path).json["total"] == 2
    assert len(api().get(CANDIDATE).json["specifications"]) == 1


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_a_closed_dossier_tells_only_title_state_and_history(api, world, state):
    company_in(world, state)
    for login in (None, "membre", "certificatrice", "admin"):
        told = api(login).get("/api/v1/companies/autre").json
        assert set(told) == {"@id", "@type", "title", "state", "since", "history"}
        [item] = list(api(login).get(f"/api/v1/companies?state={state}").json["items"])
        assert set(item) == {"@id", "@type", "title", "state", "since"}
        for below in ("specifications", "files", "specifications/oeufs"):
            assert api(login).get(f"/api/v1/companies/autre/{below}").status_int in (401, 403)
    assert api("equipe").get("/api/v1/companies/autre").json["siret"]


def test_drafts_are_invisible_to_the_public_and_to_members(api):
    for login in (None, "membre", "certificatrice", "voisine", "admin"):
        status = 401 if login is None else 403
        for path in (DRAFT, f"{DRAFT}/workflow", f"{DRAFT}/files", f"{DRAFT}/specifications"):
            answer = api(login).get(path)
            assert answer.status_int == status
            assert "brouillon" not in answer.text.replace("/brouillon", "")
        for query in ("", "?state=draft", "?text=bruyeres", "?state=draft&state=applied", "?sector=eggs"):
            titles = {item["title"] for item in api(login).get(f"/api/v1/companies{query}").json["items"]}
            assert titles <= {"Candidate"}
    assert api("entreprise").get("/api/v1/companies?state=draft").json["total"] == 2
    assert api("equipe").get("/api/v1/companies?state=draft").json["total"] == 2


READERS = {
    "public": (None, "voisine", "membre", "certificatrice", "equipe", "entreprise"),
    "members": ("membre", "certificatrice", "equipe", "entreprise"),
    "verifiers": ("certificatrice", "equipe", "entreprise"),
    "private": ("entreprise",),
}


def test_files_and_contacts_appear_only_to_those_who_may_see_them(api, world):
    company, staff = world.companies["candidate"], world.actors["entreprise"]
    for key in list(company.contacts):
        del company.contacts[key]
    for visibility in READERS:
        companies.add_contact(
            company, {**worlds.CONTACT, "name": f"Contact {visibility}", "visibility": visibility}, staff
        )
        files.add(
            company, io.BytesIO(b"some text"), "a.txt", f"fichier-{visibility}", visibility, staff, NOW, most_bytes=1000
        )
    transaction.commit()
    for login in (None, *LOGINS):
        client = api(login)
        told, listed = client.get(CANDIDATE).json, client.get(f"{CANDIDATE}/files").json
        expected = {v for v, readers in READERS.items() if login in readers or v == "public"}
        assert {contact["visibility"] for contact in told["contacts"]} == expected
        assert {file["visibility"] for file in told["files"]} == expected
        assert {file["visibility"] for file in listed["items"]} == expected
        assert listed["total"] == len(expected)
        everything = json.dumps([told, listed, client.get("/api/v1/companies").json], ensure_ascii=False)
        for visibility in READERS:
            allowed = visibility in expected
            assert (f"fichier-{visibility}" in everything) == allowed
            assert (f"Contact {visibility}" in everything) == allowed
            status = client.get(f"{CANDIDATE}/files/fichier-{visibility}").status_int
            assert status == (200 if allowed else 401 if login is None else 403)
    file = api().get(f"{CANDIDATE}/files/fichier-public").json
    assert (file["size"], file["content_type"], file["state"]) == (9, "text/plain", None)
    assert file["download"] == "http://localhost/companies/candidate/files/fichier-public/download"


@pytest.mark.parametrize("path", [CANDIDATE, f"{CANDIDATE}/workflow", "/api/v1/companies", "/api/v1/framework"])
def test_an_entity_tag_spares_what_did_not_change(api, world, path):
    client = api("entreprise")
    first = client.get(path)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = client.get(path, If_None_Match=tag)
    assert (again.status_int, again.body) == (304, b"")
    assert client.get(path, If_None_Match='"other"').status_int == 200
    if path == CANDIDATE:
        other = {**worlds.CONTACT, "name": "Luc Roche"}
        companies.add_contact(world.companies["candidate"], other, world.actors["entreprise"])
        transaction.commit()
        assert client.get(path, If_None_Match=tag).status_int == 200
        assert api().get(path).headers["ETag"] != tag
