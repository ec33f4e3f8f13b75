"""2026-11: audits and certificates have folders, certificates a register, and the catalog knows who is in which team."""

from typing import Any

from BTrees import family64
from substanced.interfaces import ICatalogFactory

from ..catalog.queries import all_companies
from ..content.audit import Audits
from ..content.certificate import Certificates


def audits_have_a_place(root: Any, registry: Any) -> None:
    """Make the folders, the register and the indexes; there is nothing yet to be put into them."""
    if getattr(root, "certificate_numbers", None) is None:
        root.certificate_numbers = family64.IO.BTree()
    for company in all_companies(root):
        for name, folder in (("audits", Audits), ("certificates", Certificates)):
            if name not in company:
                company.add(name, folder(), registry=registry)
    registry.getUtility(ICatalogFactory, name="coopcms").sync(
        root["catalogs"]["coopcms"], reindex=False, registry=registry
    )
