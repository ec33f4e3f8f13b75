"""Certificates: the public page of one, and the list of a company's."""

from typing import Any

from pyramid.traversal import find_resource
from pyramid.view import view_config

from ..content.certificate import STATUSES, Certificate, Certificates
from ..i18n import _
from ..security.permissions import P
from ..workflows.conditions import company_of
from .addresses import url
from .base import crumbs


@view_config(context=Certificates, permission=P.VIEW, request_method="GET", renderer="templates/certificate/list.pt")
def listing(context: Certificates, request: Any) -> dict[str, Any]:
    """Every certificate of a company, newest first."""
    company = context.__parent__
    return {
        "title": _("Les attestations"),
        "crumbs": crumbs(request, context),
        "company": company,
        "certificates": [(c, c.status(request.now)) for c in reversed(company.certificates())],
        "STATUSES": STATUSES,
    }


@view_config(context=Certificate, permission=P.VIEW, request_method="GET", renderer="templates/certificate/view.pt")
def show(context: Certificate, request: Any) -> dict[str, Any]:
    """What it says, and whether it is good today: what somebody who holds the paper wants to know."""
    company = company_of(context)
    versions = [(find_resource(request.site, f"/{path}"), title, number) for path, title, number in context.scope]
    return {
        "title": _("Attestation ${number}", mapping={"number": context.number}),
        "crumbs": crumbs(request, context),
        "certificate": context,
        "company": company,
        "status": context.status(request.now),
        "days_left": context.days_left(request.now),
        "scope": [
            (url(request, v) if request.may(P.READ, v) else None, title, number) for v, title, number in versions
        ],
        "audits": [
            audit for name in context.audits if (audit := company["audits"].get(name)) and request.may(P.VIEW, audit)
        ],
        "current": company.current_certificate(),
        "STATUSES": STATUSES,
    }
