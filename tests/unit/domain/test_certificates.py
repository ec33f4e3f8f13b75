"""Certificates and what the decisions on a certification rest on, with real audits, findings and corrective actions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coopcms.domain import clock, companies, enforcement, specifications
from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW


@pytest.fixture
def decider(world):
    """A certifier outside every team."""
    return world.actors["certificateur"]


@pytest.fixture
def company(world):
    """A company that applied."""
    return world.companies["candidate"]


@pytest.fixture
def certified(world):
    return worlds.certified(world, "celle", NOW)


def words(refusal):
    return [str(missing.sentence) for missing in refusal.value.missing]


def held(company, id, actor, now=NOW, comment="Oui."):
    """The sentences of what holds a step back."""
    with pytest.raises(engine.GuardRefused) as caught:
        engine.fire(company, id, actor, now, comment=comment)
    return words(caught)


def suspended_by_the_clock(world, company, now):
    clock.tick(world.site, now)
    return company.state == "suspended"


# From the audits to the certificate


def test_the_whole_way_to_a_certificate(world, certified):
    certificate = certified.current_certificate()
    assert certified.state == "certified"
    assert certificate.number == "2026-0001"
    assert (certificate.start, certificate.end) == (date(2026, 3, 12), date(2027, 3, 12))
    assert certificate.scope == (
        ("framework/1", world.site["framework"]["1"].title, 1),
        ("companies/celle/specifications/oeufs/1", "Œufs", 1),
    )
    assert set(certificate.audits) == set(certified["audits"])
    assert [version.state for version in certified.versions()] == ["in_force"]
    assert certificate.status(NOW) == "valid"


@pytest.mark.parametrize("level", [1, 2])
def test_one_level_alone_never_leads_to_a_certificate(world, company, decider, level):
    """Directive (EU) 2024/825 asks of a label that a third party verifies it; the cooperative asks for its members as well."""
    for _time in range(2):
        worlds.audit(world, company, level, "validated", NOW)
    assert held(company, "accept_audits", decider)


def test_without_an_accredited_body_nothing_is_certified_whatever_the_state(world, decider):
    company = worlds.in_state(world, "celle", "voted", NOW)
    worlds.audit(world, company, 2, "validated", NOW)
    approved, report = held(company, "certify", decider)
    assert "aux deux niveaux" in approved
    assert "organisme accrédité" in report
    worlds.audit(world, company, 1, "reported", NOW)
    assert held(company, "certify", decider)
    worlds.audit(world, company, 1, "validated", NOW)
    engine.fire(company, "certify", decider, NOW)


@pytest.mark.parametrize("level", [1, 2])
def test_an_open_major_holds_the_audits_back_and_its_closing_releases_them(world, company, decider, level):
    audit = worlds.audit(world, company, level, "validated", NOW, found={"A1": "major"})
    worlds.audit(world, company, 3 - level, "validated", NOW)
    for state in ("open", "proposed", "accepted", "proved", "verified"):
        worlds.nonconformity(world, audit, state, NOW)
        assert any("majeure" in sentence for sentence in held(company, "accept_audits", decider)), state
    worlds.nonconformity(world, audit, "closed", NOW)
    engine.fire(company, "accept_audits", decider, NOW)


@pytest.mark.parametrize("level", [1, 2])
def test_an_open_major_holds_the_certification_back_and_its_closing_releases_it(world, decider, level):
    company = worlds.in_state(world, "celle", "voted", NOW)
    worlds.audit(world, company, 3 - level, "validated", NOW)
    audit = worlds.audit(world, company, level, "validated", NOW, found={"A1": "major"})
    worlds.audit(world, company, 1, "validated", NOW)
    worlds.nonconformity(world, audit, "verified", NOW)
    assert any("majeure" in sentence for sentence in held(company, "certify", decider))
    worlds.nonconformity(world, audit, "closed", NOW)
    engine.fire(company, "certify", decider, NOW)


def test_every_minor_needs_an_action_that_was_accepted(world, decider):
    company = worlds.in_state(world, "celle", "voted", NOW)
    first = worlds.audit(world, company, 1, "validated", NOW, found={"A1": "minor"})
    second = worlds.audit(world, company, 2, "validated", NOW, found={"TR-1": "minor"})
    worlds.nonconformity(world, first, "accepted", NOW)
    worlds.nonconformity(world, second, "proposed", NOW)
    (sentence,) = held(company, "certify", decider)
    assert "mineure" in sentence
    worlds.nonconformity(world, second, "accepted", NOW)
    engine.fire(company, "certify", decider, NOW)


def test_minor_ones_do_not_hold_the_audits_back(world, company, decider):
    for level in (1, 2):
        worlds.audit(world, company, level, "validated", NOW, found={"A1": "minor"})
    engine.fire(company, "accept_audits", decider, NOW)


def test_a_major_that_a_second_report_takes_back_holds_nothing_back(world, company, decider):
    audit = worlds.audit(world, company, 1, "reported", NOW, found={"A1": "major"})
    worlds.audit(world, company, 2, "validated", NOW)
    engine.fire(audit, "resume", decider, NOW, comment="Mesurez de nouveau.")
    worlds.answer(world, audit, NOW)
    worlds.report(world, audit, NOW)
    later = NOW + timedelta(days=14)
    engine.fire(audit, "validate", decider, later)
    engine.fire(company, "accept_audits", decider, later)


@pytest.mark.parametrize(
    ("id", "state"),
    [
        ("accept_audits", "applied"),
        ("certify", "voted"),
        ("refuse_certification", "voted"),
        ("renew", "certified"),
        ("renew", "partnered"),
        ("reinstate", "suspended"),
    ],
)
@pytest.mark.parametrize("reason", ["team", "interest", "staff"])
def test_who_evaluated_or_is_in_conflict_decides_nothing(world, decider, id, state, reason):
    company = worlds.in_state(world, "celle", state, NOW)
    for level in (1, 2):
        worlds.audit(world, company, level, "validated", NOW + timedelta(days=1))
    actor = world.actors["certificatrice"]
    if reason != "team":
        actor = decider
        if reason == "staff":
            companies.add_staff(company, actor.userid)
        else:
            companies.declare_interest(company, "Ma sœur y travaille.", actor, NOW)
    (sentence,) = held(company, id, actor, NOW + timedelta(days=2))
    assert {"team": "audit", "interest": "intérêt", "staff": "équipe de cette entreprise"}[reason] in sentence


@pytest.mark.parametrize(
    ("validated", "now", "good"),
    [
        (NOW, datetime(2027, 3, 12, 9, 59, tzinfo=UTC), True),
        (NOW, datetime(2027, 3, 12, 10, 0, tzinfo=UTC), False),
        (datetime(2028, 2, 29, 10, tzinfo=UTC), datetime(2029, 2, 28, 9, 59, tzinfo=UTC), True),
        (datetime(2028, 2, 29, 10, tzinfo=UTC), datetime(2029, 2, 28, 10, 0, tzinfo=UTC), False),
        # Half past midnight of the 1st of March in Paris, where the year after has a 29th of February.
        (datetime(2027, 2, 28, 23, 30, tzinfo=UTC), datetime(2028, 2, 29, 12, 0, tzinfo=UTC), True),
        (datetime(2027, 2, 28, 23, 30, tzinfo=UTC), datetime(2028, 2, 29, 23, 30, tzinfo=UTC), False),
    ],
)
def test_a_report_is_valid_for_twelve_months_from_its_validation(world, decider, validated, now, good):
    company = worlds.in_state(world, "celle", "voted", NOW)
    for level in (1, 2):
        worlds.audit(world, company, level, "validated", validated)
    if good:
        engine.fire(company, "certify", decider, now)
    else:
        assert held(company, "certify", decider, now)


# Numbers, scope, start and end


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1), date(2028, 1, 1)),  # New Year in Paris
        (datetime(2028, 2, 29, 10, tzinfo=UTC), date(2028, 2, 29), date(2029, 2, 28)),
        (datetime(2027, 2, 28, 10, tzinfo=UTC), date(2027, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_certificate_runs_twelve_months_of_the_calendar_in_paris(world, now, start, end):
    certificate = worlds.certified(world, "celle", now).current_certificate()
    assert (certificate.start, certificate.end) == (start, end)
    assert certificate.number == f"{start.year}-0001"
    assert certificate.days_left(now) == (end - start).days


def test_the_last_day_of_a_certificate_counts(world, certified):
    certificate = certified.current_certificate()
    assert certificate.status(datetime(2027, 3, 12, 22, 59, tzinfo=UTC)) == "valid"
    assert certificate.days_left(datetime(2027, 3, 12, 22, 59, tzinfo=UTC)) == 0
    assert certificate.status(datetime(2027, 3, 12, 23, 0, tzinfo=UTC)) == "ended"


def test_two_certificates_never_share_a_number(world, decider):
    made = [worlds.certified(world, name, NOW) for name in ("une", "deux", "trois")]
    later = NOW + timedelta(days=330)
    for company in made:
        worlds.audit(world, company, 1, "validated", later)
        engine.fire(company, "renew", decider, later + timedelta(hours=1))
    numbers = [certificate.number for company in made for certificate in company.certificates()]
    assert sorted(numbers) == ["2026-0001", "2026-0002", "2026-0003", "2027-0004", "2027-0005", "2027-0006"]


def test_a_certificate_speaks_of_no_text_that_was_not_voted(world, certified, decider):
    staff, later = world.actors["entreprise"], NOW + timedelta(days=300)
    newer = specifications.revise(certified["specifications"]["oeufs"], staff, NOW)
    engine.fire(newer, "freeze", staff, NOW)
    worlds.audit(world, certified, 1, "validated", later, versions=[world.site["framework"]["1"]])
    engine.fire(certified, "renew", decider, later + timedelta(hours=1))
    paths = [path for path, _title, _number in certified.current_certificate().scope]
    assert "companies/celle/specifications/oeufs/2" not in paths, "a frozen text that nobody verified nor voted"


@pytest.mark.parametrize("state", ["certified", "suspended", "withdrawn"])
def test_everybody_may_check_a_certificate(world, certified, state):
    certificate = certified.current_certificate()
    if state == "suspended":
        engine.fire(certified, "suspend", world.actors["certificateur"], NOW, comment="Fraude.")
    elif state == "withdrawn":
        engine.fire(certified, "withdraw", world.actors["entreprise"], NOW, comment="Nous arrêtons.")
    assert may(P.VIEW, certificate, world.actors["visitor"])
    assert certificate.status(NOW) == {"certified": "valid"}.get(state, state)


# Renewal


def test_a_renewal_makes_a_new_certificate_and_the_former_one_is_replaced(world, certified, decider):
    former, later = certified.current_certificate(), NOW + timedelta(days=340)
    assert held(certified, "renew", decider, later)
    worlds.audit(world, certified, 1, "validated", later)
    engine.fire(certified, "renew", decider, later + timedelta(days=1))
    newer = certified.current_certificate()
    assert newer is not former
    assert (former.status(later), newer.status(later + timedelta(days=1))) == ("replaced", "valid")
    assert newer.start == date(2027, 2, 16)
    assert (former.start, former.end) == (date(2026, 3, 12), date(2027, 3, 12))


@pytest.mark.parametrize("level", [1, 2])
def test_only_a_newer_report_of_level_1_renews(world, certified, decider, level):
    later = NOW + timedelta(days=340)
    worlds.audit(world, certified, level, "validated", later)
    if level == 1:
        engine.fire(certified, "renew", decider, later + timedelta(hours=1))
    else:
        assert held(certified, "renew", decider, later + timedelta(hours=1))


@pytest.mark.parametrize("result", ["minor", "major"])
def test_what_a_newer_report_finds_holds_the_renewal_back(world, certified, decider, result):
    later = NOW + timedelta(days=340)
    audit = worlds.audit(world, certified, 1, "validated", later, found={"A1": result})
    assert held(certified, "renew", decider, later + timedelta(hours=1))
    worlds.nonconformity(world, audit, "closed" if result == "major" else "accepted", later)
    engine.fire(certified, "renew", decider, later + timedelta(hours=1))


def test_a_report_newer_than_the_certificate_renews_it_also_after_a_suspension(world, certified, decider):
    """The reinstatement made no certificate: the report that came before it was used for none yet."""
    worlds.audit(world, certified, 1, "validated", NOW + timedelta(days=300))
    engine.fire(certified, "suspend", decider, NOW + timedelta(days=310), comment="Un doute.")
    engine.fire(certified, "reinstate", decider, NOW + timedelta(days=320))
    assert len(certified.certificates()) == 1
    engine.fire(certified, "renew", decider, NOW + timedelta(days=330))
    assert len(certified.certificates()) == 2


# Versions that follow one another


def replaced(world, company, now):
    """The version in force replaced by the next one."""
    staff = world.actors["entreprise"]
    newer = specifications.revise(company["specifications"]["oeufs"], staff, now)
    engine.fire(newer, "freeze", staff, now)
    engine.fire(newer, "adopt", world.actors["closing"], now)
    engine.fire(newer, "put_in_force", world.actors["equipe"], now)
    return newer


def test_a_certificate_ends_twelve_months_after_a_version_it_speaks_of_was_superseded(
    world, certified, registry, monkeypatch
):
    certificate = certified.current_certificate()
    replaced(world, certified, NOW + timedelta(days=30))
    assert certificate.last_day == date(2027, 3, 12), "twelve months later is after its end"
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, superseded_months=3))
    assert certificate.last_day == date(2026, 7, 11)
    assert certificate.end == date(2027, 3, 12)
    assert not suspended_by_the_clock(world, certified, datetime(2026, 7, 11, 21, 59, tzinfo=UTC))
    assert suspended_by_the_clock(world, certified, datetime(2026, 7, 11, 22, 0, tzinfo=UTC))


def test_a_certification_brings_the_adopted_versions_into_force_and_one_of_each_text_alone(world, certified):
    versions = certified["specifications"]["oeufs"].versions()
    assert [version.state for version in versions] == ["in_force"]
    replaced(world, certified, NOW)
    assert [version.state for version in certified["specifications"]["oeufs"].versions()] == ["superseded", "in_force"]


def test_an_adopted_version_comes_into_force_on_its_day_in_paris(world, certified):
    staff = world.actors["entreprise"]
    newer = specifications.revise(certified["specifications"]["oeufs"], staff, NOW)
    engine.fire(newer, "freeze", staff, NOW)
    engine.fire(newer, "adopt", world.actors["closing"], NOW)
    enforcement.set_date(newer, date(2026, 6, 1), world.actors["equipe"], NOW)
    clock.tick(world.site, datetime(2026, 5, 31, 21, 59, tzinfo=UTC))
    assert newer.state == "adopted"
    clock.tick(world.site, datetime(2026, 5, 31, 22, 0, tzinfo=UTC))
    assert newer.state == "in_force"


def test_a_candidate_puts_nothing_in_force(world, company):
    version = next(company.versions())
    engine.fire(version, "adopt", world.actors["closing"], NOW)
    clock.tick(world.site, NOW)
    assert version.state == "adopted"
