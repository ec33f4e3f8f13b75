"""The tabs of content with a workflow: its state and steps, and who may do what."""

from typing import Any

from pyramid.request import Request
from pyramid.view import exception_view_config
from substanced.sdi import MANAGE_ROUTE_NAME, mgmt_view
from substanced.workflow import WorkflowError

from ...content.base import Workflowed
from ...i18n import _
from ...security.permissions import P
from ...web import readable
from ...web.addresses import redirect
from ...workflows import WORKFLOWS, engine
from ...workflows.substance import Adapter
from ..addresses import url
from ..errors import answer


@mgmt_view(
    context=Workflowed,
    name="workflows",
    request_method="GET",
    permission="sdi.manage-workflow",
    renderer="templates/workflows.pt",
    tab_condition=False,
)
def show(context: Any, request: Request) -> dict[str, Any]:
    """The state, and the steps that the roles of this person permit; the role of an administrator permits none."""
    workflow = WORKFLOWS[context.workflow_name]
    return {
        "workflow": workflow,
        "state": workflow.state(context.state),
        "steps": engine.available(context, request.actor, request.now),
        "page": url(request, context, "workflow") if request.may(P.VIEW, context) else None,
    }


@mgmt_view(
    context=Workflowed,
    name="workflows",
    request_method="POST",
    check_csrf=True,
    permission="sdi.manage-workflow",
    tab_condition=False,
)
def transition(context: Any, request: Request) -> Any:
    """Fire a transition, as on the page of the object itself."""
    workflow = WORKFLOWS[context.workflow_name]
    Adapter(workflow).transition(context, request, readable.word(request.POST, "transition"))
    state = request.localizer.translate(workflow.state(context.state).title)
    request.sdiapi.flash(_("C’est fait. État : ${state}.", mapping={"state": state}), "success")
    return redirect(request, request.sdiapi.mgmt_path(context, "@@workflows"))


@exception_view_config(WorkflowError, route_name=MANAGE_ROUTE_NAME)
def refused(context: WorkflowError, request: Request) -> Any:
    """Back to the tab with the sentence that says why; nothing is written."""
    obj = request.context
    if request.view_name != "workflows":
        return answer(request, 409, sentence=str(context))
    request.sdiapi.flash(_sentence(context), "danger")
    return redirect(request, request.sdiapi.mgmt_path(obj, "@@workflows"))


def _sentence(error: WorkflowError) -> Any:
    """What the engine said, which can be translated; the error itself carries plain text."""
    cause = error.__cause__
    return cause.sentence if isinstance(cause, engine.Refused) else str(error)


@mgmt_view(name="acl_edit", permission="sdi.view", tab_condition=False)
@mgmt_view(name="inherited_acl", permission="sdi.view", tab_condition=False)
@mgmt_view(name="local_acl", permission="sdi.view", tab_condition=False)
def access(context: Any, request: Request) -> Any:
    """Who may do what follows from the state and the tables of the workflows: there is nothing to edit, only to read."""
    shown = context if isinstance(context, Workflowed) and request.may(P.VIEW, context) else request.site
    return redirect(request, url(request, shown, "access"))
