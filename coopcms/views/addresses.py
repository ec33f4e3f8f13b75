"""Addresses of objects, and of places where something can be mended."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from pyramid.request import Request

from ..workflows.model import Missing

_quoted = lru_cache(maxsize=16_384)(quote)


def path_of(obj: Any) -> str:
    """The path of an object in the tree: "/companies/x", "" for the root."""
    names = []
    while getattr(obj, "__parent__", None) is not None:
        names.append(_quoted(obj.__name__))
        obj = obj.__parent__
    return "".join("/" + name for name in reversed(names))


def url(request: Request, obj: Any, view: str = "") -> str:
    """The address of an object or of one of its pages, from the root of the site."""
    path = path_of(obj)
    return f"{request.script_name}{path}/{view}" if view else f"{request.script_name}{path}" or "/"


def place(request: Request, obj: Any, missing: Missing) -> str:
    """The address where something missing can be mended."""
    return url(request, obj if missing.target is None else missing.target, missing.view)
