"""``/api/v1``: the same tree with the same permissions, in JSON."""

from typing import Any


def includeme(config: Any) -> None:
    """The route of the API; its views say for themselves that bearer tokens need no CSRF token."""
    config.add_route("api", "/api/v1/*traverse", factory=lambda request: request.site)
