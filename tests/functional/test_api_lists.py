"""Lists of the API: pages, filters, and parameters that cannot be."""

import io

import pytest
import transaction

from coopcms.catalog.draining import drain
from coopcms.domain import files
from coopcms.events import Changed, notify

from .. import world as worlds
from ..conftest import NOW
from . import api_fixtures

api = api_fixtures.api

CANDIDATE = "/api/v1/companies/candidate"


def company_in(world, state, name="autre"):
    made = worlds.in_state(world, name, state, NOW)
    transaction.commit()
    return made


def read_pages(client, address):
    """Every page of a list, which must come to an end."""
    pages = []
    while address:
        assert len(pages) < 10
        pages.append(client.get(address).json)
        address = pages[-1]["next"]
    return pages


def test_pages_follow_each_other_without_repeating_or_leaving_out(api, world):
    names = [f"ferme-{letter}" for letter in "abcdefg"]
    for name in names:
        worlds.in_state(world, name, "certified", NOW)
    transaction.commit()
    drain(world.site)  # the word stands in the dossiers, not in the titles
    transaction.commit()
    pages = read_pages(api(), "/api/v1/companies?state=certified&limit=3&text=bruyeres")
    assert [len(page["items"]) for page in pages] == [3, 3, 1]
    assert {page["total"] for page in pages} == {7}
    assert [item["title"] for page in pages for item in page["items"]] == [name.capitalize() for name in names]


def test_a_cursor_stays_good_when_items_come_go_and_have_one_title(api, world):
    made = [worlds.in_state(world, f"meme-{n}", "certified", NOW) for n in range(4)]
    for company in made:
        company.title = "Le Même"
        notify(Changed(company))
    transaction.commit()
    first = api().get("/api/v1/companies?state=certified&limit=2").json
    shown = {item["@id"] for item in first["items"]}
    gone = next(company for company in made if first["items"][-1]["@id"].endswith(company.__name__))
    gone.state = "draft"
    notify(Changed(gone))
    worlds.in_state(world, "aaa", "certified", NOW)
    transaction.commit()
    second = api().get(first["next"]).json
    assert len(second["items"]) == 2
    assert not shown & {item["@id"] for item in second["items"]}
    assert second["next"] is None


def test_short_lists_are_paged_too(api, world):
    staff = world.actors["entreprise"]
    for number in range(5):
        files.add(
            world.companies["candidate"], io.BytesIO(b"x"), "a.txt", f"f{number}", "public", staff, NOW, most_bytes=10
        )
    transaction.commit()
    pages = read_pages(api(), f"{CANDIDATE}/files?limit=2")
    assert [item["title"] for page in pages for item in page["items"]] == ["f0", "f1", "f2", "f3", "f4"]


def test_lists_are_filtered_as_the_directory_is(api, world):
    company_in(world, "certified")
    client = api()

    def titles(query):
        return [item["title"] for item in client.get(f"/api/v1/companies?{query}").json["items"]]

    assert titles("") == ["Autre", "Candidate"]
    assert titles("state=certified") == ["Autre"]
    assert titles("state=certified&state=applied") == ["Autre", "Candidate"]
    assert titles("sector=dairy") == []
    assert titles("region=Nouvelle-Aquitaine&text=candidate") == ["Candidate"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=nonsense", "cursor"),
        ("cursor=WyJhIl0", "cursor"),
        ("cursor=%C3%A9", "cursor"),
        ("cursor=WzEsMl0", "cursor"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=", "limit"),
        ("limit=5&limit=x", "limit"),
        ("text=a&text=b", "text"),
        ("state=nowhere", "state"),
        ("state=applied&state=nowhere", "state"),
        ("sector=guns", "sector"),
        ("sate=applied", "sate"),
        ("text=" + "x" * 201, "text"),
    ],
)
def test_a_parameter_that_cannot_be_is_400_and_named(api, query, field):
    answer = api().get(f"/api/v1/companies?{query}")
    assert answer.status_int == 400
    assert answer.json["field"] == field
    assert f"« {field} »" in answer.json["detail"].replace("\xa0", " ")


@pytest.mark.parametrize("query", ["text=%ff", "%ff=1"])
def test_an_address_that_is_no_text_is_400(api, query):
    assert api().get(f"/api/v1/companies?{query}").status_int == 400
