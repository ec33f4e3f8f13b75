"""Verbs on accounts: making them, logging in, invitations, new passwords, bearer tokens."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from BTrees import family64
from substanced.objectmap import find_objectmap

from ..catalog.queries import account_by_email
from ..content import readers
from ..content.account import Account, waste_time
from ..content.body import Body
from ..content.checks import too_long
from ..content.company import Company
from ..content.fields import LONGEST_PASSWORD
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import GLOBAL_ROLES, R, group_of
from ..text import folded, one_line, says_something
from ..text import password as compose_password
from . import bodies, companies
from .errors import Forbidden, Invalid
from .permission import require

#: How long what was handed out stays good.
TOKEN_DAYS = 30
INVITATION_DAYS = 14
#: The same invitation within this time is the same form, sent twice.
INVITED_AGAIN = timedelta(hours=1)
SHORTEST_PASSWORD = 12
LONGEST_NAME = 80
_LOGIN = re.compile(r"[a-z0-9_.@+\-]{1,80}")
_NO_LOGIN = re.compile(r"[^a-z0-9_.@+\-]")


def create(site: Any, login: str, title: str, email: str = "", password: str | None = None) -> Account:
    """Make an account.

    :raises Invalid: the login or the address is taken or cannot be one
    """
    login = check_login(site, login)
    try:
        address = readers.email(email) if says_something(email) else ""
    except readers.Unreadable as unreadable:
        raise Invalid(email=unreadable.sentence) from None
    if account_by_email(site, address) is not None:
        raise Invalid(email=_("Un compte existe déjà avec cette adresse."))
    account = Account(password, address)
    account.title = _name(title) or login
    site["principals"]["users"].add(login, account)
    return account


def _name(title: str) -> str:
    """A name that others see.

    :raises Invalid: it is too long
    """
    name = one_line(title)
    if len(name) > LONGEST_NAME:
        raise Invalid(name=too_long(len(name), LONGEST_NAME))
    return name


def check_login(site: Any, login: str, own: str | None = None) -> str:
    """A log-in as it is stored: folded, so that nobody is called like somebody else in other letters.

    :raises Invalid: it is taken, by another than ``own``, or has signs that do not go into an address
    """
    login = folded(login)
    if not _LOGIN.fullmatch(login):
        raise Invalid(login=_("Des lettres sans accent, des chiffres et . @ + - _ : 80 au plus."))
    principals = site["principals"]
    if login != own and (login in principals["users"] or login in principals["groups"]):
        raise Invalid(login=_("Cet identifiant est déjà pris."))
    return login


def login_for(site: Any, address: str) -> str:
    """A log-in that is free, like an address of mail: not all that goes into an address of mail goes into one of a page."""
    plain = _NO_LOGIN.sub("-", folded(address))[:70]
    taken = site["principals"]
    return next(
        login
        for login in (plain, *(f"{plain}-{number}" for number in range(2, 10_000)))
        if login not in taken["users"] and login not in taken["groups"]
    )


def give_role(site: Any, account: Account, role: str) -> None:
    """Let an account hold a role everywhere.

    :raises Invalid: there is no such role
    """
    if role not in GLOBAL_ROLES:
        raise Invalid(role=_("Les rôles sont : ${roles}.", mapping={"roles": ", ".join(GLOBAL_ROLES)}))
    site["principals"]["groups"][group_of(role)].memberids.connect([account])


def take_role(site: Any, account: Account, role: str) -> None:
    """Let an account hold a role no more."""
    if role not in GLOBAL_ROLES:
        raise Invalid(role=_("Les rôles sont : ${roles}.", mapping={"roles": ", ".join(GLOBAL_ROLES)}))
    site["principals"]["groups"][group_of(role)].memberids.disconnect([account])


def set_password(account: Account, password: str, again: str | None = None) -> None:
    """Take a new password.

    :raises Invalid: it is too short, or was not repeated alike
    """
    check_new_password(password, again)
    account.set_password(password)


def check_new_password(password: str, again: str | None = None) -> None:
    """Whether a password can be taken: length, and no other rules (NIST SP 800-63B, 5.1.1.2).

    :raises Invalid: it is too short or too long, cannot be read, or was not repeated alike
    """
    messages = _wrong_password(password)
    if again is not None and again != password:
        messages["again"] = _("Les deux mots de passe diffèrent : tapez le même deux fois.")
    if messages:
        raise Invalid(**messages)


def _wrong_password(password: str) -> dict[str, str]:
    try:
        composed = compose_password(password)
        composed.encode()
    except UnicodeEncodeError:
        return {"password": _("Ce mot de passe contient un signe qui ne peut pas être lu.")}
    count = len(composed)
    if count < SHORTEST_PASSWORD:
        least = {"least": SHORTEST_PASSWORD}
        return {"password": _("${least} caractères au moins : une phrase se retient mieux qu’un mot.", mapping=least)}
    if count > LONGEST_PASSWORD:
        return {"password": too_long(count, LONGEST_PASSWORD)}
    return {}


def actor_of(account: Account) -> Actor:
    """The actor that an account is."""
    roles = frozenset({R.EVERYONE, R.AUTHENTICATED}) | account.roles()
    return Actor(account.__oid__, account.title or account.__name__, roles)


def by_login(site: Any, login: str) -> Account | None:
    """The account of that login or address."""
    typed, login = one_line(login), folded(login)
    users = site["principals"]["users"]
    # As typed, for log-ins from before they were folded.
    found = users.get(typed) or users.get(login) or (account_by_email(site, login) if "@" in login else None)
    return found if isinstance(found, Account) and not found.erased else None


def by_id(site: Any, userid: int | None) -> Account | None:
    """The account of that object id."""
    if userid is None:
        return None
    found = find_objectmap(site).object_for(userid)
    return found if isinstance(found, Account) else None


def authenticate(site: Any, login: str, password: str) -> Account | None:
    """The account, when login and password match; takes as long when they do not."""
    account = by_login(site, login)
    if account is None:
        waste_time(password)
        return None
    return account if account.check_password(password) else None


def open_session(account: Account, now: datetime) -> str:
    """Open a session and return its number; those that nobody closed are forgotten after a while."""
    if account.sessions is None:
        account.sessions = family64.OO.BTree()
    for number, opened in list(account.sessions.items()):
        if opened <= now - timedelta(days=TOKEN_DAYS):
            del account.sessions[number]
    number = secrets.token_urlsafe(16)
    account.sessions[number] = now
    return number


def is_open(account: Account, number: str | None) -> bool:
    """Whether a session is open."""
    return number is not None and account.sessions is not None and number in account.sessions


def close_session(account: Account, number: str | None) -> None:
    """Close a session: nobody gets in with its cookie any more."""
    if is_open(account, number):
        del account.sessions[number]


def issue_token(site: Any, account: Account, now: datetime) -> str:
    """A bearer token for the API; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    site.tokens[_hash(token)] = (account.__oid__, account.epoch, now + timedelta(days=TOKEN_DAYS))
    return token


