"""Paths of the site: which part they belong to, and the one way to send somebody elsewhere."""

import re
from urllib.parse import quote

from pyramid.httpexceptions import HTTPException, HTTPSeeOther
from pyramid.request import Request

API = "/api/v1"
#: The management interface, and the styles and scripts of Substance D and deform.
_MANAGE = ("/manage/", "/deformstatic/", "/sdistatic/")
#: A path of this site: no host (``//x``, and browsers read ``/\\x`` alike), nothing that could end a header.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f-\x9f]*")
#: What has a meaning in an address (RFC 3986) and stays as it is; all else is written in percent signs.
_SAFE = "/%:?#[]@!$&'()*+,;=~"
LONGEST = 8_000  #: characters of an address to go to


def is_api(request: Request) -> bool:
    """Whether the request is one of the API."""
    path: str = request.path_info
    return path == API or path.startswith(f"{API}/")


def is_manage(request: Request) -> bool:
    """Whether the request is for the management interface."""
    path: str = request.path_info
    return path == "/manage" or path.startswith(_MANAGE)


def local_path(request: Request, wanted: str) -> str:
    """A path of this site to go back to, in ASCII; anything else becomes the home page (no open redirect).

    >>> from pyramid.testing import DummyRequest
    >>> local_path(DummyRequest(script_name=""), "/companies?text=été")
    '/companies?text=%C3%A9t%C3%A9'
    >>> local_path(DummyRequest(script_name=""), "//elsewhere.example")
    '/'
    """
    if len(wanted) > LONGEST or not _LOCAL.fullmatch(wanted):
        return f"{request.script_name}/"
    return quote(wanted, safe=_SAFE, errors="replace")


def way_back(request: Request, default: str = "/") -> str:
    """Where ``next`` says that the reader came from, if that is a path of this site."""
    wanted = request.params.get("next", default)
    return local_path(request, wanted if isinstance(wanted, str) else default)


def redirect(request: Request, wanted: str, kind: type[HTTPException] = HTTPSeeOther) -> HTTPException:
    """An answer that leads to a path of this site; every ``Location`` of ours that is no ``@id`` is made here."""
    return kind(local_path(request, wanted))
