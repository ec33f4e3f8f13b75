"""Criteria keep their keys and their history; versions are opened, put into order and compared."""

from datetime import timedelta

import pytest

from coopcms.domain import amendments, specifications
from coopcms.domain.criteria import differences, history_of, reads_drafts
from coopcms.domain.errors import Forbidden, Invalid, Stale
from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.workflows import engine

from ...conftest import NOW
from ...consulting import consulted, draft
from ...world import CRITERION

LATER = NOW + timedelta(days=1)


@pytest.fixture
def staff(world):
    return world.actors["entreprise"]


def frozen(world, *codes):
    version, keys = draft(world, *codes)
    engine.fire(version, "freeze", world.actors["entreprise"], NOW)
    return version, keys


def test_a_criterion_is_found_below_its_version_by_its_key(world):
    version, [key] = draft(world)
    assert version[key] is version.criteria[key]
    assert (version[key].__parent__, version[key].__name__) == (version, key)
    with pytest.raises(KeyError):
        version["nothing"]


def test_the_criteria_of_the_framework_are_found_too(world):
    version = world.site["framework"]["1"]
    assert version["01"].__parent__ is version
    assert [event.what for event in history_of(world.site["framework"], "01")] == ["created"]


def test_a_criterion_is_read_by_whoever_reads_its_version(world, staff):
    version, [key] = draft(world)
    assert may(P.READ, version[key], staff)
    assert not may(P.READ, version[key], world.actors["membre"])
    engine.fire(version, "consult", staff, NOW)
    assert may(P.READ, version[key], world.actors["visitor"])
    company = world.companies["candidate"]
    engine.fire(company, "decline", world.actors["equipe"], NOW, comment="Non.")
    assert not may(P.READ, version[key], world.actors["membre"])
    assert may(P.READ, version[key], staff)


def test_each_change_leaves_the_text_it_replaced(world, staff):
    version, [key] = draft(world)
    for requirement in ("Deux.", "Trois."):
        specifications.change_criterion(version, key, {**CRITERION, "requirement": requirement}, staff, LATER)
    events = history_of(version.__parent__, key)
    assert [event.what for event in events] == ["created", "changed", "changed"]
    assert events[1].fields["requirement"] == (CRITERION["requirement"], "Deux.")
    assert events[2].fields == {"requirement": ("Deux.", "Trois.")}
    assert {event.by for event in events} == {staff.userid}


def test_line_ends_of_a_browser_are_no_change(world, staff):
    version, [key] = draft(world)
    given = {**CRITERION, "title": "Titre A1", "requirement": "Un.\nDeux."}
    specifications.change_criterion(version, key, given, staff, NOW)
    revision = version[key].revision
    specifications.change_criterion(version, key, {**given, "requirement": "Un.\r\nDeux.\r\n"}, staff, NOW)
    assert version[key].revision == revision


def test_a_removed_criterion_stays_reachable_with_who_and_when(world, staff):
    version, [first, second] = draft(world, "A1", "A2")
    specifications.remove_criterion(version, first, staff, LATER)
    assert [key for key, _criterion in version.ordered()] == [second]
    assert version[first].is_removed
    last = history_of(version.__parent__, first)[-1]
    assert (last.what, last.by, last.when) == ("removed", staff.userid, LATER)
    assert not version[second].is_removed


def test_what_was_removed_before_anybody_read_it_stays_with_its_authors(world, staff):
    version, [first, second] = draft(world, "A1", "A2")
    specifications.remove_criterion(version, first, staff, NOW)
    engine.fire(version, "consult", staff, LATER)
    assert not may(P.READ, version[first], world.actors["membre"])
    assert may(P.READ, version[first], staff)
    engine.fire(version, "back_to_draft", staff, LATER, comment="Encore.")
    evening = LATER + timedelta(hours=8)
    specifications.add_criterion(version, {**CRITERION, "code": "A3"}, staff, evening)
    third = specifications.add_criterion(version, {**CRITERION, "code": "A4"}, staff, evening)
    for key in (second, third):
        specifications.remove_criterion(version, key, staff, evening)
    engine.fire(version, "consult", staff, evening)
    assert may(P.READ, version[second], world.actors["visitor"])
    assert not may(P.READ, version[third], world.actors["visitor"])


def test_only_those_who_write_drafts_read_what_was_written_and_dropped(world, staff):
    version, _keys = consulted(world)
    readers = {login for login, actor in world.actors.items() if reads_drafts(version, actor)}
    assert readers == {"entreprise", "collegue", "equipe", "equipe2"}


# --- the next version -----------------------------------------------------------------------------------------------------------


def test_the_next_version_has_the_criteria_under_the_same_keys_and_in_the_same_order(world, staff):
    version, keys = frozen(world, "A1", "A2", "A3")
    opened = specifications.revise(version.__parent__, staff, LATER)
    assert (opened.number, opened.state, opened.title) == (2, "draft", "Miel")
    assert [key for key, _criterion in opened.ordered()] == keys
    assert opened[keys[0]] is not version[keys[0]]
    assert opened[keys[0]].requirement == version[keys[0]].requirement
    specifications.change_criterion(opened, keys[0], {**CRITERION, "title": "Autre"}, staff, LATER)
    assert version[keys[0]].title == "Titre A1"


