"""What the clock suspends and what it leaves alone, and how a company comes back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coopcms.domain import clock, outside
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW


@pytest.fixture
def decider(world):
    """A certifier outside every team."""
    return world.actors["certificateur"]


@pytest.fixture
def certified(world):
    return worlds.certified(world, "celle", NOW)


def suspended_by_the_clock(world, company, now):
    clock.tick(world.site, now)
    return company.state == "suspended"


def test_the_clock_suspends_the_day_after_the_certificate_ended(world, certified):
    assert not suspended_by_the_clock(world, certified, datetime(2027, 3, 12, 22, 59, tzinfo=UTC))
    assert suspended_by_the_clock(world, certified, datetime(2027, 3, 12, 23, 0, tzinfo=UTC))
    last = engine.last_entry(certified)
    assert last["role"] == "system:clock"
    assert "attestation" in str(last["comment"])
    assert certified.current_certificate().status(datetime(2027, 3, 13, tzinfo=UTC)) == "ended"


@pytest.mark.parametrize("state", ["reported", "contested", "validated"])
def test_a_newer_report_that_waits_for_us_holds_the_suspension(world, certified, state):
    worlds.audit(world, certified, 1, state, NOW + timedelta(days=340))
    assert not suspended_by_the_clock(world, certified, datetime(2027, 3, 20, tzinfo=UTC))


@pytest.mark.parametrize("state", ["planned", "in_progress", "answered", "cancelled"])
def test_an_audit_without_a_report_does_not(world, certified, state):
    worlds.audit(world, certified, 1, state, NOW + timedelta(days=340))
    assert suspended_by_the_clock(world, certified, datetime(2027, 3, 20, tzinfo=UTC))


def test_a_visit_alone_does_not_either(world, certified):
    worlds.audit(world, certified, 2, "validated", NOW + timedelta(days=340))
    assert suspended_by_the_clock(world, certified, datetime(2027, 3, 20, tzinfo=UTC))


@pytest.mark.parametrize("level", [1, 2])
def test_the_clock_suspends_the_day_after_an_action_was_due(world, certified, level):
    audit = worlds.audit(world, certified, level, "validated", NOW, found={"A1": "minor"})
    worlds.nonconformity(world, audit, "accepted", NOW, deadline=date(2026, 5, 31))
    assert not suspended_by_the_clock(world, certified, datetime(2026, 5, 31, 21, 59, tzinfo=UTC))
    assert suspended_by_the_clock(world, certified, datetime(2026, 5, 31, 22, 0, tzinfo=UTC))
    assert "action corrective" in str(engine.last_entry(certified)["comment"])


@pytest.mark.parametrize("state", ["proved", "verified", "closed"])
def test_a_proof_that_waits_for_us_holds_the_suspension(world, certified, state):
    audit = worlds.audit(world, certified, 2, "validated", NOW, found={"A1": "minor"})
    worlds.nonconformity(world, audit, state, NOW, deadline=date(2026, 5, 31))
    assert not suspended_by_the_clock(world, certified, datetime(2026, 8, 1, tzinfo=UTC))


def test_a_report_that_is_made_anew_asks_nothing_of_the_company(world, certified, decider):
    audit = worlds.audit(world, certified, 2, "reported", NOW, found={"A1": "minor"})
    worlds.nonconformity(world, audit, "accepted", NOW, deadline=date(2026, 5, 31))
    engine.fire(audit, "resume", decider, NOW, comment="À revoir.")
    assert not suspended_by_the_clock(world, certified, datetime(2026, 8, 1, tzinfo=UTC))


def declared(world, company, day):
    values = {"name": "Agriculture biologique", "issuer": "Écocert", "valid_until": day}
    return outside.declare(company, values, world.actors["entreprise"], NOW)


def test_the_clock_suspends_the_day_after_an_outside_certificate_lapsed(world, certified):
    declared(world, certified, date(2026, 5, 31))
    assert not suspended_by_the_clock(world, certified, datetime(2026, 5, 31, 21, 59, tzinfo=UTC))
    assert suspended_by_the_clock(world, certified, datetime(2026, 5, 31, 22, 0, tzinfo=UTC))
    assert "certificat extérieur" in str(engine.last_entry(certified)["comment"])


def test_a_renewal_that_waits_for_us_holds_the_suspension_until_it_is_refused(world, certified, decider):
    key = declared(world, certified, date(2026, 5, 31))
    outside.submit_renewal(certified, key, date(2027, 5, 31), "Audit du 3 mai.", world.actors["entreprise"], NOW)
    later = datetime(2026, 6, 20, 10, tzinfo=UTC)
    assert not suspended_by_the_clock(world, certified, later)
    outside.refuse_renewal(certified, key, "Illisible.", decider, later)
    assert suspended_by_the_clock(world, certified, later)


def test_a_tick_done_twice_does_it_once(world, certified):
    later = datetime(2027, 4, 1, tzinfo=UTC)
    assert clock.tick(world.site, later)["overdue companies"] == 1
    lines = len(certified.history)
    assert clock.tick(world.site, later)["overdue companies"] == 0
    assert len(certified.history) == lines


# Coming back


@pytest.mark.parametrize("state", ["certified", "partnered"])
def test_a_reinstatement_leads_back_to_where_the_company_was(world, certified, decider, state):
    if state == "partnered":
        certified.link = "an agreement"
        engine.fire(certified, "partner", world.actors["equipe"], NOW)
    engine.fire(certified, "suspend", decider, NOW, comment="Un doute.")
    assert certified.current_certificate().status(NOW) == "suspended"
    engine.fire(certified, "reinstate", decider, NOW + timedelta(days=10))
    assert certified.state == state
    assert len(certified.certificates()) == 1
    assert certified.current_certificate().status(NOW + timedelta(days=10)) == "valid"


def test_a_reinstatement_after_the_end_makes_a_new_certificate_on_a_valid_report(world, certified, decider):
    ended = datetime(2027, 3, 20, 10, tzinfo=UTC)
    assert suspended_by_the_clock(world, certified, ended)
    with pytest.raises(engine.GuardRefused):
        engine.fire(certified, "reinstate", decider, ended)
    worlds.audit(world, certified, 1, "validated", ended)
    engine.fire(certified, "reinstate", decider, ended)
    assert certified.state == "certified"
    assert certified.current_certificate().start == date(2027, 3, 20)
    assert not suspended_by_the_clock(world, certified, ended)
