"""The workflow of a non-conformity, written out again: who may do what in which state at which level, and every step."""

import pytest

from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.workflows import WORKFLOWS, engine
from tests import matrix
from tests import world as worlds
from tests.conftest import NOW

from .test_audit_matrix import ACTORS, neighbours  # noqa: F401

# E everyone · M member · K certifier · S staff of the company · C coordinator · V team of its audit · B auditor of its body
# Who reads it is besides who reads its audit.
MATRIX = matrix.read("""
permission      open    proposed  accepted  proved  verified  closed
view            E       E         E         E       E         E
read            E       E         E         E       E         E
read-members    MKSCVB  MKSCVB    MKSCVB    MKSCVB  MKSCVB    MKSCVB
read-verifiers  KSCVB   KSCVB     KSCVB     KSCVB   KSCVB     KSCVB
read-original   KCVB    KCVB      KCVB      KCVB    KCVB      KCVB
propose-action  S       .         .         .       .         .
return-action   .       K         .         .       .         .
accept-action   .       K         .         .       .         .
submit-proof    .       .         S         .       .         .
refuse-proof    .       .         .         KB      .         .
verify-effect   .       .         .         KB      .         .
close           .       .         .         .       KB        .
""")

STEPS = matrix.steps("""
propose_action: open → proposed
return_action: proposed → open
accept_action: proposed → accepted
submit_proof: accepted → proved
refuse_proof: proved → accepted
verify_effect: proved → verified
close: verified → closed
""")

LABELS = {
    "open": "À traiter",
    "proposed": "Action proposée",
    "accepted": "Action acceptée",
    "proved": "Preuve apportée",
    "verified": "Effet vérifié",
    "closed": "Levée",
}

NONCONFORMITY = WORKFLOWS["nonconformity"]


@pytest.fixture(params=[1, 2], ids=["level 1", "level 2"])
def nonconformity(request, neighbours):  # noqa: F811
    """A non-conformity of a report on ``candidate`` that everybody reads."""
    company = neighbours.companies["candidate"]
    audit = worlds.audit(neighbours, company, request.param, "validated", NOW, found={"A1": "minor"})
    return next(audit.nonconformities())


def test_the_states_are_those_of_the_domain_with_their_french_labels():
    assert {state.id: str(state.title) for state in NONCONFORMITY.states} == LABELS
    assert NONCONFORMITY.initial == "open"
    assert set(MATRIX) == set(LABELS)


@pytest.mark.parametrize("state", MATRIX)
def test_each_state_grants_exactly_what_the_matrix_says(state):
    data = {p.value: matrix.letters(NONCONFORMITY.roles(state, p)) for p in P}
    expected = {p.value: "".join(sorted(MATRIX[state].get(p.value, ""))) for p in P}
    assert data == expected


@pytest.mark.parametrize("state", MATRIX)
def test_each_actor_may_exactly_what_the_matrix_says_on_a_real_one(neighbours, nonconformity, state):  # noqa: F811
    nonconformity.state = state
    wrong = []
    for login, roles in ACTORS[nonconformity.audit.level].items():
        for permission in P:
            expected = bool(set(MATRIX[state].get(permission.value, "")) & set(roles))
            if may(permission, nonconformity, neighbours.actors[login]) is not expected:
                wrong.append(f"{login} {'should' if expected else 'should not'} {permission.value}")
    assert wrong == []


@pytest.mark.parametrize("state", ["in_progress", "reported", "contested", "validated", "cancelled"])
def test_whoever_reads_the_audit_reads_the_non_conformity_and_nobody_else(neighbours, nonconformity, state):  # noqa: F811
    audit = nonconformity.audit
    audit.state = state
    for login in ACTORS[audit.level]:
        actor = neighbours.actors[login]
        for permission in (P.VIEW, P.READ):
            assert may(permission, nonconformity, actor) is may(P.READ, audit, actor), (login, permission)


def test_the_steps_are_those_of_the_domain():
    data = {t.id: {s: engine.targets(NONCONFORMITY, t, s) for s in t.sources} for t in NONCONFORMITY.transitions}
    expected = {id: dict.fromkeys(sources, (target,)) for id, (sources, target) in STEPS.items()}
    assert data == expected
    assert len(NONCONFORMITY.transitions) == len(STEPS)


def test_each_step_has_the_permission_of_its_own_name():
    for transition in NONCONFORMITY.transitions:
        assert transition.permission.value == transition.id.replace("_", "-")


def test_a_step_is_granted_in_the_states_it_leaves_and_nowhere_else():
    for id, (sources, _target) in STEPS.items():
        assert {state for state in MATRIX if MATRIX[state][id.replace("_", "-")]} == set(sources), id


def test_exactly_these_steps_ask_for_a_comment():
    assert {t.id for t in NONCONFORMITY.transitions if t.comment} == {"return_action", "refuse_proof", "verify_effect"}


def test_every_state_is_reachable_from_the_finding():
    reached, waiting = set(), ["open"]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting.extend(t.target for t in NONCONFORMITY.leaving(state))
    assert reached == set(LABELS)


@pytest.mark.parametrize("state", MATRIX)
def test_each_actor_is_shown_exactly_the_steps_of_their_roles(neighbours, nonconformity, state):  # noqa: F811
    nonconformity.state = state
    for login, roles in ACTORS[nonconformity.audit.level].items():
        shown = {step.transition.id for step in engine.available(nonconformity, neighbours.actors[login], NOW)}
        assert shown == {id for id in STEPS if set(MATRIX[state][id.replace("_", "-")]) & set(roles)}, login


@pytest.mark.parametrize("state", MATRIX)
@pytest.mark.parametrize("level", [1, 2])
def test_a_real_one_comes_to_every_state_and_somebody_leaves_all_but_the_last(world, level, state):
    audit = worlds.audit(world, world.companies["candidate"], level, "validated", NOW, found={"A1": "major"})
    found = worlds.nonconformity(world, audit, state, NOW)
    assert found.state == state
    steps = [step for actor in world.actors.values() for step in engine.available(found, actor, NOW)]
    # Proposing and proving want their texts, and are done by the verbs.
    left = any(step.allowed or step.transition.id in ("propose_action", "submit_proof") for step in steps)
    assert left is (state != "closed")
