"""Starts, shows and fires transitions. The only module that knows repoze.workflow.

The machines are built from the data of ``coopcms.workflows``. repoze.workflow checks the permission once more and changes the
state; what is around it is ours: guards that answer what is missing, the state the person saw, comments and history.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from repoze.workflow import Workflow as Machine
from repoze.workflow import WorkflowError

from ..events import Transitioned, notify
from ..i18n import _
from ..security.access import may
from ..security.permissions import P
from ..security.principals import Actor, roles_here
from ..security.roles import R
from ..text import prose
from . import WORKFLOWS
from .model import FORMER, SAME, Missing, State, Transition, Workflow
from .reach import targets

#: What is said where a transition needs a comment and has none.
COMMENT_NEEDED = _("Un commentaire est nécessaire : il dit pourquoi, et il reste dans l’historique.")


class Refused(Exception):
    """A transition that did not happen. ``sentence`` says why, to people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotPermitted(Refused):
    """None of the person's roles may fire it, in this state or at all."""


class CommentRequired(Refused):
    """The transition needs a comment."""


class GuardRefused(Refused):
    """The roles suffice, a condition does not hold; ``missing`` lists what."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(_("Cette étape n’est pas encore possible."))
        self.missing = missing


class StateMoved(Refused):
    """Somebody moved the object meanwhile; ``entry`` is the line of the history that tells who and when."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        super().__init__(_("Quelqu’un a changé l’état entre-temps."))
        self.entry = entry


@dataclass(frozen=True)
class Step:
    """A transition as one person sees it now."""

    transition: Transition
    missing: tuple[Missing, ...]

    @property
    def allowed(self) -> bool:
        """Whether it can be fired right away."""
        return not self.missing


@dataclass(frozen=True)
class _Firing:
    """What repoze.workflow hands to the permission checker in the place of a request."""

    actor: Actor


def workflow_of(obj: Any) -> Workflow | None:
    """The workflow of an object, or None."""
    return WORKFLOWS.get(getattr(obj, "workflow_name", ""))


def _workflow(obj: Any) -> Workflow:
    workflow = workflow_of(obj)
    if workflow is None:
        raise TypeError(f"{type(obj).__name__} has no workflow")
    return workflow


def state_of(obj: Any) -> State:
    """The state an object is in."""
    return _workflow(obj).state(obj.state)


def start(obj: Any, actor: Actor, now: datetime, *, state: str | None = None, comment: str = "") -> None:
    """Put a new object into its initial state and open its history.

    Another state than the initial one is for the clock and the closing alone: what existed before the platform.
    """
    workflow = _workflow(obj)
    if state is not None and not actor.roles & {R.CLOCK, R.CLOSING}:
        raise NotPermitted(_("Un objet commence par son état initial."))
    if state is None:
        _machine(workflow.name).initialize(obj)
    else:
        obj.state = workflow.state(state).id
    _record(obj, "create", "", obj.state, actor, R.EVERYONE, now, comment)


def available(obj: Any, actor: Actor, now: datetime) -> list[Step]:
    """The transitions that the person's roles permit from the current state, also those that something still holds back."""
    workflow = _workflow(obj)
    roles = roles_here(actor, obj)
    return [
        Step(transition, _missing(obj, transition, actor, now))
        for transition in workflow.leaving(obj.state)
        if workflow.roles(obj.state, transition.permission) & roles
    ]


def is_possible(obj: Any, id: str, actor: Actor, now: datetime) -> bool:
    """Whether somebody may fire a transition now and nothing holds it back."""
    return any(step.transition.id == id and step.allowed for step in available(obj, actor, now))


