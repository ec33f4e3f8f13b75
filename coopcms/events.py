"""What happened, for the subscribers. They may react in any order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.threadlocal import get_current_registry

from .security.principals import Actor


@dataclass(frozen=True)
class Transitioned:
    """An object went through a transition; ``entry`` is its line of the history."""

    object: Any
    workflow: str
    transition: str
    source: str
    target: str
    entry: dict[str, Any]
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class Changed:
    """What an object says of itself changed, so that indexes must follow."""

    object: Any


def notify(event: object) -> None:
    """Tell the subscribers of the running application."""
    get_current_registry().notify(event)