def account_of_token(site: Any, token: str, now: datetime) -> Account | None:
    """The account a bearer token stands for, or None when it ended."""
    found = site.tokens.get(_hash(token))
    if found is None or found[2] <= now:
        return None
    account = by_id(site, found[0])
    return account if account is not None and account.epoch == found[1] and not account.erased else None


def end_token(site: Any, token: str) -> None:
    """End a bearer token; one that ended already is no error."""
    site.tokens.pop(_hash(token), None)


def invite(
    site: Any,
    email: str,
    actor: Actor,
    now: datetime,
    *,
    company: Company | None = None,
    body: Body | None = None,
    title: str = "",
) -> str:
    """Record an invitation and return its number.

    Sent twice within an hour it is one invitation; ``is_new`` tells whether there is a mail to send.

    It is one to staff of ``company``, to auditors of the accredited ``body``, or to make the draft of a company named ``title``.

    :raises Forbidden: the actor may not invite here
    """
    place = company if body is None else body
    _require_inviting(site, place, actor)
    made = {
        "email": folded(email),
        "company": None if company is None else company.__oid__,
        "body": None if body is None else body.__oid__,
        "title": one_line(title) if place is None else place.title,
        "by": actor.userid,
        "made": now,
        "ends": now + timedelta(days=INVITATION_DAYS),
    }
    for number, other in site.invitations.items():
        if now - other["made"] < INVITED_AGAIN and {**made, "made": 0, "ends": 0} == {**other, "made": 0, "ends": 0}:
            return str(number)
    number = secrets.token_urlsafe(16)
    site.invitations[number] = made
    return number


