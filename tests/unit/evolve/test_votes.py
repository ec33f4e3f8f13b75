"""A site from before there were votes gets the places they need."""

import transaction

from coopcms.domain import members, registers
from coopcms.evolve.votes import votes_have_a_place

from ... import world as worlds
from ...conftest import NOW


def test_an_older_site_gets_its_folders_and_its_register(world, registry):
    site = world.site
    for name in ("proposals", "members"):
        site.remove(name)
    del site.share_register
    transaction.commit()
    votes_have_a_place(site, registry)
    transaction.commit()
    members.admit(site, world.accounts["membre"], world.actors["equipe"], NOW)
    assert registers.number_waiting(site, NOW) == 1
    assert worlds.vote(world, "admission", worlds.in_state(world, "celle", "audited", NOW), NOW).state == "voting"


def test_a_second_run_changes_nothing(world, registry):
    transaction.commit()
    before = registry._zodb_databases[""].storage.lastTransaction()
    votes_have_a_place(world.site, registry)
    transaction.commit()
    assert registry._zodb_databases[""].storage.lastTransaction() == before
