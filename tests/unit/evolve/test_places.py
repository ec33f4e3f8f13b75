"""A database of before there were bodies, sites and outside certificates."""

import pytest
import transaction
from substanced.util import find_catalog

from coopcms.domain.consistency import check
from coopcms.evolve.outside import outside_certificates_have_a_place
from coopcms.evolve.places import bodies_and_sites_have_places


@pytest.fixture
def older(world):
    site = world.site
    site.remove("bodies")
    for company in world.companies.values():
        company.remove("sites")
        del company.outside_certificates
    transaction.commit()
    return site


def evolve(site, registry):
    bodies_and_sites_have_places(site, registry)
    outside_certificates_have_a_place(site, registry)


def test_an_older_company_lacks_nothing_that_is_read(older):
    company = older["companies"]["candidate"]
    assert list(company.worksites()) == []
    assert company.outside_certificates is None
    assert company.earlier_votes == ()


def test_the_steps_make_what_is_missing_and_find_it_in_the_catalog(older, registry):
    evolve(older, registry)
    assert check(older) == {name: [] for name in check(older)}
    catalog = find_catalog(older, "coopcms")
    assert older["bodies"].__oid__ in catalog.objectids
    for company in older["companies"].values():
        assert company["sites"].__oid__ in catalog.objectids
        assert company.outside_certificates is not None


def test_the_steps_do_nothing_the_second_time(older, registry):
    evolve(older, registry)
    transaction.commit()
    company = older["companies"]["candidate"]
    before = older["bodies"], company["sites"], company.outside_certificates
    evolve(older, registry)
    assert not older._p_jar._registered_objects
    assert (older["bodies"], company["sites"], company.outside_certificates) == before


def test_the_steps_are_registered(application):
    names = {
        entry["introspectable"]["name"] for entry in application.registry.introspector.get_category("evolution steps")
    }
    assert {
        "coopcms.evolve.places.bodies_and_sites_have_places",
        "coopcms.evolve.outside.outside_certificates_have_a_place",
    } <= names
