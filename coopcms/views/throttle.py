"""How often one may try: counted by address and, for log-ins, by account, in this process."""

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pyramid.request import Request

from ..text import folded

QUARTER = 15  #: minutes


def _limiter(request: Request) -> MovingWindowRateLimiter:
    registry = request.registry
    if not hasattr(registry, "coopcms_limiter"):
        registry.coopcms_limiter = MovingWindowRateLimiter(MemoryStorage())
    found: MovingWindowRateLimiter = registry.coopcms_limiter
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
    return not all(_limiter(request).test(limit, "login", *key) for key in _login_keys(request, login))


def count_login(request: Request, login: str) -> None:
    """Count one that failed."""
    limit = RateLimitItemPerMinute(request.registry.coopcms.logins_per_quarter, QUARTER)
    for key in _login_keys(request, login):
        _limiter(request).hit(limit, "login", *key)


def forget_logins(request: Request, login: str) -> None:
    """Forget those of an account that got in."""
    limit = RateLimitItemPerMinute(request.registry.coopcms.logins_per_quarter, QUARTER)
    _limiter(request).clear(limit, "login", "account", folded(login))


def too_many_comments(request: Request) -> bool:
    """Count a comment, and say whether this account sent too many in the last hour."""
    limit = RateLimitItemPerHour(request.registry.coopcms.forms_per_hour)
    return not _limiter(request).hit(limit, "comment", str(request.actor.userid))


def too_many_forms(request: Request) -> bool:
    """Count a public form, and say whether this address sent too many in the last hour."""
    limit = RateLimitItemPerHour(request.registry.coopcms.forms_per_hour)
    return not _limiter(request).hit(limit, "form", address(request))
