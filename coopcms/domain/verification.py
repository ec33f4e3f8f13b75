"""What is verified of each criterion, by whom and since when: the verification matrix.

The newest validated finding of each level is kept by criterion (:class:`coopcms.content.standing.Standing`), written when a
report is validated; a page over hundreds of criteria reads one record a version, not every finding of every audit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from BTrees import family64

from .. import settings
from ..content.calendar import day_in_paris, months_later
from ..content.standing import Standing
from ..content.standing import Verified as Verified
from ..workflows.conditions import company_of

#: Results that agree with each other; what is not applicable or not checked says nothing.
_KEPT, _BROKEN = frozenset({"conforming", "observation"}), frozenset({"minor", "major"})


def take_in(audit: Any, now: datetime) -> None:
    """Let a report that was just validated speak: each of its findings becomes the newest of its level."""
    company = company_of(audit)
    if company.standings is None:
        company.standings = family64.IO.BTree()
    for version_id, rows in _said(audit, now).items():
        standing = company.standings.get(version_id)
        if standing is None:
            standing = company.standings[version_id] = Standing()
        standing.take(audit.level, rows)


def standings_anew(company: Any) -> dict[int, Standing]:
    """The standings as they would be if every validated report spoke again, in the order they were validated: for checks."""
    found: dict[int, Standing] = {}
    validated = [audit for audit in company.audits() if audit.state == "validated"]
    for audit in sorted(validated, key=lambda each: each.validated_at):
        for version_id, rows in _said(audit, audit.validated_at).items():
            found.setdefault(version_id, Standing()).take(audit.level, rows)
    return found


def _said(audit: Any, when: datetime) -> dict[int, dict[str, Verified]]:
    """What a report says, by version and criterion."""
    found: dict[int, dict[str, Verified]] = {}
    for finding in audit.findings():
        public = sum(1 for evidence in finding.evidence.values() if evidence.visibility == "public")
        found.setdefault(finding.version_id, {})[finding.key] = Verified(
            finding.result, when, str(audit.__name__), str(finding.__name__), len(finding.evidence), public
        )
    return found


@dataclass(frozen=True)
class Row:
    """A criterion and what both levels say of it."""

    key: str
    criterion: Any
    first: Verified | None  #: level 1
    second: Verified | None  #: level 2
    disagree: bool
    aged: tuple[int, ...]  #: the levels whose finding is older than its validity


def rows(company: Any, version: Any, now: datetime) -> Iterator[Row]:
    """The criteria of a version in their order, with what is verified of each at this company."""
    standing = (company.standings or {}).get(version.__oid__)
    first, second = (standing.of(1), standing.of(2)) if standing is not None else ({}, {})
    oldest = _oldest(now)
    for key, criterion in version.ordered():
        one, two = first.get(key), second.get(key)
        aged = tuple(
            level for level, found in ((1, one), (2, two)) if found is not None and day_in_paris(found.when) < oldest
        )
        yield Row(key, criterion, one, two, disagree(one, two), aged)


def _oldest(now: datetime) -> Any:
    return months_later(day_in_paris(now), -settings.current().report_months)


def disagree(one: Verified | None, two: Verified | None) -> bool:
    """Whether the two levels say opposite things: kept and broken."""
    if one is None or two is None:
        return False
    return (one.result in _KEPT and two.result in _BROKEN) or (one.result in _BROKEN and two.result in _KEPT)


@dataclass(frozen=True)
class Summary:
    """How many criteria there are, and how many of them …"""

    criteria: int
    both: int  #: … are kept at both levels
    one: int  #: … are kept at one level, the other says nothing
    broken: int  #: … are broken at one level at least
    none: int  #: … nobody checked
    disagreeing: int
    aged: int


def summary(found: list[Row]) -> Summary:
    """The counts of a matrix."""
    both = one = broken = none = 0
    for row in found:
        results = [v.result for v in (row.first, row.second) if v is not None]
        kept = sum(result in _KEPT for result in results)
        if any(result in _BROKEN for result in results):
            broken += 1
        elif kept == 2:
            both += 1
        elif kept == 1:
            one += 1
        else:
            none += 1
    return Summary(
        len(found), both, one, broken, none, sum(row.disagree for row in found), sum(bool(row.aged) for row in found)
    )


def findings_on(specification: Any, key: str, company: Any) -> list[tuple[Any, Any]]:
    """Every validated finding on a criterion at a company, over all versions, newest first, as (audit, finding)."""
    ids = [version.__oid__ for version in specification.versions()]
    found = [
        (audit, finding)
        for audit in company.audits()
        if audit.state == "validated"
        for version_id in ids
        if (finding := audit.finding_on(version_id, key)) is not None
    ]
    return sorted(found, key=lambda pair: pair[0].validated_at, reverse=True)
