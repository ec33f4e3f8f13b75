"""Do results agree with the published ballots, boxes with their rolls, and the share register with the members?"""

import json
from collections.abc import Iterator
from typing import Any

from . import ballot_file
from .registers import problems as registers


def results(site: Any) -> Iterator[str]:
    """Every problem of votes.  Of one that is open nothing is said but that it does not agree: no turnout, no counts."""
    for proposal in site["proposals"].values():
        name = proposal.__name__
        if proposal.state == "voting":
            yield from _box(name, proposal)
        if proposal.is_decided:
            yield from _published(name, proposal)
        elif proposal.result is not None or proposal.published is not None:
            yield f"{name}: there is a result, and the vote is not decided"


def _box(name: str, proposal: Any) -> Iterator[str]:
    box = proposal.box
    if box is None or box.is_sealed:
        yield f"{name}: the vote is open, and its box is sealed"
        return
    voters = set(box.voters())
    if len(voters) != sum(1 for _ballot in box.contents()) or not voters <= set(proposal.roll):
        yield f"{name}: turnout, ballots and roll do not agree"
    if any(box.ballot_of(voter) is None for voter in voters):
        yield f"{name}: a voter has no ballot"


def _published(name: str, proposal: Any) -> Iterator[str]:
    if proposal.published is None or proposal.result is None:
        yield f"{name}: the vote is decided, and nothing is published"
        return
    if proposal.box is None or not proposal.box.is_sealed:
        yield f"{name}: the vote is decided, and its box is not sealed"
    content = json.loads(proposal.published.text)
    for problem in ballot_file.problems(content):
        yield f"{name}: {problem}"
    told = {**content["result"], "sha256": content["sha256"]}
    if dict(proposal.result) != told:
        yield f"{name}: the result is not that of the published ballots"
    state = "adopted" if proposal.state == "implemented" else proposal.state
    if state != told["state"]:
        yield f"{name}: the state is {proposal.state}, the published ballots say {told['state']}"
    if content["result"]["roll"] != len(proposal.roll):
        yield f"{name}: the roll is not the one of the published ballots"


__all__ = ["registers", "results"]
