"""Verbs on the outbox: putting mail in, taking it out for delivery, deciding on what went wrong.

    waiting --claim--> sending --mark_sent--> sent
                       sending --put_off--> waiting      taken over by nobody: tried again later
                       sending --refuse--> failed        refused for good
                       sending --set_unclear--> unclear  nobody knows: a person decides

What is *sending* for longer than any attempt takes became of a process that ended in the middle: it is unclear, and never sent
again by itself.
"""

import heapq
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pyramid.traversal import find_root
from substanced.objectmap import find_objectmap

from .. import settings
from ..content.account import Account
from ..content.outbox import FINAL, KINDS, STATES, Letter, Mailing, Outbox, digest_of, place_of
from ..content.proposal import Proposal
from ..security.permissions import P
from ..security.principals import Actor
from .permission import require

#: Minutes until the next attempt, after the first, the second …; after the last one it is given back as failed.  Five days in all.
INTERVALS = (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440, 1440)
#: No attempt takes longer.
LONGEST_ATTEMPT = timedelta(minutes=15)
PAGE = 25


def of(site: Any) -> Outbox:
    """The outbox of a site, made with the first mail where an older site has none."""
    if site.outbox is None:
        site.outbox = Outbox()
    found: Outbox = site.outbox
    return found


def wants(account: Account, kind: str) -> bool:
    """Whether somebody takes mails of a kind."""
    return KINDS[kind].group not in account.mail_off or not KINDS[kind].group


# --- in -----------------------------------------------------------------------------------------------------------------------


def post(
    site: Any,
    kind: str,
    parts: tuple[object, ...],
    now: datetime,
    *,
    account: Account | None = None,
    to: str = "",
    facts: Mapping[str, Any],
    path: str,
    base: str = "",
    language: str | None = None,
    good_until: datetime | None = None,
) -> Letter | None:
    """Put a mail in, in the running transaction; None when this fact was told to this person before, or they do not want it.

    ``parts`` name the fact and who learns it.  ``base`` is the address of the site as the reader of the moment sees it.
    """
    if account is not None and (account.erased or not account.email or not wants(account, kind)):
        return None
    outbox, digest = of(site), digest_of(*parts)
    box = outbox.box(digest)
    if digest in box.names:
        return None
    letter = Letter(digest, kind, None if account is None else account.__oid__, now)
    letter.to, letter.language, letter.base, letter.good_until = to, language, base, good_until
    letter.own_facts, letter.own_path = dict(facts), path
    box.put(letter)
    return letter


def post_to_roll(
    site: Any, kind: str, proposal: Proposal, parts: tuple[object, ...], now: datetime, base: str = ""
) -> int:
    """Put in one mail for everybody on the roll of a vote; 0 when that was done before, else 1."""
    outbox, digest = of(site), digest_of(*parts)
    if digest in outbox.names:
        return 0
    mailing = Mailing(digest, kind, proposal.__oid__, parts, now)
    mailing.base = base
    outbox.put_mailing(mailing)
    return 1


def expand(mailing: Mailing, site: Any, most: int) -> int:
    """Make the letters of a mailing for the next people on the roll, ``most`` of them; how many were made.

    Where it stopped is written with the letters: whatever crashes, nobody is left out and nobody gets two.
    """
    proposal = _proposal(site, mailing)
    if proposal is None or is_moot(mailing.kind, proposal, mailing.facts or None):
        mailing.done = True
        return 0
    if not mailing.facts:
        mailing.facts, mailing.path = facts_of_vote(mailing.kind, proposal), path_of_vote(mailing.kind, proposal)
    outbox, objectmap = of(site), find_objectmap(site)
    made = taken = 0
    # Object ids may be negative: there is no number before the first.
    people = proposal.roll.keys(mailing.cursor, excludemin=mailing.cursor is not None) if len(proposal.roll) else ()
    for userid in people:
        if taken == most:
            return made
        mailing.cursor, taken = userid, taken + 1
        account, digest = objectmap.object_for(userid), digest_of(*mailing.parts, userid)
        if not isinstance(account, Account) or account.erased or not account.email or not wants(account, mailing.kind):
            continue
        if digest in mailing.box.names or digest in outbox.box(digest).names:
            continue
        letter = Letter(digest, mailing.kind, userid, mailing.created)
        letter.mailing, letter.good_until = mailing, _good_until(mailing.kind, proposal)
        mailing.box.put(letter)
        made += 1
    mailing.done = True
    return made


def _proposal(site: Any, mailing: Mailing) -> Proposal | None:
    found = find_objectmap(site).object_for(mailing.proposal)
    return found if isinstance(found, Proposal) else None


def _good_until(kind: str, proposal: Proposal) -> datetime | None:
    return proposal.ends_at if kind in ("vote_open", "vote_closing") else None


