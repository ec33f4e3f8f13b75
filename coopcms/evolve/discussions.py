"""2026-11: criteria are pages with a history of their own, and companies, versions and criteria have a discussion."""

from collections.abc import Iterator
from typing import Any

from BTrees import family64


def criteria_become_pages(root: Any, registry: Any) -> None:
    """Tell each stored criterion where it is and what it is called, and make the records that older content lacks."""
    if root.moderation is None:
        root.moderation = family64.OO.BTree()
    for company in root["companies"].values():
        company.open_discussion()
    for version in _versions(root):
        version.open_discussion()
        version.open_removed()
        for key, criterion in version.criteria.items():
            if criterion.__parent__ is not version or criterion.__name__ != key:
                criterion.__parent__, criterion.__name__ = version, key
            criterion.open_records()


def _versions(root: Any) -> Iterator[Any]:
    yield from root["framework"].versions()
    for company in root["companies"].values():
        yield from company.versions()
