"""Verbs on non-conformities: what the company proposes and proves.  What others decide are plain transitions."""

from datetime import date, datetime
from typing import Any, BinaryIO

from ..content.audit import Evidence
from ..content.calendar import day_in_paris, months_later
from ..content.nonconformity import NonConformity
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..text import prose, says_something
from ..workflows import engine
from ..workflows.verification import company_is_open, report_stands
from .audits import keep_evidence
from .errors import Invalid, Stale
from .permission import require, require_met

#: A corrective action is done within a year.
LONGEST_MONTHS = 12


def record(audit: Any, actor: Actor, now: datetime) -> None:
    """Open a non-conformity for each finding of a report that is one; what was opened by an earlier report goes on.

    A graver finding, or one made again after the closing, asks for an action of its own.
    """
    audit.at_fault = tuple(finding.__name__ for finding in audit.findings() if finding.is_major or finding.is_minor)
    for finding in audit.findings_at_fault():
        opened = finding.nonconformity
        if opened is None or opened.is_outdone():
            if opened is not None:
                finding.former = (*finding.former, opened)
                opened.__name__ = f"action-{len(finding.former)}"
            nonconformity = NonConformity(finding.result)
            nonconformity.__parent__, nonconformity.__name__ = finding, "action"
            engine.start(nonconformity, actor, now)
            finding.nonconformity = nonconformity


def propose(
    nonconformity: NonConformity,
    cause: str,
    action: str,
    deadline: date | None,
    actor: Actor,
    now: datetime,
    *,
    revision: int | None = None,
) -> None:
    """Say what caused it, what is done about it and by when, and hand it to the certifiers.

    :raises Invalid: something is missing, or the day is past or more than a year away
    :raises Stale: a colleague wrote it since that revision
    :raises Refused: the step is not possible now
    """
    require(P.PROPOSE_ACTION, nonconformity, actor)
    require_met(nonconformity, actor, now, report_stands, company_is_open)
    messages: dict[str, str] = {}
    if not says_something(cause):
        messages["cause"] = _("Dites d’où vient l’écart : sans cause, pas d’action qui dure.")
    if not says_something(action):
        messages["action"] = _("Dites ce que vous faites, concrètement.")
    today = day_in_paris(now)
    if deadline is None:
        messages["deadline"] = _("Donnez une échéance.")
    elif deadline < today:
        messages["deadline"] = _("Cette échéance est passée : choisissez un jour à venir.")
    elif deadline > months_later(today, LONGEST_MONTHS):
        messages["deadline"] = _("Choisissez une échéance à un an au plus.")
    if messages:
        raise Invalid(**messages)
    if revision is not None and revision != nonconformity.revision:
        raise Stale(nonconformity)
    nonconformity.cause, nonconformity.action, nonconformity.deadline = prose(cause), prose(action), deadline
    nonconformity.revision += 1
    engine.fire(nonconformity, "propose_action", actor, now)


def prove(nonconformity: NonConformity, text: str, actor: Actor, now: datetime) -> None:
    """Say what was done, and hand the proof to whoever verifies it.

    :raises Invalid: it is empty
    :raises Refused: the step is not possible now
    """
    require(P.SUBMIT_PROOF, nonconformity, actor)
    require_met(nonconformity, actor, now, report_stands, company_is_open)
    if not says_something(text):
        raise Invalid(text=_("Dites ce qui a été fait, et à quoi on le voit."))
    number = nonconformity.proofs.maxKey() + 1 if nonconformity.proofs else 1
    nonconformity.proofs[number] = {"text": prose(text), "when": now, "by": actor.userid}
    engine.fire(nonconformity, "submit_proof", actor, now)


def add_document(
    nonconformity: NonConformity,
    stream: BinaryIO,
    filename: str,
    title: str,
    visibility: str,
    actor: Actor,
    now: datetime,
    *,
    most_bytes: int,
) -> Evidence:
    """Keep a document that belongs to the proof.

    :raises Invalid: it is empty, too large, of a type that is not accepted, or one too many
    """
    require(P.SUBMIT_PROOF, nonconformity, actor)
    require_met(nonconformity, actor, now, report_stands, company_is_open)
    return keep_evidence(
        nonconformity, nonconformity.documents, stream, filename, title, visibility, actor, now, most_bytes=most_bytes
    )


def remove_document(nonconformity: NonConformity, key: str, actor: Actor, now: datetime) -> None:
    """Remove a document before the proof is handed over.

    :raises KeyError: there is none of that key
    """
    require(P.SUBMIT_PROOF, nonconformity, actor)
    del nonconformity.documents[key]
