"""Mails with a link that opens a door: written in the request that causes them, delivered right after its commit."""

import secrets
from datetime import timedelta
from typing import Any

from ..domain import accounts, outbox
from . import delivery

#: How long the link to a new password is good.
RESET = timedelta(hours=1)


def invitation(request: Any, email: str, company: str, link: str) -> None:
    """Invite somebody to the dossier of a company."""
    _invite(request, "invitation", email, link, company=company)


def audit_invitation(request: Any, email: str, body: str, link: str) -> None:
    """Invite somebody to audit for an accredited body."""
    _invite(request, "audit_invitation", email, link, body=body)


def new_password(request: Any, account: Any, link: str) -> None:
    """Send the link that lets somebody choose a new password."""
    _send(request, "new_password", link, RESET, account=account, facts={})


def _invite(request: Any, kind: str, email: str, link: str, **named: str) -> None:
    facts = {"inviter": request.actor.name, **named}
    ends = timedelta(days=accounts.INVITATION_DAYS)
    _send(request, kind, link, ends, to=email, facts=facts)


def _send(request: Any, kind: str, link: str, good_for: timedelta, **given: Any) -> None:
    # Each link is a fact of its own: who asks twice gets two.
    letter = outbox.post(
        request.site,
        kind,
        (kind, secrets.token_hex(16)),
        request.now,
        path=link.removeprefix(request.application_url),
        base=request.application_url,
        good_until=request.now + good_for,
        **given,
    )
    if letter is not None:
        delivery.after_commit(request.registry, letter, request.now)
