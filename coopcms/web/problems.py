"""Requests that are refused: the status, and a sentence for people, which pages and API show each in their own form."""

from typing import Any

from pyramid.httpexceptions import HTTPException, exception_response

from ..i18n import _

NOT_VALID = _("Cette demande n’est pas valable")


def refused(status: int, sentence: str, *, heading: str = NOT_VALID, **extra: Any) -> HTTPException:
    """The exception that ends a request with this status; ``extra`` goes into the answer of the API, such as ``field``."""
    error = exception_response(status)
    error.sentence, error.heading, error.extra = sentence, heading, extra
    return error


def not_allowed(methods: tuple[str, ...], sentence: str) -> HTTPException:
    """405, with the methods that are possible in ``Allow``."""
    error = refused(405, sentence, heading=_("Cette demande n’est pas possible ici"))
    error.headers["Allow"] = ", ".join(methods)
    return error
