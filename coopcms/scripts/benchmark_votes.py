"""How often ballots collide: four who vote at the same moment, again and again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import transaction
from BTrees import family64
from pyramid.threadlocal import manager as threads
from ZODB.POSException import ConflictError

from ..content.ballot_box import BallotBox
from ..content.proposal import Proposal
from ..domain import voting
from ..security.principals import Actor

AT_ONCE = 4
ROUNDS = 1500
KEY = "benchmark-vote"


def conflicts_per_100_casts(registry: Any, database: Any) -> float:
    """Conflicts per 100 ballots when four are cast between each other's reading and writing; none is lost.

    The vote lies beside the site, in the root of a database that is thrown away.
    """
    opened = datetime(2026, 1, 1, tzinfo=UTC)
    voters = AT_ONCE * ROUNDS
    with database.transaction() as connection:
        proposal = Proposal("Banc d’essai")
        proposal.__oid__ = 1
        proposal.state, proposal.opened_at, proposal.ends_at = "voting", opened, opened + timedelta(days=15)
        proposal.box, proposal.roll = BallotBox(), family64.II.TreeSet(range(1, voters + 1))
        connection.root()[KEY] = proposal
    meeting = Barrier(AT_ONCE)

    def vote(desk: int) -> int:
        threads.push({"registry": registry, "request": None})
        manager = transaction.TransactionManager()
        connection = database.open(manager)
        conflicts = 0
        for number in range(ROUNDS):
            actor = Actor(desk * ROUNDS + number + 1)
            conflicts += _cast(manager, connection, actor, opened, meeting)
            meeting.wait()
        connection.close()
        threads.pop()
        return conflicts

    with ThreadPoolExecutor(AT_ONCE) as desks:
        conflicts = sum(desks.map(vote, range(AT_ONCE)))
    with database.transaction() as connection:
        box = connection.root()[KEY].box
        if len(list(box.contents())) != voters or len(list(box.voters())) != voters:
            raise RuntimeError("ballots were lost")
        del connection.root()[KEY]
    return 100 * conflicts / voters


def _cast(manager: Any, connection: Any, actor: Actor, now: datetime, meeting: Barrier) -> int:
    """Cast one ballot while the others cast theirs, as often as it takes; how often it had to be done again."""
    again = 0
    while True:
        manager.begin()
        voting.cast(connection.root()[KEY], "for", actor, now)
        if not again:
            meeting.wait()
        try:
            manager.commit()
        except ConflictError:
            manager.abort()
            again += 1
        else:
            return again
