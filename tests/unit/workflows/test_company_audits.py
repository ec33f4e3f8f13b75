"""What the decisions of certifiers, of the clock and of the closing rest on."""

from datetime import timedelta

import pytest

from coopcms.domain import specifications
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW
from tests.standins import Audit, Finding

#: The decisions that rest on a valid report and on findings, with a state they leave and the state they lead to.
DECISIONS = [
    ("certify", "voted", "certified"),
    ("renew", "certified", "certified"),
    ("renew", "partnered", "partnered"),
    ("reinstate", "suspended", "certified"),
]


@pytest.fixture
def certifier(world):
    return world.actors["certificatrice"]


@pytest.fixture
def admissible(world):
    """A company that applied and was declared admissible."""
    company = world.companies["candidate"]
    engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    return company


def scope(world, company):
    return (*company.versions(), *world.site["framework"].versions())


def test_audits_of_both_levels_of_an_admissible_company_are_accepted(admissible, certifier, audited):
    audited(admissible)
    engine.fire(admissible, "accept_audits", certifier, NOW)
    assert admissible.state == "audited"


def test_audits_are_not_accepted_before_the_company_is_admissible(world, certifier, audited, missing):
    company = world.companies["candidate"]
    audited(company)
    (found,) = missing(company, "accept_audits", certifier)
    assert "recevable" in str(found.sentence)


def test_a_return_and_a_new_application_ask_for_admissibility_again(world, admissible, certifier, audited, missing):
    audited(admissible)
    engine.fire(admissible, "return_to_company", world.actors["equipe"], NOW, comment="à compléter")
    engine.fire(admissible, "apply", world.actors["entreprise"], NOW)
    (found,) = missing(admissible, "accept_audits", certifier)
    assert "recevable" in str(found.sentence)
    engine.fire(admissible, "declare_admissible", world.actors["equipe2"], NOW)
    engine.fire(admissible, "accept_audits", certifier, NOW)
    assert admissible.state == "audited"


def test_declaring_admissible_is_recorded_and_moves_nothing(world, admissible):
    last = engine.last_entry(admissible)
    assert admissible.state == "applied"
    assert (last["transition"], last["from"], last["to"]) == ("declare_admissible", "applied", "applied")


@pytest.mark.parametrize("levels", [(), (1,), (2,), (1, 1), (2, 2)])
def test_audits_of_one_level_are_not_enough(world, admissible, certifier, audited, missing, levels):
    if levels:
        audited(admissible, *(Audit(level, scope(world, admissible)) for level in levels))
    assert len(missing(admissible, "accept_audits", certifier)) == 1


@pytest.mark.parametrize("state", ["planned", "in_progress", "reported", "contested", "cancelled"])
@pytest.mark.parametrize("level", [1, 2])
def test_an_audit_counts_only_once_validated(world, admissible, certifier, audited, missing, level, state):
    versions = scope(world, admissible)
    audited(admissible, Audit(level, versions, state=state), Audit(3 - level, versions))
    assert len(missing(admissible, "accept_audits", certifier)) == 1


@pytest.mark.parametrize("level", [1, 2])
def test_every_candidate_version_needs_both_levels(world, certifier, audited, missing, level):
    company, staff = worlds.company(world, "deux", NOW), world.actors["entreprise"]
    first = next(company.versions())
    second = specifications.create(company, "Miel", "", staff, NOW)
    specifications.add_criterion(second, worlds.CRITERION, staff, NOW)
    engine.fire(second, "freeze", staff, NOW)
    engine.fire(company, "apply", staff, NOW)
    engine.fire(company, "declare_admissible", world.actors["equipe"], NOW)
    framework = tuple(world.site["framework"].versions())
    audited(company, Audit(level, (first, *framework)), Audit(3 - level, (first, second, *framework)))
    assert missing(company, "accept_audits", certifier)


@pytest.mark.parametrize("level", [1, 2])
def test_the_framework_needs_both_levels(world, admissible, certifier, audited, missing, level):
    versions = tuple(admissible.versions())
    audited(admissible, Audit(level, versions), Audit(3 - level, scope(world, admissible)))
    assert missing(admissible, "accept_audits", certifier)


def test_an_open_major_non_conformity_holds_the_audits_back_until_it_is_closed(admissible, certifier, audited, missing):
    first, _second = audited(admissible)
    first.found.append(Finding(is_major=True))
    (found,) = missing(admissible, "accept_audits", certifier)
    assert "majeure" in str(found.sentence)
    first.found[0].is_closed = True
    engine.fire(admissible, "accept_audits", certifier, NOW)


def test_who_was_in_a_team_does_not_accept_the_audits(world, admissible, certifier, audited, missing):
    _first, second = audited(admissible)
    second.team = (certifier.userid,)
    (found,) = missing(admissible, "accept_audits", certifier)
    assert "audit" in str(found.sentence)
    engine.fire(admissible, "accept_audits", world.actors["certificateur"], NOW)


@pytest.mark.parametrize(("id", "state", "target"), DECISIONS)
def test_the_decision_is_taken_on_a_valid_report(world, certifier, audited, id, state, target):
    company = worlds.in_state(world, "celle", state, NOW)
    audited(company)
    engine.fire(company, id, certifier, NOW)
    assert company.state == target


