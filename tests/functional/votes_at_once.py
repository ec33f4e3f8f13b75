"""Members who vote at the same time at several processes of one site, by the API, while others read its pages."""

import http.client
import itertools
import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import transaction
from BTrees import family64

from coopcms.domain import accounts, members, registers, voting
from coopcms.domain.consistency import check
from coopcms.domain.tally import CHOICES

from .. import world as worlds
from ..conftest import PATIENCE
from .serving import build_world

FULL = 20_000  #: ballots of the count at full size
CLIENTS = 8  #: who send at the same time
#: Of so many voters one changes the vote, one sends two ballots at the same moment to two processes, and one page is read.
CHANGED, TWICE, READ = 10, 20, 4
SLOWEST = 0.25  #: seconds within which 95 of 100 casts are answered, at full size
SEED = 20260312


def elect(place, *, processes, ballots):
    """So many vote at so many processes at once: casts a second, and the seconds within which 95 of 100 were answered.

    :raises AssertionError: somebody saw an error, a receipt finds no ballot, a ballot counts twice, or a log tells of casts
    """
    tokens, name = place.prepare(lambda site, now: prepare(site, now, ballots))
    path = f"/proposals/{name}"
    pages = ("/", "/proposals", path, f"{path}/rules", "/companies/ferme", f"/api/v1{path}")
    with place.several(processes) as servers:
        shares = [list(tokens.items())[number::CLIENTS] for number in range(CLIENTS)]
        with ThreadPoolExecutor(2 * CLIENTS) as pool:
            voters = [Voters(pool, servers, path, pages, seed) for seed in range(CLIENTS)]
            # What a process loads when it first has a request to check is not what is counted here.
            list(pool.map(loaded, servers))
            begun = time.monotonic()
            for turn in [pool.submit(one.vote, share) for one, share in zip(voters, shares, strict=True)]:
                turn.result()
        seconds = time.monotonic() - begun
    logs = "".join(server.log.read_text() for server in servers)
    statuses = sum((one.statuses for one in voters), Counter())
    assert set(statuses) == {("POST", 201), ("GET", 200)}, (statuses, logs[-4000:])
    assert "Traceback" not in logs, logs[-4000:]
    assert "/ballot" not in logs, "how many vote is in the log"
    receipts = {voter: trackers for one in voters for voter, trackers in one.receipts.items()}
    with place.opened() as site:
        box_is_right(site["proposals"][name], receipts)
        voting.close(site["proposals"][name], site["proposals"][name].ends_at)
        assert site["proposals"][name].result["turnout"] == ballots
        transaction.commit()
        assert not any(check(site).values())
    times = sorted(itertools.chain.from_iterable(one.times for one in voters))
    return len(times) / seconds, times[int(0.95 * len(times))]


def prepare(site, now, ballots):
    """An open vote with so many on the roll: the token of each, by the object id of the account, and the name of the proposal."""
    world = build_world(site, now)
    members.admit(site, world.accounts["membre"], world.actors["equipe"], now)
    registers.number_waiting(site, now)
    proposal = worlds.vote(world, "admission", worlds.in_state(world, "ferme", "audited", now), now)
    tokens = {}
    for number in range(ballots):
        account = accounts.create(site, f"electeur-{number}", f"Électeur {number}", f"electeur-{number}@test.example")
        tokens[account.__oid__] = accounts.issue_token(site, account, datetime.now(UTC))
    # As if each had held a share when the vote opened: the lines of the register are another matter.
    proposal.roll = family64.II.TreeSet(tokens)
    return tokens, proposal.__name__


class Voters:
    """One client, who votes for many, one after the other."""

    def __init__(self, pool, servers, path, pages, seed):
        self.pool, self.path, self.pages = pool, path, itertools.cycle(pages)
        self.rng = random.Random(SEED + seed)  # noqa: S311 - a test that can be repeated
        # Two of each: one for ballots that are sent at the same moment as others.
        self.here, self.there = ([self._connect(server) for server in servers] for _i in range(2))
        self.receipts, self.statuses, self.times = {}, Counter(), []

    def _connect(self, server):
        return http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)

    def vote(self, voters):
        """Ballots for all of these, each at one of the processes, and pages between them."""
        for number, (voter, token) in enumerate(voters):
            place = self.rng.randrange(len(self.here))
            other = self.pool.submit(self.cast, self.there[place - 1], token) if number % TWICE == 0 else None
            cast = [self.cast(self.here[place], token)]
            if other is not None:
                cast.append(other.result())
                self.receipts[voter] = set(cast)
            elif number % CHANGED == 1:
                cast.append(self.cast(self.here[place - 1], token))
                self.receipts[voter] = {cast[-1]}
            else:
                self.receipts[voter] = set(cast)
            assert len(set(cast)) == len(cast)
            if number % READ == 0:
                self.ask(self.here[place], "GET", next(self.pages))
        for connection in self.here + self.there:
            connection.close()

    def cast(self, connection, token):
        """Cast a ballot: the tracker of its receipt."""
        begun = time.monotonic()
        answer = self.ask(
            connection,
            "POST",
            f"/api/v1{self.path}/ballot",
            json.dumps({"choice": self.rng.choice(CHOICES)}),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        self.times.append(time.monotonic() - begun)
        return json.loads(answer).get("tracker")

    def ask(self, connection, method, path, body=None, headers=None):
        """The text of an answer, whose status is counted."""
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        self.statuses[method, answer.status] += 1
        return text


def loaded(server):
    """Let a process check a request: a log-in without a password, which it refuses."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("POST", "/api/v1/session", '{"login": "membre"}', {"Content-Type": "application/json"})
    assert connection.getresponse().status == 422
    connection.close()


def box_is_right(proposal, receipts):
    """Each voter has one ballot, and it is the one whose receipt came last; of two sent at once, one of the two."""
    contents = dict(proposal.box.contents())
    assert len(contents) == len(list(proposal.box.contents())) == len(receipts)
    assert set(proposal.box.voters()) == set(receipts)
    for voter, trackers in receipts.items():
        assert proposal.box.ballot_of(voter)[0] in trackers
    assert all(len(contents.keys() & trackers) == 1 for trackers in receipts.values())
