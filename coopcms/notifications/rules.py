"""Who is told what: a step of a workflow → what is put into the outbox, in its transaction."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pyramid.threadlocal import get_current_request
from pyramid.traversal import find_root
from substanced.objectmap import find_objectmap

from .. import settings
from ..content.calendar import day_in_paris
from ..domain import outbox
from ..events import Transitioned
from ..workflows.conditions import company_of


def _base() -> str:
    """The address of the site as the reader sees it who causes this; "" where nobody does: the clock, a command."""
    request = get_current_request()
    return "" if request is None else str(request.application_url)


def _tell(
    people: Iterable[int],
    kind: str,
    fact: tuple[object, ...],
    obj: Any,
    now: datetime,
    *,
    facts: Mapping[str, Any],
    path: str = "",
) -> None:
    """Tell a fact to accounts, each once however often it is told."""
    objectmap, site = find_objectmap(obj), find_root(obj)
    for userid in people:
        account = objectmap.object_for(userid)
        if account is not None:
            outbox.post(
                site,
                kind,
                (*fact, userid),
                now,
                account=account,
                facts=facts,
                path=path or outbox.path_to(obj),
                base=_base(),
            )


def _entry(event: Transitioned) -> int:
    """The number of the line of the history that the event is about."""
    return int(event.object.history.maxKey())


def returned(event: Transitioned) -> None:
    """The staff of a dossier that goes back to it."""
    company = event.object
    facts = {"company": company.title, "comment": event.entry["comment"]}
    fact = ("dossier_returned", company.__oid__, _entry(event))
    path = f"{outbox.path_to(company)}/edit"
    _tell(company.staff, "dossier_returned", fact, company, event.now, facts=facts, path=path)


def admissible(event: Transitioned) -> None:
    """The staff of a company whose application is admissible."""
    company = event.object
    fact = ("admissible", company.__oid__, _entry(event))
    _tell(company.staff, "admissible", fact, company, event.now, facts={"company": company.title})


def reported(event: Transitioned) -> None:
    """The staff of a company that a report was given on."""
    audit, plan = event.object, settings.current()
    company = company_of(audit)
    facts = {
        "company": company.title,
        "audit": audit.title,
        "count": sum(1 for finding in audit.findings() if finding.is_major or finding.is_minor),
        "reply": day_in_paris(event.now + timedelta(days=plan.reply_days)),
        "action": day_in_paris(event.now + timedelta(days=plan.action_days)),
    }
    _tell(company.staff, "findings", ("findings", audit.__oid__, _entry(event)), audit, event.now, facts=facts)


def opened(event: Transitioned) -> None:
    """Everybody on the roll of a vote that opened."""
    proposal = event.object
    fact = ("vote_open", proposal.__oid__, _entry(event))
    outbox.post_to_roll(find_root(proposal), "vote_open", proposal, fact, event.now, _base())


def decided(event: Transitioned) -> None:
    """Everybody on the roll of a vote that was closed, and the staff of the company it was about; who is both is told once."""
    proposal = event.object
    fact = ("vote_result", proposal.__oid__, _entry(event))
    outbox.post_to_roll(find_root(proposal), "vote_result", proposal, fact, event.now, _base())
    company = proposal.company
    if company is not None:
        kind = "vote_result_company"
        facts = {**outbox.facts_of_vote(kind, proposal), "company": company.title}
        path = outbox.path_of_vote(kind, proposal)
        _tell(company.staff, kind, fact, proposal, event.now, facts=facts, path=path)


def planned(audit: Any, now: Any) -> None:
    """Team, body and company of an audit that is planned, again when its day changes; who joins the team later, then."""
    company, body = company_of(audit), audit.body
    day = audit.planned_on
    facts = {
        "company": company.title,
        "audit": audit.title,
        "day": day,
        "body": "" if body is None else body.title,
    }
    fact = ("audit_planned", audit.__oid__, "" if day is None else day.isoformat())
    team = set(audit.team)
    _tell(team, "audit_planned_team", fact, audit, now, facts=facts)
    if body is not None:
        _tell(set(body.auditors) - team, "audit_planned_body", fact, audit, now, facts=facts)
    _tell(company.staff, "audit_planned_company", fact, audit, now, facts=facts)


def certified(certificate: Any, now: datetime) -> None:
    """The staff of a company that got a certificate."""
    company = company_of(certificate)
    facts = {"company": company.title, "number": certificate.number, "day": certificate.end}
    fact = ("certificate_issued", certificate.__oid__)
    _tell(company.staff, "certificate_issued", fact, certificate, now, facts=facts)


RULES: Mapping[tuple[str, str], Callable[[Transitioned], None]] = {
    ("company", "return_to_company"): returned,
    ("company", "declare_admissible"): admissible,
    ("audit", "report"): reported,
    ("proposal", "open"): opened,
    ("proposal", "adopt"): decided,
    ("proposal", "reject"): decided,
    ("proposal", "lapse"): decided,
}
