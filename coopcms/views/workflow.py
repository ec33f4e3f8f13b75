"""The one page and the one form that fire transitions, for whatever has a workflow."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import colander
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.base import Workflowed
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from ..workflows import WORKFLOWS, diagram, engine
from ..workflows.engine import COMMENT_NEEDED
from . import forms, people
from .addresses import place, url
from .base import Views, crumbs
from .history import history
from .rendering import moment
from .site import matrix


def moved(request: Any, obj: Any, entry: Any) -> Any:
    """The sentence for somebody whose object was moved by another person meanwhile."""
    workflow = WORKFLOWS[obj.workflow_name]
    titles = {t.id: t.title for t in workflow.transitions}
    translate = request.localizer.translate
    return _(
        "C’est déjà fait : « ${step} » par ${who}, le ${when}. Le dossier est maintenant dans l’état « ${state} ».",
        mapping={
            "step": translate(titles.get(entry["transition"], entry["transition"])),
            "who": translate(people.name_of(request, entry["actor"]) or _("une autre personne")),
            "when": moment(entry["when"], request.locale_name),
            "state": translate(workflow.state(obj.state).title),
        },
    )


@view_defaults(context=Workflowed)
class WorkflowViews(Views):
    """``workflow``, ``access`` and ``diagram.svg`` of an object."""

    @view_config(name="workflow", permission=P.VIEW, request_method="GET", renderer="templates/workflow.pt")
    def show(self) -> dict[str, Any]:
        """What the person can do now, what holds it back, and the whole way as a picture."""
        return self.page()

    @view_config(name="workflow", permission=P.VIEW, request_method="POST", renderer="templates/workflow.pt")
    def fire(self) -> Any:
        """Fire one transition; a refusal says why and keeps the comment."""
        request, obj = self.request, self.context
        id, comment = readable.word(request.POST, "transition"), readable.passage(request.POST, "comment")
        expected = readable.word(request.POST, "from") or None
        steps = engine.available(obj, request.actor, request.now)
        step = next((step for step in steps if step.transition.id == id and step.allowed), None)
        if step is not None:
            form = self.form(step)
            if forms.sent(request, form) is None:
                request.response.status_int = 422
                return self.page(sent={id: form})
        try:
            self._ask_whether_done(id)
            engine.fire(obj, id, request.actor, request.now, comment=comment, expected=expected)
        except engine.StateMoved as refused:
            request.response.status_int = 409
            return self.page(refused=moved(request, obj, refused.entry), typed=comment)
        except engine.GuardRefused as refused:
            request.response.status_int = 409
            return self.page(refused=refused.sentence, typed=comment)
        except engine.NotPermitted:
            from pyramid.httpexceptions import HTTPForbidden

            raise HTTPForbidden() from None
        state = WORKFLOWS[obj.workflow_name].state(obj.state)
        self.say(_("C’est fait. État : ${state}.", mapping={"state": request.localizer.translate(state.title)}))
        return self.go(obj) if request.may(P.VIEW, obj) else self.go(request.site)

    def _ask_whether_done(self, id: str) -> None:
        """A step that leads back to its state is not taken again by a form that was made before it.

        :raises StateMoved: it was taken meanwhile
        """
        seen, last = readable.whole(self.request.POST, "seen"), engine.last_entry(self.context)
        if seen is not None and seen < self.context.history.maxKey() and last["transition"] == id:
            raise engine.StateMoved(last)

    def form(self, step: engine.Step) -> Any:
        """The form that fires one transition."""
        request, obj, transition = self.request, self.context, step.transition
        schema = colander.Schema(
            fields.hidden("transition"),
            fields.hidden("from"),
            fields.hidden("seen"),
            fields.text(
                _("Commentaire public"),
                name="comment",
                longest=5000,
                rows=3,
                missing=colander.required if transition.comment else "",
                missing_msg=COMMENT_NEEDED,
            ),
        )
        values = {"transition": transition.id, "from": obj.state, "seen": str(obj.history.maxKey())}
        form = forms.make(
            request,
            schema,
            submit=transition.title,
            values=values,
            guard=True,
            action=url(request, obj, "workflow"),
            formid=f"step-{transition.id}",
        )
        if transition.danger:
            form.buttons[0].css_class = "danger"
        return form

    def page(
        self, refused: Any = None, typed: str = "", sent: Mapping[str, Any] = MappingProxyType({})
    ) -> dict[str, Any]:
        """What the template needs; ``sent`` holds the form that came back with errors, by its transition."""
        request, obj = self.request, self.context
        workflow = WORKFLOWS[obj.workflow_name]
        translate = request.localizer.translate
        steps = engine.available(obj, request.actor, request.now)
        return {
            "title": _("Étapes : ${title}", mapping={"title": obj.title}),
            "crumbs": [*crumbs(request, obj), {"href": url(request, obj), "title": obj.title}],
            "obj": obj,
            "workflow": workflow,
            "state": workflow.state(obj.state),
            "steps": [
                {
                    "transition": step.transition,
                    "missing": [(missing.sentence, place(request, obj, missing)) for missing in step.missing],
                    "form": (sent.get(step.transition.id) or self.form(step)) if step.allowed else None,
                    "open": step.transition.id in sent,
                }
                for step in steps
            ],
            "refused": refused,
            "typed": typed,
            "diagram": diagram.svg(workflow, current=obj.state, translate=translate),
            "legend": diagram.legend(workflow, translate=translate),
            "roles_of": lambda transition: sorted(
                {role for source in transition.sources for role in workflow.roles(source, transition.permission)}
            ),
            "history": history(request, obj),
        }

    @view_config(name="access", permission=P.VIEW, request_method="GET", renderer="templates/site/access.pt")
    def access(self) -> dict[str, Any]:
        """Who may do what in the state the object is in."""
        request, obj = self.request, self.context
        return {
            "title": _("Qui peut faire quoi : ${title}", mapping={"title": obj.title}),
            "description": None,
            "crumbs": [*crumbs(request, obj), {"href": url(request, obj), "title": obj.title}],
            "workflows": [matrix(WORKFLOWS[obj.workflow_name], obj.state)],
        }

    @view_config(name="diagram.svg", permission=P.VIEW, request_method="GET")
    def picture(self) -> Response:
        """The way as a picture of its own."""
        request, obj = self.request, self.context
        translate = request.localizer.translate
        text = diagram.svg(WORKFLOWS[obj.workflow_name], current=obj.state, translate=translate)
        style = f"<style>{diagram.STYLE}</style>"
        head, _bracket, rest = text.partition(">")
        response = Response(f"{head}>{style}{rest}", content_type="image/svg+xml", charset="utf-8")
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return response