def is_new(site: Any, number: str, now: datetime) -> bool:
    """Whether an invitation was made at this very moment, and not by an earlier sending of the same form."""
    return bool(site.invitations[number]["made"] == now)


def takes_link(account: Account, now: datetime) -> bool:
    """Whether to send a link for a new password: not when one left within the last minute, as a double click asks for two."""
    if account.link_sent_at is not None and now - account.link_sent_at < timedelta(minutes=1):
        return False
    account.link_sent_at = now
    return True


def invitation(site: Any, number: str, now: datetime) -> dict[str, Any] | None:
    """An invitation that is still good, or None."""
    found: dict[str, Any] | None = site.invitations.get(number)
    return found if found is not None and found["ends"] > now else None


def _require_inviting(site: Any, place: Company | Body | None, actor: Actor) -> None:
    """Whether somebody invites to a company, to a body, or, without either, companies themselves."""
    if place is None:
        require(P.INVITE_COMPANY, site["companies"], actor)
    else:
        require(P.MANAGE_BODIES if isinstance(place, Body) else P.INVITE_STAFF, place, actor)


def _place_id(found: dict[str, Any]) -> int | None:
    """The object id of the company or body that an invitation leads to, None when the company is still to be made."""
    # Invitations of before there were bodies do not speak of any.
    place: int | None = found["company"] if found.get("body") is None else found["body"]
    return place


def invites_auditor(found: dict[str, Any]) -> bool:
    """Whether an invitation is one to audit for an accredited body."""
    return found.get("body") is not None


def pending_invitations(
    site: Any, now: datetime, place: Company | Body | None = None
) -> list[tuple[str, dict[str, Any]]]:
    """The invitations that nobody took up yet: to one company or body, or to make new companies."""
    wanted = None if place is None else place.__oid__
    return [(n, i) for n, i in site.invitations.items() if _place_id(i) == wanted and i["ends"] > now]


def revoke_invitation(site: Any, number: str, actor: Actor) -> None:
    """Take an invitation back."""
    found = site.invitations.get(number)
    if found is None:
        return
    wanted = _place_id(found)
    _require_inviting(site, None if wanted is None else find_objectmap(site).object_for(wanted), actor)
    del site.invitations[number]


def accept_invitation(site: Any, number: str, account: Account, now: datetime) -> Company | Body:
    """Take up an invitation: the account becomes an auditor, or staff; a draft of the company is made if there is none.

    :raises Forbidden: the invitation ended, was used or taken back
    """
    found = invitation(site, number, now)
    if found is None:
        raise Forbidden("the invitation ended")
    wanted = _place_id(found)
    place: Company | Body | None
    if wanted is None:
        inviter = by_id(site, found["by"])
        if inviter is None:
            raise Forbidden("who invited is gone")
        place = companies.create(site, found["title"], actor_of(inviter), now)
    else:
        place = find_objectmap(site).object_for(wanted)
    if place is None:
        raise Forbidden("what was invited to is gone")
    if isinstance(place, Body):
        bodies.add_auditor(place, account.__oid__)
    else:
        companies.add_staff(place, account.__oid__)
    del site.invitations[number]
    return place


def rename(account: Account, title: str, language: str | None) -> None:
    """Change the name people see and the language of pages and mail."""
    account.title = _name(title) or account.title
    account.language = language
    notify(Changed(account))


def choose_mail(account: Account, off: Iterable[str]) -> None:
    """Write down which groups of mails are not wanted; the others are, also those that come with a later version."""
    account.mail_off = tuple(off)


def forget_ended(site: Any, now: datetime) -> int:
    """Remove tokens and invitations that ended; returns how many."""
    tokens = [key for key, (_oid, _epoch, ends) in site.tokens.items() if ends <= now]
    invitations = [number for number, found in site.invitations.items() if found["ends"] <= now]
    for key in tokens:
        del site.tokens[key]
    for number in invitations:
        del site.invitations[number]
    return len(tokens) + len(invitations)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def set_calendar(account: Account, on: bool) -> None:
    """Make a new address for the feed of one's deadlines – the one before ends –, or end it."""
    if on:
        account.calendars += 1
        account.calendar = account.calendars
    else:
        account.calendar = 0
