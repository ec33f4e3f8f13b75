"""A version that comes into force replaces the former one in the same step."""

from pyramid.events import subscriber

from ..events import Transitioned
from ..workflows import engine


@subscriber(Transitioned)
def supersede(event: Transitioned) -> None:
    """At most one version of a specification is in force."""
    if event.workflow != "specification" or event.transition != "put_in_force":
        return
    for version in event.object.__parent__.versions():
        if version is not event.object and version.state == "in_force":
            engine.fire(version, "supersede", event.actor, event.now)
