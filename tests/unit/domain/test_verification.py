"""The verification matrix: what both levels say of each criterion, and how old that is."""

from datetime import UTC, datetime, timedelta

import pytest

from coopcms.domain import audits, specifications, verification
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW


@pytest.fixture
def company(world):
    return world.companies["candidate"]


@pytest.fixture
def version(company):
    return next(company.versions())


def row(company, version, now=NOW):
    return next(verification.rows(company, version, now))


def results(found):
    return tuple(None if each is None else each.result for each in (found.first, found.second))


def test_nothing_is_said_of_a_criterion_that_nobody_verified(company, version):
    assert results(row(company, version)) == (None, None)
    assert verification.summary(list(verification.rows(company, version, NOW))).none == 1


@pytest.mark.parametrize("state", ["in_progress", "answered", "reported", "contested"])
def test_a_report_speaks_once_it_is_validated(world, company, version, state):
    worlds.audit(world, company, 1, state, NOW)
    assert results(row(company, version)) == (None, None)


@pytest.mark.parametrize("level", [1, 2])
def test_a_validated_report_speaks_at_its_level_of_every_criterion(world, company, version, level):
    audit = worlds.audit(world, company, level, "validated", NOW)
    assert results(row(company, version)) == (("conforming", None) if level == 1 else (None, "conforming"))
    framework = list(verification.rows(company, world.site["framework"].current(), NOW))
    assert len(framework) == 16
    assert all(each.first or each.second for each in framework)
    found = row(company, version).first or row(company, version).second
    assert (found.audit, found.when, found.evidence) == (audit.__name__, NOW, 0)
    assert audit[found.finding].version is version


@pytest.mark.parametrize(
    ("first", "second", "disagree"),
    [
        ("conforming", "conforming", False),
        ("conforming", "observation", False),
        ("minor", "major", False),
        ("conforming", "minor", True),
        ("observation", "major", True),
        ("major", "conforming", True),
        ("minor", "observation", True),
        ("not_checked", "major", False),
        ("conforming", "not_applicable", False),
    ],
)
def test_the_levels_disagree_where_one_says_kept_and_the_other_broken(world, company, version, first, second, disagree):
    for level, result in ((1, first), (2, second)):
        worlds.audit(world, company, level, "validated", NOW, found={"A1": result})
    assert results(row(company, version)) == (first, second)
    assert row(company, version).disagree is disagree


def test_a_newer_report_takes_the_place_of_an_older_one(world, company, version):
    worlds.audit(world, company, 2, "validated", NOW, found={"A1": "minor"})
    worlds.audit(world, company, 2, "validated", NOW + timedelta(days=9))
    assert results(row(company, version)) == (None, "conforming")
    assert row(company, version).second.when == NOW + timedelta(days=9)


def test_what_was_not_checked_this_time_stays_as_it_was_and_ages(world, company, version):
    worlds.audit(world, company, 2, "validated", NOW, found={"A1": "observation"})
    worlds.audit(world, company, 2, "validated", NOW + timedelta(days=300), found={"A1": "not_checked"})
    found = row(company, version, NOW + timedelta(days=400))
    assert (found.second.result, found.second.when) == ("observation", NOW)
    assert found.aged == (2,)


def test_what_was_never_checked_is_said_to_be_so(world, company, version):
    worlds.audit(world, company, 1, "validated", NOW, found={"A1": "not_checked"})
    assert results(row(company, version)) == ("not_checked", None)


@pytest.mark.parametrize(
    ("validated", "now", "aged"),
    [
        (NOW, datetime(2027, 3, 12, 10, tzinfo=UTC), ()),
        (NOW, datetime(2027, 3, 12, 22, 59, tzinfo=UTC), ()),  # one minute before midnight in Paris
        (NOW, datetime(2027, 3, 12, 23, 0, tzinfo=UTC), (1,)),
        (datetime(2028, 2, 29, 10, tzinfo=UTC), datetime(2029, 2, 28, 10, tzinfo=UTC), ()),
        (datetime(2028, 2, 29, 10, tzinfo=UTC), datetime(2029, 3, 1, 10, tzinfo=UTC), (1,)),
    ],
)
def test_a_finding_ages_after_twelve_months(world, company, version, validated, now, aged):
    worlds.audit(world, company, 1, "validated", validated)
    assert row(company, version, now).aged == aged


def test_findings_count_for_the_version_they_were_made_on(world, company, version):
    staff = world.actors["entreprise"]
    worlds.audit(world, company, 1, "validated", NOW, found={"A1": "minor"})
    newer = specifications.revise(version.__parent__, staff, NOW)
    assert results(row(company, newer)) == (None, None)
    assert results(row(company, version)) == ("minor", None)


def test_findings_on_one_company_say_nothing_of_another(world, company):
    worlds.audit(world, company, 1, "validated", NOW)
    framework = world.site["framework"].current()
    assert all(each.first is None for each in verification.rows(world.companies["complete"], framework, NOW))


def test_every_validated_finding_on_a_criterion_is_found_over_all_versions_newest_first(world, company, version):
    staff, key = world.actors["entreprise"], version.ordered()[0][0]
    first = worlds.audit(world, company, 2, "validated", NOW)
    newer = specifications.revise(version.__parent__, staff, NOW)
    engine.fire(newer, "freeze", staff, NOW)
    second = worlds.audit(world, company, 2, "validated", NOW + timedelta(days=1), versions=[newer])
    worlds.audit(world, company, 1, "reported", NOW)
    assert [audit for audit, _finding in verification.findings_on(version.__parent__, key, company)] == [second, first]


def test_the_counts_add_up(world, company):
    for level, found in (
        (1, {"TR-1": "major", "TR-2": "not_checked"}),
        (2, {"TR-2": "not_applicable", "TR-3": "minor"}),
    ):
        worlds.audit(world, company, level, "validated", NOW, found=found)
    framework = world.site["framework"].current()
    said = verification.summary(list(verification.rows(company, framework, NOW)))
    assert (said.criteria, said.both, said.one, said.broken, said.none) == (16, 13, 0, 2, 1)
    assert (said.disagreeing, said.aged) == (2, 0)


def test_a_report_that_is_replied_to_alone_changes_nothing(world, company, version):
    audit = worlds.audit(world, company, 1, "reported", NOW)
    audits.reply(audit, "Nous avons lu.", world.actors["entreprise"], NOW)
    assert results(row(company, version)) == (None, None)
