"""What the steps of a proposal set off."""

from pyramid.events import subscriber

from ..domain import proposals, voting
from ..events import Transitioned


@subscriber(Transitioned)
def follow(event: Transitioned) -> None:
    """The box with the opening; no ballots after a cancellation."""
    if event.workflow != "proposal":
        return
    if event.transition == "open":
        proposals.begin_vote(event.object, event.now)
    elif event.transition == "cancel":
        voting.destroy_box(event.object)
