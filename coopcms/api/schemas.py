"""The components of the OpenAPI document: what each type of content looks like.

Made from the same schemas, workflows and lists as the forms, so that a field added there is described here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import colander

from ..content.dossier import PARTS, VISIBILITIES, ContactSchema, schema_of
from ..content.specification import CriterionSchema
from ..domain.criteria import FIELDS
from ..i18n import _
from ..workflows import WORKFLOWS
from ..workflows.dossier import COMMITMENTS
from .objects import LINKS
from .workflow import ROLE_IDS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
ADDRESS: Schema = {"type": "string", "format": "uri"}


def ref(name: str) -> Schema:
    """A component by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def many(items: Schema) -> Schema:
    """A list of the same."""
    return {"type": "array", "items": items}


def one_of(values: Any) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": [*values]}


def record(optional: Mapping[str, Schema] | None = None, /, **needed: Schema) -> Schema:
    """An object with fields that are always there, and others that may be.  ``at_id`` and ``at_type`` are ``@id`` and ``@type``."""
    named = {name.replace("at_", "@"): schema for name, schema in needed.items()}
    return {
        "type": "object",
        "required": list(named),
        "properties": {**named, **(optional or {})},
        "additionalProperties": False,
    }


def ref_or_null(name: str) -> Schema:
    """A component by its name, or null."""
    return {"anyOf": [ref(name), {"type": "null"}]}


def list_of(name: str) -> Schema:
    """A page of a list of components."""
    return record(
        items=many(ref(name)),
        next={**or_null(ADDRESS), "description": _("L’adresse de la page suivante, null à la dernière")},
        total={**COUNT, "description": _("Combien il y en a sur toutes les pages")},
    )


def states(workflow: str) -> Schema:
    """The states of a workflow."""
    return one_of(state.id for state in WORKFLOWS[workflow].states)


def transitions(workflow: str) -> Schema:
    """The transitions of a workflow."""
    return one_of(dict.fromkeys(transition.id for transition in WORKFLOWS[workflow].transitions))


def of_form(schema: colander.Schema, *without: str) -> dict[str, Schema]:
    """The fields of a form as they are read, with their titles."""
    return {
        node.name: {**_value(node), **({"description": node.title} if node.title else {})}
        for node in schema
        if node.name not in without
    }


def _value(node: colander.SchemaNode) -> Schema:
    kinds = {int: or_null({"type": "integer"}), date: or_null(DAY), set: many(TEXT)}
    return kinds.get(node.typ.value, TEXT)


def components() -> dict[str, Schema]:
    """Every component by its name."""
    found = {
        "Problem": _problem(),
        "Login": record(
            login={**TEXT, "minLength": 1, "maxLength": 200, "description": _("Identifiant ou adresse électronique")},
            password={**TEXT, "minLength": 1, "maxLength": 1024},
        ),
        "Token": record(token={**TEXT, "description": _("À joindre ensuite : Authorization: Bearer …")}),
        "Site": record(
            at_id=ADDRESS,
            at_type=one_of(["site"]),
            title=TEXT,
            state={"type": "null"},
            links=record(
                **dict.fromkeys(("companies", "bodies", "framework", "proposals", "session", "document"), ADDRESS)
            ),
        ),
        "Link": record(at_id=ADDRESS, at_type=TEXT, title=TEXT, state=TEXT),
        "Line": _line(),
        "Missing": record(sentence=TEXT, at_id=ADDRESS),
        **_company(),
        **_specifications(),
        "File": record(
            **described("file"),
            state={"type": "null"},
            visibility=one_of(VISIBILITIES),
            filename=TEXT,
            content_type=TEXT,
            size={**COUNT, "description": _("En octets")},
            sha256=TEXT,
            download=ADDRESS,
        ),
    }
    for name in ("CompanyItem", "SpecificationItem", "File"):
        found[name.removesuffix("Item") + "List"] = list_of(name)
    for name in WORKFLOWS:
        found[f"{name.capitalize()}Workflow"] = _workflow(name)
        found[f"{name.capitalize()}Firing"] = record(
            {
                "comment": {**or_null(TEXT), "maxLength": 5000},
                "from": {**or_null(TEXT), "description": _("L’état que vous avez vu : s’il a changé, rien n’est fait")},
            },
            transition=transitions(name),
        )
    return found


