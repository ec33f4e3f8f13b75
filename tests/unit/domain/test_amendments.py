"""Members amend criteria in consultation, staff decide."""

from datetime import timedelta

import pytest

from coopcms.domain import amendments, specifications
from coopcms.domain.criteria import history_of
from coopcms.domain.errors import Forbidden, Invalid, Stale
from coopcms.workflows import engine

from ...conftest import NOW
from ...consulting import consulted, draft
from ...world import CRITERION

LATER = NOW + timedelta(days=2)


@pytest.fixture
def staff(world):
    return world.actors["entreprise"]


@pytest.fixture
def member(world):
    return world.actors["membre"]


@pytest.fixture
def version(world):
    return consulted(world, "A1", "A2")[0]


@pytest.fixture
def criterion(version):
    return next(criterion for _key, criterion in version.ordered())


def proposed(criterion, actor, **values):
    return amendments.propose(criterion, values or {"requirement": "6 m²."}, "Plus sûr.", actor, NOW)


def test_an_amendment_keeps_what_stood_there_and_what_it_proposes(criterion, member):
    key = proposed(criterion, member)
    amendment = criterion.amendments[key]
    assert (amendment.state, amendment.author, amendment.when) == ("proposed", member.userid, NOW)
    assert amendment.changes() == {"requirement": (CRITERION["requirement"], "6 m².")}
    assert criterion.requirement == CRITERION["requirement"]


@pytest.mark.parametrize("login", ["visitor", "entreprise", "voisine", "admin"])
def test_only_members_and_coordinators_amend(world, criterion, login):
    with pytest.raises(Forbidden):
        proposed(criterion, world.actors[login])


@pytest.mark.parametrize("login", ["membre", "certificatrice", "equipe"])
def test_members_certifiers_and_coordinators_amend(world, criterion, login):
    assert proposed(criterion, world.actors[login]) in criterion.amendments


def test_an_amendment_changes_something_and_says_why(criterion, member):
    with pytest.raises(Invalid) as refused:
        amendments.propose(criterion, {"requirement": CRITERION["requirement"] + "\r\n"}, "Pour voir.", member, NOW)
    assert "criterion" in refused.value.messages
    with pytest.raises(Invalid) as refused:
        amendments.propose(criterion, {"requirement": "Autre."}, "  ", member, NOW)
    assert "reason" in refused.value.messages
    with pytest.raises(Invalid) as refused:
        amendments.propose(criterion, {"title": " "}, "Sans titre.", member, NOW)
    assert "title" in refused.value.messages
    assert len(criterion.amendments) == 0


def test_code_domain_and_class_are_not_amended(criterion, member, staff):
    key = proposed(criterion, member, title="Autre", code="Z9", criterion_class="development")
    amendments.accept(criterion, key, staff, NOW)
    assert (criterion.title, criterion.code, criterion.criterion_class) == ("Autre", "A1", "core")


def test_nobody_amends_a_draft_or_a_frozen_version(world, version, criterion, staff, member):
    engine.fire(version, "freeze", staff, NOW)
    with pytest.raises(Forbidden):
        proposed(criterion, member)
    engine.fire(version, "back_to_draft", staff, NOW, comment="Encore.")
    with pytest.raises(Forbidden):
        proposed(criterion, world.actors["equipe"])


def test_a_closed_dossier_is_not_amended(world, criterion, member):
    engine.fire(world.companies["candidate"], "decline", world.actors["equipe"], NOW, comment="Non.")
    with pytest.raises(Forbidden):
        proposed(criterion, member)


def test_accepting_rewrites_the_criterion_and_names_the_author(version, criterion, staff, member):
    key = proposed(criterion, member)
    amendments.accept(criterion, key, staff, LATER, answer="Merci.")
    amendment = criterion.amendments[key]
    assert criterion.requirement == "6 m²."
    assert criterion.amended_by == (member.userid,)
    assert (amendment.state, amendment.decided_by, amendment.answer) == ("accepted", staff.userid, "Merci.")
    last = history_of(version.__parent__, criterion.__name__)[-1]
    assert (last.what, last.by, last.author, last.draft) == ("amended", staff.userid, member.userid, False)
    assert last.fields == {"requirement": (CRITERION["requirement"], "6 m².")}
    assert version.modified == LATER


def test_an_author_is_named_once(criterion, staff, member):
    amendments.accept(criterion, proposed(criterion, member, title="Un"), staff, NOW)
    amendments.accept(criterion, proposed(criterion, member, title="Deux"), staff, NOW)
    assert criterion.amended_by == (member.userid,)


@pytest.mark.parametrize("login", ["visitor", "membre", "certificatrice", "equipe", "voisine", "admin"])
def test_only_staff_decide(world, criterion, member, login):
    key = proposed(criterion, member)
    for decide in (
        lambda actor: amendments.accept(criterion, key, actor, NOW),
        lambda actor: amendments.refuse(criterion, key, "Non.", actor, NOW),
    ):
        with pytest.raises(Forbidden):
            decide(world.actors[login])
    assert criterion.amendments[key].state == "proposed"


