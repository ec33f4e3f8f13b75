"""The ballot: two minutes, three answers, a receipt."""

from typing import Any

import transaction
from pyramid.view import view_config, view_defaults

from ..content.proposal import Proposal
from ..domain import voting
from ..domain.errors import Forbidden, Invalid
from ..domain.tally import CHOICES
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from .proposals import ProposalViews

ANSWERS = {
    "for": (_("Pour"), _("J’approuve la proposition.")),
    "against": (_("Contre"), _("Je la rejette.")),
    "blank": (_("Blanc"), _("Je vote sans choisir : je compte pour le quorum, pas dans les suffrages exprimés.")),
}
#: Where the session keeps a receipt until it was shown.
_RECEIPT = "receipt"


def leave_no_trace() -> None:
    """Take from the transaction who asked and what: a ballot is not signed."""
    running = transaction.get()
    running.user = ""
    running.description = ""


@view_defaults(context=Proposal, permission=P.CAST)
class VotingViews(ProposalViews):
    """``vote`` and ``receipt`` of a proposal."""

    @view_config(name="vote", permission=P.READ, request_method="GET", renderer="templates/proposals/vote.pt")
    def ballot(self) -> Any:
        """The ballot; whoever follows its address when there is none any more, or not yet, comes to the proposal."""
        request, proposal = self.request, self.context
        if proposal.state != "voting":
            self.say(_("Ce vote n’est pas ouvert."), "info")
            return self.go(proposal)
        if not request.may(P.CAST):
            raise Forbidden("not on the roll of this vote")
        return self._ballot()

    @view_config(name="vote", request_method="POST", renderer="templates/proposals/vote.pt")
    def cast(self) -> Any:
        """Show what was chosen, to be confirmed; then cast it, and show the receipt."""
        request, proposal = self.request, self.context
        leave_no_trace()
        if "confirm" not in request.POST and proposal.state == "voting" and request.now < proposal.ends_at:
            chosen = readable.word(request.POST, "choice")
            if chosen in ANSWERS:
                return self._ballot(chosen=(chosen, *ANSWERS[chosen]))
        try:
            receipt = voting.cast(proposal, readable.word(request.POST, "choice"), request.actor, request.now)
        except voting.NotOpen as refused:
            request.response.status_int = 409
            return self._ballot(problem=refused.sentence, over=True)
        except Invalid as refused:
            request.response.status_int = 422
            return self._ballot(problem=refused.messages["choice"])
        request.session[_RECEIPT] = {"vote": proposal.__name__, "tracker": receipt.tracker, "seal": receipt.seal}
        return self.go(proposal, "receipt")

    @view_config(name="receipt", request_method="GET", renderer="templates/proposals/receipt.pt")
    def receipt(self) -> Any:
        """The receipt of the ballot just cast: shown once."""
        request, proposal = self.request, self.context
        kept = request.session.get(_RECEIPT)
        if not kept or kept.get("vote") != proposal.__name__:
            return self.go(proposal)
        del request.session[_RECEIPT]
        return {**self.frame(_("Votre vote est enregistré")), "receipt": kept}

    def _ballot(self, problem: Any = None, over: bool = False, chosen: Any = None) -> dict[str, Any]:
        request, proposal = self.request, self.context
        return {
            **self.frame(_("Voter")),
            "answers": [(choice, *ANSWERS[choice]) for choice in CHOICES],
            "chosen": chosen,
            "problem": problem,
            "over": over or request.now >= proposal.ends_at,
            "voted": voting.has_voted(proposal, request.actor),
        }
