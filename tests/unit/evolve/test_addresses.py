"""Addresses of accounts that were indexed in lower case alone are found folded."""

import transaction

from coopcms.catalog.queries import account_by_email
from coopcms.domain import accounts
from coopcms.evolve.y2026_12_addresses import addresses_are_found_folded


def test_an_address_from_before_is_found_and_a_second_run_writes_nothing(world, registry):
    account = accounts.create(world.site, "strasse", "Léa", "lea@strasse.example")
    transaction.commit()
    # As it was stored before addresses took their normal form.
    account.email = "Lea@Straße.example"
    index = world.site["catalogs"]["coopcms"]["email"]
    index.unindex_doc(account.__oid__)
    transaction.commit()
    assert account_by_email(world.site, "lea@strasse.example") is None
    addresses_are_found_folded(world.site, None)
    transaction.commit()
    assert account_by_email(world.site, "LEA@straße.EXAMPLE") is account
    before = registry._zodb_databases[""].storage.lastTransaction()
    addresses_are_found_folded(world.site, None)
    transaction.commit()
    assert registry._zodb_databases[""].storage.lastTransaction() == before
