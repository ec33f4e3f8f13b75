"""Finding companies."""

import pytest
import transaction

from coopcms.catalog import queries
from coopcms.catalog.draining import drain, queue_length
from coopcms.domain import companies
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW


def names(found):
    return [company.__name__ for company in found.items]


@pytest.mark.parametrize(
    "login, expected",
    [
        ("visitor", ["candidate"]),
        ("membre", ["candidate"]),
        ("certificatrice", ["candidate"]),
        ("voisine", ["candidate"]),
        ("admin", ["candidate"]),
        ("entreprise", ["candidate", "complete", "brouillon"]),
        ("equipe", ["candidate", "complete", "brouillon"]),
    ],
)
def test_everybody_finds_what_they_may_see_and_nothing_else(world, login, expected):
    found = queries.companies(world.site, world.actors[login])
    assert sorted(names(found)) == sorted(expected)
    assert found.total == len(expected)
    assert sum(found.facets["state"].values()) == len(expected)


def test_staff_of_one_company_do_not_find_the_draft_of_another(world):
    companies.add_staff(world.companies["brouillon"], world.actors["voisine"].userid)
    assert sorted(names(queries.companies(world.site, world.actors["voisine"]))) == ["brouillon", "candidate"]


def test_a_company_is_found_in_its_new_state_at_once(world):
    company = world.companies["complete"]
    engine.fire(company, "apply", world.actors["entreprise"], NOW)
    assert "complete" in names(queries.companies(world.site, world.actors["visitor"], states=["applied"]))
    assert "complete" not in names(queries.companies(world.site, world.actors["equipe"], states=["draft"]))


@pytest.mark.parametrize(
    "text",
    [
        "candidate",
        "CANDIDATES",
        "bourganeuf",
        "œufs poules",
        "oeuf poule",
        "Bruyères",
        "bruyere",
        "l'engagement",
        "nouvelle-aquitaine",
    ],
)
def test_words_are_found_in_any_form_once_the_texts_are_indexed(world, text):
    transaction.commit()
    drain(world.site)
    assert "candidate" in names(queries.companies(world.site, world.actors["visitor"], text=text))


@pytest.mark.parametrize(
    "text", ["AND", "candidate AND", "NOT candidate", "(", '"', "*", "a*", "candidate (", "x" * 300, "le la les"]
)
def test_no_text_breaks_the_search(world, text):
    transaction.commit()
    drain(world.site)
    queries.companies(world.site, world.actors["visitor"], text=text)


def test_a_title_is_found_before_the_texts_are_indexed_and_all_words_are_asked_for(world):
    assert names(queries.companies(world.site, world.actors["visitor"], text="candidate")) == ["candidate"]
    assert names(queries.companies(world.site, world.actors["visitor"], text="candidate introuvable")) == []


def test_a_text_never_finds_what_the_reader_may_not_see(world):
    transaction.commit()
    drain(world.site)
    assert names(queries.companies(world.site, world.actors["visitor"], text="complete")) == []


def test_draining_twice_does_it_once(world):
    transaction.commit()
    assert queue_length(world.site) > 0
    assert drain(world.site) > 0
    assert queue_length(world.site) == 0
    assert drain(world.site) == 0


def test_facets_count_what_each_other_choice_would_give(world):
    made = worlds.in_state(world, "laiterie", "certified", NOW)
    identity = {**made.values_of("identity"), "sector": "dairy", "region": "Bretagne"}
    made.sections["identity"].values = identity
    from coopcms.events import Changed, notify

    notify(Changed(made))
    found = queries.companies(world.site, world.actors["visitor"], states=["applied"])
    assert found.facets["state"] == {"applied": 1, "certified": 1}
    assert found.facets["sector"] == {"eggs": 1}
    assert names(queries.companies(world.site, world.actors["visitor"], sector="dairy", region="Bretagne")) == [
        "laiterie"
    ]


def test_pages_part_the_list_without_gap_or_double(world):
    for number in range(5):
        worlds.in_state(world, f"une-{number}", "applied", NOW)
    everything = names(queries.companies(world.site, world.actors["visitor"]))
    parts = [names(queries.companies(world.site, world.actors["visitor"], start=n, limit=2)) for n in range(0, 6, 2)]
    assert sum(parts, []) == everything
    assert len(everything) == 6


def test_accounts_are_found_by_their_address(world):
    assert queries.account_by_email(world.site, " Membre@TEST.example ") is world.accounts["membre"]
    assert queries.account_by_email(world.site, "") is None
    assert queries.account_by_email(world.site, "personne@test.example") is None