def fire(
    obj: Any, id: str, actor: Actor, now: datetime, *, comment: str = "", expected: str | None = None
) -> dict[str, Any]:
    """Fire a transition and return its line of the history.

    ``expected`` is the state the person saw: when the object is in another one by now, nothing happens.

    :raises StateMoved: the object is not in the expected state any more
    :raises NotPermitted: none of the person's roles may fire it here
    :raises GuardRefused: a condition does not hold
    :raises CommentRequired: it needs a comment
    """
    workflow = _workflow(obj)
    # Who may not see the object learns nothing of its state either.
    if expected is not None and obj.state != expected and may(P.VIEW, obj, actor):
        raise StateMoved(last_entry(obj))
    transition = workflow.transition(id, obj.state)
    if transition is None or actor.reading or not may(transition.permission, obj, actor):
        raise NotPermitted(_("Votre rôle ne permet pas cette étape dans l’état actuel."))
    missing = _missing(obj, transition, actor, now)
    if missing:
        raise GuardRefused(missing)
    comment = prose(comment)
    # The clock and the closing say by their transition alone why they act.
    if transition.comment and not comment and actor.is_person:
        raise CommentRequired(COMMENT_NEEDED)
    source = obj.state
    role = _acting_role(workflow, source, transition, actor, obj)
    target = _target(obj, transition)
    try:
        _machine(workflow.name).transition(obj, _Firing(actor), _inner_name(transition.id, source, target))
    except WorkflowError as error:
        raise NotPermitted(_("Votre rôle ne permet pas cette étape dans l’état actuel.")) from error
    entry = _record(obj, transition.id, source, obj.state, actor, role, now, comment)
    notify(Transitioned(obj, workflow.name, transition.id, source, obj.state, entry, actor, now))
    return entry


def last_entry(obj: Any) -> Mapping[str, Any]:
    """The newest line of the history."""
    entry: Mapping[str, Any] = obj.history[obj.history.maxKey()]
    return entry


def _missing(obj: Any, transition: Transition, actor: Actor, now: datetime) -> tuple[Missing, ...]:
    found = (guard(obj, actor, now) for guard in transition.guards)
    return tuple(missing for missing in found if missing is not None)


def _acting_role(workflow: Workflow, state: str, transition: Transition, actor: Actor, obj: Any) -> R:
    """The role in which somebody fires: the first of the table that they hold, in the order roles are written."""
    held = workflow.roles(state, transition.permission) & roles_here(actor, obj)
    return next(role for role in R if role in held)


def _target(obj: Any, transition: Transition) -> str:
    if transition.target == SAME:
        return str(obj.state)
    if transition.target == FORMER:
        for entry in reversed(obj.history.values()):
            if entry["to"] == obj.state and entry["from"] != obj.state:
                return str(entry["from"])
        raise ValueError(f"{obj!r} has no former state")
    return transition.target


def _record(
    obj: Any, transition: str, source: str, target: str, actor: Actor, role: R, now: datetime, comment: str
) -> dict[str, Any]:
    """Append one line to the history: plain values, keyed by their number."""
    entry: dict[str, Any] = {
        "transition": transition,
        "from": source,
        "to": target,
        "when": now,
        "actor": actor.userid,
        "role": str(next((r for r in (R.CLOCK, R.CLOSING) if r in actor.roles), role)),
        "comment": comment,
        "relied_on": tuple(obj.relied_on(transition)),
    }
    obj.history[obj.history.maxKey() + 1 if obj.history else 0] = entry
    return entry


def _inner_name(id: str, source: str, target: str) -> str:
    # repoze.workflow refuses one name with two sources, and knows no target that depends on the object.
    return f"{id}@{source}>{target}"


@cache
def _machine(name: str) -> Machine:
    """The repoze.workflow machine of a workflow."""
    workflow = WORKFLOWS[name]
    machine = Machine("state", workflow.initial, _permitted, workflow.name)
    for state in workflow.states:
        machine.add_state(state.id)
    for transition in workflow.transitions:
        for source in transition.sources:
            for target in targets(workflow, transition, source):
                machine.add_transition(
                    _inner_name(transition.id, source, target), source, target, permission=transition.permission
                )
    machine.check()
    return machine


def _permitted(permission: P, obj: Any, firing: _Firing) -> bool:
    return may(permission, obj, firing.actor)