def facts_of_vote(kind: str, proposal: Proposal) -> dict[str, Any]:
    """What a mail about a vote says.  Before the closing that is the title and the end: nothing that depends on the ballots."""
    if kind in ("vote_open", "vote_closing"):
        return {"title": proposal.title, "ends": proposal.ends_at}
    result = proposal.result or {}
    return {
        "title": proposal.title,
        "state": result.get("state", ""),
        "roll": result.get("roll"),
        "turnout": result.get("turnout"),
        "counts": dict(result.get("counts", {})),
    }


def path_of_vote(kind: str, proposal: Proposal) -> str:
    """Where a mail about a vote leads: the proposal, after the closing its minutes."""
    page = "" if kind in ("vote_open", "vote_closing") else "/minutes"
    return f"/proposals/{proposal.__name__}{page}"


def is_moot(kind: str, proposal: Proposal, facts: Mapping[str, Any] | None) -> bool:
    """Whether what a mail about a vote says is not so any more: the vote ended, was cancelled, or ends on another day."""
    if kind not in ("vote_open", "vote_closing"):
        return False
    return proposal.state != "voting" or (
        kind == "vote_closing" and facts is not None and facts["ends"] != proposal.ends_at
    )


# --- out ----------------------------------------------------------------------------------------------------------------------


def due(site: Any, now: datetime) -> list[Letter]:
    """The letters to send now that belong to no mailing, oldest first."""
    found = [letter for box in of(site).boxes for letter in box.oldest("waiting") if is_due(letter, now)]
    return sorted(found, key=lambda letter: letter.place, reverse=True)


def is_due(letter: Letter, now: datetime) -> bool:
    """Whether a letter is to be sent now."""
    return letter.state == "waiting" and (letter.not_before is None or letter.not_before <= now)


def claim(site: Any, letter: Letter, now: datetime) -> str | None:
    """Take a letter out to be sent and return the name of the attempt; None when it is not to be sent (any more).

    To be committed before anything is sent: whoever else takes it out at the same moment meets this one.
    """
    if not is_due(letter, now):
        return None
    reason = _held_back(site, letter, now)
    if reason:
        _end(site, letter, "given_up", reason)
        return None
    if letter.account is not None:
        account = find_objectmap(site).object_for(letter.account)
        letter.to, letter.language = account.email, account.language or "fr"
    letter.claim, letter.claimed_at, letter.attempts = secrets.token_hex(8), now, letter.attempts + 1
    of(site).box_of(letter).move(letter, "sending")
    return letter.claim


def _held_back(site: Any, letter: Letter, now: datetime) -> str:
    """Why a letter is not to be sent any more: a key of ``REASONS``, or ""."""
    if letter.good_until is not None and now >= letter.good_until:
        return "too_late"
    if letter.mailing is not None:
        proposal = _proposal(site, letter.mailing)
        if proposal is None or is_moot(letter.kind, proposal, letter.facts):
            return "moot"
    if letter.account is None:
        return ""
    account = find_objectmap(site).object_for(letter.account)
    if not isinstance(account, Account) or account.erased:
        return "gone"
    if not account.email:
        return "no_address"
    return "" if wants(account, letter.kind) else "switched_off"


def _is_running(letter: Letter, attempt: str) -> bool:
    """Whether this is the attempt that the letter waits for, also when it took so long that it was called unclear meanwhile."""
    return letter.claim == attempt and letter.state in ("sending", "unclear")


def mark_sent(site: Any, letter: Letter, attempt: str, now: datetime) -> None:
    """The mail server took it over."""
    if _is_running(letter, attempt):
        letter.sent_at, letter.not_before = now, None
        _end(site, letter, "sent", "")


def put_off(site: Any, letter: Letter, attempt: str, said: str, now: datetime) -> None:
    """Nobody took it over: it is tried again, later each time, until it has been tried for days."""
    if not _is_running(letter, attempt):
        return
    if letter.attempts > len(INTERVALS):
        _end(site, letter, "failed", "exhausted", said)
        return
    letter.not_before = now + timedelta(minutes=INTERVALS[letter.attempts - 1])
    letter.said, letter.reason = said, ""
    of(site).box_of(letter).move(letter, "waiting")


def refuse(site: Any, letter: Letter, attempt: str, said: str, reason: str = "") -> None:
    """It was refused for good."""
    if _is_running(letter, attempt):
        _end(site, letter, "failed", reason, said)


def set_unclear(site: Any, letter: Letter, attempt: str, said: str) -> None:
    """It was handed over and no answer came."""
    if _is_running(letter, attempt):
        _end(site, letter, "unclear", "unclear", said)


def find_stranded(site: Any, now: datetime) -> int:
    """Call unclear what a process that ended left in the middle; how many."""
    count = 0
    for box in of(site).all_boxes():
        for letter in box.oldest("sending"):
            if letter.claimed_at is None or letter.claimed_at < now - LONGEST_ATTEMPT:
                _end(site, letter, "unclear", "unclear")
                count += 1
    return count


