"""Members over the API: for coordinators, page by page, and nobody else."""

import transaction

from coopcms.domain import members, registers

from ..conftest import NOW
from . import api_fixtures

api = api_fixtures.api


def test_members_are_for_coordinators(api, world):
    for login in ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur"):
        members.admit(world.site, world.accounts[login], world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)
    transaction.commit()
    told = api("equipe").get("/api/v1/members?limit=3").json
    assert told["total"] == 5
    assert [item["number"] for item in told["items"]] == [1, 2, 3]
    assert [item["number"] for item in api("equipe").get(told["next"]).json["items"]] == [4, 5]
    one = api("equipe").get("/api/v1/members/1")
    assert one.json == told["items"][0]
    assert (one.json["title"], one.json["category"], one.json["shares"]) == ("Camille Roux", "consumers", 1)
    assert one.json["@id"] == "http://localhost/api/v1/members/1"
    assert "@test.example" not in one.text
    assert api("equipe").get("/api/v1/members/6").status_int == 404
    for address in ("/api/v1/members", "/api/v1/members/1", "/api/v1/members/6"):
        assert api().get(address).status_int == 401
        for login in ("membre", "certificatrice", "entreprise", "voisine", "auditeur", "admin"):
            answer = api(login).get(address)
            assert answer.status_int == 403
            assert "Roux" not in answer.text
