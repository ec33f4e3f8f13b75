"""Reading the published ballots of a vote."""

import json
from typing import Any

from ..content.proposal import Proposal


def choice_of(proposal: Proposal, tracker: str) -> Any:
    """What the ballot of a tracker says, None where there is none of that tracker."""
    if proposal.published is None:
        return None
    for ballot in json.loads(proposal.published.text)["ballots"]:
        if ballot["tracker"] == tracker:
            return ballot["choice"]
    return None
