"""Mail for what happened, put into the outbox in the same transaction."""

from typing import Any

from pyramid.events import subscriber
from substanced.event import subscribe_added

from ..content.audit import Audit
from ..content.certificate import Certificate
from ..events import Changed, Transitioned
from ..notifications import rules


@subscriber(Transitioned)
def tell_of_step(event: Transitioned) -> None:
    """What the rules say of this step."""
    rule = rules.RULES.get((event.workflow, event.transition))
    if rule is not None:
        rule(event)


@subscribe_added(obj=Audit)
def tell_of_plan(event: Any) -> None:
    """An audit was planned."""
    rules.planned(event.object, event.object.created)


@subscriber(Changed)
def tell_of_changed_plan(event: Changed) -> None:
    """The plan of an audit was changed: another day, or somebody new in the team."""
    if isinstance(event.object, Audit) and event.object.state == "planned":
        rules.planned(event.object, event.object.modified or event.object.created)


@subscribe_added(obj=Certificate)
def tell_of_certificate(event: Any) -> None:
    """A certificate was made."""
    rules.certified(event.object, event.object.created)
