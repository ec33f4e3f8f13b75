"""Finding objects again."""

from typing import Any


def includeme(config: Any) -> None:
    """Let every text index wait for the drain."""
    from substanced.interfaces import IIndexingActionProcessor
    from zope.interface import Interface

    from .draining import AlwaysDeferred

    config.registry.registerAdapter(AlwaysDeferred, (Interface,), IIndexingActionProcessor)
