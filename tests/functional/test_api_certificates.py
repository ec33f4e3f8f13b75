"""Certificates in the API: everybody may check them."""

from datetime import UTC, datetime

import pytest
import transaction

from coopcms.workflows import engine

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures
from .api_reports import READERS

api = api_fixtures.api

COMPANY = "/api/v1/companies/verger"
CERTIFICATE = f"{COMPANY}/certificates/2026-0001"


@pytest.fixture
def certified(world):
    """A company that went the whole way to its certificate."""
    made = worlds.certified(world, "verger", NOW)
    transaction.commit()
    return made


def test_a_certificate_says_what_it_speaks_of_and_rests_on(api, certified):
    told = api().get(CERTIFICATE).json
    item = {
        "@id": f"http://localhost{CERTIFICATE}",
        "@type": "certificate",
        "title": "Verger",
        "state": None,
        "number": "2026-0001",
        "status": "valid",
        "start": "2026-03-12",
        "end": "2027-03-12",
        "last_day": "2027-03-12",
        "company": f"http://localhost{COMPANY}",
    }
    assert {name: told[name] for name in item} == item
    assert [(each["title"], each["number"]) for each in told["scope"]] == [("Les cinq engagements", 1), ("Œufs", 1)]
    for version in told["scope"]:
        assert api().get(version["version"]).json["title"] == version["title"]
    assert [audit["state"] for audit in told["audits"]] == ["validated", "validated"]
    assert {api().get(audit["@id"]).json["level"] for audit in told["audits"]} == {1, 2}
    assert api().get(f"{COMPANY}/certificates").json == {"items": [item], "next": None, "total": 1}
    assert api().get(COMPANY).json["certificate"] == item


def test_the_company_leads_to_what_is_verified_of_it(api, certified):
    told = api().get(COMPANY).json
    links = {name: f"http://localhost{COMPANY}/{name}" for name in ("audits", "certificates", "matrix")}
    assert told["links"].items() >= links.items()
    for address in told["links"].values():
        assert api().get(address).status_int == 200
    assert api().get("/api/v1/companies/candidate").json["certificate"] is None
    [item] = [each for each in api().get("/api/v1/companies").json["items"] if each["title"] == "Verger"]
    assert not {"certificate", "links"} & set(item)


def test_everybody_reads_the_same(api, certified):
    answers = {api(login).get(path).text for login in READERS for path in (CERTIFICATE,)}
    assert len(answers) == 1


def test_a_renewal_replaces_it_and_pages_follow(api, certified, world):
    now = datetime.now(UTC)
    worlds.audit(world, certified, 1, "validated", now)
    engine.fire(certified, "renew", world.actors["certificateur"], now)
    transaction.commit()
    first = api().get(f"{COMPANY}/certificates?limit=1").json
    second = api().get(first["next"]).json
    assert [page["items"][0]["status"] for page in (first, second)] == ["replaced", "valid"]
    assert (first["total"], second["next"]) == (2, None)
    assert api().get(COMPANY).json["certificate"]["number"] == second["items"][0]["number"]
    assert api().get(CERTIFICATE).json["status"] == "replaced"
    assert api().get(f"{COMPANY}/certificates?state=valid").status_int == 400


def test_who_left_keeps_a_certificate_that_says_so_and_closes_its_reports(api, certified, world):
    engine.fire(certified, "withdraw", world.actors["entreprise"], NOW, comment="Nous partons.")
    transaction.commit()
    for login in (None, "membre", "admin"):
        told = api(login).get(CERTIFICATE).json
        assert (told["status"], told["audits"]) == ("withdrawn", [])
        assert [each["title"] for each in told["scope"]] == ["Les cinq engagements", "Œufs"]
        assert [each["version"] is None for each in told["scope"]] == [False, True]
        assert api(login).get(f"{COMPANY}/certificates").json["total"] == 1
        assert "certificate" not in api(login).get(COMPANY).json
    assert len(api("equipe").get(CERTIFICATE).json["audits"]) == 2


def test_a_suspension_shows(api, certified, world):
    engine.fire(certified, "suspend", world.actors["certificateur"], NOW, comment="Fraude.")
    transaction.commit()
    assert api().get(CERTIFICATE).json["status"] == "suspended"


def test_there_is_none_before_the_decision(api):
    candidate = "/api/v1/companies/candidate/certificates"
    assert api().get(candidate).json == {"items": [], "next": None, "total": 0}
    assert api().get(f"{candidate}/2026-0001").status_int == 404
    assert api().get("/api/v1/companies/brouillon/certificates").status_int == 401
    assert api("membre").get("/api/v1/companies/brouillon/certificates").status_int == 403


def test_nothing_is_written_there(api, certified):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (CERTIFICATE, f"{COMPANY}/certificates"):
            answer = api("equipe").ask(method, path, {})
            assert (answer.status_int, answer.headers["Allow"]) == (405, "GET, HEAD")
            assert api().ask(method, path, {}).status_int == 401
    assert api("equipe").get(f"{CERTIFICATE}/workflow").status_int == 404


def test_an_entity_tag_spares_what_did_not_change(api, certified, world):
    tag = api().get(CERTIFICATE).headers["ETag"]
    assert api().get(CERTIFICATE, If_None_Match=tag).status_int == 304
    engine.fire(certified, "suspend", world.actors["certificateur"], NOW, comment="Fraude.")
    transaction.commit()
    assert api().get(CERTIFICATE, If_None_Match=tag).status_int == 200
