"""The pages: one class per type of content, a method per page."""

from typing import Any


def includeme(config: Any) -> None:
    """Everything that pages need from Pyramid."""
    from . import sessions

    config.include(".identity")
    config.include(".language")
    config.include(".translating")
    config.include(".rendering")
    config.include(".security")
    config.include(".lastresort")
    config.include(".forms")
    config.include(".manage")
    config.set_session_factory(sessions.factory(config.registry.coopcms))
    config.set_root_factory(lambda request: request.site)
