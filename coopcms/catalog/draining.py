"""The deferred text indexes: writers leave word in a queue, one process takes it in."""

from typing import Any

from substanced.catalog.deferred import BasicActionProcessor, ResourceNotFound, optimize_actions
from substanced.util import find_catalog


class AlwaysDeferred(BasicActionProcessor):
    """Substance D defers only while a processor is at work; here every text waits for the next drain."""

    def active(self) -> bool:
        """Whether there is a queue: everywhere but in a catalog that is just being made."""
        return self.get_queue() is not None


def queue_length(site: Any) -> int:
    """How many changes wait."""
    return len(AlwaysDeferred(find_catalog(site, "coopcms")).get_queue())


def drain(site: Any) -> int:
    """Take everything that waits into the indexes, in the running transaction; returns how much it was."""
    actions = AlwaysDeferred(find_catalog(site, "coopcms")).get_queue().popall() or ()
    for action in optimize_actions(actions):
        try:
            action.execute()
        except ResourceNotFound:
            # Removed since; there is nothing to index any more.
            continue
    return len(actions)
