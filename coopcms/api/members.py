"""Members as JSON, for coordinators."""

from typing import Any

from pyramid.request import Request

from ..content.member import Member, Members
from ..security.permissions import P
from .base import api_view
from .lists import page_of
from .objects import described


@api_view(context=Members, request_method="GET", permission=P.READ)
def members(context: Members, request: Request) -> Any:
    """The members by number."""
    rows = [((f"{member.number:09}", member.__oid__), member_scalars(request, member)) for member in context.values()]
    return page_of(request, rows)


@api_view(context=Member, request_method="GET", permission=P.READ)
def member(context: Member, request: Request) -> dict[str, Any]:
    """One member."""
    return member_scalars(request, context)


def member_scalars(request: Request, member: Member) -> dict[str, Any]:
    """The scalar fields of a member; nothing of votes."""
    return {
        **described(request, member, "member"),
        "state": None,
        "number": member.number,
        "category": member.category,
        "joined": member.joined,
        "left": member.left,
        "shares": member.shares,
    }
