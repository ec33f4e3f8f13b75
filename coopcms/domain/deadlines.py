"""The deadlines of one person, for their calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..catalog import queries
from ..content.calendar import day_in_paris
from ..i18n import _
from ..security.principals import Actor
from ..security.roles import R
from ..workflows.conditions import company_of
from . import worklist


@dataclass(frozen=True)
class Deadline:
    """A day (in Paris) by which something is done.  ``key`` is always the same for the same thing."""

    key: str
    day: date
    title: Any
    target: Any
    view: str = ""


def deadlines(site: Any, actor: Actor, now: datetime) -> list[Deadline]:
    """What the worklist dates, the visits one takes part in, the ends of votes and certificates; earliest first.

    A vote is there until its end whether one voted or not: a calendar that other programs read tells nothing of that.
    """
    found = {one.key: one for one in _all(site, actor, now)}
    return sorted(found.values(), key=lambda one: (one.day, one.key))


def _all(site: Any, actor: Actor, now: datetime) -> Iterator[Deadline]:
    for task in worklist.tasks(site, actor, now):
        # A visit and the end of a vote are there anyway, below.
        if task.due is not None and task.role not in (R.VOTER, R.TEAM):
            yield Deadline(_key(task.target, task.view), task.due, task.title, task.target, task.view)
    for proposal in site["proposals"].values():
        if proposal.state == "voting" and actor.userid in proposal.roll:
            title = _("Fin du vote : ${title}", mapping={"title": proposal.title})
            yield Deadline(_key(proposal, "end"), day_in_paris(proposal.ends_at), title, proposal)
    for audit in queries.audits(site, states=("planned",), team=actor.userid):
        if audit.planned_on is not None and audit.gate() is None:
            title = _("${company} : ${audit}", mapping={"company": company_of(audit).title, "audit": audit.title})
            yield Deadline(_key(audit, "visit"), audit.planned_on, title, audit)
    for company in _looked_after(site, actor):
        certificate = company.current_certificate()
        if certificate is not None and company.state in ("certified", "partnered"):
            title = _("${company} : fin de l’attestation", mapping={"company": company.title})
            yield Deadline(_key(certificate, "end"), certificate.last_day, title, certificate)


def _looked_after(site: Any, actor: Actor) -> list[Any]:
    if R.COORDINATOR in actor.roles:
        return list(queries.companies(site, actor, states=("certified", "partnered")).items)
    return [company for company in queries.staff_companies(site, actor) if actor.userid in company.staff]


def _key(obj: Any, what: str) -> str:
    """A name for a deadline that stays: the way to the object, and what ends."""
    names = []
    while getattr(obj, "__parent__", None) is not None:
        names.append(str(obj.__name__))
        obj = obj.__parent__
    return f"{'-'.join(reversed(names))}-{what or 'due'}"
