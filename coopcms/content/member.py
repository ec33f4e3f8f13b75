"""Members (sociétaires): holders of shares, one person one vote."""

from datetime import datetime
from typing import Any

from BTrees import family64
from substanced.content import content
from substanced.objectmap import find_objectmap

from ..security.permissions import P
from ..security.roles import R
from .base import Container, Leaf

#: The categories of members of the cooperative (SCIC): they are not colleges and weigh nothing in a vote.
CATEGORIES = ("founders", "employees", "consumers", "honorary")


@content("Members", icon="glyphicon glyphicon-user")
class Members(Container):
    """The members, by their numbers.  Coordinators see them; everybody sees how many there are."""

    table = {
        P.VIEW: frozenset({R.COORDINATOR}),
        P.READ: frozenset({R.COORDINATOR}),
        P.MANAGE_MEMBERS: frozenset({R.COORDINATOR}),
    }

    def __init__(self) -> None:
        super().__init__()
        self.by_account = family64.IO.BTree()  # object id of an account → number
        self.numbers = family64.IO.BTree()  # number → object id of the account
        self.standing = family64.II.TreeSet()  # accounts of the members in good standing: the roll of a vote that opens

    def note(self, member: Any) -> None:
        """Keep in mind whether a member is in good standing: to be called by whoever changes shares or membership.

        Somebody who left and came back has two numbers; the newer one counts.
        """
        if self.by_account.get(member.account_id) != member.number:
            return
        if member.in_good_standing:
            self.standing.add(member.account_id)
        elif member.account_id in self.standing:
            self.standing.remove(member.account_id)

    def next_number(self) -> int:
        """The number of the next member: numbers are never given twice."""
        return int(self.numbers.maxKey()) + 1 if self.numbers else 1


@content("Member", icon="glyphicon glyphicon-user")
class Member(Leaf):
    """One member.  ``account_id`` is the object id of the account; ``shares`` the balance, written with each register line."""

    account_id: int | None = None
    category: str = "consumers"
    joined: datetime | None = None
    left: datetime | None = None
    shares: int = 0

    @property
    def title(self) -> str:  # type: ignore[override]
        """The name on the account: who marries or corrects a name does it in one place."""
        account = None if self.account_id is None else find_objectmap(self).object_for(self.account_id)
        return "" if account is None else str(account.title)

    @property
    def number(self) -> int:
        """The number, which is the name."""
        return int(self.__name__ or 0)

    @property
    def in_good_standing(self) -> bool:
        """Whether this member is on the roll of a vote that opens now: holds a share and has not left."""
        return self.shares > 0 and self.left is None and self.account_id is not None