def _problem() -> Schema:
    return {
        "type": "object",
        "description": _("RFC 9457 ; « detail » est une phrase pour les personnes"),
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "error": {**TEXT, "description": _("Le numéro à citer si vous nous écrivez")},
            "field": {**TEXT, "description": _("Le champ ou le paramètre en cause")},
            "missing": many(ref("Missing")),
            "state": TEXT,
            "who": or_null(TEXT),
            "when": MOMENT,
            "role": or_null(TEXT),
            "transition": TEXT,
        },
        "additionalProperties": False,
    }


def _line() -> Schema:
    return record(
        **{"from": or_null(TEXT)},
        transition=TEXT,
        to=TEXT,
        when=MOMENT,
        actor={**or_null(TEXT), "description": _("Le nom, que voient les sociétaires ; null pour le public")},
        role={"enum": [*ROLE_IDS, None]},
        comment=TEXT,
    )


def _workflow(name: str) -> Schema:
    step = record(id=transitions(name), title=TEXT, allowed=FLAG, missing=many(ref("Missing")))
    return record(
        {
            "states": many(record(id=states(name), title=TEXT)),
            "transitions": many(step),
            "history": many(ref("Line")),
        },
        state=states(name),
    )


def described(kind: str) -> dict[str, Schema]:
    """What every object says of itself."""
    return {
        "at_id": ADDRESS,
        "at_type": one_of([kind]),
        "title": TEXT,
        "description": TEXT,
        "language": TEXT,
        "created": or_null(MOMENT),
        "modified": or_null(MOMENT),
    }


def _company() -> dict[str, Schema]:
    told = {
        "at_id": ADDRESS,
        "at_type": one_of(["company"]),
        "title": TEXT,
        "state": states("company"),
        "since": {**MOMENT, "description": _("Depuis quand elle est dans cet état")},
    }
    scalars = {
        "description": TEXT,
        "language": TEXT,
        "created": or_null(MOMENT),
        "modified": or_null(MOMENT),
        **of_form(schema_of("identity"), "title"),
        "logo": or_null(ADDRESS),
        "is_demo": {**FLAG, "description": _("Contenu de démonstration, inventé sauf source indiquée")},
    }
    nested = {
        "certificate": ref_or_null("CertificateItem"),
        "links": record(**dict.fromkeys(LINKS, ADDRESS)),
        "statements": record(**{c: {**TEXT, "description": title} for c, title in COMMITMENTS.items()}),
        "parts": record(
            **{part: {**record(**of_form(schema_of(part))), "description": title} for part, title in PARTS.items()}
        ),
        "sources": many(record(figure=TEXT, source=TEXT)),
        "outside_certificates": many(ref("OutsideCertificate")),
        "earlier_votes": many(ref("EarlierVote")),
        "contacts": many(record(id=TEXT, **of_form(ContactSchema()))),
        "specifications": many(ref("Link")),
        "files": many(ref("File")),
    }
    closed = _("D’un dossier refusé ou retiré, seuls le titre, l’état et l’historique sont publics.")
    return {
        "CompanyItem": {**record(scalars, **told), "description": closed},
        "Company": {**record({**scalars, **nested}, **told, history=many(ref("Line"))), "description": closed},
    }


def _specifications() -> dict[str, Schema]:
    state = states("specification")
    criterion = record(id=TEXT, **{f: s for f, s in of_form(CriterionSchema()).items() if f in FIELDS})
    item = {"state": state, "number": COUNT, "version": ADDRESS}
    whole = {"versions": many(ref("Link")), "criteria": many(ref("Criterion"))}
    return {
        "Criterion": criterion,
        "SpecificationItem": record(**described("specification"), **item),
        "Specification": record(**described("specification"), **item, **whole),
        "Framework": record(
            **described("framework"), **item, **whole, commitments=many(record(id=TEXT, title=TEXT, text=TEXT))
        ),
        "Version": record(
            **described("version"),
            state=state,
            since=MOMENT,
            number=COUNT,
            criteria=many(ref("Criterion")),
            history=many(ref("Line")),
        ),
    }
