"""What waits for somebody around votes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..content.calendar import day_in_paris
from ..i18n import _
from ..security.access import may
from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import R
from ..workflows import engine
from . import voting
from .tasks import Task
from .timeline import since

#: Steps of a coordinator that are a proposal's next one rather than a way out.
_STEPS = {
    "discuss": _("Mettre en débat ou renvoyer : ${title}"),
    "open": _("Ouvrir le vote : ${title}"),
}


def tasks(site: Any, actor: Actor, now: datetime) -> Iterator[Task]:
    """Votes to take part in, proposals to bring further, results that could not take effect."""
    for proposal in site["proposals"].values():
        named = {"title": proposal.title}
        if proposal.state == "voting":
            ended = now >= proposal.ends_at
            if not ended and may(P.CAST, proposal, actor) and not voting.has_voted(proposal, actor):
                due = day_in_paris(proposal.ends_at)
                yield Task(proposal, "vote", _("Voter : ${title}", mapping=named), R.VOTER, proposal.opened_at, due)
            if ended and may(P.COUNT, proposal, actor):
                yield Task(proposal, "", _("Dépouiller : ${title}", mapping=named), R.COORDINATOR, proposal.ends_at)
        elif proposal.state == "draft" and actor.userid is not None and actor.userid == proposal.creator:
            yield Task(proposal, "", _("Finir et soumettre : ${title}", mapping=named), R.AUTHOR, since(proposal))
        elif proposal.consequence.get("done") is False and may(P.RETRY, proposal, actor):
            title = _("Décision sans effet encore : ${title}", mapping=named)
            yield Task(proposal, "", title, R.COORDINATOR, proposal.consequence["when"])
        elif R.COORDINATOR in actor.roles:
            for step in engine.available(proposal, actor, now):
                if step.allowed and step.transition.id in _STEPS:
                    yield Task(proposal, "workflow", _STEPS[step.transition.id] % named, R.COORDINATOR, since(proposal))
