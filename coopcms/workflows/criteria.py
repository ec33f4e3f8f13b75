"""What the transitions of a specification version ask of its criteria and of what rests on it."""

from datetime import datetime
from typing import Any

from pyramid.traversal import find_root

from ..i18n import _
from ..security.principals import Actor
from .conditions import company_of
from .model import Missing


def has_a_criterion(version: Any, actor: Actor, now: datetime) -> Missing | None:
    """There is something to talk about."""
    if version.criteria:
        return None
    return Missing(_("La version ne contient aucun critère."), version, "add-criterion")


def criteria_are_complete(version: Any, actor: Actor, now: datetime) -> Missing | None:
    """Each criterion says what is required, how much it weighs, how it is checked and on what evidence."""
    for key, criterion in version.ordered():
        if not criterion.is_complete():
            return Missing(
                _(
                    "Le critère ${code} est incomplet : exigence, domaine, classe, mode de contrôle et preuve attendue.",
                    mapping={"code": criterion.code},
                ),
                version,
                f"edit-criterion/{key}",
            )
    return None


def another_is_in_force(version: Any, actor: Actor, now: datetime) -> Missing | None:
    """A version is replaced by another one alone, in the step that puts that one in force."""
    if any(other is not version and other.state == "in_force" for other in version.__parent__.versions()):
        return None
    return Missing(_("Aucune autre version n’est en vigueur : mettez d’abord la suivante en vigueur."), version)


def nothing_rests_on_it(version: Any, actor: Actor, now: datetime) -> Missing | None:
    """No audit was started on the version and no vote is open on it: both speak of this text."""
    company = company_of(version)
    companies = [company] if company is not None else find_root(version)["companies"].values()
    for audit in (audit for company in companies for audit in company.audits()):
        if audit.state not in ("planned", "cancelled") and version in audit.versions:
            return Missing(_("Un audit a déjà commencé sur cette version."), audit)
    for proposal in version.open_proposals():
        return Missing(_("Un vote est ouvert sur cette version."), proposal)
    return None


def company_is_certified(version: Any, actor: Actor, now: datetime) -> Missing | None:
    """A version comes into force with the certification of its company; the framework has none."""
    company = company_of(version)
    if company is None or company.state in ("certified", "partnered"):
        return None
    return Missing(_("L’entreprise n’est pas encore certifiée."), company)
