"""A site from before there was an outbox gets one."""

import transaction

from coopcms.domain import outbox
from coopcms.evolve.outbox import mail_has_a_place
from coopcms.workflows import engine

from ...conftest import NOW
from ...posting import letters


def test_an_older_site_gets_its_outbox_once(world, registry):
    site = world.site
    del site.outbox
    transaction.commit()
    mail_has_a_place(site, registry)
    transaction.commit()
    before = registry._zodb_databases[""].storage.lastTransaction()
    mail_has_a_place(site, registry)
    transaction.commit()
    assert registry._zodb_databases[""].storage.lastTransaction() == before
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    assert len(letters(site)) == 2


def test_a_site_that_was_not_evolved_yet_works_all_the_same(world):
    site = world.site
    del site.outbox
    assert outbox.page(site) == ([], "")
    assert outbox.remove_old(site, NOW) == 0
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    assert len(letters(site)) == 2
