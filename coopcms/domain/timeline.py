"""Where a company stands, told in dates and in three lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..i18n import _
from ..workflows import WORKFLOWS
from ..workflows.dossier import COMMITMENTS

#: The five states of the mission, in their order.
MILESTONES = ("applied", "audited", "voted", "certified", "partnered")


@dataclass(frozen=True)
class Milestone:
    """One of the five states. ``when`` it was reached last; ``stage`` is "done", "current" or "next"."""

    state: str
    title: str
    when: datetime | None
    stage: str


def milestones(company: Any) -> list[Milestone]:
    """The five states with their dates, of the current application only: a return or reopening begins anew."""
    reached: dict[str, datetime] = {}
    for entry in company.history.values():
        if entry["to"] == "draft":
            reached.clear()
        elif entry["to"] != entry["from"] and entry["to"] in MILESTONES:
            place = MILESTONES.index(entry["to"])
            reached = {state: when for state, when in reached.items() if MILESTONES.index(state) < place}
            reached[entry["to"]] = entry["when"]
    workflow = WORKFLOWS["company"]
    return [
        Milestone(
            state,
            workflow.state(state).title,
            reached.get(state),
            "current" if state == company.state else "done" if state in reached else "next",
        )
        for state in MILESTONES
    ]


def verdict(company: Any) -> list[tuple[str, Any]]:
    """Three lines on a dossier, for somebody in a hurry: heading and sentence, translatable."""
    return [
        (_("Ce que l’entreprise promet"), _promised(company)),
        (_("Ce qui est vérifié"), _verified(company)),
        (_("La suite"), WORKFLOWS["company"].state(company.state).next),
    ]


def since(company: Any) -> datetime:
    """When the current state was reached."""
    found: Mapping[str, Any] = next(
        entry for entry in reversed(company.history.values()) if entry["from"] != entry["to"]
    )
    when: datetime = found["when"]
    return when


def criteria_count(count: int) -> Any:
    """How many criteria, in words that agree."""
    if count == 0:
        return _("aucun critère")
    return _("1 critère") if count == 1 else _("${count} critères", mapping={"count": count})


def comments_count(count: int) -> Any:
    """How many comments, in words that agree."""
    if count == 0:
        return _("Discussion : aucun commentaire")
    if count == 1:
        return _("Discussion : 1 commentaire")
    return _("Discussion : ${count} commentaires", mapping={"count": count})


def _promised(company: Any) -> Any:
    versions = company.candidates()
    criteria = sum(len(v.criteria) for v in versions)
    if not versions:
        return _(
            "Engagements rédigés : ${written} sur ${all} ; aucun cahier des charges n’est encore figé.",
            mapping={"written": company.statements_written, "all": len(COMMITMENTS)},
        )
    if criteria == 1:
        return _(
            "Engagements rédigés : ${written} sur ${all} ; un critère vérifiable, figé dans le cahier des charges.",
            mapping={"written": company.statements_written, "all": len(COMMITMENTS)},
        )
    return _(
        "Engagements rédigés : ${written} sur ${all} ; ${criteria} critères vérifiables, figés dans le cahier des charges.",
        mapping={"written": company.statements_written, "all": len(COMMITMENTS), "criteria": criteria},
    )


def _verified(company: Any) -> Any:
    levels = {audit.level for audit in company.audits() if audit.state == "validated"}
    if levels >= {1, 2}:
        return _("Vérifiée aux deux niveaux : par un organisme accrédité et par des sociétaires en visite.")
    if levels == {1}:
        return _("Vérifiée par un organisme accrédité ; aucune visite de sociétaires n’est encore validée.")
    if levels == {2}:
        return _("Visitée par des sociétaires ; aucun audit d’un organisme accrédité n’est encore validé.")
    return _("Rien n’est encore vérifié sur place : tout ce qui suit est déclaré par l’entreprise.")
