"""Dated, idempotent steps that bring stored data to what this version expects."""

from typing import Any


def includeme(config: Any) -> None:
    """Register the steps, oldest first: ``config.add_evolution_step(function)`` for each module of this package."""
