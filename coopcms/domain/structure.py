"""Recording the structural link between a company and the cooperative."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..content import readers
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..text import one_line, prose, says_something
from ..workflows.conditions import in_conflict
from .errors import Invalid
from .permission import require


def record_link(company: Any, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Record stake, seat, brand and agreement; earlier records are kept in ``former``.

    ``values`` are those of :func:`coopcms.content.structure.link_schema`.

    :raises Invalid: a field cannot be used, nothing is recorded, or the actor has an interest in the company
    """
    require(P.RECORD_LINK, company, actor)
    if in_conflict(actor, company):
        raise Invalid(stake=_("Vous avez un lien avec l’entreprise : une autre personne doit le faire à votre place."))
    messages = problems(values)
    if messages:
        raise Invalid(**messages)
    former = company.link["former"] if company.link is not None else ()
    if company.link is not None:
        former = (*former, {k: v for k, v in company.link.items() if k != "former"})
    company.link = {
        "stake": None if values["stake"] is None else str(values["stake"]),
        "seat": one_line(values["seat"]),
        "seat_until": values["seat_until"],
        "brand": one_line(values["brand"]),
        "agreement": prose(values["agreement"]),
        "agreed_on": values["agreed_on"],
        "programme": readers.dated_steps(values["programme"]),
        "recorded": now,
        "recorded_by": actor.userid,
        "former": former,
    }


def problems(values: Mapping[str, Any]) -> dict[str, str]:
    """What makes no link of these values: a sentence by field."""
    found: dict[str, str] = {}
    if values["stake"] is not None and not 0 < values["stake"] <= 100:
        found["stake"] = _("Écrivez un pour cent de 0 à 100, par exemple 2,5.")
    if says_something(values["seat"]) and values["seat_until"] is None:
        found["seat_until"] = _("Donnez la fin du mandat du représentant.")
    try:
        programme = readers.dated_steps(values["programme"])
    except readers.Unreadable as unreadable:
        found["programme"], programme = unreadable.sentence, ()
    if says_something(values["agreement"]):
        if not programme:
            found.setdefault("programme", _("Un accord a un programme d’étapes datées : écrivez-en une au moins."))
        if values["agreed_on"] is None:
            found["agreed_on"] = _("Donnez la date de signature de l’accord.")
    named = any(says_something(values[name]) for name in ("seat", "brand", "agreement"))
    if not found and values["stake"] is None and not named:
        found["stake"] = _("Indiquez au moins un lien : participation, siège, marque ou accord.")
    return found
