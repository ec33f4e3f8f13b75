"""The history of a criterion over all versions of its specification, and what two versions differ in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Any

from ..content import fields
from ..content.specification import Criterion, CriterionSchema, Specification, SpecificationVersion
from ..security.permissions import P
from ..security.principals import Actor, roles_here
from ..text import prose
from ..workflows import WORKFLOWS

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


def cleaned(values: Mapping[str, str]) -> dict[str, str]:
    """Texts of a criterion, by field, as they are stored."""
    return fields.prepared(CriterionSchema(), values)


def record(criterion: Criterion, what: str, actor: Actor, now: datetime, **details: Any) -> None:
    """Append a line to the history of a criterion: "created", "changed", "amended", "carried" or "removed"."""
    criterion.open_records()
    number = criterion.changes.maxKey() + 1 if criterion.changes else 1
    criterion.changes[number] = {"what": what, "when": now, "by": actor.userid, **details}


def write(criterion: Criterion, values: Mapping[str, str]) -> dict[str, str]:
    """Write texts into a criterion, and return the old ones of what changed."""
    before = {name: getattr(criterion, name) for name in values}
    after, same = cleaned(values), cleaned(before)
    old = {name: text for name, text in before.items() if same[name] != after[name]}
    for name in old:
        setattr(criterion, name, after[name])
    if old:
        criterion.revision += 1
    return old


@dataclass(frozen=True)
class Event:
    """What happened to a criterion: in which version, what, when (UTC), by whom.

    ``fields`` has the text before and after, by field; ``author`` is the member whose amendment it was; ``source`` is the number of
    the version that it was carried from.  ``draft`` tells that it happened while the version was closed to the public.
    """

    version: SpecificationVersion
    what: str
    when: datetime
    by: int | None
    fields: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    author: int | None = None
    source: int | None = None
    draft: bool = False


def history_of(specification: Specification, key: str) -> list[Event]:
    """What happened to a criterion over all versions, oldest first."""
    found: list[Event] = []
    for version in specification.versions():
        criterion = version.criteria.get(key) or version.removed.get(key)
        if criterion is not None:
            found += _events(version, criterion)
    return sorted(found, key=lambda event: event.when)


def _events(version: SpecificationVersion, criterion: Criterion) -> list[Event]:
    """The lines of one version; the text after a change is the text before the next one of the same field."""
    after = {name: getattr(criterion, name) for name in FIELDS}
    found = []
    for line in reversed(criterion.changes.values()):
        old = line.get("old", {})
        texts = {name: (old[name], after[name]) for name in FIELDS if name in old}
        after |= old
        found.append(
            Event(
                version,
                line["what"],
                line["when"],
                line["by"],
                MappingProxyType(texts),
                line.get("author"),
                line.get("source"),
                line.get("draft", False),
            )
        )
    return found[::-1]


def reads_drafts(version: SpecificationVersion, actor: Actor) -> bool:
    """Whether somebody reads versions that are being written, and so what was written and dropped before a consultation."""
    return bool(roles_here(actor, version) & WORKFLOWS["specification"].roles("draft", P.READ))


def was_read(version: SpecificationVersion, criterion: Criterion) -> bool:
    """Whether the public could read a criterion of this version: the version has left its draft since the criterion is in it."""
    since = next((line["when"] for line in criterion.changes.values()), None)
    left = [entry["when"] for entry in version.history.values() if entry["from"] == "draft" and entry["to"] != "draft"]
    return bool(left) and (since is None or since <= left[-1])


@dataclass(frozen=True)
class Differences:
    """What a new version has otherwise than an old one, by criterion.

    ``changed`` has the fields that differ, each with both texts; ``moved`` stand elsewhere among those that stayed.
    """

    added: Sequence[tuple[str, Criterion]]
    removed: Sequence[tuple[str, Criterion]]
    changed: Sequence[tuple[str, Criterion, Mapping[str, tuple[str, str]]]]
    moved: Sequence[tuple[str, Criterion]]
    unchanged: int


def differences(old: SpecificationVersion, new: SpecificationVersion) -> Differences:
    """Compare two versions: criteria are the same when they have the same key."""
    before, after = dict(old.ordered()), dict(new.ordered())
    stayed = [key for key in after if key in before]
    changed = []
    for key in stayed:
        pairs = {name: (getattr(before[key], name), getattr(after[key], name)) for name in FIELDS}
        found = {name: pair for name, pair in pairs.items() if prose(pair[0]) != prose(pair[1])}
        if found:
            changed.append((key, after[key], found))
    in_place = _longest_common([key for key in before if key in after], stayed)
    return Differences(
        [(key, after[key]) for key in after if key not in before],
        [(key, before[key]) for key in before if key not in after],
        changed,
        [(key, after[key]) for key in stayed if key not in in_place],
        len(stayed) - len(changed),
    )


def _longest_common(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """What keeps its place among others when a list is put into another order."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in after[block.b : block.b + block.size]}
