"""Conditions that guards ask for, of the person or of the object, shared by several workflows.

They read plain attributes of the content (``company.staff``, ``company.interests`` …), so that this layer knows no class.
"""

from datetime import datetime
from typing import Any

from ..i18n import _
from ..security.principals import Actor, lineage
from .model import Missing


def company_of(obj: Any) -> Any:
    """The company an object belongs to, is or is about, or None (the framework belongs to the cooperative)."""
    for here in lineage(obj):
        if getattr(here, "is_company", False):
            return here
        if getattr(here, "is_about_a_company", False):
            return here.company
    return None


def in_conflict(actor: Actor, company: Any) -> bool:
    """Whether somebody is staff of the company or declared an interest in it."""
    return actor.userid is not None and (actor.userid in company.staff or actor.userid in company.interests)


def not_in_conflict(obj: Any, actor: Actor, now: datetime) -> Missing | None:
    """Nobody acts for the cooperative on a company they are staff of or declared an interest in."""
    company = company_of(obj)
    if company is None or not in_conflict(actor, company):
        return None
    if actor.userid in company.staff:
        return Missing(
            _("Vous faites partie de l’équipe de cette entreprise : une autre personne doit le faire à votre place."),
            company,
            "staff",
        )
    return Missing(
        _("Vous avez déclaré un intérêt dans cette entreprise : une autre personne doit le faire à votre place."),
        company,
        "interests",
    )


def not_in_a_team(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """Who evaluated does not decide on certification (ISO/IEC 17065, 7.6.2)."""
    for audit in company.audits():
        if actor.userid is not None and actor.userid in audit.team:
            return Missing(
                _("Vous avez participé à un audit de cette entreprise : la décision revient à quelqu’un d’autre."),
                audit,
            )
    return None
