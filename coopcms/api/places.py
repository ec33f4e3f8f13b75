"""Accredited bodies and the sites of companies as JSON."""

from typing import Any

from pyramid.request import Request

from ..content.body import Bodies, Body
from ..content.french import sort_key
from ..content.worksite import Worksite, Worksites
from ..domain import bodies
from ..security.permissions import P
from .base import api_view, page
from .lists import page_of
from .objects import described


@api_view(context=Bodies, request_method="GET", permission=P.VIEW)
def all_bodies(context: Bodies, request: Request) -> Any:
    """The accredited bodies, by title."""
    return page_of(request, [((sort_key(b.title), b.__oid__), body_scalars(request, b)) for b in context.values()])


@api_view(context=Body, request_method="GET", permission=P.VIEW)
def body(context: Body, request: Request) -> dict[str, Any]:
    """One accredited body."""
    return body_scalars(request, context)


@api_view(context=Worksites, request_method="GET", permission=P.READ)
def sites(context: Worksites, request: Request) -> Any:
    """The sites of a company, by title."""
    rows = [((sort_key(site.title), site.__oid__), site_scalars(request, site)) for site in context.values()]
    return page_of(request, rows)


@api_view(context=Worksite, request_method="GET", permission=P.READ)
def site(context: Worksite, request: Request) -> dict[str, Any]:
    """One site of a company."""
    return site_scalars(request, context)


def body_scalars(request: Request, body: Body) -> dict[str, Any]:
    """What is public of an accredited body; who audits for it is not."""
    fields = {field: getattr(body, field) for field in bodies.FIELDS if field not in ("title", "description")}
    return {
        **described(request, body, "body"),
        "state": None,
        **fields,
        "accredited": body.is_accredited(request.now),
    }


def site_scalars(request: Request, site: Worksite) -> dict[str, Any]:
    """What is public of a site; street and postcode for whom they are meant."""
    told = {
        **described(request, site, "site"),
        "state": None,
        "kind": site.kind,
        "city": site.city,
        "region": site.region,
        "visibility_of_address": site.visibility_of_address,
        "photo": None if site.photo is None else page(request, site, "photo"),
    }
    if not request.may(site.address_permission, site):
        return told
    return {**told, "street": site.street, "postcode": site.postcode}
