"""What a workflow is made of: plain frozen data, and what a guard answers.

A guard is a function ``(obj, actor, now) -> Missing | None``: nothing when the condition holds, else what is missing.
Times are aware datetimes in UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import R

#: As a target: the state does not change, or goes back to the one the object was in before.
SAME = "@same"
FORMER = "@former"


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way of a transition.

    ``sentence`` is translatable, for people.  ``target`` is the object where it can be mended (the one the transition
    belongs to when None), ``view`` the path below that object, such as ``edit/identity``.
    """

    sentence: str
    target: Any = None
    view: str = ""


Guard = Callable[[Any, Actor, datetime], Missing | None]


@dataclass(frozen=True)
class State:
    """A state, and who may do what in it.  What ``grants`` does not list is refused."""

    id: str
    title: str
    grants: Mapping[P, frozenset[R]]
    next: str = ""  #: what happens next and who acts, in one sentence
    at: tuple[int, int] = (0, 0)  #: column and row in the diagram


@dataclass(frozen=True)
class Transition:
    """A step from one of several states to another.  Who may fire it is what the states grant for its permission."""

    id: str
    title: str
    sources: tuple[str, ...]
    target: str  #: a state, SAME or FORMER
    permission: P
    guards: tuple[Guard, ...] = ()
    comment: bool = False  #: whether a comment must be given
    explanation: str = ""  #: what firing it does, for the person about to
    danger: bool = False  #: ends something: asked for with more care


@dataclass(frozen=True)
class Workflow:
    """All states and transitions of one type."""

    name: str
    title: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    by_id: Mapping[str, State] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {state.id: state for state in self.states})
        known = set(self.by_id)
        for transition in self.transitions:
            named = set(transition.sources) | ({transition.target} - {SAME, FORMER})
            if not named <= known:
                raise ValueError(f"{self.name}.{transition.id} names unknown states {sorted(named - known)}")

    def state(self, id: str) -> State:
        """The state of that id.

        :raises KeyError: there is none
        """
        return self.by_id[id]

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The transitions that leave a state, in the order they are written."""
        return tuple(t for t in self.transitions if state in t.sources)

    def transition(self, id: str, source: str) -> Transition | None:
        """The transition of that id from that state, or None."""
        for transition in self.leaving(source):
            if transition.id == id:
                return transition
        return None

    def roles(self, state: str, permission: P) -> frozenset[R]:
        """The roles to whom a state grants a permission."""
        return self.by_id[state].grants.get(permission, frozenset())

    def states_granting(self, permission: P, roles: frozenset[str]) -> tuple[str, ...]:
        """The states in which one of the roles has the permission: what a listing may show."""
        return tuple(state.id for state in self.states if self.roles(state.id, permission) & roles)
