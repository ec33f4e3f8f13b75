"""What pages and API share: how requests are read, checked and answered."""

from typing import Any


def includeme(config: Any) -> None:
    """Requests are read once and within limits, before anything else looks at them."""
    from .request import Request

    config.set_request_factory(Request)
    config.include(".json")
    config.include(".incoming")
    config.include(".retry")
