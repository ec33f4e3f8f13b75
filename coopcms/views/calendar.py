"""One's deadlines as a feed that calendars subscribe to (RFC 5545)."""

import hashlib
import hmac
from typing import Any

from icalendar import Calendar, Event
from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config

from ..content.site import Site
from ..domain import accounts
from ..domain.deadlines import deadlines
from ..domain.errors import Forbidden
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from .addresses import url
from .base import Views
from .translating import translate


def key_of(request: Any, account: Any) -> str:
    """The key in the address of somebody's feed: calendars cannot log in.  A new number makes a new one."""
    text = f"calendar:{account.__oid__}:{account.calendar}".encode()
    sign = hmac.new(request.registry.coopcms.secret.encode(), text, hashlib.sha256).hexdigest()[:40]
    return f"{account.__oid__ & 0xFFFFFFFFFFFFFFFF:x}-{sign}"


def _account(request: Any, key: str) -> Any:
    """Whose key this is.

    :raises HTTPNotFound: nobody's, or one that was ended
    """
    number, _dash, _sign = key.partition("-")
    try:
        oid = int(number, 16)
    except ValueError:
        raise HTTPNotFound() from None
    oid -= (1 << 64) if oid >= 1 << 63 else 0
    account = accounts.by_id(request.site, oid) if -(1 << 63) <= oid < 1 << 63 else None
    if (
        account is None
        or account.erased
        or not account.calendar
        or not hmac.compare_digest(key_of(request, account), key)
    ):
        raise HTTPNotFound()
    return account


@view_config(context=Site, name="deadlines.ics", permission=P.VIEW, request_method="GET")
def feed(context: Site, request: Any) -> Response:
    """The feed of whoever the key belongs to; it says what the worklist says, in the language of the account."""
    account = _account(request, readable.word(request.GET, "key"))
    request.locale_name = account.language or "fr"
    calendar = Calendar()
    calendar.add("prodid", "-//coopcms//deadlines//FR")
    calendar.add("version", "2.0")
    name = translate(_("Mes échéances"))
    calendar.add("x-wr-calname", f"{request.registry.coopcms.title} – {name}")
    calendar.add("refresh-interval;value=duration", "PT6H")
    for one in deadlines(request.site, accounts.actor_of(account), request.now):
        event = Event()
        event.add("uid", f"{one.key}@{request.host}")
        event.add("dtstamp", request.now)
        # Without an end it takes that day (RFC 5545, 3.6.1); the day after the last one there is could not be said.
        event.add("dtstart", one.day)
        event.add("summary", translate(one.title))
        event.add("url", request.host_url + url(request, one.target, one.view))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    response = Response(calendar.to_ical(), content_type="text/calendar", charset="utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@view_config(context=Site, name="calendar", permission=P.USE_ACCOUNT, renderer="templates/account/calendar.pt")
class CalendarViews(Views):
    """``calendar``: the address of one's feed, made, renewed or ended by hand."""

    def __call__(self) -> Any:
        """The deadlines as a list, and the address for a calendar."""
        request, me = self.request, self.request.account
        if request.seeing_as:
            raise Forbidden("the account of a role does not exist")
        if request.method == "POST":
            accounts.set_calendar(me, "end" not in request.POST)
            self.say(
                _("L’adresse est fermée : les agendas n’y lisent plus rien.")
                if "end" in request.POST
                else _("Voici l’adresse de votre agenda.")
            )
            return self.go(self.context, "calendar")
        address = None
        if me.calendar:
            address = f"{request.host_url}{url(request, self.context, 'deadlines.ics')}?key={key_of(request, me)}"
        return {
            "title": _("Mes échéances"),
            "crumbs": [{"href": url(request, self.context, "tasks"), "title": _("Ce qui m’attend")}],
            "deadlines": deadlines(request.site, request.actor, request.now),
            "address": address,
        }
