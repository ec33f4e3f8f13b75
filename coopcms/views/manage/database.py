"""The database in the management interface, without its figures.

Substance D shows how many objects there are, how large the file is and how much was written minute by minute: during a vote each of
them grows with the ballots, and turnout is for nobody before the closing.
"""

from typing import Any

from pyramid.request import Request
from substanced.sdi import mgmt_view


@mgmt_view(
    name="database",
    physical_path="/",
    permission="sdi.manage-database",
    request_method="GET",
    renderer="templates/database.pt",
    tab_condition=False,
)
def database(context: Any, request: Request) -> dict[str, Any]:
    """Packing, emptying the cache, evolution steps; the buttons are Substance D's."""
    return {"here": request.sdiapi.mgmt_path(context, "@@database")}
