"""Who may do what, computed from the tables each time: nothing of it is stored.

The walk goes from the object upwards. An object with a workflow answers by the table of its state and ends the walk. Another one
may carry a table of its own, ``access(permission)``, which can only narrow: each that names the permission must grant it, and
the first object with a workflow, or the root, has the last word.  An object with a visibility turns reading into the permission of
that visibility (``becomes(permission)``), which the objects above then answer.  One that closes with the object above it names that
(``gate()``), whose reading it then takes as well.  One that answers for itself alone, whatever stands above it, says so
(``answers(permission)``).
"""

from collections.abc import Callable, Mapping
from typing import Any

from .permissions import P
from .principals import Actor, lineage, roles_here
from .roles import R

#: Permissions that write nothing: what an administrator keeps while looking at the site as somebody else.
READING = frozenset(
    {P.VIEW, P.READ, P.READ_MEMBERS, P.READ_VERIFIERS, P.READ_PRIVATE, P.READ_ORIGINAL, P.USE_ACCOUNT, P.SEE_AS}
)

#: What a gate closes: reading, whatever the visibility, and the forms that show what they answer to.
_OF_CONTENT = frozenset(
    {
        P.VIEW,
        P.READ,
        P.READ_MEMBERS,
        P.READ_VERIFIERS,
        P.READ_PRIVATE,
        P.READ_ORIGINAL,
        P.PROPOSE_ACTION,
        P.SUBMIT_PROOF,
    }
)

_tables: dict[str, Callable[[str], Mapping[P, frozenset[R]]]] = {}


def register_table(workflow_name: str, table: Callable[[str], Mapping[P, frozenset[R]]]) -> None:
    """Make known how to find the grants of a state of a workflow: the layer above hands its tables down."""
    _tables[workflow_name] = table


def roles_granted(permission: str, obj: Any) -> tuple[frozenset[R], ...]:
    """The sets of roles of each of which one must be held, from the object upwards; an empty set refuses everybody."""
    needed: list[frozenset[R]] = []
    for here in lineage(obj):
        becomes = getattr(here, "becomes", None)
        if becomes is not None:
            permission = becomes(permission)
        answers = getattr(here, "answers", None)
        final = answers(permission) if answers is not None else None
        if final is not None:
            return (*needed, final)
        workflow = getattr(here, "workflow_name", None)
        if workflow is not None:
            needed.append(_tables[workflow](here.state).get(P(permission), frozenset()))
            gate = here.gate() if permission in _OF_CONTENT and hasattr(here, "gate") else None
            return tuple(needed) if gate is None else (*needed, *roles_granted(P.READ, gate))
        access = getattr(here, "access", None)
        own = access(permission) if access is not None else None
        if own is not None:
            needed.append(own)
    return tuple(needed)


def may(permission: str, obj: Any, actor: Actor) -> bool:
    """Whether somebody has a permission on an object."""
    if actor.reading and permission not in READING:
        return False
    needed = roles_granted(permission, obj)
    if not needed:
        return False
    roles = roles_here(actor, obj)
    return all(roles & granted for granted in needed)
