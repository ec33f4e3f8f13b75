"""A text that goes back to draft: nobody builds on it meanwhile."""

from pyramid.events import subscriber
from pyramid.traversal import find_root

from ..content.base import must_be_current
from ..content.proposal import UNDER_WAY
from ..events import Transitioned
from ..workflows.conditions import company_of


@subscriber(Transitioned)
def rest_on_what_waits(event: Transitioned) -> None:
    """The step was allowed since no vote was open and no audit started: one that begins at the same moment makes it fail."""
    if event.workflow != "specification" or event.transition != "back_to_draft":
        return
    version, root = event.object, find_root(event.object)
    company = company_of(version)
    for proposal in root["proposals"].values():
        if proposal.state in UNDER_WAY and proposal.company is company:
            must_be_current(proposal)
    for one in [company] if company is not None else root["companies"].values():
        for audit in one.audits():
            if audit.state == "planned" and version in audit.versions:
                must_be_current(audit)
