"""How the API's values become answers: JSON with a strong entity tag."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from .canonical import dumps


def factory(info: Any) -> Callable[[Any, dict[str, Any]], bytes]:
    """The renderer ``canonical``: what a view returns as JSON.

    What is read has an entity tag made of the very bytes (RFC 9110, 8.8.3): it changes with any of them, and differs for
    readers who see different things.  ``If-None-Match`` is answered by WebOb.
    """
    return _render


def _render(value: Any, system: dict[str, Any]) -> bytes:
    request = system["request"]
    body = dumps(value).encode()
    response = request.response
    response.content_type = "application/json"
    response.charset = None
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["Vary"] = "Authorization, Accept, Accept-Language"
    if request.method in ("GET", "HEAD"):
        response.etag = sha256(body).hexdigest()[:32]
        response.conditional_response = True
    return body