def test_refusing_takes_a_public_answer(criterion, staff, member):
    key = proposed(criterion, member)
    with pytest.raises(Invalid) as refused:
        amendments.refuse(criterion, key, " ", staff, NOW)
    assert "answer" in refused.value.messages
    amendments.refuse(criterion, key, "Nos parcours ne le permettent pas.", staff, NOW)
    assert criterion.amendments[key].state == "refused"
    assert criterion.requirement == CRITERION["requirement"]
    assert criterion.amended_by == ()


def test_the_author_takes_an_amendment_back_and_nobody_else_does(world, criterion, staff, member):
    key = proposed(criterion, member)
    for login in ("visitor", "certificatrice", "entreprise", "equipe"):
        with pytest.raises(Forbidden):
            amendments.withdraw(criterion, key, world.actors[login], NOW)
    amendments.withdraw(criterion, key, member, NOW)
    assert criterion.amendments[key].state == "withdrawn"
    with pytest.raises(Invalid):
        amendments.accept(criterion, key, staff, NOW)


def test_an_amendment_is_decided_once(criterion, staff, member):
    key = proposed(criterion, member)
    amendments.accept(criterion, key, staff, NOW)
    with pytest.raises(Invalid):
        amendments.accept(criterion, key, staff, NOW)
    with pytest.raises(Invalid):
        amendments.refuse(criterion, key, "Non.", staff, NOW)
    with pytest.raises(Invalid):
        amendments.withdraw(criterion, key, member, NOW)


def test_a_criterion_that_changed_since_is_confirmed_on_its_text_of_today(world, criterion, staff, member):
    first = proposed(criterion, member)
    second = proposed(criterion, world.actors["certificatrice"], requirement="7 m².")
    amendments.accept(criterion, first, staff, NOW)
    with pytest.raises(Stale) as stale:
        amendments.accept(criterion, second, staff, NOW)
    assert stale.value.current is criterion
    with pytest.raises(Stale):
        amendments.accept(criterion, second, staff, NOW, revision=criterion.revision - 1)
    assert criterion.amendments[second].state == "proposed"
    amendments.accept(criterion, second, staff, NOW, revision=criterion.revision)
    assert criterion.requirement == "7 m²."
    assert criterion.amended_by == (member.userid, world.actors["certificatrice"].userid)


def test_only_the_amended_fields_are_written_over_a_text_that_changed(world, criterion, staff, member):
    late = proposed(criterion, member, title="Nouveau titre")
    amendments.accept(criterion, proposed(criterion, world.actors["certificatrice"]), staff, NOW)
    amendments.accept(criterion, late, staff, NOW, revision=criterion.revision)
    assert (criterion.title, criterion.requirement) == ("Nouveau titre", "6 m².")


def test_freezing_leaves_open_amendments_open_for_good(version, criterion, staff, member):
    key = proposed(criterion, member)
    assert amendments.in_consultation(criterion) == 1
    engine.fire(version, "freeze", staff, NOW)
    assert amendments.left_open(criterion)
    assert amendments.in_consultation(criterion) == 0
    for decide in (amendments.accept, lambda *given: amendments.refuse(*given[:2], "Non.", *given[2:])):
        with pytest.raises(Forbidden):
            decide(criterion, key, staff, NOW)
    assert criterion.amendments[key].state == "proposed"


def test_those_that_wait_come_first(criterion, staff, member):
    done = proposed(criterion, member, title="Un")
    amendments.refuse(criterion, done, "Non.", staff, NOW)
    waits = proposed(criterion, member, title="Deux")
    assert [key for key, _amendment in amendments.in_order(criterion)] == [waits, done]


def test_a_criterion_removed_meanwhile_is_not_amended(world, staff, member):
    version, [key] = consulted(world)
    waits = proposed(version[key], member)
    engine.fire(version, "back_to_draft", staff, NOW, comment="Encore.")
    specifications.add_criterion(version, {**CRITERION, "code": "B1"}, staff, NOW)
    specifications.remove_criterion(version, key, staff, NOW)
    engine.fire(version, "consult", staff, NOW)
    with pytest.raises(Invalid):
        proposed(version[key], member)
    with pytest.raises(Invalid):
        amendments.accept(version[key], waits, staff, NOW)
    assert amendments.left_open(version[key])


def test_an_unknown_amendment_is_not_there(criterion, staff):
    with pytest.raises(KeyError):
        amendments.accept(criterion, "unknown", staff, NOW)


def test_a_draft_is_not_amended_by_its_own_writers(world, staff):
    version, [key] = draft(world)
    with pytest.raises(Forbidden):
        proposed(version[key], staff)
