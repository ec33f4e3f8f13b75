"""The five commitments: version 1 of the cooperative's framework, in force from the foundation on."""

import tomllib
from datetime import datetime
from importlib.resources import files
from typing import Any

from ..content.specification import Criterion, SpecificationVersion
from ..domain.criteria import FIELDS, record
from ..i18n import typographic
from ..security.principals import CLOSING
from ..workflows import engine


def data(name: str) -> dict[str, Any]:
    """A file of ``seed/data``."""
    found: dict[str, Any] = typeset(tomllib.loads((files(__package__) / "data" / name).read_text("utf-8")))
    return found


def typeset(value: Any) -> Any:
    """French texts with the spaces that French asks for, at any depth of lists and tables."""
    if isinstance(value, str):
        return typographic(value)
    if isinstance(value, list):
        return [typeset(item) for item in value]
    if isinstance(value, dict):
        return {key: typeset(item) for key, item in value.items()}
    return value


def found_framework(site: Any, now: datetime) -> SpecificationVersion:
    """Put version 1 in force; the founders decided it, before there was a platform to decide on."""
    given = data("framework.toml")
    framework = site["framework"]
    framework.title, framework.description = given["title"], given["description"]
    framework.commitments = given["commitments"]
    framework.created = framework.modified = now
    version = SpecificationVersion(given["title"], given["description"])
    version.created = version.modified = now
    for number, row in enumerate(given["criteria"], 1):
        criterion = Criterion()
        for name in FIELDS:
            setattr(criterion, name, row[name])
        record(criterion, "created", CLOSING, now)
        version.take(f"{number:02}", criterion)
    engine.start(
        version, CLOSING, now, state="in_force", comment=typographic("Décidée à la fondation de la coopérative.")
    )
    framework.add("1", version)
    return version
