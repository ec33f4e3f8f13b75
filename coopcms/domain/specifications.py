"""Verbs on specifications, their versions and criteria."""

import secrets
from datetime import datetime
from typing import Any

from ..content.naming import free_name
from ..content.specification import Criterion, Specification, SpecificationVersion
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..workflows import engine
from .errors import Invalid, Stale
from .permission import require

FIELDS = (
    "code",
    "title",
    "requirement",
    "domain",
    "criterion_class",
    "check_method",
    "evidence",
    "how_to_check",
)


def create(
    company: Any, title: str, description: str, actor: Actor, now: datetime, *, name: str | None = None
) -> SpecificationVersion:
    """Make a specification of a company and return its first version, a draft."""
    require(P.UPDATE, company, actor)
    folder = company["specifications"]
    specification = Specification(title.strip(), description.strip())
    specification.creator, specification.created, specification.modified = actor.userid, now, now
    folder.add(name or free_name(folder, title), specification)
    return open_version(specification, actor, now)


def open_version(specification: Specification, actor: Actor, now: datetime) -> SpecificationVersion:
    """Open the next version as an empty draft."""
    number = len(specification) + 1
    version = SpecificationVersion(specification.title, specification.description)
    version.creator, version.created, version.modified = actor.userid, now, now
    engine.start(version, actor, now)
    specification.add(str(number), version)
    return version


def describe(version: SpecificationVersion, title: str, description: str, actor: Actor, now: datetime) -> None:
    """Change title and description of a draft."""
    require(P.EDIT, version, actor)
    version.title, version.description, version.modified = title.strip(), description.strip(), now
    if len(version.__parent__) == 1:
        version.__parent__.title, version.__parent__.description = version.title, version.description
    notify(Changed(version))


def add_criterion(version: SpecificationVersion, values: dict[str, str], actor: Actor, now: datetime) -> str:
    """Add a criterion at the end and return its key.

    :raises Invalid: its code is taken
    """
    require(P.EDIT, version, actor)
    _check_code(version, values["code"], None)
    key = secrets.token_hex(8)
    criterion = Criterion()
    _fill(criterion, values)
    version.criteria[key] = criterion
    version.sequence = (*version.sequence, key)
    version.modified = now
    return key


def change_criterion(
    version: SpecificationVersion,
    key: str,
    values: dict[str, str],
    actor: Actor,
    now: datetime,
    *,
    revision: int | None = None,
) -> None:
    """Change a criterion.

    :raises KeyError: there is none of that key
    :raises Invalid: its code is taken
    :raises Stale: somebody changed it since that revision
    """
    require(P.EDIT, version, actor)
    criterion = version.criteria[key]
    if all(getattr(criterion, f) == values.get(f, "").strip() for f in FIELDS):
        return
    if revision is not None and revision != criterion.revision:
        raise Stale(criterion)
    _check_code(version, values["code"], key)
    _fill(criterion, values)
    version.modified = now


def remove_criterion(version: SpecificationVersion, key: str, actor: Actor, now: datetime) -> None:
    """Remove a criterion of a draft."""
    require(P.EDIT, version, actor)
    del version.criteria[key]
    version.sequence = tuple(k for k in version.sequence if k != key)
    version.modified = now


def move_criterion(version: SpecificationVersion, key: str, step: int, actor: Actor, now: datetime) -> None:
    """Move a criterion by one place, up (-1) or down (1); at the ends it stays."""
    require(P.EDIT, version, actor)
    order = [k for k, _criterion in version.ordered()]
    place = order.index(key)
    other = place + step
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
        version.sequence = tuple(order)
        version.modified = now


def _fill(criterion: Criterion, values: dict[str, str]) -> None:
    for name in FIELDS:
        setattr(criterion, name, values.get(name, "").strip())
    criterion.revision += 1


def _check_code(version: SpecificationVersion, code: str, key: str | None) -> None:
    for other, criterion in version.criteria.items():
        if other != key and criterion.code.lower() == code.strip().lower():
            raise Invalid(
                code=_(
                    "Le code ${code} est déjà celui de « ${title} ».", mapping={"code": code, "title": criterion.title}
                )
            )
