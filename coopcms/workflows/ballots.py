"""What the transitions of a proposal ask: one guard a condition, each with its sentence and its place."""

from datetime import datetime
from typing import Any

from ..i18n import _
from ..security.principals import Actor
from .dossier import has_audits_of_both_levels
from .model import Missing


def rules_are_complete(proposal: Any, actor: Actor, now: datetime) -> Missing | None:
    """There is a title, a text, and what the kind of proposal is about."""
    if not proposal.title or not proposal.text:
        return Missing(_("Le titre ou le texte de la proposition manque."), proposal, "edit")
    if proposal.kind in ("admission", "exclusion") and proposal.company is None:
        return Missing(_("La proposition ne dit pas de quelle entreprise il s’agit."), proposal, "edit")
    if proposal.kind == "specification" and not proposal.versions:
        return Missing(
            _("La proposition ne dit pas quelle version du cahier des charges est soumise au vote."), proposal, "edit"
        )
    return None


def somebody_is_on_the_roll(proposal: Any, actor: Actor, now: datetime) -> Missing | None:
    """A vote without voters decides nothing."""
    if proposal.electorate():
        return None
    return Missing(_("Aucun sociétaire n’est à jour : la liste électorale serait vide."), proposal)


def admission_is_possible(proposal: Any, actor: Actor, now: datetime) -> Missing | None:
    """Admission: the audits of the company are accepted, on the texts that are voted, and no other vote on it is open."""
    if proposal.kind != "admission":
        return None
    company = proposal.company
    if company.state != "audited":
        return Missing(_("Les audits de l’entreprise ne sont pas encore acceptés."), company, "workflow")
    # A text that was frozen since the audits were accepted would be adopted without anybody having verified it.
    missing = has_audits_of_both_levels(company, actor, now)
    if missing is not None:
        return missing
    for other in proposal.others_open():
        if other.kind == "admission":
            return Missing(_("Un autre vote sur l’admission de cette entreprise est ouvert."), other)
    return None


def versions_can_be_adopted(proposal: Any, actor: Actor, now: datetime) -> Missing | None:
    """What is voted on is frozen, and no other vote on it is open."""
    if proposal.kind != "specification":
        return None
    for version in proposal.versions:
        if version.state != "frozen":
            return Missing(
                _("« ${version} » n’est pas figée.", mapping={"version": version.title}), version, "workflow"
            )
    for other in proposal.others_open():
        if set(other.versions) & set(proposal.versions):
            return Missing(_("Un autre vote sur la même version est ouvert."), other)
    return None


def exclusion_is_possible(proposal: Any, actor: Actor, now: datetime) -> Missing | None:
    """Exclusion: the company is certified, attached or suspended, and no other vote on it is open."""
    if proposal.kind != "exclusion":
        return None
    if proposal.company.state not in ("certified", "partnered", "suspended"):
        return Missing(_("L’entreprise n’est ni certifiée, ni rattachée, ni suspendue."), proposal.company)
    for other in proposal.others_open():
        if other.kind == "exclusion":
            return Missing(_("Un autre vote sur l’exclusion de cette entreprise est ouvert."), other)
    return None


def end_is_reached(proposal: Any, actor: Actor, now: datetime) -> Missing | None:
    """Nothing is counted before the end."""
    if proposal.ends_at is not None and now >= proposal.ends_at:
        return None
    return Missing(_("Le vote n’est pas terminé."), proposal)


def milestones_are_done(proposal: Any, actor: Actor, now: datetime) -> Missing | None:
    """What the decision set off happened, and each milestone is done."""
    if proposal.consequence.get("done") is False:
        return Missing(_("La décision n’a pas encore pris effet."), proposal)
    open_ones = [milestone for milestone in proposal.milestones if not milestone["done"]]
    if not open_ones:
        return None
    return Missing(
        _("Une étape n’est pas faite : ${what}", mapping={"what": open_ones[0]["title"]}), proposal, "milestones"
    )
