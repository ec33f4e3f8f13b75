"""Is what the search finds what texts and titles say?"""

from collections.abc import Iterator
from typing import Any

from ..catalog.texts import stale
from ..workflows.conditions import company_of


def search(site: Any) -> Iterator[str]:
    """Every index entry that the analysis of words would make otherwise today."""
    for obj, index in stale(site):
        company = company_of(obj)
        where = obj.__name__ if company in (None, obj) else f"{company.__name__}/{obj.__name__}"
        yield f"{where}: the index “{index}” does not hold the words of today; “coopcms evolve” or saving it again mends that"
