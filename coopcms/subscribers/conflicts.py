"""Two writers that met wait a little, each another time, before they try again."""

import logging
import random
import time

from pyramid.events import subscriber
from pyramid_retry import IBeforeRetry

log = logging.getLogger(__name__)

FIRST = 0.02  #: seconds; doubles with each attempt
#: Where ballots are cast. How often two meet grows with how many vote, and the object would be a part of the box: not before the
#: closing, not in a log.
_OF_VOTERS = ("vote", "ballot")


@subscriber(IBeforeRetry)
def back_off(event: IBeforeRetry) -> None:
    """Sleep up to 0.02·2ⁿ seconds: with 8 attempts, 60 of 60 concurrent writers came through (docs/adr/0004)."""
    attempt = event.environ.get("retry.attempt", 0)
    request, reason = event.request, " ".join(str(event.exception).split())
    if request.path_info.rsplit("/", 1)[-1] not in _OF_VOTERS:
        # Which object it was: where this line stands often, two people write into one record.
        log.info("%s %s is tried again (%s): %s", request.method, request.path, attempt + 1, reason)
    time.sleep(random.uniform(0, FIRST * 2**attempt))  # noqa: S311 - no secret
