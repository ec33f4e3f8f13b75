"""The verification matrix as JSON: what is promised, what proves it, and what both levels found."""

from dataclasses import asdict
from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from pyramid.request import Request

from ..content.company import Company
from ..content.specification import SpecificationVersion
from ..domain import verification
from ..security.permissions import P
from ..workflows.conditions import company_of
from .audits import criterion_of
from .base import address, api_view
from .objects import link_to


@api_view(context=Company, name="matrix", request_method="GET", permission=P.READ)
def of_company(context: Company, request: Request) -> dict[str, Any]:
    """The framework and every candidate version, with what is verified of each criterion at this company."""
    found = [
        (version, list(verification.rows(context, version, request.now)))
        for version in context.to_be_audited()
        if request.may(P.VIEW, version)
    ]
    return {
        **_named(request, context),
        "company": address(request, context),
        "summary": asdict(verification.summary([row for _version, rows in found for row in rows])),
        "versions": [_version(request, context, version, rows) for version, rows in found],
    }


@api_view(context=SpecificationVersion, name="matrix", request_method="GET", permission=P.READ)
def of_version(context: SpecificationVersion, request: Request) -> dict[str, Any]:
    """One version of a company; of the framework each company has a matrix of its own, at its address."""
    company = company_of(context)
    if company is None:
        raise HTTPNotFound()
    # A version may be read where the dossier is a draft again; its audits may not.
    if not request.may(P.READ, company):
        raise HTTPForbidden()
    rows = list(verification.rows(company, context, request.now))
    return {
        **_named(request, context),
        "company": address(request, company),
        **_version(request, company, context, rows),
    }


def _named(request: Request, obj: Any) -> dict[str, Any]:
    return {"@id": address(request, obj, "matrix"), "@type": "matrix", "title": obj.title, "state": None}


def _version(request: Request, company: Any, version: Any, rows: list[verification.Row]) -> dict[str, Any]:
    return {
        "version": {**link_to(request, version, "version"), "number": version.number},
        "summary": asdict(verification.summary(rows)),
        "rows": [_row(request, company, version, row) for row in rows],
    }


def _row(request: Request, company: Any, version: Any, row: verification.Row) -> dict[str, Any]:
    return {
        "criterion": criterion_of(request, version, row.key, row.criterion),
        "promise": row.criterion.requirement,
        "expected": row.criterion.evidence,
        "level1": _verified(request, company, row.first),
        "level2": _verified(request, company, row.second),
        "disagree": row.disagree,
        "aged": row.aged,
    }


def _verified(request: Request, company: Any, found: verification.Verified | None) -> dict[str, Any] | None:
    if found is None:
        return None
    # By name: a matrix of hundreds of criteria loads none of their findings.
    audit = f"{address(request, company)}/audits/{found.audit}"
    return {
        "result": found.result,
        "when": found.when,
        "audit": audit,
        "finding": f"{audit}/{found.finding}",
        "evidence": found.evidence,
        "public": found.public,
    }
