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
from .base import PREFIX, api_view
from .lists import MOST, PAGE
from .schemas import TEXT, Schema, components, many, one_of, ref, states

JSON = "application/json"
PROBLEM = "application/problem+json"

#: What an operation says of the answers that are no success, by status.
REFUSALS = {
    "400": _("La demande n’est pas valable"),
    "401": _("Connexion nécessaire, ou jeton périmé"),
    "403": _("Votre rôle ne le permet pas"),
    "404": _("Il n’y a rien à cette adresse"),
    "409": _("Pas encore possible, avec ce qui manque ; ou l’état a changé entre-temps"),
    "415": _("Autre chose que du JSON"),
    "422": _("Un champ n’est pas accepté"),
    "429": _("Trop d’essais"),
}


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
        "paths": _paths(),
        "components": {
            "schemas": components(),
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
    company, specification, version, file = (_name(n) for n in ("company", "specification", "version", "file"))
    one = "/companies/{company}"
    text = f"{one}/specifications/{{specification}}"
    return {
        "/": {
            "get": {
                **_reading(_("Cette documentation, ou les premières adresses en JSON"), "Site"),
                "responses": {
                    "200": {
                        "description": _("Selon l’en-tête Accept"),
                        "content": {JSON: {"schema": ref("Site")}, "text/html": {"schema": TEXT}},
                    },
                    **_refusals("401"),
                },
            }
        },
        "/openapi.json": {"get": _reading(_("Ce document OpenAPI"), None)},
        "/session": {
            "post": {
                "summary": _("Se connecter : rend un jeton valable 30 jours"),
                "requestBody": _body("Login"),
                "responses": {
                    "201": _success(_("Le jeton"), ref("Token")),
                    **_refusals("400", "401", "415", "422", "429"),
                },
            },
            "delete": {
                "summary": _("Se déconnecter : le jeton ne vaut plus rien"),
                "security": [{"bearer": []}],
                "responses": {"204": {"description": _("C’est fait")}, **_refusals("401")},
            },
        },
        "/companies": {
            "get": _listing(_("Les entreprises, par nom"), "CompanyList", *_filters()),
        },
        one: {"parameters": [company], "get": _reading(_("Le dossier d’une entreprise"), "Company")},
        f"{one}/workflow": _workflow("company", company),
        f"{one}/specifications": {
            "parameters": [company],
            "get": _listing(_("Les cahiers des charges d’une entreprise"), "SpecificationList"),
        },
        text: {
            "parameters": [company, specification],
            "get": _reading(_("Un cahier des charges, dans sa version en vigueur ou la plus récente"), "Specification"),
        },
        f"{text}/workflow": _workflow("specification", company, specification),
        f"{text}/{{version}}": {
            "parameters": [company, specification, version],
            "get": _reading(_("Une version d’un cahier des charges"), "Version"),
        },
        f"{text}/{{version}}/workflow": _workflow("specification", company, specification, version),
        f"{one}/files": {
            "parameters": [company],
            "get": _listing(_("Les documents d’une entreprise"), "FileList"),
        },
        f"{one}/files/{{file}}": {
            "parameters": [company, file],
            "get": _reading(_("Un document : ce qu’il est, et où le télécharger"), "File"),
        },
        "/framework": {"get": _reading(_("Les cinq engagements"), "Framework")},
        "/framework/workflow": _workflow("specification"),
        "/framework/{version}": {
            "parameters": [version],
            "get": _reading(_("Une version des cinq engagements"), "Version"),
        },
        "/framework/{version}/workflow": _workflow("specification", version),
    }


def _name(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _filters() -> list[Schema]:
    return [
        _query("state", many(states("company")), _("Un état ; plusieurs fois pour plusieurs états")),
        _query("sector", one_of(SECTORS), _("Un secteur")),
        _query("region", one_of(REGIONS), _("Une région")),
        _query("text", {**TEXT, "maxLength": 200}, _("Des mots, cherchés dans tout le dossier")),
    ]


def _body(name: str) -> Schema:
    return {"required": True, "content": {JSON: {"schema": ref(name)}}}


def _success(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _refusals(*statuses: str) -> Schema:
    content = {PROBLEM: {"schema": ref("Problem")}}
    described = {status: {"description": REFUSALS[status], "content": content} for status in statuses}
    return {**described, "default": {"description": _("Un refus, avec sa raison"), "content": content}}


def _reading(summary: str, name: str | None) -> Schema:
    return {
        "summary": summary,
        "security": [{}, {"bearer": []}],
        "responses": {
            "200": _success(
                _("Ce que vous pouvez voir"),
                {"type": "object", "additionalProperties": True} if name is None else ref(name),
            ),
            "304": {"description": _("Rien n’a changé depuis l’ETag de If-None-Match")},
            **_refusals("401", "403", "404"),
        },
    }


def _listing(summary: str, name: str, *filters: Schema) -> Schema:
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}
    return {
        **_reading(summary, name),
        "parameters": [
            *filters,
            _query("limit", limit, _("Combien par page")),
            _query("cursor", {**TEXT, "maxLength": 1000}, _("La suite, telle que « next » la donne")),
        ],
        "responses": {**_reading(summary, name)["responses"], **_refusals("400", "401", "403", "404")},
    }


def _workflow(workflow: str, *parameters: Schema) -> Schema:
    name = workflow.capitalize()
    return {
        "parameters": list(parameters),
        "get": _reading(_("Où il en est, ce que vous pouvez faire, l’historique"), f"{name}Workflow"),
        "post": {
            "summary": _("Franchir une étape"),
            "security": [{"bearer": []}],
            "requestBody": _body(f"{name}Firing"),
            "responses": {
                "200": _success(_("Le nouvel état"), ref(f"{name}Workflow")),
                **_refusals("400", "401", "403", "404", "409", "415", "422"),
            },
        },
    }
