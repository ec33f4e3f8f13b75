"""2026-11: accredited bodies have a folder, and so have the sites of each company."""

from typing import Any

from ..catalog.queries import all_companies
from ..content.body import Bodies
from ..content.worksite import Worksites


def bodies_and_sites_have_places(root: Any, registry: Any) -> None:
    """Make the folder of accredited bodies, and that of the sites of each company."""
    if "bodies" not in root:
        bodies = Bodies()
        bodies.title = "Les organismes accrédités"
        root.add("bodies", bodies, registry=registry)
    for company in all_companies(root):
        if "sites" not in company:
            company.add("sites", Worksites(), registry=registry)
