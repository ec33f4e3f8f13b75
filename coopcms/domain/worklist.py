"""What waits for somebody, by role."""

from datetime import datetime
from typing import Any

from ..catalog import queries
from ..content.dossier import SECTIONS
from ..i18n import _
from ..security.principals import Actor
from ..security.roles import R
from ..workflows import engine
from . import discussion, suggestions, verification_tasks, voting_tasks
from .companies import progress
from .tasks import Task
from .timeline import since

#: Transitions that are somebody's next step rather than a way out, by the role they fall to.
_WAITING = {
    "declare_admissible": R.COORDINATOR,
    "accept_audits": R.CERTIFIER,
    "certify": R.CERTIFIER,
    "partner": R.COORDINATOR,
    "reinstate": R.CERTIFIER,
    "renew": R.CERTIFIER,
}


def tasks(site: Any, actor: Actor, now: datetime) -> list[Task]:
    """Everything that waits for somebody, the oldest first."""
    found = [*_of_staff(site, actor, now), *verification_tasks.tasks(site, actor, now)]
    found += voting_tasks.tasks(site, actor, now)
    if actor.roles & {R.COORDINATOR, R.CERTIFIER}:
        found += _of_the_cooperative(site, actor, now)
    if R.COORDINATOR in actor.roles:
        found += _of_moderators(site, actor)
    return sorted(found, key=lambda task: task.since)


def _of_staff(site: Any, actor: Actor, now: datetime) -> list[Task]:
    found = []
    for company in queries.staff_companies(site, actor):
        if company.state != "draft":
            continue
        missing = progress(company, now).missing
        for section, suggestion in suggestions.waiting(company).items():
            asked = _(
                "${company} : un texte vous est proposé pour « ${section} »",
                mapping={"company": company.title, "section": SECTIONS[section]},
            )
            found.append(Task(company, f"suggestion/{section}", asked, R.STAFF, suggestion.when))
        last = engine.last_entry(company)
        title = (
            _("${company} : compléter le dossier renvoyé par la coopérative", mapping={"company": company.title})
            if last["transition"] == "return_to_company"
            else _("${company} : déposer la candidature", mapping={"company": company.title})
            if not missing
            else _("${company} : compléter le dossier", mapping={"company": company.title})
        )
        found.append(Task(company, "edit" if missing else "workflow", title, R.STAFF, since(company)))
    return found


def _of_moderators(site: Any, actor: Actor) -> list[Task]:
    """The comments that were reported or wait to be read, not more than one can work through."""
    return [
        Task(
            obj,
            f"comments/{key}",
            _("Commentaire signalé : ${title}", mapping={"title": obj.title})
            if why == "reported"
            else _("Commentaire à relire : ${title}", mapping={"title": obj.title}),
            R.COORDINATOR,
            when,
        )
        for obj, key, why, when in discussion.waiting(site, actor)
    ]


def _of_the_cooperative(site: Any, actor: Actor, now: datetime) -> list[Task]:
    found = []
    states = ("applied", "voted", "certified", "partnered", "suspended")
    for company in queries.companies(site, actor, states=states, order="since").items:
        for step in engine.available(company, actor, now):
            role = _WAITING.get(step.transition.id)
            if role is None or not step.allowed or _is_done(company, step.transition.id):
                continue
            found.append(
                Task(
                    company,
                    "workflow",
                    _("${company} : ${step}", mapping={"company": company.title, "step": step.transition.title}),
                    role,
                    since(company),
                )
            )
    return found


def _is_done(company: Any, transition: str) -> bool:
    return transition == "declare_admissible" and company.admissible_since() is not None
