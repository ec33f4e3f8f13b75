"""How a vote ended: result, minutes, the file for whoever recounts; nothing of it before the closing."""

from fractions import Fraction
from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from ..content.french import sort_key
from ..content.proposal import Proposal
from ..domain import published, voting
from ..domain.consequences import held_back
from ..domain.tally import TYPES
from ..i18n import _
from ..security.permissions import P
from ..security.principals import roles_here
from ..security.roles import R
from ..web import readable
from . import people
from .proposals import ProposalViews, in_percent, shown_percent
from .voting import ANSWERS

_OUTCOMES = {
    "adopted": _("La proposition est adoptée."),
    "rejected": _("La proposition est rejetée."),
    "inquorate": _("Le quorum n’est pas atteint : rien n’est décidé."),
}


def told(request: Request, proposal: Proposal) -> dict[str, Any]:
    """A result as pages show it: sentences, rows of a table, a bar."""
    result = proposal.result
    assert result is not None
    language, counts = request.locale_name, result["counts"]
    valid = sum(count for choice, count in counts.items() if choice != "blank")
    rows = [
        {
            "choice": choice,
            "title": title,
            "count": counts[choice],
            "share": shown_percent(Fraction(counts[choice], valid), language) if valid and choice != "blank" else None,
        }
        for choice, (title, _explanation) in ANSWERS.items()
    ]
    return {
        "state": result["state"],
        "sentence": _OUTCOMES[result["state"]],
        "explained": TYPES[proposal.ballot].explain(counts, Fraction(*proposal.majority))
        if result["state"] != "inquorate"
        else _(
            "${turnout} votants, il en fallait ${needed}.",
            mapping={"turnout": result["turnout"], "needed": result["quorum_needed"]},
        ),
        "rows": rows,
        "valid": valid,
        "roll": result["roll"],
        "turnout": result["turnout"],
        "turnout_share": shown_percent(Fraction(result["turnout"], result["roll"]), language),
        "needed": result["quorum_needed"],
        "majority": in_percent(Fraction(*proposal.majority), language),
        "sha256": result["sha256"],
        "chart": chart(counts, result["turnout"], result["roll"]),
    }


def chart(counts: dict[str, int], turnout: int, roll: int) -> Markup:
    """Turnout and votes as two bars; the same figures stand in the table."""
    width, parts, x = 640, [], 0.0
    for kind, choice in (("c1", "for"), ("c4", "against"), ("c3", "blank")):
        if counts[choice]:
            share = width * counts[choice] / turnout
            parts.append(
                Markup('<rect class="{}" x="{:.1f}" width="{:.1f}" height="36"/>').format(kind, x, max(share - 2, 1))
            )
            x += share
    voters = width * turnout / roll if roll else 0
    return Markup(
        '<svg viewBox="0 0 640 64" aria-hidden="true" preserveAspectRatio="none">{}'
        '<rect class="track" y="48" width="640" height="12"/><rect class="c2" y="48" width="{:.1f}" height="12"/></svg>'
    ).format(Markup("").join(parts), voters)


@view_defaults(context=Proposal)
class ResultViews(ProposalViews):
    """``minutes``, ``ballots.json`` and the steps of a closing."""

    @view_config(name="minutes", permission=P.READ, request_method="GET", renderer="templates/proposals/minutes.pt")
    def minutes(self) -> dict[str, Any]:
        """The minutes, to be read and printed; a tracker finds its ballot."""
        request, proposal = self.request, self._decided()
        tracker = readable.word(request.GET, "tracker").lower()
        found = published.choice_of(proposal, tracker) if tracker else None
        return {
            **self.frame(_("Procès-verbal")),
            "result": told(request, proposal),
            "tracker": tracker,
            "found": ANSWERS[found][0] if found in ANSWERS else None,
            "looked": bool(tracker),
            "voices": self._voices(),
            "company": proposal.company,
            "held_back": held_back(proposal, request.now),
        }

    def _voices(self) -> list[tuple[Any, Any]]:
        """Of a public vote, who voted what, for members."""
        request, proposal = self.request, self.context
        if proposal.voices is None or R.MEMBER not in roles_here(request.actor, proposal):
            return []
        named = [
            (request.localizer.translate(people.name_of(request, u)), ANSWERS[c][0]) for u, c in proposal.voices.items()
        ]
        return sorted(named, key=lambda pair: sort_key(pair[0]))

    @view_config(name="ballots.json", permission=P.READ, request_method="GET")
    def ballots(self) -> Response:
        """Every ballot with its tracker, for ``coopcms ballots verify``."""
        proposal = self._decided()
        assert proposal.published is not None
        response = Response(proposal.published.text, content_type="application/json", charset="utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="ballots-{proposal.__name__}.json"'
        return response

    @view_config(name="count", permission=P.COUNT, request_method="POST")
    def count(self) -> Any:
        """Close the vote, for a coordinator who does not wait for the clock."""
        try:
            voting.count(self.context, self.request.actor, self.request.now)
            self.say(_("Le vote est dépouillé."))
        except voting.NotOpen as refused:
            self.say(refused.sentence, "danger")
        return self.go(self.context)

    @view_config(name="retry", permission=P.RETRY, request_method="POST")
    def retry(self) -> Any:
        """Try again what the result could not set off."""
        if voting.retry(self.context, self.request.actor, self.request.now):
            self.say(_("La décision a pris effet."))
        else:
            self.say(_("La décision ne peut toujours pas prendre effet."), "warning")
        return self.go(self.context)

    def _decided(self) -> Proposal:
        """The proposal when its result stands; 404 before the closing, for everybody."""
        proposal: Proposal = self.context
        if proposal.result is None or proposal.published is None:
            raise HTTPNotFound()
        return proposal
