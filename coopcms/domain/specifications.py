"""Verbs on specifications, their versions and criteria."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..content.naming import free_name
from ..content.specification import Criterion, Specification, SpecificationVersion
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..text import folded, one_line, prose
from ..workflows import engine
from .criteria import FIELDS, cleaned, record, was_read, write
from .errors import Invalid, Stale
from .permission import require


def create(
    company: Any, title: str, description: str, actor: Actor, now: datetime, *, name: str | None = None
) -> SpecificationVersion:
    """Make a specification of a company and return its first version, a draft.

    Sent twice, it is one specification, as long as nothing was written into it.
    """
    require(P.UPDATE, company, actor)
    folder = company["specifications"]
    for other in folder.values():
        same = (other.title, other.description) == (one_line(title), prose(description))
        if name is None and same and len(other) == 1 and not other["1"].criteria and other["1"].state == "draft":
            there: SpecificationVersion = other["1"]
            return there
    specification = Specification(one_line(title), prose(description))
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


def revise(specification: Specification, actor: Actor, now: datetime) -> SpecificationVersion:
    """Open the next version as a draft with the criteria of the newest one, each under its key.

    :raises Invalid: another one is being written or discussed already
    """
    versions = specification.versions()
    settled = [version for version in versions if version.state not in ("draft", "consultation")]
    newest = settled[-1] if settled else versions[-1]
    require(P.READ, newest, actor)
    require(P.REVISE, newest, actor)
    for version in versions:
        if version not in settled:
            raise Invalid(
                version=_(
                    "La version ${number} est déjà en préparation : terminez-la avant d’en ouvrir une autre.",
                    mapping={"number": version.number},
                )
            )
    opened = open_version(specification, actor, now)
    opened.title, opened.description, opened.language = newest.title, newest.description, newest.language
    for key, criterion in newest.ordered():
        copy = Criterion()
        for name in (*FIELDS, "amended_by"):
            setattr(copy, name, getattr(criterion, name))
        copy.revision = 1
        record(copy, "carried", actor, now, source=newest.number, draft=True)
        opened.take(key, copy)
    notify(Changed(opened))
    return opened


def describe(version: SpecificationVersion, title: str, description: str, actor: Actor, now: datetime) -> None:
    """Change title and description of a draft."""
    require(P.EDIT, version, actor)
    version.title, version.description, version.modified = one_line(title), prose(description), now
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
    write(criterion, {name: values.get(name, "") for name in FIELDS})
    record(criterion, "created", actor, now, draft=True)
    version.take(key, criterion)
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
    if cleaned({f: getattr(criterion, f) for f in FIELDS}) == cleaned({f: values.get(f, "") for f in FIELDS}):
        return
    if revision is not None and revision != criterion.revision:
        raise Stale(criterion)
    _check_code(version, values["code"], key)
    old = write(criterion, {name: values.get(name, "") for name in FIELDS})
    record(criterion, "changed", actor, now, old=old, draft=True)
    version.modified = now


def remove_criterion(version: SpecificationVersion, key: str, actor: Actor, now: datetime) -> None:
    """Leave a criterion out of a draft; it is kept beside, with its history and what was said about it.

    :raises KeyError: there is none of that key
    """
    require(P.EDIT, version, actor)
    criterion = version.criteria[key]
    criterion.unread = not was_read(version, criterion)
    record(criterion, "removed", actor, now, draft=True)
    del version.criteria[key]
    version.open_removed()[key] = criterion
    version.sequence = tuple(k for k in version.sequence if k != key)
    version.modified = now


def reorder(
    version: SpecificationVersion, keys: Sequence[str], actor: Actor, now: datetime, *, revision: int | None = None
) -> None:
    """Put the criteria into an order.  One added meanwhile stays, at the end; one removed meanwhile is passed over.

    :raises Stale: somebody changed the order since that revision
    """
    require(P.EDIT, version, actor)
    there = [key for key, _criterion in version.ordered()]
    wanted = [key for key in dict.fromkeys(keys) if key in version.criteria]
    order = (*wanted, *(key for key in there if key not in set(wanted)))
    if list(order) == there:
        return
    if revision is not None and revision != version.order_revision:
        raise Stale(version)
    version.sequence = order
    version.order_revision += 1
    version.modified = now


def _check_code(version: SpecificationVersion, code: str, key: str | None) -> None:
    for other, criterion in version.criteria.items():
        if other != key and folded(criterion.code) == folded(code):
            raise Invalid(
                code=_(
                    "Le code ${code} est déjà celui de « ${title} ».", mapping={"code": code, "title": criterion.title}
                )
            )
