"""Recording the structural link between a company and the cooperative."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..workflows.conditions import in_conflict
from .errors import Invalid
from .permission import require

_STEP = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(\S.*)")


def record_link(company: Any, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Record stake, seat, brand and agreement; earlier records are kept in ``former``.

    ``values`` are those of :func:`coopcms.content.structure.link_schema`.

    :raises Invalid: a field cannot be used, nothing is recorded, or the actor has an interest in the company
    """
    require(P.RECORD_LINK, company, actor)
    if in_conflict(actor, company):
        raise Invalid(stake=_("Vous avez un lien avec l’entreprise : une autre personne doit le faire à votre place."))
    messages: dict[str, str] = {}
    stake = _stake(values["stake"], messages)
    programme = _programme(values["programme"], messages)
    if values["seat"] and values["seat_until"] is None:
        messages["seat_until"] = _("Donnez la fin du mandat du représentant.")
    if values["agreement"] and not (programme and values["agreed_on"]):
        messages["programme"] = _("Un accord a une date de signature et un programme d’étapes datées.")
    if messages:
        raise Invalid(**messages)
    if not (stake or values["seat"] or values["brand"] or values["agreement"]):
        raise Invalid(stake=_("Indiquez au moins un lien : participation, siège, marque ou accord."))
    former = company.link["former"] if company.link is not None else ()
    if company.link is not None:
        former = (*former, {k: v for k, v in company.link.items() if k != "former"})
    company.link = {
        "stake": None if stake is None else str(stake),
        "seat": values["seat"].strip(),
        "seat_until": values["seat_until"],
        "brand": values["brand"].strip(),
        "agreement": values["agreement"].strip(),
        "agreed_on": values["agreed_on"],
        "programme": programme,
        "recorded": now,
        "recorded_by": actor.userid,
        "former": former,
    }


def _stake(text: str, messages: dict[str, str]) -> Decimal | None:
    if not text.strip():
        return None
    try:
        stake = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
        if not 0 < stake <= 100:
            raise InvalidOperation
    except InvalidOperation:
        messages["stake"] = _("Écrivez un pour cent de 0 à 100, par exemple 2,5.")
        return None
    return stake


def _programme(text: str, messages: dict[str, str]) -> tuple[tuple[date, str], ...]:
    steps = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _STEP.fullmatch(line)
        try:
            steps.append((date.fromisoformat(found[1]), found[2].strip()) if found else None)
        except ValueError:
            steps.append(None)
        if steps[-1] is None:
            messages["programme"] = _(
                "Chaque ligne commence par une date : « ${line} » n’en a pas qui existe.", mapping={"line": line}
            )
            return ()
    return tuple(sorted(step for step in steps if step is not None))