def test_a_criterion_tells_its_history_over_all_versions(world, staff):
    version, [key, other] = frozen(world, "A1", "A2")
    opened = specifications.revise(version.__parent__, staff, LATER)
    specifications.remove_criterion(opened, key, staff, LATER + timedelta(hours=1))
    told = [(event.version.number, event.what, event.source) for event in history_of(version.__parent__, key)]
    assert told == [(1, "created", None), (2, "carried", 1), (2, "removed", None)]
    assert version[key].is_removed is False


def test_a_version_in_preparation_is_finished_before_another_is_opened(world, staff):
    version, _keys = frozen(world)
    opened = specifications.revise(version.__parent__, staff, NOW)
    with pytest.raises(Invalid) as refused:
        specifications.revise(version.__parent__, staff, NOW)
    assert "2" in refused.value.messages["version"].interpolate()
    engine.fire(opened, "consult", staff, NOW)
    with pytest.raises(Invalid):
        specifications.revise(version.__parent__, staff, NOW)
    assert len(version.__parent__) == 2


@pytest.mark.parametrize("login", ["visitor", "membre", "certificatrice", "equipe", "voisine", "admin"])
def test_nobody_but_staff_opens_the_next_version(world, login):
    version, _keys = frozen(world)
    with pytest.raises(Forbidden):
        specifications.revise(version.__parent__, world.actors[login], NOW)


def test_coordinators_open_the_next_version_of_the_framework(world):
    opened = specifications.revise(world.site["framework"], world.actors["equipe"], LATER)
    assert (opened.number, len(opened.criteria)) == (2, len(world.site["framework"]["1"].criteria))
    assert world.site["framework"].current().number == 1


def test_a_version_that_was_never_settled_is_not_revised(world, staff):
    version, _keys = draft(world)
    with pytest.raises(Forbidden):
        specifications.revise(version.__parent__, staff, NOW)


# --- order --------------------------------------------------------------------------------------------------------------------


def codes(version):
    return [criterion.code for _key, criterion in version.ordered()]


def test_criteria_stand_in_the_order_they_are_put_into(world, staff):
    version, [a, b, c] = draft(world, "A", "B", "C")
    specifications.reorder(version, [c, a, b], staff, NOW)
    assert codes(version) == ["C", "A", "B"]


def test_a_criterion_added_meanwhile_stays_at_the_end_and_a_removed_one_stays_away(world, staff):
    version, [a, b, c] = draft(world, "A", "B", "C")
    revision = version.order_revision
    specifications.add_criterion(version, {**CRITERION, "code": "D"}, staff, NOW)
    specifications.remove_criterion(version, b, staff, NOW)
    specifications.reorder(version, [c, b, a, "unknown", c], staff, NOW, revision=revision)
    assert codes(version) == ["C", "A", "D"]


def test_who_reorders_over_somebody_is_told_and_who_saves_the_same_is_not(world, staff):
    version, [a, b, c] = draft(world, "A", "B", "C")
    revision = version.order_revision
    specifications.reorder(version, [c, b, a], staff, NOW, revision=revision)
    with pytest.raises(Stale):
        specifications.reorder(version, [b, a, c], world.actors["collegue"], NOW, revision=revision)
    specifications.reorder(version, [c, b, a], world.actors["collegue"], NOW, revision=revision)
    assert codes(version) == ["C", "B", "A"]


def test_the_order_of_a_version_in_consultation_does_not_move(world, staff):
    version, keys = consulted(world, "A", "B")
    with pytest.raises(Forbidden):
        specifications.reorder(version, keys[::-1], staff, NOW)


# --- differences --------------------------------------------------------------------------------------------------------------


def test_two_versions_are_compared_criterion_by_criterion(world, staff):
    version, [a, b, c, d] = frozen(world, "A", "B", "C", "D")
    opened = specifications.revise(version.__parent__, staff, NOW)
    specifications.change_criterion(opened, a, {**CRITERION, "code": "A", "title": "Autre"}, staff, NOW)
    specifications.remove_criterion(opened, b, staff, NOW)
    new = specifications.add_criterion(opened, {**CRITERION, "code": "E"}, staff, NOW)
    specifications.reorder(opened, [d, a, c, new], staff, NOW)
    found = differences(version, opened)
    assert [key for key, _criterion in found.added] == [new]
    assert [key for key, _criterion in found.removed] == [b]
    assert [(key, fields) for key, _criterion, fields in found.changed] == [(a, {"title": ("Titre A", "Autre")})]
    assert [key for key, _criterion in found.moved] == [d]
    assert found.unchanged == 2


def test_a_version_does_not_differ_from_itself(world):
    version, keys = draft(world, "A", "B")
    found = differences(version, version)
    assert not (found.added or found.removed or found.changed or found.moved)
    assert found.unchanged == len(keys)


def test_an_amended_criterion_carries_its_author_into_the_next_version(world, staff):
    version, [key] = consulted(world)
    member = world.actors["membre"]
    amendment = amendments.propose(version[key], {"requirement": "6 m²."}, "Mieux.", member, NOW)
    amendments.accept(version[key], amendment, staff, NOW)
    engine.fire(version, "freeze", staff, NOW)
    opened = specifications.revise(version.__parent__, staff, LATER)
    assert opened[key].amended_by == (member.userid,)
