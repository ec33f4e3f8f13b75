"""The workflow of an audit, written out again: who may do what in which state at which level, and every step."""

import io

import pytest

from coopcms.domain import accounts, audits, bodies, companies
from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.workflows import WORKFLOWS, engine
from tests import matrix
from tests import world as worlds
from tests.conftest import NOW

# E everyone · M member · K certifier · S staff of the company · C coordinator · T the clock
# V team of this audit · B auditor of the body it was given to (level 1)
# Until the report the company knows of the audit, not of what is found.  The clock reports when the last signature is recorded
# as missing.
MATRIX = matrix.read("""
permission       planned  in_progress  reported  contested  validated  cancelled
view             KSCVB    KSCVB        KSCVB     KSCVB      E          KSCVB
read             KCVB     KCVB         KSCVB     KSCVB      E          KCVB
read-members     KCVB     KCVB         KSCVB     KSCVB      MKSCVB     KCVB
read-verifiers   KCVB     KCVB         KSCVB     KSCVB      KSCVB      KCVB
read-original    KCVB     KCVB         KCVB      KCVB       KCVB       KCVB
comment          .        .            .         .          MKSC       .
moderate         .        .            .         .          C          .
plan-audit       C        .            .         .          .          .
start            V        .            .         .          .          .
file             .        V            .         .          .          .
sign             .        V            .         .          .          .
record-unsigned  .        C            .         .          .          .
report           .        BVT          .         .          .          .
reply            .        .            S         S          .          .
contest          .        .            S         .          .          .
resume           .        .            K         K          .          .
validate         .        .            K         K          .          .
cancel           C        C            .         C          .          .
""")

STEPS = matrix.steps("""
start: planned → in_progress
report: in_progress → reported
contest: reported → contested
resume: reported, contested → in_progress
validate: reported, contested → validated
cancel: planned, in_progress, contested → cancelled
""")

LABELS = {
    "planned": "Prévu",
    "in_progress": "En cours",
    "reported": "Rendu",
    "validated": "Validé",
    "contested": "Contesté",
    "cancelled": "Annulé",
}
FINAL = {"validated", "cancelled"}

#: Who is who at an audit of ``candidate``; ``voisine`` is staff of another company, ``ailleurs`` auditor of another body.
ACTORS = {
    1: matrix.ACTORS
    | {"certificateur": "EMK", "auditeur": "EVB", "auditrice": "EB", "ailleurs": "E", "visiteuse": "EM"},
    2: matrix.ACTORS
    | {"certificateur": "EMK", "certificatrice": "EMKV", "visiteuse": "EMV", "visiteur": "EMV", "auditeur": "E"},
}

AUDIT = WORKFLOWS["audit"]


@pytest.fixture
def neighbours(world):
    """The world with a company next door, a second auditor of the body, and one of another body."""
    other = companies.create(world.site, "Voisinage", world.actors["equipe"], NOW, name="voisinage")
    companies.add_staff(other, world.actors["voisine"].userid)
    elsewhere = bodies.create(world.site, worlds.BODY, world.actors["equipe"], NOW, name="ailleurs")
    for login, body in (("auditrice", world.body), ("ailleurs", elsewhere)):
        account = accounts.create(world.site, login, login.capitalize(), f"{login}@test.example")
        world.actors[login] = accounts.actor_of(account)
        bodies.add_auditor(body, account.__oid__)
    return world


@pytest.fixture(params=[1, 2], ids=["level 1", "level 2"])
def audit(request, neighbours):
    """A real audit of ``candidate``."""
    return worlds.audit(neighbours, neighbours.companies["candidate"], request.param, "in_progress", NOW)


def test_the_states_are_those_of_the_domain_with_their_french_labels():
    assert {state.id: str(state.title) for state in AUDIT.states} == LABELS
    assert AUDIT.initial == "planned"
    assert set(MATRIX) == set(LABELS)


@pytest.mark.parametrize("state", MATRIX)
def test_each_state_grants_exactly_what_the_matrix_says(state):
    data = {p.value: matrix.letters(AUDIT.roles(state, p)) for p in P}
    expected = {p.value: "".join(sorted(MATRIX[state].get(p.value, ""))) for p in P}
    assert data == expected


@pytest.mark.parametrize("state", MATRIX)
def test_each_actor_may_exactly_what_the_matrix_says_on_a_real_audit(neighbours, audit, state):
    audit.state = state
    wrong = []
    for login, roles in ACTORS[audit.level].items():
        for permission in P:
            expected = bool(set(MATRIX[state].get(permission.value, "")) & set(roles))
            if may(permission, audit, neighbours.actors[login]) is not expected:
                wrong.append(f"{login} {'should' if expected else 'should not'} {permission.value}")
    assert wrong == []


