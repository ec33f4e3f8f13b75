"""Every permission is granted somewhere, every grant names a permission, and administrators decide nothing."""

import pytest

from coopcms.domain import specifications
from coopcms.security.access import READING, may
from coopcms.security.permissions import P
from coopcms.security.roles import R
from coopcms.workflows import WORKFLOWS
from tests import world as worlds
from tests.conftest import NOW

#: What the role of administrator gives besides /manage: looking at the site as somebody else, and naming a stand-in
#: where the coordinators are in conflict. Neither decides anything about a company.
ADMINISTRATION = {P.SEE_AS, P.NAME_STAND_IN}

COMPANY_STATES = [state.id for state in WORKFLOWS["company"].states]
VERSION_STATES = [state.id for state in WORKFLOWS["specification"].states]


def everything_below(obj):
    yield obj
    if hasattr(obj, "values"):
        for child in obj.values():
            yield from everything_below(child)


def granted_by_workflows():
    return {(p, role) for w in WORKFLOWS.values() for s in w.states for p, roles in s.grants.items() for role in roles}


def granted_by_objects(site):
    objects = [obj for obj in everything_below(site) if hasattr(obj, "access")]
    assert len({type(obj) for obj in objects}) >= 4, "the walk found too little to say anything"
    return {(p, role) for obj in objects for p in P for role in obj.access(p) or ()}


@pytest.mark.parametrize("permission", P, ids=[p.value for p in P])
def test_every_permission_is_granted_to_somebody_somewhere(world, permission):
    assert permission in {p for p, _role in granted_by_workflows() | granted_by_objects(world.site)}


def test_every_grant_names_a_permission_and_a_role_of_the_enums(world):
    for permission, role in granted_by_workflows() | granted_by_objects(world.site):
        assert isinstance(permission, P)
        assert isinstance(role, R)


def test_every_transition_has_a_permission_that_each_of_its_states_grants():
    for workflow in WORKFLOWS.values():
        for transition in workflow.transitions:
            for source in transition.sources:
                assert workflow.roles(source, transition.permission), f"{transition.id} from {source}"


def test_no_state_grants_a_step_that_does_not_leave_it():
    for workflow in WORKFLOWS.values():
        steps = {t.permission for t in workflow.transitions}
        for state in workflow.states:
            leaving = {t.permission for t in workflow.leaving(state.id)}
            assert {p for p in state.grants if p in steps} <= leaving, state.id


def test_every_state_says_what_happens_next():
    for workflow in WORKFLOWS.values():
        for state in workflow.states:
            assert str(state.next).strip().endswith("."), f"{workflow.name} {state.id}"


def test_no_table_grants_administrators_a_business_permission(world):
    granted = granted_by_workflows() | granted_by_objects(world.site)
    assert {p for p, role in granted if role == R.ADMIN} == ADMINISTRATION


@pytest.mark.parametrize("state", COMPANY_STATES)
def test_an_administrator_may_no_more_than_a_visitor_on_a_company(world, state):
    company = worlds.in_state(world, f"une-{state}", state, NOW)
    admin, visitor = world.actors["admin"], world.actors["visitor"]
    more = {p for p in P if may(p, company, admin) and not may(p, company, visitor)}
    assert more <= ADMINISTRATION


@pytest.mark.parametrize("state", VERSION_STATES)
def test_an_administrator_may_no_more_than_a_visitor_on_a_version(world, state):
    version = specifications.create(world.companies["brouillon"], "Miel", "", world.actors["entreprise"], NOW)
    version.state = state
    admin, visitor = world.actors["admin"], world.actors["visitor"]
    assert {p for p in P if may(p, version, admin)} == {p for p in P if may(p, version, visitor)}


def test_nobody_but_coordinators_invites_a_company(world):
    who = {login for login, actor in world.actors.items() if may(P.INVITE_COMPANY, world.companies, actor)}
    assert who == {"equipe", "equipe2"}


def test_no_person_holds_the_roles_of_the_clock_and_the_closing(world):
    for login in world.accounts:
        assert not world.actors[login].roles & {R.CLOCK, R.CLOSING}


def test_whoever_looks_with_other_eyes_keeps_only_permissions_that_write_nothing():
    writing = {t.permission for w in WORKFLOWS.values() for t in w.transitions}
    writing |= {P.EDIT, P.UPDATE, P.INVITE_COMPANY, P.INVITE_STAFF, P.DECLARE_INTEREST, P.NAME_STAND_IN}
    assert not READING & writing
