"""Verbs on the sites of a company."""

from datetime import datetime
from typing import Any

from ..content import fields
from ..content.naming import free_name
from ..content.worksite import Worksite, WorksiteSchema
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..workflows.conditions import company_of
from .errors import Invalid
from .permission import require

FIELDS = ("title", "description", "kind", "street", "postcode", "city", "region", "visibility_of_address")


def create(company: Any, values: dict[str, str], actor: Actor, now: datetime, *, name: str | None = None) -> Worksite:
    """Make a site of a company.  Sent twice, it is one site."""
    require(P.UPDATE, company, actor)
    folder = company["sites"]
    site = Worksite()
    _fill(site, values)
    for other in folder.values():
        if name is None and all(getattr(other, field) == getattr(site, field) for field in FIELDS):
            there: Worksite = other
            return there
    site.creator, site.created, site.modified = actor.userid, now, now
    folder.add(name or free_name(folder, site.title), site)
    return site


def change(site: Worksite, values: dict[str, str], actor: Actor, now: datetime) -> None:
    """Change what is said of a site."""
    require(P.UPDATE, site, actor)
    _fill(site, values)
    site.modified = now
    site.revision += 1
    notify(Changed(site))


def remove(site: Worksite, actor: Actor) -> None:
    """Remove a site.

    :raises Invalid: an audit was made there, or is planned: its report must be able to say where
    """
    require(P.UPDATE, site, actor)
    for audit in company_of(site).audits():
        if site.__oid__ in audit.site_ids:
            raise Invalid(
                site=_(
                    "« ${audit} » porte sur ce lieu : il reste au dossier. Dites dans sa description s’il ne sert plus.",
                    mapping={"audit": audit.title},
                )
            )
    site.__parent__.remove(site.__name__)


def _fill(site: Worksite, values: dict[str, str]) -> None:
    for field, value in fields.prepared(WorksiteSchema(), values).items():
        if field in FIELDS:
            setattr(site, field, value)
