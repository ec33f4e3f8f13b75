"""``<object>/workflow``: where an object stands, what the reader can do now, and doing it."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyramid.httpexceptions import HTTPForbidden
from pyramid.request import Request

from ..content.base import Workflowed
from ..content.specification import Specification
from ..i18n import _
from ..security.permissions import P
from ..security.roles import R
from ..views.errors import answer
from ..views.people import name_of
from ..views.workflow import moved
from ..workflows import WORKFLOWS, engine
from ..workflows.model import Missing
from .base import address, api_view
from .versions import shown_version


@api_view(context=Workflowed, name="workflow", request_method="GET", permission=P.VIEW)
@api_view(context=Specification, name="workflow", request_method="GET", permission=P.READ)
def show(context: Any, request: Request) -> dict[str, Any]:
    """State, states, transitions that the person's roles permit from here, and the history."""
    return _answer(request, _moving(request, context))


@api_view(context=Workflowed, name="workflow", request_method="POST", permission=P.VIEW)
@api_view(context=Specification, name="workflow", request_method="POST", permission=P.READ)
def fire(context: Any, request: Request) -> Any:
    """Fire one transition; a refusal says why.

    The answer is that of ``GET``, of which only the new state is left to whoever does not see the object any more.
    """
    obj, given = _moving(request, context), request.sent_json
    try:
        engine.fire(
            obj,
            given["transition"],
            request.actor,
            request.now,
            comment=given.get("comment") or "",
            expected=given.get("from"),
        )
    except engine.StateMoved as refused:
        sentence = moved(request, obj, refused.entry)
        return answer(
            request, 409, title=refused.sentence, sentence=sentence, state=obj.state, **_who(request, refused.entry)
        )
    except engine.GuardRefused as refused:
        missing = missing_points(request, obj, refused.missing)
        sentence = " ".join(point["sentence"] for point in missing)
        return answer(request, 409, title=refused.sentence, sentence=sentence, missing=missing)
    except engine.CommentRequired as refused:
        return answer(
            request, 422, title=_("Un commentaire est nécessaire"), sentence=refused.sentence, field="comment"
        )
    except engine.NotPermitted as refused:
        return answer(request, 403, title=_("Votre rôle ne le permet pas"), sentence=refused.sentence)
    return _answer(request, obj) if request.may(P.VIEW, obj) else {"state": obj.state}


def history(request: Request, obj: Any) -> list[dict[str, Any]]:
    """Every line, oldest first: the first is the making of the object.  Names are null for the public."""
    return [
        {
            "transition": entry["transition"],
            "from": entry["from"] or None,
            "to": entry["to"],
            "when": entry["when"],
            "actor": shown_name(request, entry["actor"]),
            "role": role_id(entry["role"]),
            "comment": entry["comment"],
        }
        for entry in obj.history.values()
    ]


def role_id(role: str) -> str | None:
    """A role as the API calls it: "coordinator", "staff", "clock"; None for one that everybody has.

    >>> role_id("role:coordinator"), role_id("system.Everyone")
    ('coordinator', None)
    """
    return role.partition(":")[2] or None


#: What ``role`` in a history may be.
ROLE_IDS = tuple(name for role in R if (name := role_id(role)) is not None)


def missing_points(request: Request, obj: Any, missing: Iterable[Missing]) -> list[dict[str, str]]:
    """What stands in the way: a sentence, and the address in the API of the object where it can be mended."""
    translate = request.localizer.translate
    return [
        {"sentence": translate(point.sentence), "@id": address(request, obj if point.target is None else point.target)}
        for point in missing
    ]


def _moving(request: Request, context: Any) -> Any:
    """What has the workflow: the object, or the version that a specification answers for."""
    if not isinstance(context, Specification):
        return context
    version = shown_version(request, context)
    if not request.may(P.VIEW, version):
        raise HTTPForbidden()
    return version


def _answer(request: Request, obj: Any) -> dict[str, Any]:
    workflow = WORKFLOWS[obj.workflow_name]
    translate = request.localizer.translate
    return {
        "state": obj.state,
        "states": [{"id": state.id, "title": translate(state.title)} for state in workflow.states],
        "transitions": [
            {
                "id": step.transition.id,
                "title": translate(step.transition.title),
                "allowed": step.allowed,
                "missing": missing_points(request, obj, step.missing),
            }
            for step in engine.available(obj, request.actor, request.now)
        ],
        "history": history(request, obj),
    }


def _who(request: Request, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "who": shown_name(request, entry["actor"]),
        "when": entry["when"],
        "role": role_id(entry["role"]),
        "transition": entry["transition"],
    }


def shown_name(request: Request, userid: int | None) -> str | None:
    """The name of an account in the reader's language, None where it is not shown."""
    name = name_of(request, userid)
    return None if name is None else request.localizer.translate(name)
