"""The paths of accredited bodies and of the sites of companies in the OpenAPI document."""

from ..i18n import _
from .operations import in_path, listing, reading
from .schemas import Schema


def paths() -> dict[str, Schema]:
    """Every path with its operations."""
    company = in_path("company")
    return {
        "/bodies": {"get": listing(_("Les organismes accrédités, par nom"), "BodyList")},
        "/bodies/{body}": {"parameters": [in_path("body")], "get": reading(_("Un organisme accrédité"), "Body")},
        "/companies/{company}/sites": {
            "parameters": [company],
            "get": listing(_("Les lieux d’une entreprise, par nom"), "WorksiteList"),
        },
        "/companies/{company}/sites/{site}": {
            "parameters": [company, in_path("site")],
            "get": reading(_("Un lieu d’une entreprise"), "Worksite"),
        },
    }
