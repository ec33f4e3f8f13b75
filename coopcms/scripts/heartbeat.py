"""The clock inside ``serve``: on an embedded storage no other process could open the database."""

import logging
import threading
from datetime import UTC, datetime
from typing import Any

from ..domain.clock import drain, tick
from .database import site_of

log = logging.getLogger(__name__)

EVERY = 60.0  #: seconds


def start(registry: Any) -> threading.Event | None:
    """Start the thread where the configuration says ``clock = inside``; the event given back stops it."""
    if registry.coopcms.clock != "inside":
        return None
    stop = threading.Event()
    threading.Thread(target=_beat, args=(registry, stop), name="clock", daemon=True).start()
    return stop


def beat(registry: Any, now: datetime) -> dict[str, int]:
    """One beat: what is due on this date, and the deferred indexes."""
    with site_of(registry) as site:
        done = tick(site, now)
    with site_of(registry) as site:
        done["deferred index entries"] = drain(site)
    return done


def _beat(registry: Any, stop: threading.Event) -> None:
    while not stop.wait(EVERY):
        try:
            beat(registry, datetime.now(UTC))
        except Exception:
            # The next beat tries again; a clock that stops would be found out too late.
            log.exception("the clock missed a beat")
