"""Casting and closing that are killed at any moment: the database holds what was committed, whole, and nothing else."""

import contextlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from BTrees import family64

from coopcms.domain import members, registers, voting
from coopcms.security.principals import Actor

from .. import world as worlds
from ..conftest import PATIENCE
from .serving import Place, environment

FULL = 200  #: kills of each kind at full size
SEED = 20260312
MEMBERS = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")
ROLL = 1_000  #: on the roll of the vote; all but the members of the world have no account
MOSTLY_FOR = ("for", "for", "for", "against", "blank") * 120  #: in the box of a vote that is closed
SECONDS = 0.3  #: of casting, at most
#: Proposal, company and version before the closing; and after it, by how the vote ended: all three, or none.
BEFORE = ["voting", "audited", "frozen"]
ADOPTED, REJECTED, INQUORATE = (
    ["adopted", "voted", "adopted"],
    ["rejected", "declined", "frozen"],
    ["inquorate", "audited", "frozen"],
)
QUORUM = 10  #: of so many on the roll one has to vote


class Orders:
    """The process of :mod:`.killed`."""

    def __init__(self, folder, warm):
        place = Place(folder / "nobody")
        shutil.copytree(warm, place.var)
        self.log = folder / "killed.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.functional.killed", str(place.ini)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment(),
                cwd=Path(__file__).parents[2],
            )

    def _line(self):
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        return json.loads(line)

    def give(self, what, folder, seed=0, after=None):
        """Let a child do something and kill it so many seconds after its beginning: what it printed."""
        order = {"what": what, "folder": str(folder), "seed": seed, "after": after}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        said = self._line() if what == "look" else None
        ended = self._line()
        assert ended == 0 or (ended == -signal.SIGKILL and after is not None), self.log.read_text()
        return said

    def look(self, folder):
        """What the database holds; it agrees with itself."""
        found = self.give("look", folder)
        assert found["problems"] == []
        found["ballots"] = [tuple(ballot) for ballot in found["ballots"]]
        found["held"] = {int(voter): tuple(ballot) for voter, ballot in found["held"].items()}
        if not found["sealed"]:
            assert sorted(found["held"].values()) == found["ballots"]
        return found

    def end(self):
        """No more orders."""
        self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0


@contextlib.contextmanager
def orders(folder, warm):
    """The process, until the end of the block."""
    given = Orders(folder, warm)
    try:
        yield given
        given.end()
    finally:
        given.process.kill()
        given.process.wait()


def prepare(place):
    """An open vote on the admission of a company, with a roll of many: the folder of its database."""
    with place.opened() as site:
        world, now = worlds.find(site), datetime.now(UTC) - timedelta(days=1)
        for login in MEMBERS:
            members.admit(site, world.accounts[login], world.actors["equipe"], now)
        registers.number_waiting(site, now)
        proposal = worlds.vote(world, "admission", worlds.in_state(world, "ferme", "audited", now), now)
        first = max(proposal.roll) + 1
        proposal.roll = family64.II.TreeSet([*proposal.roll, *range(first, first + ROLL - len(MEMBERS))])
    return place.var


def kill_casting(folder, given, rounds):
    """Kill casting so often, then close the vote: how many casts were committed, how many of them without a receipt.

    :raises AssertionError: a receipt was given for a ballot that is not in the box, or a ballot is torn
    """
    rng, held, told = random.Random(SEED), {}, Counter()  # noqa: S311 - a test that can be repeated
    for seed in range(rounds):
        given.give("cast", folder, seed, after=rng.uniform(0, SECONDS))
        open_casts, receipts = {}, 0
        for kind, voter, tracker, choice in map(str.split, lines(folder)):
            open_casts = {int(voter): (tracker, choice)} if kind == "begun" else {}
            if kind == "done":
                held[int(voter)] = (tracker, choice)
                receipts += 1
        found = given.look(folder)
        assert found["states"] == BEFORE
        assert found["result"] is found["published"] is None
        assert found["held"] in (held, held | open_casts), seed
        assert found["voters"] == sorted(found["held"])
        told += Counter(
            casts=receipts, unnoticed=found["held"] != held, undone=bool(open_casts) and found["held"] == held
        )
        held = found["held"]
    given.give("close", folder)
    found = given.look(folder)
    agrees(found, sorted(held.values()))
    return told


def kill_closing(folder, given, rounds):
    """Kill the closing of one vote so often, each time on a copy: how many closings were done.

    :raises AssertionError: a closing was done by half, or was told and is not there
    """
    rng, told = random.Random(SEED), Counter()  # noqa: S311 - a test that can be repeated
    place = folder.parent / "copy"
    copied(folder, place)
    before = given.look(place)["ballots"]
    begun = time.monotonic()
    given.give("close", place)
    seconds = time.monotonic() - begun
    agrees(given.look(place), before)
    for seed in range(rounds):
        copied(folder, place)
        given.give("close", place, seed, after=rng.uniform(0, seconds))
        noted = [line.split() for line in lines(place)]
        found = given.look(place)
        if found["states"] == BEFORE:
            assert ["done"] not in [line[:1] for line in noted], seed
            assert found["ballots"] == before
            assert not found["sealed"]
            assert found["result"] is found["published"] is None
            given.give("close", place)
            agrees(given.look(place), before)
        else:
            agrees(found, before)
            assert {line[1] for line in noted} == {found["result"]["sha256"]}, seed
        told += Counter(closed=found["states"] != BEFORE, unnoticed=found["states"] != BEFORE and len(noted) == 1)
    return told


def agrees(found, ballots):
    """The vote is closed, it ended as the ballots in the box say, and what is published is what was in the box."""
    counts = {c: [b for _t, b in ballots].count(c) for c in ("for", "against", "blank")}
    assert found["states"] == ending(counts)
    assert found["sealed"]
    assert [tuple(ballot) for ballot in found["published"]] == ballots
    assert found["result"]["turnout"] == len(ballots) == len(found["voters"])
    assert found["result"]["counts"] == counts


def ending(counts):
    """The states after a vote with so many ballots of each kind; how many a killed process cast hangs on the speed of the machine."""
    if QUORUM * sum(counts.values()) < ROLL:
        return INQUORATE
    return ADOPTED if counts["for"] > counts["against"] else REJECTED


def fill(place, choices=MOSTLY_FOR):
    """The first on the roll vote."""
    with place.opened() as site:
        [proposal] = site["proposals"].values()
        for voter, choice in zip(proposal.roll, choices, strict=False):
            voting.cast(proposal, choice, Actor(voter), datetime.now(UTC))


def lines(folder):
    """What the last child noted; it is forgotten with that."""
    file = folder / "done"
    noted = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return noted


def copied(folder, place):
    """The database of a folder at another place."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copy(folder / "Data.fs", place / "Data.fs")
    shutil.copytree(folder / "blobs", place / "blobs")
