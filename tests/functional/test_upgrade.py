"""A database of a released version is brought to this one by ``coopcms evolve``, as whoever runs the site does it."""

import json
import urllib.parse

import pytest

from ..support.releases import VERSIONS, unpack
from .serving import Place


@pytest.fixture(params=VERSIONS)
def older(request, tmp_path, warm):
    """A site with the demo content that an older version made, not evolved yet."""
    place = Place(tmp_path / "older")
    unpack(request.param, place.var)
    (place.var / "cache").symlink_to(warm / "cache")
    return place


def checked(place):
    """What ``coopcms check`` says: the names of the checks with their problems."""
    answer = place.run("check", "--json")
    return {each["name"]: each["problems"] for each in json.loads(answer.stdout)["checks"]}


def evolve(place):
    answer = place.run("evolve")
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def dump(place):
    return (place.var / "Data.fs").read_bytes()


def test_an_older_database_is_evolved_once_and_then_agrees_with_itself(older):
    assert checked(older)["search"], "the fixture would prove nothing"
    assert "texts_are_indexed_anew" in evolve(older)
    found = checked(older)
    assert found == {name: [] for name in found}
    before = dump(older)
    assert evolve(older) == "Nothing to do.\n"
    assert dump(older) == before


def test_the_step_itself_writes_nothing_where_all_is_as_it_should_be(older):
    from coopcms.evolve.y2026_12_search import texts_are_indexed_anew

    evolve(older)
    before = dump(older)
    with older.opened() as site:
        texts_are_indexed_anew(site, None)
        assert not site._p_jar._registered_objects
    assert dump(older) == before


def test_pages_of_an_evolved_database_answer_and_the_search_finds(older):
    evolve(older)
    with older.opened() as site:
        slugs = sorted(name for name, c in site["companies"].items() if c.state in ("certified", "partnered"))
    with older.start() as server:
        for path in ("/", "/companies", f"/companies/{slugs[0]}", "/proposals", "/api/v1/companies"):
            assert server.get(path).status == 200, path
        for text in ("œufs", "OEUF", "d´œufs", "œu\N{SOFT HYPHEN}fs"):
            answer = server.get("/companies?" + urllib.parse.urlencode({"text": text}))
            assert answer.status == 200
            assert "ferme-des-trois-chenes" in answer.text, text
            assert "cidrerie-du-bois-hebert" not in answer.text, text
