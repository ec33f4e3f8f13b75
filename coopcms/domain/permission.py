"""The question every verb asks first."""

from typing import Any

from ..security.access import may
from ..security.permissions import P
from ..security.principals import Actor
from .errors import Forbidden


def require(permission: P, obj: Any, actor: Actor) -> None:
    """Nothing if the actor has the permission.

    :raises Forbidden: else
    """
    if not may(permission, obj, actor):
        raise Forbidden(f"{actor.name or 'visitor'} may not {permission} here")
