"""Verbs on proposals before and around the vote."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from ..content.base import must_be_current
from ..content.calendar import PARIS, day_in_paris
from ..content.fields import PAST
from ..content.naming import free_name
from ..content.proposal import BRIEF, KINDS, Proposal
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import CLOCK, Actor
from ..text import one_line, prose, says_something
from ..workflows import engine
from ..workflows.conditions import not_in_conflict
from .errors import Invalid, Stale
from .permission import require, require_met

SHORTEST_DAYS, LONGEST_DAYS = 1, 90
#: What is said of a vote that is too short or too long.
DAYS_ALLOWED = _("Un vote dure de ${least} à ${most} jours.", mapping={"least": SHORTEST_DAYS, "most": LONGEST_DAYS})


def propose(
    site: Any,
    kind: str,
    title: str,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    company: Any,
    versions: Iterable[Any] = (),
    description: str = "",
    brief: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Proposal:
    """Write a proposal and return it, a draft.  One on a version of the framework names no company.

    The same draft sent twice by one person is one proposal.

    :raises Invalid: the kind is unknown
    """
    folder = site["proposals"]
    require(P.PROPOSE, folder, actor)
    if kind not in KINDS:
        raise Invalid(kind=_("Cette sorte de proposition n’existe pas."))
    proposal = Proposal(one_line(title), kind)
    proposal.text, proposal.description = prose(text), one_line(description)
    _write_brief(proposal, brief)
    proposal.company_id = None if company is None else company.__oid__
    proposal.creator, proposal.created, proposal.modified = actor.userid, now, now
    proposal.version_ids = tuple(version.__oid__ for version in versions)
    for other in folder.values():
        if name is None and other.state == "draft" and _drafted(other) == _drafted(proposal):
            there: Proposal = other
            return there
    engine.start(proposal, actor, now)
    folder.add(name or free_name(folder, title), proposal)
    return proposal


def _drafted(proposal: Proposal) -> tuple[Any, ...]:
    """What a draft says."""
    said = (proposal.title, proposal.description, proposal.text, *(getattr(proposal, name) for name in BRIEF))
    return (proposal.creator, proposal.kind, *said, proposal.company_id, proposal.version_ids)


def _require_to_edit(proposal: Proposal, actor: Actor, now: datetime, revision: int | None) -> None:
    """Its author writes the draft; afterwards a coordinator does, who has nothing to do with the company it is about."""
    require(P.EDIT, proposal, actor)
    if proposal.state != "draft":
        require_met(proposal, actor, now, not_in_conflict)
    if revision is not None and revision != proposal.revision:
        raise Stale(proposal)


def rewrite(
    proposal: Proposal,
    title: str,
    description: str,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    brief: Mapping[str, str] | None = None,
    revision: int | None = None,
) -> None:
    """Change what a proposal says, before its vote opens; ``brief`` by the names of ``BRIEF``, None: as it is.

    :raises GuardRefused: a coordinator in conflict with the company
    :raises Stale: somebody changed text or rules since that revision
    """
    _require_to_edit(proposal, actor, now, revision)
    proposal.title, proposal.description, proposal.text = one_line(title), one_line(description), prose(text)
    _write_brief(proposal, brief)
    proposal.modified, proposal.revision = now, proposal.revision + 1
    notify(Changed(proposal))


def _write_brief(proposal: Proposal, brief: Mapping[str, str] | None) -> None:
    for name in BRIEF if brief is not None else ():
        setattr(proposal, name, prose((brief or {}).get(name, "")))


def set_rules(
    proposal: Proposal,
    actor: Actor,
    now: datetime,
    *,
    days: int,
    secret: bool,
    quorum: Fraction,
    majority: Fraction,
    opens_on: date | None = None,
    revision: int | None = None,
) -> None:
    """Set the rules of the vote, before it opens.

    :raises Invalid: they make no vote
    :raises GuardRefused: a coordinator in conflict with the company
    :raises Stale: somebody changed text or rules since that revision
    """
    _require_to_edit(proposal, actor, now, revision)
    messages = problems({"days": days, "quorum": quorum, "majority": majority})
    if opens_on is not None and opens_on != proposal.opens_on and opens_on < day_in_paris(now):
        messages["opens_on"] = PAST
    if messages:
        raise Invalid(**messages)
    proposal.days, proposal.secret, proposal.opens_on = days, secret, opens_on
    proposal.quorum = (quorum.numerator, quorum.denominator)
    proposal.majority = (majority.numerator, majority.denominator)
    proposal.modified, proposal.revision = now, proposal.revision + 1


def problems(rules: Mapping[str, Any]) -> dict[str, str]:
    """What makes no vote of these rules: a sentence by name; what is None is not asked about."""
    days, quorum, majority = rules["days"], rules["quorum"], rules["majority"]
    found: dict[str, str] = {}
    if days is not None and not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        found["days"] = DAYS_ALLOWED
    if quorum is not None and not 0 <= quorum <= 1:
        found["quorum"] = _("Le quorum va de 0 à 100 %.")
    if majority is not None and not Fraction(1, 2) <= majority < 1:
        found["majority"] = _("La majorité est d’au moins la moitié des suffrages exprimés.")
    return found


def begin_vote(proposal: Proposal, now: datetime) -> None:
    """Freeze roll and rules, and make the box: what opening a vote does.  The end is an evening in Paris, at 20 h.

    What the opening rests on is not changed by somebody else meanwhile: no second vote on it opens, no text goes back to draft.
    """
    if proposal.company is not None:
        must_be_current(proposal.company)
    for other in proposal.others():
        must_be_current(other)
    if proposal.kind == "admission":
        proposal.version_ids = tuple(version.__oid__ for version in proposal.company.candidates())
    last = day_in_paris(now) + timedelta(days=proposal.days)
    for version in proposal.versions:
        must_be_current(version)
    proposal.opened_at = now
    proposal.ends_at = datetime(last.year, last.month, last.day, 20, tzinfo=PARIS).astimezone(now.tzinfo)
    proposal.open_box()


def extend(proposal: Proposal, ends_at: datetime, reason: str, actor: Actor, now: datetime) -> None:
    """Move the end of an open vote, later and with a reason.

    :raises Invalid: the new end is not later, the old one is past, or there is no reason
    """
    require(P.EXTEND, proposal, actor)
    require_met(proposal, actor, now, not_in_conflict)
    assert proposal.ends_at is not None
    if now >= proposal.ends_at:
        raise Invalid(ends_at=_("Le vote est terminé : sa fin ne peut plus être repoussée."))
    if ends_at <= proposal.ends_at:
        raise Invalid(ends_at=_("La fin d’un vote ne peut être que repoussée : choisissez une date plus tardive."))
    if ends_at > now + timedelta(days=LONGEST_DAYS):
        raise Invalid(ends_at=_("Choisissez une date à ${most} jours au plus.", mapping={"most": LONGEST_DAYS}))
    if not says_something(reason):
        raise Invalid(reason=_("Dites pourquoi la fin est repoussée : la raison est publique."))
    former = {"from": proposal.ends_at, "to": ends_at, "reason": prose(reason), "when": now, "by": actor.userid}
    proposal.extensions = (*proposal.extensions, former)
    proposal.ends_at = ends_at
    notify(Changed(proposal))


def follow(
    proposal: Proposal, done: set[int], new: str, actor: Actor, now: datetime, *, revision: int | None = None
) -> None:
    """Tick off what was done for a decision, by its place, and add one thing to do where ``new`` says something.

    :raises Stale: somebody changed it since that revision
    """
    require(P.IMPLEMENT, proposal, actor)
    if revision is not None and revision != proposal.revision:
        raise Stale(proposal)
    kept = [
        {
            **milestone,
            "done": number in done,
            "when": now if number in done and not milestone["done"] else milestone["when"],
        }
        for number, milestone in enumerate(proposal.milestones)
    ]
    if says_something(new):
        kept.append({"title": one_line(new), "done": False, "when": None})
    proposal.milestones, proposal.revision = tuple(kept), proposal.revision + 1


def open_due(site: Any, now: datetime) -> int:
    """Open the votes whose day has come and that nothing holds back: what the clock does."""
    count = 0
    for proposal in site["proposals"].values():
        if proposal.state != "discussion" or proposal.opens_on is None or proposal.opens_on > day_in_paris(now):
            continue
        if engine.is_possible(proposal, "open", CLOCK, now):
            engine.fire(proposal, "open", CLOCK, now)
            count += 1
    return count
