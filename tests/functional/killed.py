"""A process whose children cast ballots or close a vote until they are killed: ``python -m tests.functional.killed CONFIGURATION``.

The application is made once, on a database that nobody looks at.  Each line that comes, ``{"what", "folder", "seed", "after"}`` in
JSON, is done by a child of its own on the database in that folder, which is killed so many seconds after its beginning; how it ended
is said.  What was committed stands in the file ``done`` of the folder, a line before each commit and one after it.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

import transaction
from plaster import get_loader
from pyramid.threadlocal import manager
from pyramid_zodbconn import db_from_uri

import coopcms
from coopcms.domain import voting
from coopcms.domain.consistency import check
from coopcms.domain.tally import CHOICES
from coopcms.security.principals import Actor


def cast(proposal, note, rng):
    """Ballots of people on the roll without end; many change theirs."""
    roll = list(proposal.roll)
    while True:
        transaction.begin()
        voter, choice = rng.choice(roll), rng.choice(CHOICES)
        receipt = voting.cast(proposal, choice, Actor(voter), datetime.now(UTC))
        note("begun", voter, receipt.tracker, choice)
        transaction.commit()
        note("done", voter, receipt.tracker, choice)


def close(proposal, note, rng):
    """The closing, once."""
    voting.close(proposal, proposal.ends_at)
    sha256 = proposal.result["sha256"]
    note("begun", sha256)
    transaction.commit()
    note("done", sha256)


def look(proposal, note, rng):
    """What the database holds, printed."""
    company, box = proposal.company, proposal.box
    published = proposal.published and json.loads(proposal.published.text)
    found = {
        "states": [proposal.state, company.state, next(iter(company.versions())).state],
        "sealed": box.is_sealed,
        "ballots": sorted(box.contents()),
        "voters": sorted(box.voters()),
        "held": {} if box.is_sealed else {str(voter): box.ballot_of(voter) for voter in box.voters()},
        "result": proposal.result,
        "published": sorted((one["tracker"], one["choice"]) for one in published["ballots"]) if published else None,
        "problems": [problem for problems in check(proposal.__parent__.__parent__).values() for problem in problems],
    }
    print(json.dumps(found, default=dict), flush=True)


def work(registry, begun, what, folder, seed):
    """Do what was ordered, in a child; ``begun`` is told when the database is open."""
    manager.push({"registry": registry, "request": None})
    database = db_from_uri(f"file://{folder}/Data.fs?blobstorage_dir={folder}/blobs", "", {})
    [proposal] = database.open().root()["app_root"]["proposals"].values()
    done = os.open(Path(folder) / "done", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(*words):
        os.write(done, f"{' '.join(map(str, words))}\n".encode())

    os.write(begun, b".")
    globals()[what](proposal, note, random.Random(seed))  # noqa: S311 - a test that can be repeated


def main(ini):
    """Wait for orders."""
    registry = coopcms.main({}, **get_loader(ini, protocols=["wsgi"]).get_wsgi_app_settings("main")).registry
    for line in sys.stdin:
        order = json.loads(line)
        after, (beginning, begun) = order.pop("after"), os.pipe()
        child = os.fork()
        if not child:
            try:
                work(registry, begun, **order)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        os.close(begun)
        if os.read(beginning, 1) and after is not None:
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
        os.close(beginning)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
