"""Audits as JSON, with their findings and what the company does about them.

Of an audit that somebody may know of and not read, such as staff before the report, only what is planned is told.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pyramid.request import Request

from ..content.audit import DUTIES, RESULTS, Audit, Finding
from ..content.file import File
from ..content.nonconformity import NonConformity
from ..domain.audits import team_of
from ..domain.timeline import since
from ..security.permissions import P
from ..security.roles import R
from ..workflows.conditions import company_of
from .base import address, api_view
from .objects import described, file_scalars, link_to
from .workflow import history, role_id, shown_name

#: As what somebody is in a team.
DUTY_IDS = tuple(role_id(role) for role in DUTIES)


@api_view(context=Audit, request_method="GET", permission=P.VIEW)
def audit(context: Audit, request: Request) -> dict[str, Any]:
    """An audit with its report, as far as the reader may see it."""
    told = {**audit_scalars(request, context), "history": history(request, context)}
    if not request.may(P.READ, context):
        return told
    return {
        **told,
        "versions": [link_to(request, v, "version") for v in context.versions if request.may(P.VIEW, v)],
        "sites": [
            {"@id": address(request, site), "title": site.title} for site in context.sites if request.may(P.READ, site)
        ],
        "team": [
            {"name": shown_name(request, account.__oid__), "duty": _duty(context, account)}
            for account in team_of(context)
        ],
        "verdict": context.verdict.text,
        "findings": [_finding(request, finding) for finding in context.findings()],
        "signatures": _signatures(request, context),
        "replies": [_said(request, reply) for reply in context.replies.values()],
    }


@api_view(context=Finding, request_method="GET", permission=P.READ)
def finding(context: Finding, request: Request) -> dict[str, Any]:
    """What was found at one criterion."""
    return _finding(request, context)


@api_view(context=NonConformity, request_method="GET", permission=P.READ)
def nonconformity(context: NonConformity, request: Request) -> dict[str, Any]:
    """What the company does about a non-conformity, and how far that is."""
    return _nonconformity(request, context)


def audit_scalars(request: Request, audit: Audit) -> dict[str, Any]:
    """The scalar fields of an audit; to whoever may not read it, only what is planned and where it stands."""
    told = {
        "@id": address(request, audit),
        "@type": "audit",
        "title": audit.title,
        "level": audit.level,
        "state": audit.state,
        "since": since(audit),
        "planned_on": audit.planned_on,
    }
    if not request.may(P.READ, audit):
        return told
    body = audit.body
    return {
        **described(request, audit, "audit"),
        **told,
        "company": address(request, company_of(audit)),
        "body": None if body is None else address(request, body),
        "purpose": audit.purpose,
        "started_at": audit.started_at,
        "reported_at": audit.reported_at,
        "validated_at": audit.validated_at,
        "valid_until": audit.valid_until,
        "results": _results(audit),
    }


def criterion_of(request: Request, version: Any, key: str, criterion: Any) -> dict[str, Any]:
    """A criterion by its name, with the version that asks for it; null where it is gone or not for the reader."""
    shown = version is not None and request.may(P.VIEW, version)
    return {
        "id": key,
        "code": None if criterion is None else criterion.code,
        "title": None if criterion is None else criterion.title,
        "version": address(request, version) if shown else None,
    }


def _results(audit: Audit) -> dict[str, int]:
    """How many criteria came to each result, and how many have none yet."""
    count = Counter(finding.result for finding in audit.findings())
    return {**{result: count[result] for result in RESULTS}, "unanswered": count[""]}


def _finding(request: Request, finding: Finding) -> dict[str, Any]:
    followed = finding.nonconformity
    if followed is not None and not followed.counts:
        followed = None
    return {
        "@id": address(request, finding),
        "@type": "finding",
        "title": finding.title,
        "state": None,
        "name": finding.__name__,
        "criterion": criterion_of(request, finding.version, finding.key, finding.criterion),
        "level": finding.__parent__.level,
        "result": finding.result or None,
        "text": finding.text,
        "access_refused": finding.access_refused,
        "found_at": finding.found_at,
        "evidence": _shown(request, finding.evidence.values()),
        "nonconformity": None if followed is None else _nonconformity(request, followed),
    }


def _nonconformity(request: Request, nonconformity: NonConformity) -> dict[str, Any]:
    return {
        "@id": address(request, nonconformity),
        "@type": "nonconformity",
        "title": nonconformity.title,
        "state": nonconformity.state,
        "since": since(nonconformity),
        "counts": nonconformity.counts,
        "is_major": nonconformity.is_major,
        "cause": nonconformity.cause,
        "action": nonconformity.action,
        "deadline": nonconformity.deadline,
        "due": nonconformity.due,
        "overdue": nonconformity.is_overdue(request.now),
        "proofs": [_said(request, proof) for proof in nonconformity.proofs.values()],
        "documents": _shown(request, nonconformity.documents.values()),
        "history": history(request, nonconformity),
    }


def _shown(request: Request, pieces: Iterable[File]) -> list[dict[str, Any]]:
    """The pieces whose visibility lets the reader see them, oldest first."""
    seen = [piece for piece in pieces if request.may(P.READ, piece)]
    return [file_scalars(request, piece) for piece in sorted(seen, key=lambda each: (each.created, each.__name__))]


def _said(request: Request, record: Any) -> dict[str, Any]:
    return {"text": record["text"], "when": record["when"], "name": shown_name(request, record["by"])}


def _signatures(request: Request, audit: Audit) -> list[dict[str, Any]]:
    """Who signed, in that order; ``missing`` is why a signature is not there."""
    given = sorted(audit.signatures.items(), key=lambda pair: (pair[1]["when"], pair[0]))
    return [
        {
            "name": shown_name(request, userid),
            "when": signature["when"],
            "reservation": signature["reservation"],
            "missing": signature["missing"],
        }
        for userid, signature in given
    ]


def _duty(audit: Audit, account: Any) -> str | None:
    """As what somebody is in the team; who audits for a body does so whatever they are elsewhere."""
    if audit.level == 1:
        return role_id(R.AUDITOR)
    return role_id(R.CERTIFIER if R.CERTIFIER in account.roles() else R.MEMBER)
