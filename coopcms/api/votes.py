"""Votes in the API: proposals, casting a ballot, results."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from ..content.proposal import BRIEF, Proposal, Proposals
from ..domain import voting
from ..domain.consequences import held_back
from ..domain.errors import Invalid
from ..domain.timeline import since
from ..i18n import _
from ..security.permissions import P
from ..views.errors import answer
from ..views.voting import leave_no_trace
from ..web import readable
from .base import address, api_view
from .lists import page_of
from .objects import described, link_to
from .workflow import history


@api_view(context=Proposals, request_method="GET", permission=P.READ)
def proposals(context: Proposals, request: Request) -> Any:
    """The proposals that the reader may see, by name; one state or several."""
    states = set(readable.words(request.GET, "state"))
    rows = [
        ((str(proposal.__name__), proposal.__oid__), scalars(request, proposal))
        for proposal in context.values()
        if request.may(P.VIEW, proposal) and (not states or proposal.state in states)
    ]
    return page_of(request, rows)


@api_view(context=Proposal, request_method="GET", permission=P.READ)
def proposal(context: Proposal, request: Request) -> dict[str, Any]:
    """One proposal with its rules; its result when its vote is over."""
    company = context.company
    return {
        **scalars(request, context),
        "text": context.text,
        **{name: getattr(context, name) for name in BRIEF},
        "company": link_to(request, company, "company")
        if company is not None and request.may(P.VIEW, company)
        else None,
        "versions": [link_to(request, v, "version") for v in context.versions if request.may(P.READ, v)],
        "rules": context.rules(),
        "roll": None if context.opened_at is None else len(context.roll),
        "extensions": [{k: e[k] for k in ("from", "to", "reason", "when")} for e in context.extensions],
        "result": dict(context.result) if context.result is not None else None,
        "consequence": {
            "done": bool(context.consequence["done"]),
            "reason": _said(request, held_back(context, request.now) or ""),
        }
        if context.consequence
        else None,
        "milestones": [dict(milestone) for milestone in context.milestones],
        "history": history(request, context),
    }


def scalars(request: Request, proposal: Proposal) -> dict[str, Any]:
    """The scalar fields of a proposal.  Nothing of a vote that is open: no turnout, no counts."""
    return {
        **described(request, proposal, "proposal"),
        "state": proposal.state,
        "since": since(proposal),
        "kind": proposal.kind,
        "secret": proposal.secret,
        "opened": proposal.opened_at,
        "ends": proposal.ends_at,
        "closed": proposal.closed_at,
    }


@api_view(context=Proposal, name="ballot", request_method="POST", permission=P.READ)
def cast(context: Proposal, request: Request) -> Any:
    """Cast a ballot, in the place of an earlier one."""
    leave_no_trace()
    try:
        receipt = voting.cast(context, request.sent_json["choice"], request.actor, request.now)
    except voting.NotOpen as refused:
        return answer(request, 409, title=_("Le vote n’est pas ouvert"), sentence=refused.sentence)
    except voting.NotOnTheRoll:
        return answer(
            request,
            403,
            title=_("Vous n’êtes pas sur la liste électorale"),
            sentence=_("La liste a été figée à l’ouverture du vote, avec les sociétaires alors à jour."),
        )
    except Invalid as refused:
        return answer(
            request,
            422,
            title=_("Cette réponse n’est pas possible"),
            sentence=refused.messages["choice"],
            field="choice",
        )
    request.response.status_int = 201
    request.response.headers["Cache-Control"] = "no-store"
    request.response.headers["Location"] = address(request, context)
    return {"receipt": receipt.seal, "tracker": receipt.tracker}


@api_view(context=Proposal, name="result", request_method="GET", permission=P.READ)
def result(context: Proposal, request: Request) -> dict[str, Any]:
    """The result; 404 before the closing, for everybody."""
    if context.result is None:
        raise HTTPNotFound()
    return dict(context.result)


@api_view(context=Proposal, name="ballots.json", request_method="GET", permission=P.READ)
def ballots(context: Proposal, request: Request) -> Response:
    """The file that ``coopcms ballots verify`` takes; 404 before the closing, for everybody."""
    if context.published is None:
        raise HTTPNotFound()
    return Response(context.published.text, content_type="application/json", charset="utf-8")


def _said(request: Request, sentence: Any) -> str:
    return str(request.localizer.translate(sentence)) if sentence else ""