@pytest.mark.parametrize(("id", "state", "target"), DECISIONS)
def test_without_any_ground_the_decision_stays_guarded(world, certifier, missing, id, state, target):
    company = worlds.in_state(world, "celle", state, NOW)
    approved, report = missing(company, id, certifier)
    assert "aux deux niveaux" in str(approved.sentence)
    assert "rapport" in str(report.sentence)


@pytest.mark.parametrize(
    "audit",
    [
        Audit(1, valid_until=NOW),
        Audit(1, valid_until=NOW - timedelta(seconds=1)),
        Audit(1, state="reported"),
        Audit(1, state="contested"),
        Audit(2),
    ],
    ids=["ends now", "ended", "reported", "contested", "level 2"],
)
@pytest.mark.parametrize(("id", "state", "target"), DECISIONS)
def test_a_report_that_does_not_count_leaves_it_guarded(world, certifier, audited, missing, audit, id, state, target):
    company = worlds.in_state(world, "celle", state, NOW)
    audited(company, audit)
    assert "rapport" in str(missing(company, id, certifier)[-1].sentence)


@pytest.mark.parametrize(("id", "state", "target"), DECISIONS)
def test_findings_hold_the_decision_back(world, certifier, audited, missing, id, state, target):
    company = worlds.in_state(world, "celle", state, NOW)
    major, minor = Finding(is_major=True), Finding(is_minor=True)
    audited(company)[0].found.extend([major, minor])
    first, second = missing(company, id, certifier)
    assert "majeure" in str(first.sentence)
    assert "mineure" in str(second.sentence)
    major.is_closed = minor.has_accepted_action = True
    engine.fire(company, id, certifier, NOW)
    assert company.state == target


@pytest.mark.parametrize(("id", "state", "target"), [*DECISIONS, ("refuse_certification", "voted", "declined")])
def test_who_was_in_a_team_does_not_decide(world, certifier, audited, missing, id, state, target):
    company = worlds.in_state(world, "celle", state, NOW)
    audited(company)[1].team = (certifier.userid,)
    (found,) = missing(company, id, certifier, comment="non")
    assert "audit" in str(found.sentence)
    engine.fire(company, id, world.actors["certificateur"], NOW, comment="non")
    assert company.state == target


def test_a_renewal_asks_for_newer_audits_than_the_certificate(world, certifier, audited, missing):
    company = worlds.in_state(world, "celle", "voted", NOW)
    audited(company)
    engine.fire(company, "certify", certifier, NOW)
    assert missing(company, "renew", certifier, now=NOW + timedelta(days=1))


@pytest.mark.parametrize(("id", "state"), [("certify", "voted"), ("reinstate", "suspended")])
def test_what_would_suspend_it_the_next_minute_is_mended_first(world, certifier, audited, missing, id, state):
    company = worlds.in_state(world, "celle", state, NOW)
    late = Finding(is_minor=True, has_accepted_action=True, overdue=True)
    audited(company)[0].found.append(late)
    (found,) = missing(company, id, certifier)
    assert "action corrective" in str(found.sentence)
    assert (found.target, found.view) == (company, "nonconformities")
    late.overdue = False
    engine.fire(company, id, certifier, NOW)


def test_the_clock_suspends_nothing_that_is_in_order(world, audited, missing):
    company = worlds.in_state(world, "celle", "certified", NOW)
    audited(company)[0].found.append(Finding(is_minor=True, has_accepted_action=True))
    missing(company, "suspend", world.actors["clock"], comment="échu")


def test_the_clock_suspends_what_is_overdue_without_a_comment(world, audited):
    company = worlds.in_state(world, "celle", "certified", NOW)
    audited(company)[0].found.append(Finding(is_minor=True, has_accepted_action=True, overdue=True))
    entry = engine.fire(company, "suspend", world.actors["clock"], NOW)
    assert company.state == "suspended"
    assert (entry["role"], entry["actor"]) == ("system:clock", None)


def test_a_certifier_suspends_with_a_comment_whatever_the_dates(world, certifier):
    company = worlds.in_state(world, "celle", "partnered", NOW)
    engine.fire(company, "suspend", certifier, NOW, comment="fraude")
    assert company.state == "suspended"


@pytest.mark.parametrize("id", ["admit", "refuse"])
def test_the_closing_decides_on_an_admission_only_after_a_vote(world, missing, id):
    company = worlds.in_state(world, "celle", "audited", NOW)
    assert missing(company, id, world.actors["closing"])


@pytest.mark.parametrize("state", ["certified", "partnered", "suspended"])
def test_the_closing_excludes_only_after_a_vote(world, missing, state):
    company = worlds.in_state(world, "celle", state, NOW)
    assert missing(company, "exclude", world.actors["closing"])


@pytest.mark.parametrize("id", ["suspend", "admit", "refuse", "exclude"])
def test_nobody_else_takes_the_place_of_the_clock_or_the_closing(world, refused, id):
    state = "audited" if id in ("admit", "refuse") else "certified"
    company = worlds.in_state(world, "celle", state, NOW)
    firing = set(world.actors) - ({"certificatrice", "certificateur", "clock"} if id == "suspend" else {"closing"})
    for login in firing:
        refused(engine.NotPermitted, company, id, world.actors[login], comment="si")
