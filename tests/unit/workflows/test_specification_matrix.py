"""The workflow of a specification version, written out again: who may do what in which state, and every step."""

import pytest

from coopcms.domain import companies, specifications
from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.workflows import WORKFLOWS, engine
from tests import matrix
from tests.conftest import NOW

# E everyone · M member · K certifier · S staff of the company · C coordinator · T the clock · Z the closing
# `supersede` happens within `put_in_force`: whoever fires the one does the other.
MATRIX = matrix.read("""
permission        draft  consultation  frozen  adopted  in_force  superseded  withdrawn
view              SC     E             E       E        E         E           E
read              SC     E             E       E        E         E           E
comment           .      MKSC          MKSC    MKSC     MKSC      MKSC        MKSC
moderate          .      C             C       C        C         C           C
amend             .      MC            .       .        .         .           .
decide-amendment  .      S             .       .        .         .           .
edit              S      .             .       .        .         .           .
revise            .      .             S       S        S         S           S
consult           S      .             .       .        .         .           .
back-to-draft     .      SC            SC      .        .         .           .
freeze            S      S             .       .        .         .           .
adopt             .      .             Z       .        .         .           .
put-in-force      .      .             .       CT       .         .           .
supersede         .      .             .       .        CT        .           .
withdraw          S      S             S       S        C         .           .
""")

STEPS = matrix.steps("""
consult: draft → consultation
back_to_draft: consultation, frozen → draft
freeze: draft, consultation → frozen
adopt: frozen → adopted
put_in_force: adopted → in_force
supersede: in_force → superseded
withdraw: draft, consultation, frozen, adopted, in_force → withdrawn
""")

LABELS = {
    "draft": "Brouillon",
    "consultation": "En consultation",
    "frozen": "Figée",
    "adopted": "Adoptée",
    "in_force": "En vigueur",
    "superseded": "Remplacée",
    "withdrawn": "Retirée",
}

SPECIFICATION = WORKFLOWS["specification"]


@pytest.fixture
def neighbours(world):
    """The world, in which ``voisine`` is staff of a company of her own."""
    other = companies.create(world.site, "Voisinage", world.actors["equipe"], NOW, name="voisinage")
    companies.add_staff(other, world.actors["voisine"].userid)
    return world


def wrongly(obj, state, world, actors):
    """The cells in which a real actor may something else than the matrix says."""
    return [
        f"{login} {permission.value} in {state}"
        for login, roles in actors.items()
        for permission in P
        if may(permission, obj, world.actors[login])
        is not bool(set(MATRIX[state].get(permission.value, "")) & set(roles))
    ]


def test_the_states_are_those_of_the_domain_with_their_french_labels():
    assert {state.id: str(state.title) for state in SPECIFICATION.states} == LABELS
    assert SPECIFICATION.initial == "draft"
    assert set(MATRIX) == set(LABELS)


@pytest.mark.parametrize("state", MATRIX)
def test_each_state_grants_exactly_what_the_matrix_says(state):
    data = {p.value: matrix.letters(SPECIFICATION.roles(state, p)) for p in P}
    expected = {p.value: "".join(sorted(MATRIX[state].get(p.value, ""))) for p in P}
    assert data == expected


@pytest.mark.parametrize("state", MATRIX)
@pytest.mark.parametrize("company", ["brouillon", "candidate"])
def test_each_actor_may_exactly_what_the_matrix_says_on_a_real_version(neighbours, company, state):
    staff = neighbours.actors["entreprise"]
    version = specifications.create(neighbours.companies[company], "Miel", "Notre miel.", staff, NOW)
    version.state = state
    assert wrongly(version, state, neighbours, matrix.ACTORS) == []


@pytest.mark.parametrize("state", MATRIX)
def test_coordinators_hold_the_pen_of_the_framework_and_no_company_does(neighbours, state):
    version = neighbours.site["framework"].versions()[-1]
    version.state = state
    actors = matrix.ACTORS | {"equipe": "ECS", "entreprise": "E"}
    assert wrongly(version, state, neighbours, actors) == []


def test_the_steps_are_those_of_the_domain():
    data = {t.id: {s: engine.targets(SPECIFICATION, t, s) for s in t.sources} for t in SPECIFICATION.transitions}
    expected = {id: dict.fromkeys(sources, (target,)) for id, (sources, target) in STEPS.items()}
    assert data == expected
    assert len(SPECIFICATION.transitions) == len(STEPS)


def test_each_step_has_the_permission_of_its_own_name():
    for transition in SPECIFICATION.transitions:
        assert transition.permission.value == transition.id.replace("_", "-")


def test_exactly_these_steps_ask_for_a_comment():
    assert {t.id for t in SPECIFICATION.transitions if t.comment} == {"back_to_draft", "withdraw"}


def test_every_state_is_reachable_from_the_draft():
    reached, waiting = set(), ["draft"]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting.extend(t.target for t in SPECIFICATION.leaving(state))
    assert reached == set(LABELS)
