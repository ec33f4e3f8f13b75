"""Who somebody is, and which roles they have towards an object."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .roles import R


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, a visitor without a name, the clock or the closing of a vote.

    ``userid`` is the object id of the account, None for all who have none.  ``roles`` are the roles held everywhere.
    ``reading`` is set while an administrator looks at the site as somebody else: nothing may be written then.
    """

    userid: int | None = None
    name: str = ""
    roles: frozenset[R] = frozenset({R.EVERYONE})
    reading: bool = False

    @property
    def is_person(self) -> bool:
        """Whether this is somebody with an account."""
        return self.userid is not None


VISITOR = Actor()
CLOCK = Actor(name="clock", roles=frozenset({R.EVERYONE, R.CLOCK}))
CLOSING = Actor(name="closing", roles=frozenset({R.EVERYONE, R.CLOSING}))


def lineage(obj: Any) -> Iterator[Any]:
    """The object, its parent, and so on up to the root."""
    while obj is not None:
        yield obj
        obj = getattr(obj, "__parent__", None)


def roles_here(actor: Actor, obj: Any) -> frozenset[R]:
    """The roles somebody has towards an object: those held everywhere and the local ones.

    Local roles come from the objects of the lineage, each of which may say ``local_roles(actor)``; never from a group.
    """
    found = set(actor.roles)
    for here in lineage(obj):
        local = getattr(here, "local_roles", None)
        if local is not None:
            found |= local(actor)
    return frozenset(found)
