"""The share register: requests queue up without conflict, one writer gives them their numbers."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..content.member import Member
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from .errors import Invalid
from .permission import require

#: What a line may be.
KINDS = ("subscription", "withdrawal")
MOST_SHARES = 100_000


def check_number(shares: int) -> None:
    """How many shares can be asked for at once.

    :raises Invalid: not that many
    """
    if not 1 <= shares <= MOST_SHARES:
        raise Invalid(shares=_("Le nombre de parts va de 1 à ${most}.", mapping={"most": MOST_SHARES}))


def subscribe(site: Any, member: Member, shares: int, actor: Actor, now: datetime, *, key: str | None = None) -> str:
    """Ask for shares for a member, at one euro each, and return the key of the request.  The line is numbered by the next tick.

    A request with a key that was used already is not taken twice.

    :raises Invalid: the number of shares makes no sense
    """
    require(P.MANAGE_MEMBERS, site["members"], actor)
    check_number(shares)
    return _queue(site, member, shares, "subscription", now, key)


def withdraw(site: Any, member: Member, shares: int, actor: Actor, now: datetime, *, key: str | None = None) -> str:
    """Ask to pay back shares of a member; as many as there are at most.

    :raises Invalid: the member does not hold as many
    """
    require(P.MANAGE_MEMBERS, site["members"], actor)
    if not 1 <= shares <= balance(site, member):
        raise Invalid(shares=_("Ce sociétaire ne détient pas autant de parts."))
    return _queue(site, member, -shares, "withdrawal", now, key)


def balance(site: Any, member: Member) -> int:
    """How many shares a member will hold when all that waits has its number."""
    waiting = sum(r["shares"] for _key, r in site.share_register.waiting() if r["holder"] == member.number)
    return int(member.shares + waiting)


def _queue(site: Any, member: Member, shares: int, kind: str, now: datetime, key: str | None) -> str:
    register = site.share_register
    key = key or secrets.token_hex(16)
    if key not in register.keys and key not in register.shard(key):
        register.shard(key)[key] = {"when": now, "holder": member.number, "shares": shares, "kind": kind}
    return key


def number_waiting(site: Any, now: datetime) -> int:
    """Give what waits its numbers, oldest first, and return how many lines came: the one writer is the clock."""
    register, members, count = site.share_register, site["members"], 0
    for key, request in list(register.waiting()):
        del register.shard(key)[key]
        if key in register.keys:
            continue
        number = register.last()[0] + 1
        register.lines[number] = {**request, "number": number, "recorded": now, "key": key}
        register.keys[key] = number
        member = members[str(request["holder"])]
        member.shares += request["shares"]
        members.note(member)
        count += 1
    return count


def capital(site: Any) -> int:
    """The capital in euros: the sum of the register, always."""
    return sum(line["shares"] for line in site.share_register.lines.values())


def problems(site: Any) -> Iterator[str]:
    """Everything in which register and members do not agree."""
    register = site.share_register
    if list(register.lines) != list(range(1, len(register.lines) + 1)):
        yield "the share register has a gap"
    balances: dict[int, int] = {}
    for number, line in register.lines.items():
        balances[line["holder"]] = balances.get(line["holder"], 0) + line["shares"]
        if balances[line["holder"]] < 0:
            yield f"line {number} of the share register takes more shares than its holder has"
        if register.keys.get(line["key"]) != number or line["number"] != number:
            yield f"line {number} of the share register is not the one its request became"
    for member in site["members"].values():
        if member.left is not None and balance(site, member) != 0:
            yield f"member {member.number} left and still holds shares"
        if member.shares != balances.pop(member.number, 0):
            yield f"member {member.number} holds {member.shares} shares, the register says otherwise"
    standing = {member.account_id for member in site["members"].values() if member.in_good_standing}
    if set(site["members"].standing) != standing:
        yield "the list of members in good standing is not what the members say"
    for holder in balances:
        yield f"the share register names member {holder}, who is not there"
