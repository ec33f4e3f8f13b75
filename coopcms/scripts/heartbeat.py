"""The clock inside ``serve``: on an embedded storage no other process could open the database."""

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ZODB.POSException import ConflictError

from ..catalog.draining import drain
from ..domain.clock import tick
from .database import site_of

log = logging.getLogger(__name__)

EVERY = 60.0  #: seconds
ATTEMPTS = 5


def start(registry: Any) -> threading.Event | None:
    """Start the thread where the configuration says ``clock = inside``; the event given back stops it."""
    if registry.coopcms.clock != "inside":
        return None
    stop = threading.Event()
    threading.Thread(target=_beat, args=(registry, stop), name="clock", daemon=True).start()
    return stop


def beat(registry: Any, now: datetime) -> dict[str, int]:
    """One beat: what is due on this date, and the deferred indexes."""
    done: dict[str, int] = retried(registry, lambda site: tick(site, now))
    done["deferred index entries"] = retried(registry, drain)
    return done


def retried(registry: Any, work: Callable[[Any], Any]) -> Any:
    """Do work on the site in a transaction, again when somebody wrote the same meanwhile."""
    for _attempt in range(ATTEMPTS - 1):
        with contextlib.suppress(ConflictError), site_of(registry) as site:
            return work(site)
    with site_of(registry) as site:
        return work(site)


def _beat(registry: Any, stop: threading.Event) -> None:
    while not stop.wait(EVERY):
        try:
            beat(registry, datetime.now(UTC))
        except Exception:
            # The next beat tries again; a clock that stops would be found out too late.
            log.exception("the clock missed a beat")
