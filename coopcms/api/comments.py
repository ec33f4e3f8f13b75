"""``<object>/comments``: what is said about an object, and saying something."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request

from ..content.discussion import Discussed
from ..domain import discussion
from ..domain.discussion import Shown
from ..domain.errors import Invalid
from ..i18n import _
from ..security.access import may
from ..security.permissions import P
from ..views import throttle
from ..views.errors import answer
from ..views.people import name_of
from .base import address, api_view, valid, with_account
from .lists import page_of

View = Callable[[Any, Request], Any]


def _valid_or_one(view: View) -> View:
    """What the document describes, or the key of one comment after it, which has nothing else to be checked."""
    checked = valid(view)

    @wraps(view)
    def asked(context: Any, request: Request) -> Any:
        return (
            view(context, request)
            if len(request.subpath) == 1 and not request.query_string
            else checked(context, request)
        )

    return asked


@api_view(
    context=Discussed,
    name="comments",
    request_method="GET",
    permission=P.READ,
    decorator=(with_account, _valid_or_one),
)
def show(context: Discussed, request: Request) -> Any:
    """The comments that one may see, oldest first; or the one that the address names."""
    everything = discussion.shown(context, request.actor)
    if request.subpath:
        one = next((one for one in everything if one.key == request.subpath[0]), None)
        if one is None:
            raise HTTPNotFound()
        return comment(request, context, one)
    return page_of(
        request,
        [((one.comment.when.isoformat(), int(one.key, 16)), comment(request, context, one)) for one in everything],
    )


@api_view(context=Discussed, name="comments", request_method="POST", permission=P.READ)
def say(context: Discussed, request: Request) -> Any:
    """Say something: 201, with the address of the comment."""
    if may(P.COMMENT, context, request.actor) and throttle.too_many_comments(request):
        return answer(request, 429)
    given = request.sent_json
    try:
        key = discussion.say(
            context, given["text"], request.actor, request.now, in_reply_to=given.get("in_reply_to") or None
        )
    except Invalid as refused:
        field, sentence = next(iter(refused.messages.items()))
        return answer(request, 422, title=_("Cette demande n’est pas valable"), sentence=sentence, field=field)
    request.response.status_int = 201
    request.response.headers["Location"] = address(request, context, f"comments/{key}")
    return comment(request, context, next(o for o in discussion.shown(context, request.actor) if o.key == key))


def comment(request: Request, obj: Any, one: Shown) -> dict[str, Any]:
    """A comment for this reader; the text of a hidden one is null for all but moderators."""
    said, translate = one.comment, request.localizer.translate
    name = name_of(request, said.author)
    return {
        "@id": address(request, obj, f"comments/{one.key}"),
        "id": one.key,
        "text": one.text,
        "author": None if name is None else translate(name),
        "official": said.official or None,
        "when": said.when,
        "in_reply_to": said.in_reply_to,
        "state": said.state,
        "reason": translate(one.reason) or None,
    }
