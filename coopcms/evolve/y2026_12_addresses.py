"""2026-12: addresses of accounts are found folded, however they are typed."""

from typing import Any

from substanced.util import find_catalog

from ..text import folded


def addresses_are_found_folded(root: Any, registry: Any) -> None:
    """Index anew the address of each account that is indexed otherwise."""
    index = find_catalog(root, "coopcms")["email"]
    for account in root["principals"]["users"].values():
        address = folded(getattr(account, "email", None) or "")
        if address and account.__oid__ not in index.applyEq(address):
            index.reindex_doc(account.__oid__, account)
