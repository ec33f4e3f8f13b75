"""The OpenAPI 3.1 document: every path with what goes in and comes out.

Made once, in French message ids; what is served is translated for its reader.
"""

from functools import cache
from typing import Any

from pyramid.request import Request

from ..content.geography import REGIONS, SECTORS
from ..content.site import Site
from ..i18n import _
from ..security.permissions import P
from . import (
    paths_discussion,
    paths_places,
    paths_verification,
    paths_votes,
    schemas_discussion,
    schemas_places,
    schemas_verification,
    schemas_votes,
)
from .base import PREFIX, api_view
from .operations import JSON, body, in_path, in_query, listing, moving, reading, refusals, success
from .schemas import TEXT, Schema, components, many, one_of, ref, states


@cache
def document() -> dict[str, Any]:
    """The document; not to be changed."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Les données de la coopérative"),
            "version": "1",
            "description": _(
                "Le même contenu, avec les mêmes droits, que les pages du site. Les dates sont en UTC (RFC 3339), les sommes en "
                "centimes."
            ),
        },
        "servers": [{"url": PREFIX}],
        "paths": {
            **_paths(),
            **paths_verification.paths(),
            **paths_votes.paths(),
            **paths_places.paths(),
            **paths_discussion.paths(),
        },
        "components": {
            "schemas": {
                **components(),
                **schemas_verification.components(),
                **schemas_votes.components(),
                **schemas_places.components(),
                **schemas_discussion.components(),
            },
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


@api_view(context=Site, name="openapi.json", request_method="GET", permission=P.VIEW)
def show(context: Site, request: Request) -> Any:
    """The document in the reader's language, with the address it is read at."""
    servers = [{"url": request.application_url + PREFIX}]
    return {**translated(document(), request.localizer.translate), "servers": servers}


def translated(value: Any, translate: Any) -> Any:
    """A value whose texts, at any depth, are in the reader's language."""
    if isinstance(value, dict):
        return {key: translated(inner, translate) for key, inner in value.items()}
    if isinstance(value, list):
        return [translated(inner, translate) for inner in value]
    return translate(value) if isinstance(value, str) else value


def _paths() -> dict[str, Any]:
    company, specification, version, file = (in_path(n) for n in ("company", "specification", "version", "file"))
    one = "/companies/{company}"
    text = f"{one}/specifications/{{specification}}"
    return {
        "/": {
            "get": {
                **reading(_("Cette documentation, ou les premières adresses en JSON"), "Site"),
                "responses": {
                    "200": {
                        "description": _("Selon l’en-tête Accept"),
                        "content": {JSON: {"schema": ref("Site")}, "text/html": {"schema": TEXT}},
                    },
                    **refusals("401"),
                },
            }
        },
        "/openapi.json": {"get": reading(_("Ce document OpenAPI"), None)},
        "/session": {
            "post": {
                "summary": _("Se connecter : rend un jeton valable 30 jours"),
                "requestBody": body("Login"),
                "responses": {
                    "201": success(_("Le jeton"), ref("Token")),
                    **refusals("400", "401", "415", "422", "429"),
                },
            },
            "delete": {
                "summary": _("Se déconnecter : le jeton ne vaut plus rien"),
                "security": [{"bearer": []}],
                "responses": {"204": {"description": _("C’est fait")}, **refusals("401")},
            },
        },
        "/companies": {
            "get": listing(_("Les entreprises, par nom"), "CompanyList", *_filters()),
        },
        one: {"parameters": [company], "get": reading(_("Le dossier d’une entreprise"), "Company")},
        f"{one}/workflow": moving("company", company),
        f"{one}/specifications": {
            "parameters": [company],
            "get": listing(_("Les cahiers des charges d’une entreprise"), "SpecificationList"),
        },
        text: {
            "parameters": [company, specification],
            "get": reading(_("Un cahier des charges, dans sa version en vigueur ou la plus récente"), "Specification"),
        },
        f"{text}/workflow": moving("specification", company, specification),
        f"{text}/{{version}}": {
            "parameters": [company, specification, version],
            "get": reading(_("Une version d’un cahier des charges"), "Version"),
        },
        f"{text}/{{version}}/workflow": moving("specification", company, specification, version),
        f"{one}/files": {
            "parameters": [company],
            "get": listing(_("Les documents d’une entreprise"), "FileList"),
        },
        f"{one}/files/{{file}}": {
            "parameters": [company, file],
            "get": reading(_("Un document : ce qu’il est, et où le télécharger"), "File"),
        },
        "/framework": {"get": reading(_("Les cinq engagements"), "Framework")},
        "/framework/workflow": moving("specification"),
        "/framework/{version}": {
            "parameters": [version],
            "get": reading(_("Une version des cinq engagements"), "Version"),
        },
        "/framework/{version}/workflow": moving("specification", version),
    }


def _filters() -> list[Schema]:
    return [
        in_query("state", many(states("company")), _("Un état ; plusieurs fois pour plusieurs états")),
        in_query("sector", one_of(SECTORS), _("Un secteur")),
        in_query("region", one_of(REGIONS), _("Une région")),
        in_query("text", {**TEXT, "maxLength": 200}, _("Des mots, cherchés dans tout le dossier")),
    ]
