"""The clock inside ``serve``: on an embedded storage no other process could open the database."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ZODB.POSException import ConflictError

from ..catalog.draining import drain
from ..domain.clock import STEPS
from ..notifications.delivery import deliver
from ..web.held_uploads import forget_all
from .database import site_of

log = logging.getLogger(__name__)

EVERY = 60.0  #: seconds
ATTEMPTS = 5
MAIL = 30.0  #: seconds of a beat that mail may take: the rest of it leaves with the next one


def start(registry: Any) -> threading.Event | None:
    """Start the thread where the configuration says ``clock = inside``; the event given back stops it."""
    if registry.coopcms.clock != "inside":
        return None
    stop = threading.Event()
    threading.Thread(target=_beat, args=(registry, stop), name="clock", daemon=True).start()
    return stop


class Missed(Exception):
    """Some steps of a beat failed; ``done`` counts what the others did.  The log has the reasons."""

    def __init__(self, names: list[str], done: dict[str, int]) -> None:
        super().__init__(", ".join(names))
        self.names = names
        self.done = done


def beat(registry: Any, now: datetime) -> dict[str, int]:
    """One beat: what is due on this date, the deferred indexes, and mail.

    Each step is a transaction of its own: one that fails, or meets a writer again and again, holds back no other.  Delivering mail
    is many transactions, with the network between them.

    :raises Missed: a step failed; all others were done
    """
    steps: dict[str, Callable[[Any], int]] = {
        **{name: partial(_due, step, now) for name, step in STEPS.items()},
        "deferred index entries": drain,
        "files held for a form": lambda _site: forget_all(registry.coopcms.var),
    }
    done: dict[str, int] = {}
    failed = []
    for name, step in steps.items():
        try:
            done[name] = retried(registry, step)
        except Exception:
            log.exception("a step of the clock failed: %s", name)
            failed.append(name)
    try:
        ends = time.monotonic() + MAIL
        done["mails sent"] = deliver(registry, now, lambda: time.monotonic() < ends)
    except Exception:
        log.exception("a step of the clock failed: mails sent")
        failed.append("mails sent")
    if failed:
        raise Missed(failed, done)
    return done


def _due(step: Callable[[Any, datetime], int], now: datetime, site: Any) -> int:
    return step(site, now)


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
