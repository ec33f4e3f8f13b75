"""Verbs on accredited bodies and their auditors."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..catalog.queries import all_companies
from ..content import fields
from ..content.body import Body, BodySchema
from ..content.naming import free_name
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from .errors import Invalid
from .permission import require

FIELDS = (
    "title",
    "description",
    "accreditation_number",
    "accreditation_scope",
    "accredited_until",
    "website",
    "street",
    "postcode",
    "city",
)
#: States in which an audit still needs its team.
_RUNNING = ("planned", "in_progress", "reported", "contested")


def create(site: Any, values: dict[str, Any], actor: Actor, now: datetime, *, name: str | None = None) -> Body:
    """Take an accredited body into the list.  Sent twice, it is one body.

    :raises Forbidden: the actor may not manage bodies
    """
    folder = site["bodies"]
    require(P.MANAGE_BODIES, folder, actor)
    body = Body()
    _fill(body, values)
    for other in folder.values():
        if name is None and all(getattr(other, field) == getattr(body, field) for field in FIELDS):
            there: Body = other
            return there
    body.creator, body.created, body.modified = actor.userid, now, now
    folder.add(name or free_name(folder, body.title), body)
    return body


def change(body: Body, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Change what is said of a body, its accreditation included."""
    require(P.MANAGE_BODIES, body, actor)
    _fill(body, values)
    body.modified = now
    body.revision += 1
    notify(Changed(body))


def _fill(body: Body, values: dict[str, Any]) -> None:
    for field, value in fields.prepared(BodySchema(), values).items():
        if field in FIELDS:
            setattr(body, field, value)


def add_auditor(body: Body, userid: int) -> None:
    """Let an account audit for this body; who may invite was asked when the invitation was made."""
    body.auditors.insert(userid)
    notify(Changed(body))


def remove_auditor(site: Any, body: Body, userid: int, actor: Actor) -> None:
    """Let somebody audit for this body no more.

    :raises Invalid: an audit that is not finished counts on this person
    """
    require(P.MANAGE_BODIES, body, actor)
    for audit in audits_of(site, body):
        if audit.state in _RUNNING and userid in audit.team:
            raise Invalid(
                auditor=_(
                    "Cette personne fait partie de l’équipe de « ${audit} », qui n’est pas terminé : remplacez-la d’abord.",
                    mapping={"audit": audit.title},
                )
            )
    if userid in body.auditors:
        body.auditors.remove(userid)
        notify(Changed(body))


def audits_of(site: Any, body: Body) -> Iterator[Any]:
    """The audits given to a body, company by company; who may see which is asked elsewhere."""
    for company in all_companies(site):
        for audit in company.audits():
            if audit.body_id == body.__oid__:
                yield audit