def _end(site: Any, letter: Letter, state: str, reason: str, said: str = "") -> None:
    letter.reason, letter.said = reason, said
    of(site).box_of(letter).move(letter, state)
    if state in ("sent", "given_up") and KINDS[letter.kind].secret:
        letter.own_path = ""  # whoever reads the database later finds no key in it


# --- what people decide and see -----------------------------------------------------------------------------------------------


def find(site: Any, digest: str, mailing: str = "") -> Letter | None:
    """The letter of that name, in the mailing of that name."""
    outbox = of(site)
    if mailing:
        within = outbox.names.get(mailing) if mailing else None
        found = within.box.names.get(digest) if within is not None else None
    else:
        found = outbox.box(digest).names.get(digest) if digest and digest[0] in "0123456789abcdef" else None
    return found if isinstance(found, Letter) else None


def find_mailing(site: Any, digest: str) -> Mailing | None:
    """The mailing of that name."""
    found = of(site).names.get(digest) if digest and site.outbox is not None else None
    return found if isinstance(found, Mailing) else None


def may_send_again(letter: Letter) -> bool:
    """Whether a person can have it sent again."""
    return letter.state in ("failed", "unclear")


def may_give_up(letter: Letter) -> bool:
    """Whether a person can take it back."""
    return letter.state in ("waiting", "failed", "unclear")


def send_again(site: Any, letter: Letter, actor: Actor, now: datetime) -> bool:
    """Let a letter be sent that was refused, or of which nobody knows; False when it is not in such a state any more."""
    require(P.SEE_OUTBOX, site, actor)
    if not may_send_again(letter):
        return False
    letter.attempts, letter.not_before, letter.claim = 0, None, ""
    letter.decided_by, letter.decided_at = actor.userid, now
    of(site).box_of(letter).move(letter, "waiting")
    return True


def give_up(site: Any, letter: Letter, actor: Actor, now: datetime) -> bool:
    """Let a letter rest; False when it was sent meanwhile."""
    require(P.SEE_OUTBOX, site, actor)
    if not may_give_up(letter):
        return False
    letter.decided_by, letter.decided_at, letter.claim = actor.userid, now, ""
    _end(site, letter, "given_up", "by_hand", letter.said)
    return True


def page(
    site: Any, *, state: str = "", mailing: Mailing | None = None, start: str = "", most: int = PAGE
) -> tuple[list[Letter | Mailing], str]:
    """Letters and mailings, newest first, from a place on, and the place of the next page or "".

    Without a state or a mailing, a mailing stands for all its letters; with a state, each letter in it is shown.
    """
    if site.outbox is None:
        return [], ""
    outbox, states = of(site), (state,) if state else tuple(STATES)
    boxes: Iterable[Any] = [mailing.box] if mailing is not None else outbox.all_boxes() if state else outbox.boxes
    sources: list[Iterator[tuple[str, Any]]] = [box.newest(each, start) for box in boxes for each in states]
    if mailing is None and not state:
        sources.append(outbox.mailings(start))
    found: list[Letter | Mailing] = []
    for place, each in heapq.merge(*sources, key=lambda pair: pair[0]):
        if len(found) == most:
            return found, place
        found.append(each)
    return found, ""


def counts(site: Any) -> dict[str, int]:
    """How many letters are in each state."""
    boxes = [] if site.outbox is None else list(of(site).all_boxes())
    return {state: sum(box.counts[state]() for box in boxes) for state in STATES}


# --- the clock ----------------------------------------------------------------------------------------------------------------


def remove_old(site: Any, now: datetime) -> int:
    """Remove mail that was dealt with long ago (setting ``mail_days``); what was told is not told again all the same."""
    if site.outbox is None:
        return 0
    outbox, limit, count = of(site), now - timedelta(days=settings.current().mail_days), 0
    for box in outbox.boxes:
        for state in FINAL:
            # Places of older letters come after that of the limit.
            for _place, letter in list(box.newest(state, place_of(limit, ""))):
                box.remove(letter)
                count += 1
    for _place, mailing in list(outbox.mailings()):
        left = mailing.box.counts["waiting"]() + mailing.box.counts["sending"]()
        if mailing.created < limit and mailing.done and not left:
            outbox.remove_mailing(mailing)
            count += 1
    return count


def forget_everything(site: Any) -> None:
    """Remove all mail and keep the names of what it told: of content that was made with its past, nothing is announced."""
    outbox = of(site)
    for box in outbox.boxes:
        for state in STATES:
            for letter in box.oldest(state):
                box.remove(letter)
    for _place, mailing in list(outbox.mailings()):
        outbox.remove_mailing(mailing)


def path_to(obj: Any) -> str:
    """The path of an object below the address of the site."""
    root, names = find_root(obj), []
    while obj is not root:
        names.append(str(obj.__name__))
        obj = obj.__parent__
    return "".join(f"/{name}" for name in reversed(names))
