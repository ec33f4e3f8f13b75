"""Our workflows as Substance D sees them: initialisation on add, the Workflows tab, ``AfterTransition``."""

from datetime import UTC, datetime
from typing import Any

from pyramid.threadlocal import get_current_registry
from substanced.event import AfterTransition
from substanced.interfaces import IWorkflow
from substanced.workflow import WorkflowError
from zope.interface import implementer

from ..security.principals import CLOSING, VISITOR
from . import engine
from .model import Workflow


@implementer(IWorkflow)
class Adapter:
    """A workflow behind the interface of Substance D.  It decides nothing: ``engine`` does."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.type = workflow.name
        self.name = str(workflow.title)
        self.description = ""

    def check(self) -> None:
        """The data checked itself when it was made."""

    def has_state(self, content: Any) -> bool:
        """Whether the object is in a state."""
        return content.state is not None

    def state_of(self, content: Any) -> str | None:
        """The state of the object; nothing is written."""
        state: str | None = content.state
        return state

    def initialize(self, content: Any, request: Any = None) -> tuple[str, None]:
        """Start the workflow of an object that was added without; our own verbs start it before."""
        engine.start(content, getattr(request, "actor", VISITOR), datetime.now(UTC))
        return self.workflow.initial, None

    def reset(self, content: Any, request: Any = None) -> tuple[str, None]:
        """Nothing to do: access is computed from the state, not stored with it."""
        if content.state is None:
            return self.initialize(content, request)
        return content.state, None

    def get_transitions(self, content: Any, request: Any, from_state: str | None = None) -> list[dict[str, Any]]:
        """The transitions the person may fire now."""
        return [
            {
                "name": step.transition.id,
                "title": step.transition.title,
                "from_state": content.state,
                "to_state": step.transition.target,
                "permission": step.transition.permission,
                "callback": None,
            }
            for step in engine.available(content, request.actor, request.now)
            if step.allowed
        ]

    def get_states(self, content: Any, request: Any, from_state: str | None = None) -> list[dict[str, Any]]:
        """All states, the current one marked."""
        transitions = self.get_transitions(content, request, from_state)
        return [
            {
                "name": state.id,
                "title": state.title,
                "initial": state.id == self.workflow.initial,
                "current": state.id == content.state,
                "transitions": [t for t in transitions if t["to_state"] == state.id],
                "data": {"callback": None},
            }
            for state in self.workflow.states
        ]

    def transition(self, content: Any, request: Any, transition_name: str) -> None:
        """Fire, with all that the engine asks for."""
        source = content.state
        actor = CLOSING if request is None else request.actor
        now = datetime.now(UTC) if request is None else request.now
        try:
            engine.fire(content, transition_name, actor, now)
        except engine.Refused as refused:
            raise WorkflowError(str(refused.sentence)) from refused
        get_current_registry().notify(AfterTransition(content, source, content.state, transition_name))

    def transition_to_state(self, content: Any, request: Any, to_state: str, skip_same: bool = True) -> None:
        """Fire the first transition that leads to a state."""
        if content.state == to_state and skip_same:
            return
        for found in self.get_transitions(content, request):
            if found["to_state"] == to_state:
                self.transition(content, request, found["name"])
                return
        raise WorkflowError(f"No transition leads from {content.state} to {to_state}")
