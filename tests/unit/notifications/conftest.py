"""A vote with a roll, for mail to many."""

from datetime import timedelta

import pytest

from coopcms.domain import members, registers

from ... import world as worlds
from ...conftest import NOW

ROLL = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")


@pytest.fixture
def roll(world):
    for login in ROLL:
        members.admit(world.site, world.accounts[login], world.actors["equipe"], NOW - timedelta(days=30))
    registers.number_waiting(world.site, NOW)
    return ROLL


@pytest.fixture
def vote(world, roll):
    """An open vote of 15 days, opened now."""
    return worlds.vote(world, "admission", worlds.in_state(world, "celle", "audited", NOW), NOW)