@pytest.mark.parametrize("state", MATRIX)
def test_each_finding_is_open_to_exactly_those_to_whom_its_audit_is(neighbours, audit, state):
    audit.state = state
    finding = next(audit.findings())
    for login in ACTORS[audit.level]:
        actor = neighbours.actors[login]
        for permission in (P.VIEW, P.READ, P.FILE):
            assert may(permission, finding, actor) is may(permission, audit, actor), (login, permission)


@pytest.mark.parametrize(
    ("visibility", "before", "after"),
    [("public", "KCVB", "E"), ("members", "KCVB", "MKSCVB"), ("verifiers", "KCVB", "KSCVB"), ("private", "", "")],
)
def test_evidence_is_read_by_those_it_is_marked_for_once_the_report_is_public(
    neighbours, audit, visibility, before, after
):
    finding, actor = next(audit.findings()), neighbours.actors[worlds.TEAMS[audit.level][0]]
    evidence = audits.add_evidence(
        finding, io.BytesIO(b"%PDF-1"), "releve.pdf", "", visibility, actor, NOW, most_bytes=99
    )
    for state, expected in (("in_progress", before), ("validated", after)):
        audit.state = state
        readers = {login for login in ACTORS[audit.level] if may(P.READ, evidence, neighbours.actors[login])}
        assert readers == {login for login, roles in ACTORS[audit.level].items() if set(roles) & set(expected)}, state


@pytest.mark.parametrize("login", ["visitor", "membre", "voisine"])
@pytest.mark.parametrize("way", [("withdraw", "entreprise"), ("decline", "equipe2")])
def test_the_reports_of_a_company_that_left_close_with_its_dossier(neighbours, way, login):
    company = neighbours.companies["candidate"]
    audit = worlds.audit(neighbours, company, 2, "validated", NOW)
    assert may(P.READ, audit, neighbours.actors[login])
    engine.fire(company, way[0], neighbours.actors[way[1]], NOW, comment="Fin.")
    assert not may(P.READ, audit, neighbours.actors[login])
    assert may(P.READ, audit, neighbours.actors["entreprise"])
    assert may(P.READ, audit, neighbours.actors["equipe"])


@pytest.mark.parametrize("login", ["auditeur", "auditrice", "visiteuse", "visiteur"])
def test_who_verifies_in_one_audit_of_a_company_is_nobody_in_the_team_of_another(neighbours, login):
    company, actor = neighbours.companies["candidate"], neighbours.actors[login]
    level = 1 if login.startswith("audit") else 2
    worlds.audit(neighbours, company, level, "in_progress", NOW)
    for state, permission in (("planned", P.START), ("in_progress", P.FILE), ("in_progress", P.REPORT)):
        other = worlds.audit(neighbours, company, 3 - level, state, NOW)
        assert not may(permission, other, actor), permission
        assert not may(P.READ, other, actor), permission


def test_the_steps_are_those_of_the_domain():
    data = {t.id: {s: engine.targets(AUDIT, t, s) for s in t.sources} for t in AUDIT.transitions}
    expected = {id: dict.fromkeys(sources, (target,)) for id, (sources, target) in STEPS.items()}
    assert data == expected
    assert len(AUDIT.transitions) == len(STEPS)


def test_each_step_has_the_permission_of_its_own_name():
    for transition in AUDIT.transitions:
        assert transition.permission.value == transition.id.replace("_", "-")


def test_a_step_is_granted_in_the_states_it_leaves_and_nowhere_else():
    for id, (sources, _target) in STEPS.items():
        assert {state for state in MATRIX if MATRIX[state][id]} == set(sources), id


def test_exactly_these_steps_ask_for_a_comment():
    assert {t.id for t in AUDIT.transitions if t.comment} == {"contest", "resume", "cancel"}


def test_every_state_is_reachable_from_the_plan():
    reached, waiting = set(), ["planned"]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting.extend(t.target for t in AUDIT.leaving(state))
    assert reached == set(LABELS)


@pytest.mark.parametrize("state", MATRIX)
def test_each_actor_is_shown_exactly_the_steps_of_their_roles(neighbours, audit, state):
    audit.state = state
    for login, roles in ACTORS[audit.level].items():
        shown = {step.transition.id for step in engine.available(audit, neighbours.actors[login], NOW)}
        assert shown == {id for id in STEPS if set(MATRIX[state][id]) & set(roles)}, login


@pytest.mark.parametrize("state", MATRIX)
def test_somebody_leaves_every_state_but_the_last_ones(neighbours, audit, state):
    audit.state = state
    persons = [actor for actor in neighbours.actors.values() if actor.is_person]
    ways = {step.transition.id for actor in persons for step in engine.available(audit, actor, NOW)}
    assert bool(ways) is (state not in FINAL)


@pytest.mark.parametrize("state", ["planned", "in_progress", "reported", "contested", "validated", "cancelled"])
@pytest.mark.parametrize("level", [1, 2])
def test_a_real_audit_comes_to_every_state(world, level, state):
    audit = worlds.audit(world, world.companies["candidate"], level, state, NOW)
    assert audit.state == state
    assert engine.last_entry(audit)["to"] == state
