"""Verbs on members."""

from datetime import datetime
from typing import Any

from ..content.member import CATEGORIES, Member
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import R
from . import accounts, registers
from .errors import Invalid
from .permission import require


def admit(
    site: Any, account: Any, actor: Actor, now: datetime, *, shares: int = 1, category: str = "consumers"
) -> Member:
    """Make somebody a member with shares; the shares are theirs when the register has numbered them.

    Who left and comes back gets a number of their own again: the register never gives one twice.

    :raises Invalid: this account is a member already, or the category or the number of shares makes no sense
    """
    folder = site["members"]
    require(P.MANAGE_MEMBERS, folder, actor)
    if category not in CATEGORIES:
        raise Invalid(category=_("Cette catégorie de sociétaires n’existe pas."))
    known = folder.by_account.get(account.__oid__)
    if known is not None and folder[str(known)].left is None:
        raise Invalid(account=_("Cette personne est déjà sociétaire."))
    registers.check_number(shares)
    number = folder.next_number()
    member = Member()
    member.account_id, member.category, member.joined = account.__oid__, category, now
    member.created, member.creator = now, actor.userid
    folder.add(str(number), member)
    folder.by_account[account.__oid__] = number
    folder.numbers[number] = account.__oid__
    if R.MEMBER not in account.roles():
        accounts.give_role(site, account, "member")
    registers.subscribe(site, member, shares, actor, now)
    return member


def leave(site: Any, member: Member, actor: Actor, now: datetime) -> None:
    """A member leaves: the shares are paid back, those that wait for their number too; votes that are open keep the voice."""
    require(P.MANAGE_MEMBERS, site["members"], actor)
    if member.left is not None:
        raise Invalid(member=_("Cette personne n’est plus sociétaire."))
    held = registers.balance(site, member)
    if held:
        registers.withdraw(site, member, held, actor, now)
    member.left = now
    site["members"].note(member)
    account = accounts.by_id(site, member.account_id)
    if account is not None:
        accounts.take_role(site, account, "member")
    notify(Changed(member))


def member_of(site: Any, actor: Actor) -> Member | None:
    """The member that somebody is, or None."""
    number = site["members"].by_account.get(actor.userid) if actor.userid is not None else None
    found: Member | None = None if number is None else site["members"].get(str(number))
    return found


def in_good_standing(site: Any) -> int:
    """How many members are in good standing."""
    return len(site["members"].standing)
