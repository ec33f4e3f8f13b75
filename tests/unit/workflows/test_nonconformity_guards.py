"""What the steps of a non-conformity ask for, and by when: each condition with its sentence and its place."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coopcms.domain import accounts, bodies, companies, nonconformities
from coopcms.domain.errors import Forbidden, Invalid, Stale
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW

#: Every step, the state it leaves, and who takes it at level 1 and at level 2.
STEPS = [
    ("propose_action", "open", "entreprise", "entreprise"),
    ("return_action", "proposed", "certificateur", "certificateur"),
    ("accept_action", "proposed", "certificateur", "certificateur"),
    ("submit_proof", "accepted", "entreprise", "entreprise"),
    ("refuse_proof", "proved", "auditeur", "certificateur"),
    ("verify_effect", "proved", "auditeur", "certificateur"),
    ("close", "verified", "auditeur", "certificateur"),
]
#: Those that the cooperative or the body takes.
DECISIONS = [step for step in STEPS if step[2] != "entreprise"]
#: Those by which an effect is judged.
JUDGEMENTS = [step for step in STEPS if step[0] in ("refuse_proof", "verify_effect", "close")]


@pytest.fixture
def company(world):
    return world.companies["candidate"]


@pytest.fixture
def make(world, company):
    """A function that gives a non-conformity of a level in a state."""

    def made(level, state, result="minor", audit_state="reported", **given):
        audit = worlds.audit(world, company, level, audit_state, NOW, found={"A1": result})
        return worlds.nonconformity(world, audit, state, NOW, **given)

    return made


def on_paper(nonconformity, now=NOW):
    """What the company writes, without the step that follows."""
    nonconformity.cause, nonconformity.action, nonconformity.deadline = "Un oubli.", "Un relevé.", date(2026, 5, 1)
    nonconformity.proofs[9] = {"text": "Fait.", "when": now, "by": None}


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[0])
def test_whoever_is_to_take_a_step_takes_it(world, make, step, level):
    id, state, *logins = step
    found = make(level, state)
    on_paper(found)
    entry = engine.fire(found, id, world.actors[logins[level - 1]], NOW, comment="Vu.")
    assert found.state == entry["to"]


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[0])
def test_nothing_moves_while_the_report_is_made_anew(world, make, missing, refused, step, level):
    id, state, *logins = step
    found = make(level, state)
    on_paper(found)
    engine.fire(found.audit, "resume", world.actors["certificateur"], NOW, comment="À revoir.")
    if logins[level - 1] == "entreprise":
        # The company reads nothing of what is being found anew, nor the form that shows it.
        refused(engine.NotPermitted, found, id, world.actors["entreprise"])
    else:
        (reason,) = missing(found, id, world.actors[logins[level - 1]], comment="Vu.")
        assert "en cours de reprise" in str(reason.sentence)
        assert reason.target is found.audit
    worlds.report(world, found.audit, NOW)
    engine.fire(found, id, world.actors[logins[level - 1]], NOW, comment="Vu.")


@pytest.mark.parametrize("step", [s for s in STEPS if not s[0].startswith(("return", "refuse"))], ids=lambda s: s[0])
def test_nothing_is_mended_in_a_company_that_left(world, company, make, missing, step):
    id, state, _login, login = step
    found = make(2, state)
    on_paper(found)
    engine.fire(company, "withdraw", world.actors["entreprise"], NOW, comment="Nous arrêtons.")
    (reason,) = missing(found, id, world.actors[login], comment="Vu.")
    assert reason.target is company


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize(("declared", "view"), [("interest", "interests"), ("staff", "staff")])
@pytest.mark.parametrize("step", DECISIONS, ids=lambda step: step[0])
def test_nobody_decides_in_a_conflict_of_interest(world, company, make, missing, step, declared, view, level):
    id, state, *logins = step
    found, login = make(level, state), logins[level - 1]
    accounts.give_role(world.site, world.accounts[login], "member")
    actor = accounts.actor_of(world.accounts[login])
    if declared == "staff":
        companies.add_staff(company, actor.userid)
    else:
        companies.declare_interest(company, "Ma sœur y travaille.", actor, NOW)
    reasons = missing(found, id, actor, comment="Vu.")
    assert [(reason.target, reason.view) for reason in reasons] == [(company, view)]


def test_an_action_is_described_before_it_is_proposed(world, make, missing):
    found, staff = make(2, "open"), world.actors["entreprise"]
    (reason,) = missing(found, "propose_action", staff)
    assert "Cause, action corrective et échéance" in str(reason.sentence)
    assert (reason.target, reason.view) == (found, "propose")
    nonconformities.propose(found, "Un oubli.", "Un relevé.", date(2026, 5, 1), staff, NOW)
    assert found.state == "proposed"


def test_a_proof_is_there_before_it_is_submitted(world, make, missing):
    found, staff = make(2, "accepted"), world.actors["entreprise"]
    (reason,) = missing(found, "submit_proof", staff)
    assert "preuve" in str(reason.sentence)
    assert (reason.target, reason.view) == (found, "prove")
    nonconformities.prove(found, "C’est fait.", staff, NOW)
    assert found.state == "proved"


def test_after_a_refusal_a_new_proof_is_asked_for(world, make, missing):
    found, staff = make(2, "proved"), world.actors["entreprise"]
    later = NOW + timedelta(days=1)
    engine.fire(found, "refuse_proof", world.actors["certificateur"], later, comment="Illisible.")
    assert missing(found, "submit_proof", staff, now=later)
    nonconformities.prove(found, "Voici les relevés.", staff, later)
    assert (found.state, len(found.proofs)) == ("proved", 2)


@pytest.mark.parametrize("login", ["certificateur", "certificatrice"])
@pytest.mark.parametrize("step", JUDGEMENTS, ids=lambda step: step[0])
def test_what_the_body_found_the_body_judges(world, make, missing, step, login):
    found = make(1, step[1])
    (reason,) = missing(found, step[0], world.actors[login], comment="Vu.")
    assert "organisme accrédité" in str(reason.sentence)
    assert reason.target is world.body
    engine.fire(found, step[0], world.actors["auditeur"], NOW, comment="Vu.")


@pytest.mark.parametrize("step", JUDGEMENTS, ids=lambda step: step[0])
def test_another_auditor_of_the_body_judges_as_well_and_one_of_another_body_does_not(world, make, refused, step):
    found = make(1, step[1])
    elsewhere = bodies.create(world.site, worlds.BODY, world.actors["equipe"], NOW, name="ailleurs")
    bodies.add_auditor(elsewhere, world.actors["visiteur"].userid)
    bodies.add_auditor(world.body, world.actors["visiteuse"].userid)
    refused(engine.NotPermitted, found, step[0], world.actors["visiteur"], comment="Vu.")
    engine.fire(found, step[0], world.actors["visiteuse"], NOW, comment="Vu.")


@pytest.mark.parametrize("step", JUDGEMENTS, ids=lambda step: step[0])
def test_what_a_visit_found_a_certifier_outside_the_team_judges(world, make, missing, refused, step):
    found = make(2, step[1])
    (reason,) = missing(found, step[0], world.actors["certificatrice"], comment="Vu.")
    assert "équipe de cet audit" in str(reason.sentence)
    assert reason.target is found.audit
    for login in ("auditeur", "visiteuse", "membre", "equipe", "entreprise", "admin"):
        refused(engine.NotPermitted, found, step[0], world.actors[login], comment="Vu.")
    engine.fire(found, step[0], world.actors["certificateur"], NOW, comment="Vu.")


@pytest.mark.parametrize("step", [s for s in STEPS if s[0] in ("return_action", "refuse_proof", "verify_effect")])
def test_a_return_a_refusal_and_a_verification_say_how(world, make, refused, step):
    refused(engine.CommentRequired, make(2, step[1]), step[0], world.actors[step[3]], comment=" ")


# Writing down what is done


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("cause", {"cause": " "}),
        ("action", {"action": ""}),
        ("deadline", {"deadline": None}),
        ("deadline", {"deadline": date(2026, 3, 11)}),
        ("deadline", {"deadline": date(2027, 3, 13)}),
    ],
    ids=["no cause", "no action", "no day", "a day that is past", "more than a year away"],
)
def test_an_action_has_a_cause_and_a_day_within_a_year(world, make, field, given):
    found = make(2, "open")
    texts = {"cause": "Un oubli.", "action": "Un relevé.", "deadline": date(2026, 5, 1)} | given
    with pytest.raises(Invalid) as caught:
        nonconformities.propose(found, **texts, actor=world.actors["entreprise"], now=NOW)
    assert list(caught.value.messages) == [field]
    assert (found.state, found.cause, found.revision) == ("open", "", 0)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (NOW, date(2026, 3, 12)),
        (NOW, date(2027, 3, 12)),
        (datetime(2026, 3, 12, 23, 30, tzinfo=UTC), date(2027, 3, 13)),  # half past midnight of the 13th in Paris
        (datetime(2028, 2, 29, 10, tzinfo=UTC), date(2029, 2, 28)),
        (datetime(2027, 3, 1, 10, tzinfo=UTC), date(2028, 3, 1)),
    ],
)
def test_today_and_the_same_day_next_year_are_good_deadlines(world, make, now, day):
    found = make(2, "open")
    nonconformities.propose(found, "Un oubli.", "Un relevé.", day, world.actors["entreprise"], now)
    assert found.deadline == day


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 12, 23, 30, tzinfo=UTC), date(2026, 3, 12)),
        (datetime(2028, 2, 29, 10, tzinfo=UTC), date(2029, 3, 1)),
    ],
)
def test_days_are_those_of_paris_and_of_the_calendar(world, make, now, day):
    with pytest.raises(Invalid):
        nonconformities.propose(make(2, "open"), "Un oubli.", "Un relevé.", day, world.actors["entreprise"], now)


def test_two_colleagues_do_not_overwrite_each_other(world, make):
    found, day = make(2, "open"), date(2026, 5, 1)
    nonconformities.propose(found, "Un oubli.", "Un relevé.", day, world.actors["entreprise"], NOW, revision=0)
    engine.fire(found, "return_action", world.actors["certificateur"], NOW, comment="Trop vague.")
    with pytest.raises(Stale):
        nonconformities.propose(found, "Autre.", "Autre.", day, world.actors["collegue"], NOW, revision=0)
    assert found.cause == "Un oubli."


@pytest.mark.parametrize("login", ["certificateur", "equipe", "auditeur", "voisine", "membre", "visitor"])
def test_only_staff_proposes_and_proves(world, make, login):
    actor = world.actors[login]
    with pytest.raises(Forbidden):
        nonconformities.propose(make(2, "open"), "Un oubli.", "Un relevé.", date(2026, 5, 1), actor, NOW)
    with pytest.raises(Forbidden):
        nonconformities.prove(make(1, "accepted"), "Fait.", actor, NOW)


def test_a_proof_says_something(world, make):
    found = make(2, "accepted")
    with pytest.raises(Invalid):
        nonconformities.prove(found, "  ", world.actors["entreprise"], NOW)
    assert (found.state, len(found.proofs)) == ("accepted", 0)


# By when


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (NOW + timedelta(days=30), False),
        (datetime(2026, 4, 11, 21, 59, tzinfo=UTC), False),  # the 30th day, one minute before midnight in Paris
        (datetime(2026, 4, 11, 22, 0, tzinfo=UTC), True),  # midnight in Paris
    ],
)
@pytest.mark.parametrize("level", [1, 2])
def test_an_action_is_proposed_within_thirty_days_of_the_validation(make, level, now, late):
    assert make(level, "open", audit_state="validated").is_overdue(now) is late


@pytest.mark.parametrize("state", ["reported", "contested"])
def test_nothing_is_overdue_before_the_report_is_validated(world, make, state):
    found, later = make(2, "open", audit_state=state), NOW + timedelta(days=50)
    assert not found.is_overdue(later)
    engine.fire(found.audit, "validate", world.actors["certificateur"], later)
    assert not found.is_overdue(later + timedelta(days=30)), "the time begins with the validation"
    assert found.is_overdue(later + timedelta(days=31))


def test_the_time_for_an_action_is_a_setting(make, registry, monkeypatch):
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, action_days=10))
    found = make(2, "open", audit_state="validated")
    assert not found.is_overdue(NOW + timedelta(days=10))
    assert found.is_overdue(NOW + timedelta(days=11))


def test_a_returned_action_gives_the_time_anew(world, make):
    found, later = make(2, "proposed", audit_state="validated"), NOW + timedelta(days=50)
    engine.fire(found, "return_action", world.actors["certificateur"], later, comment="Trop vague.")
    assert not found.is_overdue(later + timedelta(days=30))
    assert found.is_overdue(later + timedelta(days=31))


def test_a_report_given_anew_gives_the_time_anew(world, make):
    found, later = make(2, "open"), NOW + timedelta(days=50)
    engine.fire(found.audit, "resume", world.actors["certificateur"], NOW + timedelta(days=5), comment="À revoir.")
    worlds.report(world, found.audit, later)
    assert not found.is_overdue(later), "the company could not propose anything meanwhile"


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (datetime(2026, 5, 31, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 31, 22, 0, tzinfo=UTC), True),  # midnight in Paris in summer
    ],
)
def test_an_accepted_action_is_proved_by_the_end_of_its_day_in_paris(make, now, late):
    assert make(2, "accepted", deadline=date(2026, 5, 31), audit_state="validated").is_overdue(now) is late


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), True),  # midnight in Paris in winter
    ],
)
def test_so_it_is_in_winter(make, now, late):
    assert make(2, "accepted", deadline=date(2026, 12, 31), audit_state="validated").is_overdue(now) is late


@pytest.mark.parametrize("state", ["proposed", "proved", "verified", "closed"])
def test_nothing_is_late_while_it_waits_for_the_cooperative(make, state):
    assert not make(2, state, deadline=date(2026, 5, 31)).is_overdue(NOW + timedelta(days=300))


def test_a_refused_proof_does_not_move_the_deadline(world, make):
    found = make(2, "proved", deadline=date(2026, 5, 31), audit_state="validated")
    later = datetime(2026, 6, 15, 10, tzinfo=UTC)
    assert not found.is_overdue(later)
    engine.fire(found, "refuse_proof", world.actors["certificateur"], later, comment="Illisible.")
    assert found.is_overdue(later)
