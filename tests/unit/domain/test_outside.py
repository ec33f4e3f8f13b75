"""Certificates that others gave to a company: declared, lapsed, renewed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coopcms.domain import companies, outside
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW

TODAY = NOW.date()
ORGANIC = {
    "name": "Agriculture biologique",
    "issuer": "Ecocert",
    "number": "FR-BIO-01",
    "valid_until": TODAY + timedelta(days=30),
    "file": "",
}


@pytest.fixture
def company(world):
    return worlds.in_state(world, "bio", "partnered", NOW)


def declare(world, company, **changes):
    key = outside.declare(company, {**ORGANIC, **changes}, world.actors["entreprise"], NOW)
    return key, company.outside_certificates[key]


def submitted(world, company, days=400, **changes):
    key, certificate = declare(world, company, **changes)
    outside.submit_renewal(
        company, key, TODAY + timedelta(days=days), "Attestation déposée.", world.actors["entreprise"], NOW
    )
    return key, certificate


def said(certificate):
    return [line["what"] for line in certificate.log.values()]


def test_only_staff_declare_change_and_renew(world, company):
    key, _certificate = declare(world, company)
    for login in ("visitor", "membre", "certificatrice", "equipe", "voisine", "admin"):
        actor = world.actors[login]
        with pytest.raises(Forbidden):
            outside.declare(company, ORGANIC, actor, NOW)
        with pytest.raises(Forbidden):
            outside.change(company, key, ORGANIC, actor, NOW)
        with pytest.raises(Forbidden):
            outside.submit_renewal(company, key, TODAY + timedelta(days=400), "Vu.", actor, NOW)
    assert len(company.outside_certificates) == 1


@pytest.mark.parametrize(
    "now, lapsed",
    [
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), False),  # 23:59 in Paris, summer time
        (datetime(2026, 3, 31, 22, 0, tzinfo=UTC), True),  # midnight in Paris
        (datetime(2026, 4, 1, 0, 0, tzinfo=UTC), True),
    ],
)
def test_a_certificate_lapses_at_midnight_in_paris_after_its_last_day(world, company, now, lapsed):
    _key, certificate = declare(world, company, valid_until=date(2026, 3, 31))
    assert certificate.has_lapsed(now) is lapsed
    assert (company.lapsed_certificates(now) == [certificate]) is lapsed


def test_a_renewal_that_waits_keeps_a_lapsed_certificate_out_of_what_is_overdue(world, company):
    key, certificate = declare(world, company, valid_until=TODAY - timedelta(days=1))
    assert company.lapsed_certificates(NOW) == [certificate]
    assert company.is_overdue(NOW)
    staff = world.actors["entreprise"]
    outside.submit_renewal(company, key, TODAY + timedelta(days=300), "Attestation déposée.", staff, NOW)
    assert company.lapsed_certificates(NOW) == []
    outside.refuse_renewal(company, key, "Le document est illisible.", world.actors["certificatrice"], NOW)
    assert company.lapsed_certificates(NOW) == [certificate]


def test_a_company_of_before_there_were_outside_certificates_has_none_lapsed(world, company):
    company.outside_certificates = None
    assert company.lapsed_certificates(NOW) == []


def test_a_certifier_confirms_and_the_new_date_counts(world, company):
    key, certificate = submitted(world, company)
    certifier = world.actors["certificatrice"]
    assert not certificate.is_confirmed
    outside.confirm_renewal(company, key, certifier, NOW)
    assert (certificate.valid_until, certificate.renewal) == (TODAY + timedelta(days=400), None)
    assert certificate.is_confirmed
    assert said(certificate) == ["declared", "submitted", "confirmed"]
    last = certificate.log[3]
    assert (last["by"], last["was"]) == (certifier.userid, {"valid_until": ORGANIC["valid_until"]})
    with pytest.raises(Invalid):
        outside.confirm_renewal(company, key, certifier, NOW)


def test_a_refusal_needs_a_reason_and_leaves_the_date_as_it_was(world, company):
    key, certificate = submitted(world, company)
    with pytest.raises(Invalid):
        outside.refuse_renewal(company, key, "  ", world.actors["certificatrice"], NOW)
    assert certificate.renewal is not None
    outside.refuse_renewal(company, key, "Le numéro ne correspond pas.", world.actors["certificatrice"], NOW)
    assert (certificate.valid_until, certificate.renewal) == (ORGANIC["valid_until"], None)
    assert certificate.log[3]["text"] == "Le numéro ne correspond pas."


@pytest.mark.parametrize("login", ["visitor", "membre", "entreprise", "equipe", "voisine", "admin"])
def test_nobody_but_certifiers_decides_on_a_renewal(world, company, login):
    key, certificate = submitted(world, company)
    for verb in (
        lambda: outside.confirm_renewal(company, key, world.actors[login], NOW),
        lambda: outside.refuse_renewal(company, key, "Non.", world.actors[login], NOW),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert certificate.renewal is not None


@pytest.mark.parametrize("tie", ["staff", "interest"])
def test_a_certifier_in_conflict_is_told_why_and_decides_nothing(world, company, tie):
    key, certificate = submitted(world, company)
    certifier = world.actors["certificatrice"]
    if tie == "staff":
        companies.add_staff(company, certifier.userid)
    else:
        companies.declare_interest(company, "Mon frère y travaille.", certifier, NOW)
    for verb in (
        lambda: outside.confirm_renewal(company, key, certifier, NOW),
        lambda: outside.refuse_renewal(company, key, "Non.", certifier, NOW),
    ):
        with pytest.raises(Invalid) as refused:
            verb()
        assert "une autre personne" in refused.value.messages["renewal"]
    assert certificate.valid_until == ORGANIC["valid_until"] and certificate.renewal is not None
    outside.confirm_renewal(company, key, world.actors["certificateur"], NOW)
    assert certificate.renewal is None


def test_who_read_another_renewal_than_the_one_that_waits_decides_nothing(world, company):
    key, certificate = submitted(world, company)
    later = NOW + timedelta(hours=1)
    staff = world.actors["entreprise"]
    outside.submit_renewal(company, key, TODAY + timedelta(days=900), "Une autre.", staff, later)
    with pytest.raises(Invalid):
        outside.confirm_renewal(company, key, world.actors["certificatrice"], later, seen=NOW)
    assert certificate.valid_until == ORGANIC["valid_until"]
    outside.confirm_renewal(company, key, world.actors["certificatrice"], later, seen=later)
    assert certificate.valid_until == TODAY + timedelta(days=900)


@pytest.mark.parametrize("days", [-500, 0, 29, 30])
def test_a_renewal_runs_longer_than_what_it_renews(world, company, days):
    key, certificate = declare(world, company)
    with pytest.raises(Invalid):
        outside.submit_renewal(company, key, TODAY + timedelta(days=days), "Vu.", world.actors["entreprise"], NOW)
    assert certificate.renewal is None


def test_a_renewal_that_is_over_already_shields_from_nothing(world, company):
    key, certificate = declare(world, company, valid_until=TODAY - timedelta(days=90))
    with pytest.raises(Invalid):
        outside.submit_renewal(company, key, TODAY - timedelta(days=1), "Vu.", world.actors["entreprise"], NOW)
    assert company.lapsed_certificates(NOW) == [certificate]


def test_staff_move_a_date_forward_only_by_a_renewal(world, company):
    key, certificate = declare(world, company)
    staff = world.actors["entreprise"]
    with pytest.raises(Invalid) as refused:
        outside.change(company, key, {**ORGANIC, "valid_until": TODAY + timedelta(days=999)}, staff, NOW)
    assert set(refused.value.messages) == {"valid_until"}
    outside.change(company, key, {**ORGANIC, "valid_until": TODAY, "number": "FR-BIO-10"}, staff, NOW)
    assert (certificate.valid_until, certificate.number) == (TODAY, "FR-BIO-10")
    assert certificate.log[2]["was"] == {"valid_until": ORGANIC["valid_until"], "number": "FR-BIO-01"}


def test_in_a_draft_a_slip_is_mended_either_way(world):
    company, staff = world.companies["brouillon"], world.actors["entreprise"]
    key, certificate = declare(world, company)
    outside.change(company, key, {**ORGANIC, "valid_until": TODAY + timedelta(days=999)}, staff, NOW)
    assert certificate.valid_until == TODAY + timedelta(days=999)


def test_a_change_that_changes_nothing_leaves_no_line(world, company):
    key, certificate = declare(world, company)
    outside.change(company, key, dict(ORGANIC), world.actors["entreprise"], NOW)
    assert said(certificate) == ["declared"]


def test_a_date_that_staff_corrected_after_a_confirmation_is_their_own_word_again(world, company):
    key, certificate = submitted(world, company)
    outside.confirm_renewal(company, key, world.actors["certificatrice"], NOW)
    outside.change(company, key, {**ORGANIC, "valid_until": TODAY}, world.actors["entreprise"], NOW)
    assert not certificate.is_confirmed
    outside.change(company, key, {**ORGANIC, "valid_until": TODAY, "name": "Bio"}, world.actors["entreprise"], NOW)
    assert not certificate.is_confirmed


def test_a_name_corrected_after_a_confirmation_leaves_the_date_confirmed(world, company):
    key, certificate = submitted(world, company)
    outside.confirm_renewal(company, key, world.actors["certificatrice"], NOW)
    values = {**ORGANIC, "valid_until": certificate.valid_until, "name": "Bio"}
    outside.change(company, key, values, world.actors["entreprise"], NOW)
    assert certificate.is_confirmed


def test_a_document_is_one_of_the_company(world, company):
    with pytest.raises(Invalid):
        declare(world, company, file="nowhere")
    assert not company.outside_certificates


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_nobody_decides_on_renewals_of_a_closed_company(world, state):
    company = worlds.in_state(world, "close", state, NOW)
    key, _certificate = submitted(world, company)
    with pytest.raises(Forbidden):
        outside.confirm_renewal(company, key, world.actors["certificatrice"], NOW)


def test_the_clock_suspends_for_a_lapsed_certificate_and_not_while_a_renewal_waits(world, company):
    key, certificate = declare(world, company)
    clock, later = world.actors["clock"], NOW + timedelta(days=31)
    with pytest.raises(engine.GuardRefused):
        engine.fire(company, "suspend", clock, NOW)
    staff = world.actors["entreprise"]
    outside.submit_renewal(company, key, TODAY + timedelta(days=400), "Attestation.", staff, later)
    with pytest.raises(engine.GuardRefused):
        engine.fire(company, "suspend", clock, later)
    certificate.renewal = None
    engine.fire(company, "suspend", clock, later)
    assert company.state == "suspended"
