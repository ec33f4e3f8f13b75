"""Lists, read page by page.

A cursor says after which item the next page begins: its place in the order and its object id.  Pages neither repeat nor leave out
an item when others come or go meanwhile.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from pyramid.request import Request

from ..catalog import queries
from ..content.audit import Audits
from ..content.certificate import Certificates
from ..content.company import Companies, Company
from ..content.file import Files
from ..content.french import sort_key
from ..content.specification import Specifications
from ..i18n import _
from ..security.permissions import P
from ..views.errors import answer
from ..web import readable
from ..workflows.conditions import company_of
from .audits import audit_scalars
from .base import api_view
from .certificates import certificate_scalars
from .objects import company_scalars, file_scalars, shown_files, shown_specifications, specification_scalars

PAGE = 50  #: items a page, unless ``limit`` says otherwise
MOST = 200

Place = tuple[str, int]


class WrongCursor(Exception):
    """A cursor that this list never gave."""


@api_view(context=Companies, request_method="GET", permission=P.VIEW)
def companies(context: Companies, request: Request) -> Any:
    """The companies one may see, by title, filtered as in the directory."""
    given = request.GET
    try:
        after, limit = _wanted(request)
    except WrongCursor:
        return _refuse(request)
    found = queries.companies(
        request.site,
        request.actor,
        states=readable.words(given, "state"),
        sector=readable.word(given, "sector"),
        region=readable.word(given, "region"),
        text=readable.word(given, "text"),
        after=after,
        limit=limit + 1,
    )
    last = found.items[limit - 1] if len(found.items) > limit else None
    return {
        "items": [company_scalars(request, company) for company in found.items[:limit]],
        "next": None if last is None else _next(request, (sort_key(last.title), last.__oid__)),
        "total": found.total,
    }


@api_view(context=Specifications, request_method="GET", permission=P.READ)
def specifications(context: Specifications, request: Request) -> Any:
    """The specifications of a company, each with what it answers for, by name."""
    shown = shown_specifications(request, context.__parent__)
    rows = [
        ((str(specification.__name__), specification.__oid__), specification_scalars(request, specification, version))
        for specification, version in shown
    ]
    return page_of(request, rows)


@api_view(context=Files, request_method="GET", permission=P.READ)
def files(context: Files, request: Request) -> Any:
    """The documents of a company that one may see, by name."""
    rows = [
        ((str(file.__name__), file.__oid__), file_scalars(request, file))
        for file in shown_files(request, context.__parent__)
    ]
    return page_of(request, rows)


@api_view(context=Audits, request_method="GET", permission=P.READ)
@api_view(context=Company, name="audits", request_method="GET", permission=P.READ)
def audits(context: Audits | Company, request: Request) -> Any:
    """The audits of a company that one may know of, by name; there is no folder of them before the first."""
    given = request.GET
    wanted: dict[str, set[Any]] = {
        "state": set(readable.words(given, "state")),
        "level": readable.numbers(given, "level"),
    }
    rows = [
        ((str(audit.__name__), audit.__oid__), audit_scalars(request, audit))
        for audit in company_of(context).audits()
        if all(not values or getattr(audit, name) in values for name, values in wanted.items())
        and request.may(P.VIEW, audit)
    ]
    return page_of(request, rows)


@api_view(context=Certificates, request_method="GET", permission=P.VIEW)
@api_view(context=Company, name="certificates", request_method="GET", permission=P.VIEW)
def certificates(context: Certificates | Company, request: Request) -> Any:
    """The certificates of a company, by number; there is no folder of them before the first."""
    rows = [
        ((str(certificate.__name__), certificate.__oid__), certificate_scalars(request, certificate))
        for certificate in company_of(context).certificates()
        if request.may(P.VIEW, certificate)
    ]
    return page_of(request, rows)


def page_of(request: Request, rows: Sequence[tuple[Place, dict[str, Any]]]) -> Any:
    """A page of a list that is short enough to be at hand as a whole."""
    try:
        after, limit = _wanted(request)
    except WrongCursor:
        return _refuse(request)
    rest = sorted((row for row in rows if after is None or row[0] > after), key=lambda row: row[0])
    return {
        "items": [item for _place, item in rest[:limit]],
        "next": _next(request, rest[limit - 1][0]) if len(rest) > limit else None,
        "total": len(rows),
    }


def _wanted(request: Request) -> tuple[Place | None, int]:
    """After which place, and how many at most.

    :raises WrongCursor: the cursor is none of ours
    """
    cursor, limit = request.GET.get("cursor"), readable.whole(request.GET, "limit", PAGE, least=1, most=MOST)
    return None if cursor is None else read_cursor(cursor), limit


def make_cursor(place: Place) -> str:
    """A place in a list as a word for addresses."""
    text = json.dumps(place, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Place:
    """The place a cursor stands for.

    >>> read_cursor(make_cursor(("ferme", 7)))
    ('ferme', 7)

    :raises WrongCursor: it is none of ours
    """
    try:
        key, oid = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        key.encode()  # half a character compares with nothing
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise WrongCursor(cursor) from None
    # An object id, or the key of a comment, which is a number of 64 bits without a sign.
    if not isinstance(key, str) or type(oid) is not int or not -(2**63) <= oid < 2**64:
        raise WrongCursor(cursor)
    return key, oid


def _next(request: Request, place: Place) -> str:
    query = [(name, value) for name, value in request.GET.items() if name != "cursor"]
    return f"{request.path_url}?{urlencode([*query, ('cursor', make_cursor(place))])}"


def _refuse(request: Request) -> Any:
    return answer(
        request,
        400,
        title=_("Cette demande n’est pas valable"),
        sentence=_("« cursor » n’est pas une suite de cette liste : reprenez-la depuis le début, ou suivez « next »."),
        field="cursor",
    )
