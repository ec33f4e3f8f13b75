"""What all content has in common."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from BTrees import family64
from persistent import Persistent
from substanced.folder import Folder

from ..security.permissions import P
from ..security.roles import R


def must_be_current(obj: Any) -> None:
    """Let the commit fail, to be tried again, when somebody changed this object meanwhile, though it is only read here."""
    if obj._p_jar is not None:
        obj._p_activate()  # of a ghost, no serial is known yet: it would not be looked at
        obj._p_jar.readCurrent(obj)


class Described:
    """Title, description, who made it and when (aware datetimes in UTC)."""

    title: str = ""
    description: str = ""
    creator: int | None = None  #: object id of the account
    created: datetime | None = None
    modified: datetime | None = None
    language: str = "fr"
    revision: int = 0  #: counts the edits; the entity tag of the object

    #: The management interface neither deletes, renames nor duplicates what the site's registers speak of.
    __sdi_deletable__: ClassVar[bool] = False


class Container(Described, Folder):
    """Content that holds other content."""

    #: Permission → roles; narrows what the objects above grant.  None in the table: this object does not speak of it.
    table: ClassVar[dict[P, frozenset[R]]] = {}

    def access(self, permission: P) -> frozenset[R] | None:
        """The roles this object asks for, or None when it leaves the answer to the objects above."""
        return self.table.get(permission)


class Leaf(Described, Persistent):
    """Content that holds nothing."""

    __parent__: Any = None
    __name__: str | None = None


class Workflowed:
    """Content that moves through a workflow; ``coopcms.workflows.engine`` alone sets the state and writes the history."""

    workflow_name: ClassVar[str]
    state: str | None = None
    history: Any

    def open_history(self) -> None:
        """Make the empty history; called once by the class that is made."""
        self.history = family64.IO.BTree()

    def last(self, *transitions: str) -> Mapping[str, Any] | None:
        """The newest line of the history about one of these transitions, or None."""
        for entry in reversed(self.history.values()):
            if entry["transition"] in transitions:
                found: Mapping[str, Any] = entry
                return found
        return None

    def last_time(self, *transitions: str) -> datetime | None:
        """When one of these transitions was fired last, or None."""
        entry = self.last(*transitions)
        return None if entry is None else entry["when"]

    def state_reached(self, state: str) -> datetime | None:
        """When a state was reached last, or None."""
        for entry in reversed(self.history.values()):
            if entry["to"] == state and entry["from"] != state:
                when: datetime = entry["when"]
                return when
        return None

    def relied_on(self, transition: str) -> list[tuple[str, str]]:
        """What a transition rests on, as (path, what it was) pairs, for its line in the history."""
        return []
