"""The company workflow, written out again from docs of the domain: who may do what in which state, and every step."""

import pytest

from coopcms.domain import companies
from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.workflows import WORKFLOWS, engine
from tests import matrix
from tests import world as worlds
from tests.conftest import NOW

# E everyone · M member · K certifier · S staff of the company · C coordinator · A administrator · T the clock · Z the closing
# W whoever is in the team of one of its audits
MATRIX = matrix.read("""
permission            draft  applied  audited  voted  certified  partnered  declined  suspended  withdrawn
view                  SC     E        E        E      E          E          E         E          E
read                  SC     E        E        E      E          E          SC        E          SC
read-members          SC     MKSCW    MKSCW    MKSCW  MKSCW      MKSCW      SC        MKSCW      SC
read-verifiers        SC     KSCW     KSCW     KSCW   KSCW       KSCW       SC        KSCW       SC
read-private          S      S        S        S      S          S          S         S          S
read-original         C      KCW      KCW      KCW    KCW        KCW        C         KCW        C
edit                  S      .        .        .      .          .          .         .          .
update                S      S        S        S      S          S          S         S          S
comment               .      MKSC     MKSC     MKSC   MKSC       MKSC       .         MKSC       .
moderate              .      C        C        C      C          C          .         C          .
plan-audit            .      C        C        C      C          C          .         C          .
confirm-renewal       .      K        K        K      K          K          .         K          .
record-link           .      .        .        .      C          C          .         .          .
invite-company        .      .        .        .      .          .          .         .          .
invite-staff          SC     S        S        S      S          S          .         S          .
declare-interest      C      MKC      MKC      MKC    MKC        MKC        MKC       MKC        MKC
name-stand-in         A      A        A        A      A          A          A         A          A
suggest               C      .        .        .      .          .          .         .          .
care                  C      C        C        C      C          C          C         C          C
apply                 S      .        .        .      .          .          .         .          .
declare-admissible    .      C        .        .      .          .          .         .          .
return-to-company     .      C        .        .      .          .          .         .          .
decline               .      C        .        .      .          .          .         .          .
accept-audits         .      K        .        .      .          .          .         .          .
admit                 .      .        Z        .      .          .          .         .          .
refuse                .      .        Z        .      .          .          .         .          .
certify               .      .        .        K      .          .          .         .          .
refuse-certification  .      .        .        K      .          .          .         .          .
partner               .      .        .        .      C          .          .         .          .
renew                 .      .        .        .      K          K          .         .          .
suspend               .      .        .        .      KT         KT         .         .          .
reinstate             .      .        .        .      .          .          .         K          .
exclude               .      .        .        .      Z          Z          .         Z          .
end                   .      C        C        C      C          C          C         C          .
withdraw              .      S        S        S      S          S          .         S          .
reopen                .      .        .        .      .          .          C         .          C
""")

STEPS = matrix.steps("""
apply: draft → applied
declare_admissible: applied → applied
return_to_company: applied → draft
decline: applied → declined
accept_audits: applied → audited
admit: audited → voted
refuse: audited → declined
certify: voted → certified
refuse_certification: voted → declined
partner: certified → partnered
renew: certified, partnered → same
suspend: certified, partnered → suspended
reinstate: suspended → former
exclude: certified, partnered, suspended → withdrawn
end: applied, audited, voted, certified, partnered, suspended, declined → withdrawn
withdraw: applied, audited, voted, certified, partnered, suspended → withdrawn
reopen: declined, withdrawn → draft
""")

LABELS = {
    "draft": "Brouillon",
    "applied": "Candidate",
    "audited": "Audits acceptés",
    "voted": "Admise par le vote",
    "certified": "Certifiée",
    "partnered": "Rattachée",
    "declined": "Refusée",
    "suspended": "Suspendue",
    "withdrawn": "Retirée",
}
COMMENTED = {"return_to_company", "decline", "refuse_certification", "suspend", "end", "withdraw", "reopen"}

COMPANY = WORKFLOWS["company"]


@pytest.fixture
def neighbours(world):
    """The world, in which ``voisine`` is staff of a company of her own."""
    other = companies.create(world.site, "Voisinage", world.actors["equipe"], NOW, name="voisinage")
    companies.add_staff(other, world.actors["voisine"].userid)
    return world


def test_the_states_are_those_of_the_domain_with_their_french_labels():
    assert {state.id: str(state.title) for state in COMPANY.states} == LABELS
    assert COMPANY.initial == "draft"
    assert set(MATRIX) == set(LABELS)


@pytest.mark.parametrize("state", MATRIX)
def test_each_state_grants_exactly_what_the_matrix_says(state):
    data = {p.value: matrix.letters(COMPANY.roles(state, p)) for p in P}
    expected = {p.value: "".join(sorted(MATRIX[state].get(p.value, ""))) for p in P}
    assert data == expected


@pytest.mark.parametrize("state", MATRIX)
def test_each_actor_may_exactly_what_the_matrix_says_on_a_real_company(neighbours, state):
    company = worlds.in_state(neighbours, f"une-{state}", state, NOW)
    wrong = []
    for login, roles in matrix.ACTORS.items():
        for permission in P:
            expected = bool(set(MATRIX[state].get(permission.value, "")) & set(roles))
            if may(permission, company, neighbours.actors[login]) is not expected:
                wrong.append(f"{login} {'should' if expected else 'should not'} {permission.value}")
    assert wrong == []


def test_staff_of_one_company_are_nobody_in_another(neighbours):
    mine = neighbours.companies["voisinage"]
    assert may(P.EDIT, mine, neighbours.actors["voisine"])
    assert not may(P.VIEW, mine, neighbours.actors["entreprise"])
    assert not may(P.EDIT, neighbours.companies["brouillon"], neighbours.actors["voisine"])


def test_the_steps_are_those_of_the_domain():
    data = {}
    for transition in COMPANY.transitions:
        assert transition.id not in data, "a transition is written twice"
        data[transition.id] = {s: engine.targets(COMPANY, transition, s) for s in transition.sources}
    expected = {}
    for id, (sources, target) in STEPS.items():
        to = {"same": None, "former": ("certified", "partnered")}.get(target, (target,))
        expected[id] = {source: to or (source,) for source in sources}
    assert data == expected


def test_each_step_has_the_permission_of_its_own_name():
    for transition in COMPANY.transitions:
        assert transition.permission.value == transition.id.replace("_", "-")


def test_a_step_is_granted_in_the_states_it_leaves_and_nowhere_else():
    for id, (sources, _target) in STEPS.items():
        granted = {state for state in MATRIX if MATRIX[state][id.replace("_", "-")]}
        assert granted == set(sources), id


def test_exactly_these_steps_ask_for_a_comment():
    assert {t.id for t in COMPANY.transitions if t.comment} == COMMENTED


def test_every_state_is_reachable_from_the_draft():
    reached, waiting = set(), ["draft"]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            for transition in COMPANY.leaving(state):
                waiting.extend(engine.targets(COMPANY, transition, state))
    assert reached == set(LABELS)


@pytest.mark.parametrize("state", MATRIX)
def test_each_actor_is_shown_exactly_the_steps_of_their_roles(neighbours, state):
    company = worlds.in_state(neighbours, f"une-{state}", state, NOW)
    for login, roles in matrix.ACTORS.items():
        shown = {step.transition.id for step in engine.available(company, neighbours.actors[login], NOW)}
        expected = {id for id in STEPS if set(MATRIX[state][id.replace("_", "-")]) & set(roles)}
        assert shown == expected, login
