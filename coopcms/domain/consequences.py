"""What the result of a vote sets off: admission, adoption of versions, exclusion."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..content.proposal import Proposal
from ..i18n import _
from ..security.principals import CLOSING
from ..workflows import engine


def take_effect(proposal: Proposal, now: datetime) -> bool:
    """Do what the result says, all of it or nothing; whether it is done.

    What cannot be done – the company left meanwhile, say – leaves the result standing, to be tried again; it is written down
    once, and :func:`held_back` says why.
    """
    act = _EFFECTS.get((proposal.kind, str(proposal.state)))
    if act is None or proposal.consequence.get("done"):
        return False
    if held_back(proposal, now) is not None:
        if not proposal.consequence:
            proposal.consequence = {"done": False, "when": now}
        return False
    for obj, id in act(proposal):
        # Content, in the language of the site, as the comments of people are.
        engine.fire(obj, id, CLOSING, now, comment=f"Décision du vote « {proposal.title} »")
    proposal.consequence = {"done": True, "when": now}
    return True


def held_back(proposal: Proposal, now: datetime) -> Any:
    """Why the result cannot take effect now, a translatable sentence; None where nothing stands in the way, or nothing follows."""
    act = _EFFECTS.get((proposal.kind, str(proposal.state)))
    if act is None or proposal.consequence.get("done"):
        return None
    reasons = (_held_back(obj, id, now) for obj, id in act(proposal))
    return _another_text(proposal) or next((why for why in reasons if why is not None), None)


Step = tuple[Any, str]


def _admission(proposal: Proposal) -> list[Step]:
    """The candidate versions are adopted, the company is admitted."""
    return [*_adoption(proposal), (proposal.company, "admit")]


def _adoption(proposal: Proposal) -> list[Step]:
    """Versions that are adopted or in force already stay as they are."""
    return [(version, "adopt") for version in proposal.versions if version.state not in ("adopted", "in_force")]


def _refusal(proposal: Proposal) -> list[Step]:
    return [(proposal.company, "refuse")]


def _exclusion(proposal: Proposal) -> list[Step]:
    return [(proposal.company, "exclude")]


_EFFECTS: dict[tuple[str, str], Callable[[Proposal], list[Step]]] = {
    ("admission", "adopted"): _admission,
    ("admission", "rejected"): _refusal,
    ("specification", "adopted"): _adoption,
    ("exclusion", "adopted"): _exclusion,
}


def _another_text(proposal: Proposal) -> Any:
    """Why the vote speaks of what is not there any more: a dossier or a text that went back to draft since it opened."""
    about = [proposal.company, *(proposal.versions if proposal.state == "adopted" else ())]
    for obj in filter(None, about):
        drafted = obj.state_reached("draft")
        if drafted is not None and proposal.opened_at is not None and drafted > proposal.opened_at:
            return _(
                "« ${title} » est repassé par le brouillon depuis l’ouverture du vote.", mapping={"title": obj.title}
            )
    return None


def _held_back(obj: Any, id: str, now: datetime) -> Any:
    """Why a step cannot be done, or None."""
    for step in engine.available(obj, CLOSING, now):
        if step.transition.id == id:
            return None if step.allowed else step.missing[0].sentence
    return _("« ${title} » n’est plus dans un état qui le permet.", mapping={"title": obj.title})
