"""Certificates as JSON: everybody may check them, also when the company left."""

from typing import Any

from pyramid.request import Request
from pyramid.traversal import find_resource

from ..content.certificate import Certificate
from ..security.permissions import P
from ..workflows.conditions import company_of
from .base import address, api_view


@api_view(context=Certificate, request_method="GET", permission=P.VIEW)
def certificate(context: Certificate, request: Request) -> dict[str, Any]:
    """What a certificate says, whether it is good today, and what it rests on."""
    return {
        **certificate_scalars(request, context),
        "scope": [_spoken_of(request, *each) for each in context.scope],
        "audits": [
            {"@id": address(request, audit), "@type": "audit", "title": audit.title, "state": audit.state}
            for audit in company_of(context).audits()
            if audit.__name__ in context.audits and request.may(P.VIEW, audit)
        ],
    }


def certificate_scalars(request: Request, certificate: Certificate) -> dict[str, Any]:
    """The scalar fields of a certificate; its days are those of Paris, both included."""
    return {
        "@id": address(request, certificate),
        "@type": "certificate",
        "title": certificate.title,
        "state": None,
        "number": certificate.number,
        "status": certificate.status(request.now),
        "start": certificate.start,
        "end": certificate.end,
        "last_day": certificate.last_day,
        "company": address(request, company_of(certificate)),
    }


def _spoken_of(request: Request, path: str, title: str, number: int) -> dict[str, Any]:
    """A version it speaks of, by what was printed; its address only for whoever may follow it."""
    version = find_resource(request.site, f"/{path}")
    shown = request.may(P.READ, version)
    return {"title": title, "number": number, "version": address(request, version) if shown else None}
