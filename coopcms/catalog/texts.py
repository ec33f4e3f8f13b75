"""Whether the indexes of texts hold what the analysis of words gives today, and how they are brought to it."""

from collections.abc import Iterator
from typing import Any

import transaction
from substanced.objectmap import find_objectmap
from substanced.util import find_catalog

from ..content.french import words
from .draining import AlwaysDeferred

#: The indexes whose content comes out of ``content/french.py``.
ANALYSED = ("sortable", "name_words", "text")
#: Objects after which what was read, or written, may leave the memory.
BATCH = 200


def stale(site: Any) -> Iterator[tuple[Any, str]]:
    """Each object with the name of an index that holds something else than the object gives today.

    What waits for the next drain is not stale.  One object at a time is in memory, whatever the size of the site.
    """
    catalog = find_catalog(site, "coopcms")
    catalog.flush(all=False)
    waiting = {action.oid for action in AlwaysDeferred(catalog).get_queue().actions}
    objectmap = find_objectmap(site)
    for number, oid in enumerate(catalog.objectids, start=1):
        obj = objectmap.object_for(oid)
        for name in ANALYSED if obj is not None else ():
            if not (name == "text" and oid in waiting) and _stored(catalog, name, oid) != _today(catalog, name, obj):
                yield obj, name
        if number % BATCH == 0:
            site._p_jar.cacheGC()


def renew(site: Any) -> int:
    """Index anew what is stale, in the running transaction; how many entries that were."""
    catalog, count = find_catalog(site, "coopcms"), 0
    for count, (obj, name) in enumerate(stale(site), start=1):
        catalog[name].reindex_doc(obj.__oid__, obj)
        if count % BATCH == 0:
            transaction.savepoint(optimistic=True)
    return count


def _stored(catalog: Any, name: str, oid: int) -> Any:
    if name == "text":
        return catalog[name].document_repr(oid)
    value = catalog[name]._rev_index.get(oid)
    return value if name == "sortable" or value is None else frozenset(value)


def _today(catalog: Any, name: str, obj: Any) -> Any:
    value = catalog[name].discriminate(obj, None)
    if value is None or name == "sortable":
        return value
    return " ".join(words(value)) if name == "text" else frozenset(value)
