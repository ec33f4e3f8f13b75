"""The history of an object as its page shows it."""

from typing import Any

from pyramid.request import Request

from ..i18n import _
from ..security.roles import TITLES, R
from ..workflows import WORKFLOWS
from .people import name_of


def history(request: Request, obj: Any) -> list[dict[str, Any]]:
    """Every line, newest first: what, when, in which role, and for members by whom."""
    workflow = WORKFLOWS[obj.workflow_name]
    titles: dict[str, Any] = {transition.id: transition.title for transition in workflow.transitions}
    titles["create"] = _("Dossier ouvert")
    return [
        {
            "title": titles.get(entry["transition"], entry["transition"]),
            "when": entry["when"],
            "role": None if entry["role"] == R.EVERYONE else TITLES[R(entry["role"])],
            "name": name_of(request, entry["actor"]),
            "comment": entry["comment"],
        }
        for entry in reversed(obj.history.values())
    ]
