"""The home page, what waits for me, who may do what, seeing as somebody else."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.view import view_config, view_defaults

from ..catalog import queries
from ..content.calendar import day_in_paris
from ..content.site import Site
from ..domain import journal, members, worklist
from ..i18n import _
from ..security.permissions import P
from ..security.principals import roles_here
from ..security.roles import GLOBAL_ROLES, TITLES, R
from ..web import readable
from ..workflows import WORKFLOWS
from ..workflows.dossier import COMMITMENTS
from . import identity
from .base import Views
from .wording import permission_titles


@view_defaults(context=Site)
class SiteViews(Views):
    """Pages of the site itself."""

    @view_config(permission=P.VIEW, renderer="templates/site/home.pt")
    def home(self) -> dict[str, Any]:
        """What it is, what there is, how to take part."""
        request = self.request
        public = [state for state in queries.COMPANY_STATES if state != "draft"]
        found = queries.companies(request.site, request.actor, states=public, order="since", newest_first=True, limit=6)
        return {
            "title": None,
            "description": _(
                "Une coopérative de consommateurs : les entreprises ouvrent leurs dossiers, les sociétaires vérifient et votent."
            ),
            "newest": found.items,
            "votes": sorted(
                (p for p in request.site["proposals"].values() if p.state == "voting" and p.ends_at > request.now),
                key=lambda p: p.ends_at,
            )[:3],
            "members": members.in_good_standing(request.site),
            "counts": [
                (state, WORKFLOWS["company"].state(state).title, found.facets["state"][state])
                for state in public
                if found.facets["state"].get(state)
            ],
            "commitments": request.site["framework"].commitments,
            "commitment_titles": COMMITMENTS,
        }

    @view_config(name="tasks", permission=P.USE_ACCOUNT, renderer="templates/site/tasks.pt")
    def tasks(self) -> dict[str, Any]:
        """What waits for me, by role."""
        request = self.request
        roles = roles_here(request.actor, request.site)
        return {
            "title": _("Ce qui m’attend"),
            "tasks": worklist.tasks(request.site, request.actor, request.now),
            "today": day_in_paris(request.now),
            "companies": queries.staff_companies(request.site, request.actor),
            "may_invite": request.may(P.INVITE_COMPANY, request.site["companies"]),
            "roles": [TITLES[role] for role in GLOBAL_ROLES.values() if role in roles],
        }

    @view_config(name="access", permission=P.VIEW, renderer="templates/site/access.pt")
    def access(self) -> dict[str, Any]:
        """Who may do what in which state, drawn from the data of the workflows."""
        return {
            "title": _("Qui peut faire quoi"),
            "description": _("Les droits de chaque rôle dans chaque état, tels que le site les applique."),
            "workflows": [matrix(workflow) for workflow in WORKFLOWS.values()],
        }

    @view_config(name="see-as", permission=P.SEE_AS, request_method="GET", renderer="templates/site/see_as.pt")
    def choose_role(self) -> dict[str, Any]:
        """Choose the role whose eyes to borrow."""
        return {
            "title": _("Voir comme…"),
            "choices": [("visitor", _("Visiteur")), *((name, TITLES[role]) for name, role in GLOBAL_ROLES.items())],
            "journal": journal.lines(self.request.site, 20),
        }


@view_config(context=Site, name="see-as", permission=P.VIEW, request_method="POST")
def see_as(context: Site, request: Any) -> Any:
    """Begin or stop to look as a role; each is written down."""
    views = SiteViews(context, request)
    role = readable.word(request.POST, "role") or None
    person = request.real_actor
    if R.ADMIN not in person.roles:
        from ..domain.errors import Forbidden

        raise Forbidden("only administrators look as somebody else")
    if role is not None and role not in (*GLOBAL_ROLES, "visitor"):
        raise HTTPBadRequest()
    if role is not None and role == request.seeing_as:
        return views.go(context)
    journal.write(
        context, "see-as" if role else "see-as-stop", person, request.now, role=role or request.seeing_as or ""
    )
    identity.see_as(request, role)
    return views.go(context, "" if role else "see-as")


def matrix(workflow: Any, only: str | None = None) -> dict[str, Any]:
    """The table of a workflow for the page: a block a state, a row a permission, the roles that have it."""
    titles = permission_titles(workflow)
    return {
        "id": workflow.name,
        "title": workflow.title,
        "states": [
            {
                "id": state.id,
                "title": state.title,
                "rows": [
                    {
                        "title": titles[permission],
                        "roles": [TITLES[role] for role in R if role in state.grants[permission]],
                    }
                    for permission in P
                    if permission in state.grants
                ],
            }
            for state in workflow.states
            if only is None or state.id == only
        ],
    }
