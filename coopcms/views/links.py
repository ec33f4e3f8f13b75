"""Signed links that expire."""

from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from pyramid.request import Request

from ..domain import accounts

RESET_SECONDS = 3600
INVITATION_SECONDS = accounts.INVITATION_DAYS * 24 * 3600


def invitation(request: Request, number: str) -> str:
    """The link that takes an invitation up."""
    return f"{request.application_url}/invitation/{_signer(request, 'invitation').dumps(number)}"


def read_invitation(request: Request, token: str) -> str | None:
    """The number of the invitation, or None when the link is not ours or too old."""
    number: str | None = _read(request, "invitation", token, INVITATION_SECONDS)
    return number


def reset(request: Request, account: Any) -> str:
    """The link that lets an account choose a new password; it ends with the password it was made for."""
    token = _signer(request, "reset").dumps([account.__oid__, account.epoch])
    return f"{request.application_url}/reset/{token}"


def read_reset(request: Request, token: str) -> Any:
    """The account of a reset link, or None when the link is not ours, too old or used."""
    found: Any = _read(request, "reset", token, RESET_SECONDS)
    if found is None:
        return None
    account = accounts.by_id(request.site, found[0])
    return account if account is not None and account.epoch == found[1] and not account.erased else None


def _signer(request: Request, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(request.registry.coopcms.secret, salt=f"coopcms.{purpose}")


def _read(request: Request, purpose: str, token: str, age: int) -> Any:
    try:
        return _signer(request, purpose).loads(token, max_age=age)
    except (SignatureExpired, BadSignature):
        return None
