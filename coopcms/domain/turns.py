"""Whose turn it is on a dossier, and since when: what a coordinator with forty of them wants to know first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.traversal import find_root

from ..i18n import _
from ..security.principals import CLOCK
from ..security.roles import R
from ..workflows import engine
from ..workflows.dossier import has_audits_of_both_levels, no_open_major
from .companies import progress
from .timeline import since


@dataclass(frozen=True)
class Turn:
    """Who acts next, what they do, since when it waits (UTC); ``who`` is None where nobody has to."""

    who: R | None
    what: Any
    since: datetime
    target: Any
    view: str = ""


def turn(company: Any, now: datetime) -> Turn:
    """The one that holds the dossier up: of several the one that has waited longest."""
    found = list(_turns(company, now))
    if not found:
        return Turn(None, _("Rien n’attend personne."), since(company), company)
    return min(found, key=lambda one: one.since)


def _turns(company: Any, now: datetime) -> Iterator[Turn]:
    started = since(company)
    if company.is_closed:
        return
    if company.state == "draft":
        missing = progress(company, now).missing
        what = _("Compléter le dossier") if missing else _("Déposer la candidature")
        yield Turn(R.STAFF, what, started, company)
        return
    yield from _of_audits(company)
    if company.state == "applied":
        yield from _of_a_candidate(company, now)
    elif company.state == "audited":
        yield from _of_the_vote(company, now)
    elif company.state == "voted":
        yield Turn(R.CERTIFIER, _("Décider de la certification"), started, company, "workflow")
    elif company.state == "certified":
        view, what = (
            ("link", _("Enregistrer le lien structurel")) if company.link is None else ("workflow", _("Rattacher"))
        )
        yield Turn(R.COORDINATOR, what, started, company, view)
    elif company.state == "suspended":
        yield Turn(R.CERTIFIER, _("Rétablir, dès que rien ne manque plus"), started, company, "workflow")


def _of_a_candidate(company: Any, now: datetime) -> Iterator[Turn]:
    admissible = company.admissible_since()
    if admissible is None:
        yield Turn(R.COORDINATOR, _("Examiner la recevabilité"), since(company), company, "workflow")
        return
    planned = {audit.level for audit in company.audits() if audit.state != "cancelled"}
    if planned < {1, 2}:
        yield Turn(R.COORDINATOR, _("Prévoir les audits"), admissible, company["audits"], "plan")
    elif all(guard(company, CLOCK, now) is None for guard in (has_audits_of_both_levels, no_open_major)):
        last = max(audit.validated_at for audit in company.audits() if audit.state == "validated")
        yield Turn(R.CERTIFIER, _("Accepter les audits"), last, company, "workflow")


def _of_audits(company: Any) -> Iterator[Turn]:
    """Audits under way and reports that wait for somebody."""
    for audit in company.audits():
        when = engine.last_entry(audit)["when"]
        if audit.state == "planned":
            yield Turn(R.TEAM, _("Commencer « ${audit} »", mapping={"audit": audit.title}), when, audit)
        elif audit.state == "in_progress":
            yield Turn(R.TEAM, _("Rendre le rapport de « ${audit} »", mapping={"audit": audit.title}), when, audit)
        elif audit.state == "reported" and not audit.was_answered():
            yield Turn(R.STAFF, _("Répondre au rapport « ${audit} »", mapping={"audit": audit.title}), when, audit)
        elif audit.state in ("reported", "contested"):
            what = _("Valider le rapport « ${audit} »", mapping={"audit": audit.title})
            yield Turn(R.CERTIFIER, what, when, audit, "workflow")
        if audit.report_stands:
            yield from _of_actions(audit)


_ACTIONS: dict[str, tuple[R, Any]] = {
    "open": (R.STAFF, _("Proposer une action pour « ${what} »")),
    "proposed": (R.CERTIFIER, _("Examiner l’action pour « ${what} »")),
    "accepted": (R.STAFF, _("Apporter la preuve pour « ${what} »")),
    "proved": (R.CERTIFIER, _("Vérifier l’effet pour « ${what} »")),
    "verified": (R.CERTIFIER, _("Lever « ${what} »")),
}


def _of_actions(audit: Any) -> Iterator[Turn]:
    for one in audit.nonconformities():
        if one.state in _ACTIONS:
            who, what = _ACTIONS[one.state]
            # What a body found, the body verifies.
            who = R.AUDITOR if audit.level == 1 and one.state in ("proved", "verified") else who
            yield Turn(who, what % {"what": one.title}, engine.last_entry(one)["when"], one)


def _of_the_vote(company: Any, now: datetime) -> Iterator[Turn]:
    """The proposal to admit, from its writing to its count."""
    proposals = find_root(company)["proposals"]
    about = [p for p in proposals.values() if p.kind == "admission" and p.company_id == company.__oid__]
    under_way = [p for p in about if p.state in ("draft", "submitted", "discussion", "voting")]
    if not under_way:
        yield Turn(R.COORDINATOR, _("Proposer le vote d’admission"), since(company), proposals, "add?kind=admission")
    for proposal in under_way:
        if proposal.state == "voting" and now < proposal.ends_at:
            yield Turn(R.MEMBER, _("Voter l’admission"), proposal.opened_at, proposal)
        elif proposal.state == "voting":
            yield Turn(R.COORDINATOR, _("Dépouiller le vote"), proposal.ends_at, proposal)
        else:
            what = _("Mener la proposition d’admission au vote")
            yield Turn(R.COORDINATOR, what, since(proposal), proposal, "workflow")
