"""The page that explains the API, with every address from the OpenAPI document; the same in JSON for programs."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_defaults

from ..content.site import Site
from ..i18n import _
from ..security.permissions import P
from .base import PREFIX, address, api_view
from .lists import MOST, PAGE
from .openapi import document
from .operations import REFUSALS


@view_defaults(context=Site, request_method="GET")
class DocumentationViews:
    """``/api/v1/``."""

    def __init__(self, context: Site, request: Request) -> None:
        self.context = context
        self.request = request

    @api_view(accept="text/html", permission=P.VIEW, renderer="templates/documentation.pt")
    def page(self) -> dict[str, Any]:
        """The page for people, which whoever asks for nothing in particular gets too."""
        return {
            "title": _("L’API : les données ouvertes"),
            "description": _(
                "Lire les dossiers et franchir leurs étapes par programme, avec les mêmes droits que sur le site."
            ),
            "base": self.request.application_url + PREFIX,
            "operations": [
                (method.upper(), path, operation["summary"])
                for path, operations in document()["paths"].items()
                for method, operation in operations.items()
                if method != "parameters"
            ],
            "refusals": REFUSALS.items(),
            "page_size": PAGE,
            "most": MOST,
        }

    @api_view(accept="application/json", permission=P.VIEW)
    def links(self) -> dict[str, Any]:
        """Where to begin."""
        request, site = self.request, self.context
        return {
            "@id": address(request, site),
            "@type": "site",
            "title": request.registry.coopcms.title,
            "state": None,
            "links": {
                "companies": address(request, site["companies"]),
                "bodies": address(request, site["bodies"]),
                "framework": address(request, site["framework"]),
                "proposals": address(request, site["proposals"]),
                "session": address(request, site, "session"),
                "document": address(request, site, "openapi.json"),
            },
        }
