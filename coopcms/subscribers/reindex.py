"""What changed is found again under what it says now."""

from pyramid.events import subscriber
from pyramid.threadlocal import get_current_registry
from substanced.event import ObjectModified

from ..events import Changed, Transitioned


@subscriber(Transitioned)
@subscriber(Changed)
def reindex(event: Changed | Transitioned) -> None:
    """Tell Substance D, which reindexes the object in every catalog above it."""
    get_current_registry().subscribers((ObjectModified(event.object), event.object), None)
