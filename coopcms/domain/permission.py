"""The questions every verb asks first."""

from datetime import datetime
from typing import Any

from ..security.access import may
from ..security.permissions import P
from ..security.principals import Actor
from ..workflows import engine
from ..workflows.model import Guard
from .errors import Forbidden


def require(permission: P, obj: Any, actor: Actor) -> None:
    """Nothing if the actor has the permission.

    :raises Forbidden: else
    """
    if not may(permission, obj, actor):
        raise Forbidden(f"{actor.name or 'visitor'} may not {permission} here")


def require_met(obj: Any, actor: Actor, now: datetime, *conditions: Guard) -> None:
    """Nothing if every condition holds: the guards of a transition, asked by a verb that writes before it fires or fires nothing.

    :raises GuardRefused: else, with what is missing
    """
    missing = tuple(found for condition in conditions if (found := condition(obj, actor, now)) is not None)
    if missing:
        raise engine.GuardRefused(missing)
