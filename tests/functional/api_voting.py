"""What the tests of votes over the API share: who votes, an open vote, its closing."""

from datetime import UTC, datetime

import pytest
import transaction

from coopcms.domain import members, registers, voting

from .. import world as worlds
from . import api_fixtures

api = api_fixtures.api

VOTERS = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")
#: Everybody of whom something else could be expected: the public, an account without a role, each role without a voice.
OTHERS = ("voisine", "entreprise", "auditeur", "equipe", "equipe2", "admin")
LIST = "/api/v1/proposals"


@pytest.fixture
def now():
    """Votes are open for real: what is asked over HTTP happens now."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def roll(world, now):
    """The five members, numbered."""
    for login in VOTERS:
        members.admit(world.site, world.accounts[login], world.actors["equipe"], now)
    registers.number_waiting(world.site, now)
    transaction.commit()
    return VOTERS


@pytest.fixture
def put(world, roll, now):
    """A function that puts an admission into a state of its own company."""

    def make(state="voting", company="celle", **rules):
        about = worlds.in_state(world, company, "audited", now)
        made = worlds.vote(world, "admission", about, now, state=state, **rules)
        transaction.commit()
        return made

    return make


@pytest.fixture
def close(world):
    """A function that closes a vote at its end, as the clock does."""

    def closed(proposal):
        world.site._p_jar.sync()
        voting.close(proposal, proposal.ends_at)
        transaction.commit()
        return proposal

    return closed


def path(proposal, view=""):
    return f"{LIST}/{proposal.__name__}" + (f"/{view}" if view else "")


def cast(client, proposal, choice="for", **extra):
    return client.post(path(proposal, "ballot"), {"choice": choice}, **extra)


def ballots_in(proposal):
    """The choices in the box, in order, as only a test looks at them."""
    proposal._p_jar.sync()
    return sorted(choice for _tracker, choice in proposal.box.contents())


# --- reading ------------------------------------------------------------------------------------------------------------------
