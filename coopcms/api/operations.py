"""What the operations of the OpenAPI document have in common: parameters, bodies and answers."""

from ..i18n import _
from .lists import MOST, PAGE
from .schemas import TEXT, Schema, ref

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


def in_path(name: str) -> Schema:
    """A part of the address."""
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def in_query(name: str, schema: Schema, description: str) -> Schema:
    """A parameter after the question mark."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def body(name: str) -> Schema:
    """What is sent: a component, as JSON."""
    return {"required": True, "content": {JSON: {"schema": ref(name)}}}


def success(description: str, schema: Schema) -> Schema:
    """An answer that brings what was asked for."""
    return {"description": description, "content": {JSON: {"schema": schema}}}


def refusals(*statuses: str) -> Schema:
    """The answers that are no success."""
    content = {PROBLEM: {"schema": ref("Problem")}}
    described = {status: {"description": REFUSALS[status], "content": content} for status in statuses}
    return {**described, "default": {"description": _("Un refus, avec sa raison"), "content": content}}


def reading(summary: str, name: str | None) -> Schema:
    """Reading something that looks like a component; None for what has no form of its own."""
    return {
        "summary": summary,
        "security": [{}, {"bearer": []}],
        "responses": {
            "200": success(
                _("Ce que vous pouvez voir"),
                {"type": "object", "additionalProperties": True} if name is None else ref(name),
            ),
            "304": {"description": _("Rien n’a changé depuis l’ETag de If-None-Match")},
            **refusals("401", "403", "404"),
        },
    }


def listing(summary: str, name: str, *filters: Schema) -> Schema:
    """Reading a list page by page, filtered."""
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}
    return {
        **reading(summary, name),
        "parameters": [
            *filters,
            in_query("limit", limit, _("Combien par page")),
            in_query("cursor", {**TEXT, "maxLength": 1000}, _("La suite, telle que « next » la donne")),
        ],
        "responses": {**reading(summary, name)["responses"], **refusals("400", "401", "403", "404")},
    }


def moving(workflow: str, *parameters: Schema) -> Schema:
    """``…/workflow`` of what moves through a workflow: reading it, and firing a transition."""
    name = workflow.capitalize()
    return {
        "parameters": list(parameters),
        "get": reading(_("Où il en est, ce que vous pouvez faire, l’historique"), f"{name}Workflow"),
        "post": {
            "summary": _("Franchir une étape"),
            "security": [{"bearer": []}],
            "requestBody": body(f"{name}Firing"),
            "responses": {
                "200": success(_("Le nouvel état"), ref(f"{name}Workflow")),
                **refusals("400", "401", "403", "404", "409", "415", "422"),
            },
        },
    }
