"""The API on accredited bodies, sites, certificates of others and votes held before the platform."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import transaction

from coopcms.content.calendar import day_in_paris
from coopcms.domain import bodies, companies, files, outside, worksites

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures

api = api_fixtures.api

CANDIDATE = "/api/v1/companies/candidate"
TODAY = day_in_paris(datetime.now(UTC))


def test_the_first_address_leads_to_the_bodies(api):
    links = api().get("/api/v1/", Accept="application/json").json["links"]
    assert links["bodies"] == "http://localhost/api/v1/bodies"
    assert api().get(links["bodies"]).json["total"] == 1


def test_bodies_are_listed_by_title_and_page_by_page(api, world):
    for title in ("Zénith", "Abaque", "élan"):
        bodies.create(world.site, {**worlds.BODY, "title": title}, world.actors["equipe"], NOW)
    transaction.commit()
    titles, path = [], "/api/v1/bodies?limit=3"
    while path:
        answer = api().get(path).json
        titles += [item["title"] for item in answer["items"]]
        path = answer["next"]
    assert titles == ["Abaque", "Bureau de contrôle", "élan", "Zénith"]


def test_a_body_tells_its_accreditation_and_not_its_auditors(api, world):
    told = api("equipe").get("/api/v1/bodies/bureau")
    assert told.json["@id"] == "http://localhost/api/v1/bodies/bureau"
    assert (told.json["accreditation_number"], told.json["accredited_until"]) == ("5-0123", "2030-12-31")
    assert told.json["accredited"] is True
    assert "auditeur" not in told.text and "Vidal" not in told.text
    bodies.change(world.body, {**worlds.BODY, "accredited_until": date(2020, 1, 1)}, world.actors["equipe"], NOW)
    transaction.commit()
    assert api().get("/api/v1/bodies/bureau").json["accredited"] is False
    assert api().get("/api/v1/bodies/nobody").status_int == 404


ADDRESS_READERS = {
    "public": (None, "voisine", "membre", "certificatrice", "equipe", "entreprise", "admin"),
    "members": ("membre", "certificatrice", "equipe", "entreprise"),
    "verifiers": ("certificatrice", "equipe", "entreprise"),
}


def farm(world, visibility, company="candidate"):
    values = {
        "title": f"Lieu {visibility}",
        "kind": "farm",
        "street": f"Impasse Zanzibar {visibility}",
        "postcode": "99123",
        "city": "Guéret",
        "visibility_of_address": visibility,
    }
    made = worksites.create(world.companies[company], values, world.actors["entreprise"], NOW)
    transaction.commit()
    return made


@pytest.mark.parametrize("login", ADDRESS_READERS["public"])
def test_the_exact_address_of_a_site_is_there_for_whom_it_is_meant(api, world, login):
    for visibility in ADDRESS_READERS:
        farm(world, visibility)
    client = api(login)
    listed = {item["visibility_of_address"]: item for item in client.get(f"{CANDIDATE}/sites").json["items"]}
    for visibility, readers in ADDRESS_READERS.items():
        one = client.get(f"{CANDIDATE}/sites/lieu-{visibility}")
        assert one.json == listed[visibility]
        assert (one.json["city"], one.json["kind"], one.json["photo"]) == ("Guéret", "farm", None)
        assert ("street" in one.json) is ("postcode" in one.json) is (login in readers)
        assert (f"Zanzibar {visibility}" in one.text) is (login in readers)
    assert "Zanzibar" not in client.get(CANDIDATE).text


def test_the_company_leads_to_its_sites(api):
    link = api().get(CANDIDATE).json["links"]["sites"]
    assert api().get(link).json == {"items": [], "next": None, "total": 0}


def test_a_closed_company_closes_its_sites_and_certificates(api, world):
    company = worlds.in_state(world, "fermee", "declined", NOW)
    farm(world, "public", "fermee")
    declare(world, company)
    for login in (None, "membre", "certificatrice", "voisine", "admin"):
        client = api(login)
        for path in ("sites", "sites/lieu-public"):
            assert client.get(f"/api/v1/companies/fermee/{path}").status_int in (401, 403)
        assert not {"outside_certificates", "earlier_votes", "links"} & set(client.get("/api/v1/companies/fermee").json)
    assert api("equipe").get("/api/v1/companies/fermee").json["outside_certificates"]


def declare(world, company, **changes):
    values = {"name": "Bio", "issuer": "Ecocert", "number": "FR-1", "file": "", "valid_until": TODAY, **changes}
    key = outside.declare(company, values, world.actors["entreprise"], NOW)
    transaction.commit()
    return key


def test_certificates_of_others_are_told_as_they_stand(api, world):
    company, staff = world.companies["candidate"], world.actors["entreprise"]
    files.add(company, io.BytesIO(b"%PDF-1"), "a.pdf", "Preuve", "members", staff, NOW, most_bytes=99)
    key = declare(world, company, file="preuve", valid_until=TODAY - timedelta(days=1))
    told = api().get(CANDIDATE).json["outside_certificates"]
    assert told == [
        {
            "id": key,
            "name": "Bio",
            "issuer": "Ecocert",
            "number": "FR-1",
            "valid_until": (TODAY - timedelta(days=1)).isoformat(),
            "lapsed": True,
            "confirmed": False,
            "file": None,
            "renewal": None,
        }
    ]
    assert api("membre").get(CANDIDATE).json["outside_certificates"][0]["file"].endswith("/files/preuve")
    later = TODAY + timedelta(days=300)
    outside.submit_renewal(company, key, later, "Attestation.", staff, datetime.now(UTC))
    transaction.commit()
    renewal = api().get(CANDIDATE).json["outside_certificates"][0]["renewal"]
    assert (renewal["valid_until"], renewal["text"], set(renewal)) == (
        later.isoformat(),
        "Attestation.",
        {"valid_until", "text", "when"},
    )
    outside.confirm_renewal(company, key, world.actors["certificatrice"], datetime.now(UTC))
    transaction.commit()
    (told,) = api().get(CANDIDATE).json["outside_certificates"]
    assert (told["valid_until"], told["lapsed"], told["confirmed"]) == (later.isoformat(), False, True)


def test_votes_held_before_the_platform_are_told_with_their_source(api, world):
    figures = {
        "entitled": 9000,
        "voters": 2300,
        "yes": 2024,
        "no": 276,
        "source": "site public",
        "subject": "Le beurre",
    }
    companies.record_earlier_vote(
        world.companies["candidate"],
        "specification",
        "adopted",
        datetime(2019, 7, 10, tzinfo=UTC),
        world.actors["closing"],
        **figures,
    )
    transaction.commit()
    told = {"kind": "specification", "result": "adopted", "when": "2019-07-10T00:00:00Z", "blank": 0, **figures}
    assert api().get(CANDIDATE).json["earlier_votes"] == [told]


@pytest.mark.parametrize("path", ["/api/v1/bodies", "/api/v1/bodies/bureau", f"{CANDIDATE}/sites"])
def test_they_are_for_reading(api, path):
    assert api("equipe").post(path, {"title": "x"}).status_int == 405
    assert api("equipe").get(f"{path}?nonsense=1").status_int == 400
