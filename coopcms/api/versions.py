"""Which version a specification answers for, to one reader."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request

from ..content.specification import Specification
from ..security.permissions import P


def seen_versions(request: Request, specification: Specification) -> list[Any]:
    """Its versions that the reader may see, oldest first."""
    return [version for version in specification.versions() if request.may(P.VIEW, version)]


def shown_version_or_none(request: Request, specification: Specification) -> Any:
    """The version in force, else the newest that the reader may see, or None."""
    current = specification.current()
    if current is not None and request.may(P.VIEW, current):
        return current
    seen = seen_versions(request, specification)
    return seen[-1] if seen else None


def shown_version(request: Request, specification: Specification) -> Any:
    """The same; 404 when the reader sees none.

    :raises HTTPNotFound: there is none for this reader
    """
    found = shown_version_or_none(request, specification)
    if found is None:
        raise HTTPNotFound()
    return found
