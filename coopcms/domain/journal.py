"""The append-only log of what administrators look at and change."""

import secrets
from datetime import datetime
from typing import Any

from ..security.principals import Actor


def write(site: Any, what: str, actor: Actor, now: datetime, **details: str) -> None:
    """Append a line.  Keys begin with the time and end at random: two writers never meet."""
    key = f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    site.journal[key] = {"what": what, "when": now, "actor": actor.userid, **details}


def lines(site: Any, most: int = 100) -> list[dict[str, Any]]:
    """The newest lines first."""
    found = []
    for key in reversed(site.journal.keys()):
        found.append(site.journal[key])
        if len(found) == most:
            break
    return found
