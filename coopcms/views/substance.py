"""Substance D on Pyramid 2.1, with its gaps closed (docs/adr/0001)."""

from typing import Any

import transaction
from pyramid.csrf import check_csrf_token
from pyramid.events import ContextFound


class CheckCSRF:
    """The view predicate that Pyramid 2 removed and Substance D still names."""

    def __init__(self, value: Any, config: Any) -> None:
        self.value = bool(value)

    def text(self) -> str:
        """How the predicate is shown."""
        return f"check_csrf = {self.value}"

    phash = text

    def __call__(self, context: Any, request: Any) -> bool:
        """Whether the request brings the token."""
        return not self.value or bool(check_csrf_token(request, raises=False))


def annotate(event: ContextFound) -> None:
    """Say on the transaction who wrote; a view that must not leave that (casting a ballot) clears it."""
    request = event.request
    if request.method not in ("GET", "HEAD") and request.account is not None:
        transaction.get().user = str(request.account.__oid__)


def refused(request: Any, response: Any) -> bool:
    """Whether an answer says that nothing was done: 4xx and 5xx."""
    return bool(response.status_int >= 400)


def site(request: Any) -> Any:
    """The root of the tree."""
    from pyramid_zodbconn import get_connection

    return get_connection(request).root()["app_root"]


def includeme(config: Any) -> None:
    """Include Substance D, then override."""
    config.add_view_predicate("check_csrf", CheckCSRF)
    # An answer that refuses leaves nothing behind, whatever was written before somebody noticed.
    config.add_settings({"tm.commit_veto": refused})
    config.include("pyramid_tm")
    config.include("pyramid_retry")
    config.include("substanced")
    # What follows replaces parts of it: without this commit Pyramid would see conflicts.
    config.commit()
    config.add_request_method(site, "site", reify=True)
    config.add_subscriber(annotate, ContextFound)
