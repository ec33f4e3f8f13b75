"""Two writers that met wait a little, each another time, before they try again."""

import random
import time

from pyramid.events import subscriber
from pyramid_retry import IBeforeRetry

FIRST = 0.02  #: seconds; doubles with each attempt


@subscriber(IBeforeRetry)
def back_off(event: IBeforeRetry) -> None:
    """Sleep up to 0.02·2ⁿ seconds: with 8 attempts, 60 of 60 concurrent writers came through (docs/adr/0004)."""
    attempt = event.environ.get("retry.attempt", 0)
    time.sleep(random.uniform(0, FIRST * 2**attempt))  # noqa: S311 - no secret
