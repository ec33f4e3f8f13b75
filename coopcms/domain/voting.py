"""Voting: casting a ballot, counting at the closing, and what a result sets off.

Casting puts ballot, turnout mark and receipt down in one transaction, or none of them.  Before the closing nothing of the box
leaves this module: no result, no turnout.
"""

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from .. import settings
from ..content.proposal import Proposal, PublishedBallots
from ..i18n import _
from ..security.permissions import P
from ..security.principals import CLOSING, Actor
from ..text import one_line
from ..workflows import engine
from . import ballot_file
from .consequences import take_effect
from .errors import Forbidden, Invalid
from .permission import require
from .tally import TYPES, WrongChoice

log = logging.getLogger("coopcms.votes")

#: Letters of a tracker: none that is taken for another.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
TRACKER_GROUPS, TRACKER_GROUP = 5, 5


class NotOpen(Exception):
    """No ballot can be cast now; ``sentence`` says why, to people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Disagreement(Exception):
    """A box whose turnout is not the number of its ballots: never published, people look at it first."""


class NotOnTheRoll(Forbidden):
    """Somebody who is not on the roll of the vote."""


@dataclass(frozen=True)
class Receipt:
    """What a voter keeps: the tracker finds the ballot in the published file, the seal shows that this site gave the receipt."""

    tracker: str
    seal: str


def cast(proposal: Proposal, choice: Any, actor: Actor, now: datetime) -> Receipt:
    """Cast a ballot, in the place of the voter's earlier one.

    :raises NotOpen: the vote is not open, or its end is past, whatever the state says
    :raises NotOnTheRoll: the actor may not vote here
    :raises Invalid: the choice is none of this vote's
    """
    if proposal.state != "voting":
        raise NotOpen(_("Le vote n’est pas ouvert."))
    if actor.reading or actor.userid is None or actor.userid not in proposal.roll:
        raise NotOnTheRoll("not on the roll of this vote")
    assert proposal.ends_at is not None and proposal.box is not None
    if now >= proposal.ends_at:
        raise NotOpen(_("Le vote est terminé : votre bulletin n’a pas été pris."))
    try:
        valid = TYPES[proposal.ballot].validate(choice)
    except WrongChoice:
        raise Invalid(choice=_("Choisissez l’une des réponses proposées.")) from None
    tracker = new_tracker()
    proposal.box.put(actor.userid, tracker, valid)
    return Receipt(tracker, seal(proposal, tracker))


def new_tracker() -> str:
    """A random tracker: five groups of five letters and figures, some 123 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _i in range(TRACKER_GROUP)) for _g in range(TRACKER_GROUPS))
    return "-".join(groups)


def seal(proposal: Proposal, tracker: str) -> str:
    """What a receipt carries: an HMAC of the site over the vote and the tracker.  It says nothing of the choice."""
    text = f"receipt:{proposal.__oid__}:{tracker}".encode()
    return hmac.new(settings.current().secret.encode(), text, hashlib.sha256).hexdigest()[:32]


def was_given(proposal: Proposal, tracker: str, given: str) -> bool:
    """Whether this site gave a receipt with that tracker and that seal: for somebody who finds no ballot under it."""
    return hmac.compare_digest(seal(proposal, one_line(tracker).lower()), one_line(given).lower())


def has_voted(proposal: Proposal, actor: Actor) -> bool:
    """Whether somebody's own ballot is in the box; nobody learns it of another."""
    return (
        proposal.state == "voting"
        and actor.userid is not None
        and proposal.box is not None
        and proposal.box.has_voted(actor.userid)
    )


def count(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Close a vote whose end is past, for a coordinator who does not wait for the clock.

    :raises NotOpen: the end is not reached
    """
    require(P.COUNT, proposal, actor)
    close(proposal, now)


def close(proposal: Proposal, now: datetime) -> None:
    """Count, seal, publish and let the result take effect, all in the running transaction.

    :raises NotOpen: the vote is not open any more, or its end is not reached
    """
    if proposal.state != "voting" or proposal.ends_at is None or now < proposal.ends_at:
        raise NotOpen(_("Le vote n’est pas terminé."))
    box = proposal.box
    assert box is not None
    found, turnout = list(box.contents()), sum(1 for _voter in box.voters())
    if turnout != len(found):
        raise Disagreement(proposal.__name__)
    if not proposal.secret:
        proposal.voices = box.voices()
    told = {"path": f"/proposals/{proposal.__name__}", "title": proposal.title, "kind": proposal.kind}
    content = ballot_file.make(told, proposal.rules(), found, len(proposal.roll), turnout)
    proposal.published = PublishedBallots(rfc8785.dumps(content))
    proposal.result = {**content["result"], "sha256": content["sha256"]}
    proposal.closed_at = now
    box.seal()
    engine.fire(proposal, _TRANSITION[content["result"]["state"]], CLOSING, now)
    take_effect(proposal, now)


_TRANSITION = {"adopted": "adopt", "rejected": "reject", "inquorate": "lapse"}


def close_due(site: Any, now: datetime) -> int:
    """Close the votes whose end has come: what the clock does."""
    due = [p for p in site["proposals"].values() if p.state == "voting" and p.ends_at is not None and p.ends_at <= now]
    closed = 0
    for proposal in due:
        try:
            close(proposal, now)
            closed += 1
        except Disagreement:
            # Nothing of it was touched; the others do not wait for it.
            log.error("the ballot box of %s does not agree with itself: the vote stays open", proposal.__name__)
    return closed


def retry_due(site: Any, now: datetime) -> int:
    """Try again what a result could not set off: what the clock does.  How many took effect."""
    waiting = [p for p in site["proposals"].values() if p.consequence.get("done") is False]
    return sum(take_effect(proposal, now) for proposal in waiting)


def retry(proposal: Proposal, actor: Actor, now: datetime) -> bool:
    """The same, by a coordinator, for one; whether it took effect."""
    require(P.RETRY, proposal, actor)
    return take_effect(proposal, now)


def destroy_box(proposal: Proposal) -> None:
    """A vote that was cancelled: its ballots are destroyed without being counted."""
    if proposal.box is not None:
        proposal.box.seal()
        proposal.box = None
