"""The structural link: recorded with all that makes it one, earlier records kept."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from coopcms.domain import companies, structure
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW

EMPTY = {
    "stake": None,
    "seat": "",
    "seat_until": None,
    "brand": "",
    "agreement": "",
    "agreed_on": None,
    "programme": "",
}


@pytest.fixture
def company(world):
    return worlds.in_state(world, "celle", "certified", NOW)


def record(world, company, login="equipe", now=NOW, **values):
    structure.record_link(company, {**EMPTY, **values}, world.actors[login], now)


def test_without_a_link_nobody_is_attached(world, company):
    with pytest.raises(engine.GuardRefused):
        engine.fire(company, "partner", world.actors["equipe"], NOW)
    record(world, company, brand="La Brique")
    engine.fire(company, "partner", world.actors["equipe"], NOW)
    assert company.state == "partnered"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "stake"),
        ({"stake": Decimal(0)}, "stake"),
        ({"stake": Decimal("100.1")}, "stake"),
        ({"seat": "Camille Roux"}, "seat_until"),
        ({"agreement": "Un accord.", "programme": "2027-06-30 Un bac"}, "agreed_on"),
        ({"agreement": "Un accord.", "agreed_on": date(2026, 3, 1)}, "programme"),
        ({"stake": Decimal(2), "programme": "Un bac"}, "programme"),
        ({"stake": Decimal(2), "programme": "2027-02-30 Un bac"}, "programme"),
    ],
)
def test_what_makes_no_link_is_refused_at_its_field(world, company, values, field):
    with pytest.raises(Invalid) as caught:
        record(world, company, **values)
    assert list(caught.value.messages) == [field]
    assert company.link is None


def test_an_agreement_has_a_dated_programme_in_order(world, company):
    record(
        world,
        company,
        agreement="Un accord.",
        agreed_on=date(2026, 3, 1),
        programme="2028-01-01 La suite\n\n2027-06-30 Un bac de récupération\n",
    )
    assert company.link["programme"] == ((date(2027, 6, 30), "Un bac de récupération"), (date(2028, 1, 1), "La suite"))


def test_earlier_records_are_kept(world, company):
    record(world, company, stake=Decimal("2.5"))
    record(world, company, now=NOW + timedelta(days=9), stake=Decimal(3))
    assert (company.link["stake"], [former["stake"] for former in company.link["former"]]) == ("3", ["2.5"])


@pytest.mark.parametrize("login", ["entreprise", "certificateur", "membre", "admin", "visitor"])
def test_only_coordinators_record_it(world, company, login):
    with pytest.raises(Forbidden):
        record(world, company, login, stake=Decimal(2))


def test_nobody_in_conflict_records_it(world, company):
    companies.declare_interest(company, "Ma sœur y travaille.", world.actors["equipe"], NOW)
    with pytest.raises(Invalid):
        record(world, company, stake=Decimal(2))
    record(world, company, "equipe2", stake=Decimal(2))


@pytest.mark.parametrize("state", ["applied", "audited", "voted", "suspended", "declined"])
def test_there_is_no_link_before_the_certification(world, state):
    with pytest.raises(Forbidden):
        record(world, worlds.in_state(world, f"une-{state}", state, NOW), stake=Decimal(2))
