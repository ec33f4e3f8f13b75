"""How often one may try: counted by address and, for log-ins, by account, in this process."""

import threading

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pyramid.request import Request

from ..text import folded

QUARTER = 15  #: minutes


#: Names that are remembered before those without a recent try are forgotten.
MOST = 20_000
_opening = threading.Lock()


class _Counts:
    """The tries of one application.  One thread at a time: the storage loses a name that another one clears meanwhile."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._lock = threading.Lock()

    def test(self, limit: RateLimitItem, *key: str) -> bool:
        """Whether there may be one more."""
        with self._lock:
            return self._limiter.test(limit, *key)

    def hit(self, limit: RateLimitItem, *key: str) -> bool:
        """Count one; whether there might be one more."""
        with self._lock:
            self._forget_idle()
            return self._limiter.hit(limit, *key)

    def clear(self, limit: RateLimitItem, *key: str) -> None:
        """Forget those of a name."""
        with self._lock:
            self._limiter.clear(limit, *key)

    def _forget_idle(self) -> None:
        # The storage empties what has expired, and keeps the names.
        events = self._storage.events
        if len(events) > MOST:
            for name in [name for name, times in list(events.items()) if not times]:
                events.pop(name, None)


def _counts(request: Request) -> _Counts:
    registry = request.registry
    with _opening:
        if not hasattr(registry, "coopcms_limiter"):
            registry.coopcms_limiter = _Counts()
        found: _Counts = registry.coopcms_limiter
    return found


def address(request: Request) -> str:
    """The address of the reader; behind a trusted proxy the one it names."""
    if request.registry.coopcms.trusted_proxy:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded:
            return str(forwarded.rsplit(",", 1)[-1].strip())
    return request.remote_addr or ""


def _login_keys(request: Request, login: str) -> tuple[tuple[str, str], ...]:
    return (("address", address(request)), ("account", folded(login)))


def too_many_logins(request: Request, login: str) -> bool:
    """Whether this address or this account failed too often in the last quarter of an hour."""
    limit = RateLimitItemPerMinute(request.registry.coopcms.logins_per_quarter, QUARTER)
    return not all(_counts(request).test(limit, "login", *key) for key in _login_keys(request, login))


def count_login(request: Request, login: str) -> None:
    """Count one that failed."""
    limit = RateLimitItemPerMinute(request.registry.coopcms.logins_per_quarter, QUARTER)
    for key in _login_keys(request, login):
        _counts(request).hit(limit, "login", *key)


def forget_logins(request: Request, login: str) -> None:
    """Forget those of an account that got in."""
    limit = RateLimitItemPerMinute(request.registry.coopcms.logins_per_quarter, QUARTER)
    _counts(request).clear(limit, "login", "account", folded(login))


def too_many_comments(request: Request) -> bool:
    """Count a comment, and say whether this account sent too many in the last hour."""
    limit = RateLimitItemPerHour(request.registry.coopcms.forms_per_hour)
    return not _counts(request).hit(limit, "comment", str(request.actor.userid))


def too_many_forms(request: Request) -> bool:
    """Count a public form, and say whether this address sent too many in the last hour."""
    limit = RateLimitItemPerHour(request.registry.coopcms.forms_per_hour)
    return not _counts(request).hit(limit, "form", address(request))
