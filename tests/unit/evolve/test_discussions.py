"""Content from before criteria were pages is brought to what they are now."""

import pytest
import transaction

from coopcms.content.specification import Criterion
from coopcms.domain import amendments, discussion
from coopcms.domain.criteria import history_of
from coopcms.evolve.discussions import criteria_become_pages

from ...conftest import NOW
from ...consulting import consulted


def older(obj, *names):
    """Take from an object what it did not have before."""
    obj._p_activate()
    for name in names:
        vars(obj).pop(name, None)
    obj._p_changed = True


@pytest.fixture
def old_version(world):
    """A version in consultation as it was stored before, and the key of its criterion."""
    version, [key] = consulted(world)
    older(version.criteria[key], "__parent__", "__name__", "changes", "amendments", "discussion")
    older(version, "removed", "discussion")
    older(world.companies["candidate"], "discussion")
    older(world.site, "moderation")
    transaction.commit()
    return version, key


def test_older_criteria_learn_where_they_are_and_are_open_to_all_that_came(world, old_version):
    version, key = old_version
    criteria_become_pages(world.site, None)
    criterion = version[key]
    assert (criterion.__parent__, criterion.__name__) == (version, key)
    assert amendments.propose(criterion, {"title": "Autre"}, "Plus clair.", world.actors["membre"], NOW)
    assert discussion.say(world.companies["candidate"], "Bonjour.", world.actors["membre"], NOW)
    assert world.companies["candidate"].comment_count == 1


def test_a_second_run_changes_nothing(world, old_version, registry):
    criteria_become_pages(world.site, None)
    transaction.commit()
    before = registry._zodb_databases[""].storage.lastTransaction()
    criteria_become_pages(world.site, None)
    transaction.commit()
    assert registry._zodb_databases[""].storage.lastTransaction() == before


def test_older_content_is_read_before_the_step_has_run(world, old_version):
    version, key = old_version
    criterion = version.criteria[key]
    assert history_of(version.__parent__, key) == []
    assert amendments.in_order(criterion) == []
    assert discussion.threads(criterion, world.actors["membre"]) == []
    assert criterion.comment_count == 0
    assert discussion.waiting(world.site, world.actors["equipe"]) == []


def test_something_is_said_on_older_content_before_the_step_has_run(world, old_version):
    version, _key = old_version
    key = discussion.say(version, "Bonjour.", world.actors["membre"], NOW)
    discussion.report(version, key, world.actors["certificatrice"], NOW)
    assert [entry[1] for entry in discussion.waiting(world.site, world.actors["equipe"])] == [key]


def test_a_new_criterion_has_everything_from_the_start():
    criterion = Criterion()
    criterion.open_records()
    assert len(criterion.changes) == len(criterion.amendments) == criterion.comment_count == 0


def test_the_step_is_registered(registry):
    from substanced.interfaces import IEvolutionSteps

    names = [name for name, _step in registry.getUtility(IEvolutionSteps).sorted()]
    assert "coopcms.evolve.discussions.criteria_become_pages" in names
