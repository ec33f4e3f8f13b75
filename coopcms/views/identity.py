"""Who asks: the actor of a request, and the security policy that Pyramid asks."""

from datetime import UTC, datetime
from typing import Any

from pyramid.authorization import ACLHelper
from pyramid.request import Request
from pyramid.security import Allowed, Denied

from ..domain import accounts
from ..security import access
from ..security.principals import VISITOR, Actor
from ..security.roles import GLOBAL_ROLES, R
from ..web.addresses import is_api

_ACCOUNT, _NUMBER, _SEEING_AS = "account", "number", "seeing-as"


def now(request: Request) -> datetime:
    """The time of the request, the same for all that happens in it."""
    return datetime.now(UTC)


def account(request: Request) -> Any:
    """The account that is logged in, or None: from the bearer token in the API, from the session elsewhere."""
    if is_api(request):
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        return accounts.account_of_token(request.site, token.strip(), request.now) if kind.lower() == "bearer" else None
    if "session" not in request.cookies:
        return None
    session = request.session
    found = accounts.by_id(request.site, session.get(_ACCOUNT))
    open_and_kept = found is not None and accounts.is_open(found, session.get(_NUMBER)) and not found.erased
    return found if open_and_kept else None


def real_actor(request: Request) -> Actor:
    """The person, also while they look at the site as somebody else."""
    return VISITOR if request.account is None else accounts.actor_of(request.account)


def actor(request: Request) -> Actor:
    """Who acts in this request."""
    person: Actor = request.real_actor
    role = request.seeing_as
    if role is None:
        return person
    roles = {R.EVERYONE} if role == "visitor" else {R.EVERYONE, R.AUTHENTICATED, GLOBAL_ROLES[role]}
    return Actor(None, person.name, frozenset(roles), reading=True)


def seeing_as(request: Request) -> str | None:
    """The role an administrator looks with, or None."""
    if is_api(request) or request.account is None or R.ADMIN not in request.real_actor.roles:
        return None
    role = request.session.get(_SEEING_AS)
    return role if role in (*GLOBAL_ROLES, "visitor") else None


def may(request: Request, permission: str, obj: Any = None) -> bool:
    """Whether the actor has a permission on an object."""
    return access.may(permission, request.context if obj is None else obj, request.actor)


def log_in(request: Request, account: Any) -> None:
    """Open a new session for an account; nothing of the old one stays."""
    request.session.invalidate()
    request.session[_ACCOUNT] = account.__oid__
    request.session[_NUMBER] = accounts.open_session(account, request.now)


def log_out(request: Request) -> None:
    """End the session, on this side too: a copy of its cookie opens nothing any more."""
    if request.account is not None:
        accounts.close_session(request.account, request.session.get(_NUMBER))
    request.session.invalidate()


def see_as(request: Request, role: str | None) -> None:
    """Look with a role from the next request on, or stop."""
    if role is None:
        request.session.pop(_SEEING_AS, None)
    else:
        request.session[_SEEING_AS] = role


class Policy:
    """Pyramid's questions, answered by the tables of the workflows; ``sdi.*`` also asks for the administrators' role."""

    def __init__(self) -> None:
        self._acl = ACLHelper()

    def identity(self, request: Request) -> Any:
        """The actor."""
        return request.actor

    def authenticated_userid(self, request: Request) -> int | None:
        """The object id of the account, which Substance D's pages read."""
        return None if request.account is None else int(request.account.__oid__)

    def permits(self, request: Request, context: Any, permission: str) -> Allowed | Denied:
        """Whether the actor may."""
        if permission.startswith("sdi."):
            if request.seeing_as is not None or R.ADMIN not in request.real_actor.roles or is_api(request):
                return Denied("only administrators come in here")
            return self._acl.permits(context, request.effective_principals, permission)
        if access.may(permission, context, request.actor):
            return Allowed(f"{permission} is granted")
        return Denied(f"{permission} is not granted")

    def remember(self, request: Request, userid: Any, **kw: Any) -> list[tuple[str, str]]:
        """Logging in is ``log_in``; Substance D's own way in is closed."""
        raise NotImplementedError

    def forget(self, request: Request, **kw: Any) -> list[tuple[str, str]]:
        """End the session; the cookie that says so is set by the session itself."""
        log_out(request)
        return []


def effective_principals(request: Request) -> list[Any]:
    """Principals as Substance D's pages and indexes expect them, once a request."""
    person = request.real_actor
    return [str(role) for role in person.roles] + ([] if person.userid is None else [person.userid])


def includeme(config: Any) -> None:
    """Properties of the request and the policy."""
    for name, function in (
        ("now", now),
        ("account", account),
        ("real_actor", real_actor),
        ("actor", actor),
        ("seeing_as", seeing_as),
        ("effective_principals", effective_principals),
    ):
        config.add_request_method(function, name, reify=True)
    config.add_request_method(may, "may")
    config.set_security_policy(Policy())
