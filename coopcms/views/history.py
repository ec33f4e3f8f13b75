"""The history of an object as its page shows it."""

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup
from pyramid.request import Request

from ..domain import accounts
from ..i18n import DOMAIN, _, isolated
from ..security.roles import TITLES, R
from ..workflows import WORKFLOWS
from . import people
from .kept import kept, records
from .people import name_of
from .translating import translate

#: What is said of the first line, by the name of the workflow.
_BEGUN = {
    "company": _("Dossier ouvert"),
    "audit": _("Audit prévu"),
    "nonconformity": _("Écart constaté"),
}


def history(request: Request, obj: Any) -> tuple[Markup, ...]:
    """Every line, newest first: what, when, in which role, and for members by whom.

    Made anew when a record of the history changes, or the account of somebody in it.
    """
    written = (obj, *records(obj.history))
    named = people.may_see_names(request)
    actors = kept(("actors",), written, lambda: _actors(obj.history)) if named else ()
    rests_on = (*written, *(accounts.by_id(request.site, userid) for userid in actors))
    key = ("history", actors, request.locale_name, named)
    return kept(key, rests_on, lambda: tuple(_told(request, obj)))


def _actors(lines: Any) -> tuple[int, ...]:
    """Whoever wrote one of these lines."""
    return tuple(sorted({entry["actor"] for entry in lines.values() if entry["actor"] is not None}))


def _told(request: Request, obj: Any) -> list[Markup]:
    language = request.locale_name
    workflow = WORKFLOWS[obj.workflow_name]
    titles = {transition.id: translate(transition.title) for transition in workflow.transitions}
    titles["create"] = translate(_BEGUN.get(obj.workflow_name, _("Création")))
    roles = {role.value: translate(title) for role, title in TITLES.items() if role != R.EVERYONE}
    found = []
    for entry in reversed(obj.history.values()):
        name = name_of(request, entry["actor"])
        by = ", ".join(filter(None, (roles.get(entry["role"]), name and isolated(translate(name)))))
        title = titles.get(entry["transition"], entry["transition"])
        found.append(_line(entry["when"], title, by, _comment(entry), language))
    return found


def _comment(entry: Mapping[str, Any]) -> str:
    """What somebody wrote, as it is; what the clock wrote – a message of this program – in the language of the reader."""
    comment = str(entry["comment"])
    return str(translate(comment, DOMAIN)) if comment and entry["role"] == R.CLOCK else comment


@functools.lru_cache(maxsize=2048, typed=True)
def _line(when: datetime, title: str, by: str, comment: str, language: str) -> Markup:
    """One line.  Lines never change once they are written, and a dossier may have many: each is made once."""
    from .rendering import day, iso

    parts = [
        Markup('<li><time datetime="{}">{}</time><p><b>{}</b></p>').format(iso(when), day(when, language), title),
        Markup('<p class="by">{}</p>').format(by) if by else "",
        Markup("<blockquote>{}</blockquote>").format(comment) if comment else "",
        Markup("</li>"),
    ]
    return Markup("").join(parts)
