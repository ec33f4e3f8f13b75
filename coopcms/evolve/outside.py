"""2026-11: certificates that others gave to companies lie in a BTree of each."""

from typing import Any

from BTrees import family64

from ..catalog.queries import all_companies


def outside_certificates_have_a_place(root: Any, registry: Any) -> None:
    """Give each company a place for them."""
    for company in all_companies(root):
        if company.outside_certificates is None:
            company.outside_certificates = family64.OO.BTree()
