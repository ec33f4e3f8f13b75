"""Audits of both levels, their findings and the non-conformities found."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from BTrees import family64
from persistent import Persistent
from pyramid.traversal import find_root
from substanced.content import content
from substanced.objectmap import find_objectmap

from ..i18n import _
from ..security.principals import Actor
from ..security.roles import R
from ..workflows.conditions import company_of
from .base import Container, Leaf, Workflowed
from .discussion import Discussed
from .file import File
from .nonconformity import NonConformity

#: What may be found at a criterion.
RESULTS = {
    "conforming": _("Conforme"),
    "minor": _("Non-conformité mineure"),
    "major": _("Non-conformité majeure"),
    "observation": _("Observation"),
    "not_applicable": _("Sans objet"),
    "not_checked": _("Non vérifié"),
}
#: Results that say nothing without a text: what was seen, or why nothing was.
NEED_TEXT = frozenset({"minor", "major", "observation", "not_applicable", "not_checked"})

LEVELS = {
    1: _("Niveau 1 : organisme accrédité"),
    2: _("Niveau 2 : visite de sociétaires"),
}


@content("Audits", icon="glyphicon glyphicon-check")
class Audits(Container):
    """Where the audits of a company are."""


class Evidence(File):
    """A photo or a document that shows what was found, or what was done."""


class Finding(Persistent):
    """What was found at one criterion: a record of its own, so that several visitors write at once."""

    __parent__: Any = None
    __name__: str | None = None
    nonconformity: NonConformity | None = None
    former: tuple[NonConformity, ...] = ()  #: those of earlier reports that a later one outdid, oldest first
    result: str = ""
    text: str = ""
    access_refused: bool = False
    found_by: int | None = None
    found_at: datetime | None = None
    revision: int = 0

    def __init__(self, version_id: int, key: str) -> None:
        self.version_id = version_id
        self.key = key
        self.evidence = family64.OO.BTree()

    def __getitem__(self, name: str) -> Any:
        """Its non-conformity under ``action``, a former one under ``action-1`` …, else a piece of evidence."""
        for each in (self.nonconformity, *self.former):
            if each is not None and each.__name__ == name:
                return each
        return self.evidence[name]

    @property
    def version(self) -> Any:
        """The version whose criterion it answers, None when that is gone."""
        return find_objectmap(self).object_for(self.version_id)

    @property
    def criterion(self) -> Any:
        """The criterion it answers, None when that is gone (an audit that was cancelled keeps its findings)."""
        version = self.version
        return None if version is None else version.criteria.get(self.key)

    @property
    def title(self) -> str:
        """Code and title of its criterion."""
        criterion = self.criterion
        return self.key if criterion is None else f"{criterion.code} – {criterion.title}"

    @property
    def is_answered(self) -> bool:
        """Whether it says something: a result, with a text where the result needs one."""
        return self.result in RESULTS and (self.result not in NEED_TEXT or bool(self.text))

    @property
    def is_major(self) -> bool:
        """A major non-conformity."""
        return self.result == "major"

    @property
    def is_minor(self) -> bool:
        """A minor non-conformity."""
        return self.result == "minor"

    @property
    def is_closed(self) -> bool:
        """Whether its non-conformity is closed."""
        return self.nonconformity is not None and self.nonconformity.state == "closed"

    @property
    def has_accepted_action(self) -> bool:
        """Whether a certifier accepted the corrective action."""
        return self.nonconformity is not None and self.nonconformity.has_accepted_action

    def is_overdue(self, now: datetime) -> bool:
        """Whether an action is past its date and no proof waits for the cooperative."""
        return (
            (self.is_major or self.is_minor) and self.nonconformity is not None and self.nonconformity.is_overdue(now)
        )


class Verdict(Persistent):
    """The verdict in plain words that opens a report, in a record of its own; ``signed`` counts the signatures ever given."""

    text: str = ""
    signed: int = 0
    written_by: int | None = None
    written_at: datetime | None = None
    revision: int = 0


@content("Audit", icon="glyphicon glyphicon-check")
class Audit(Discussed, Workflowed, Leaf):
    """One audit of a company, of level 1 (accredited body) or 2 (visit of members).

    ``version_ids``, ``site_ids`` and ``body_id`` are object ids; ``team`` those of accounts.  ``checklist`` maps the name of each
    finding to it, in the order of ``sequence``; it is made when the audit starts.  ``signatures`` maps an account to
    ``{"when", "reservation", "missing", "recorded_by"}``.  ``replies`` are the company's answers, numbered.
    """

    workflow_name = "audit"
    level: int = 2
    body_id: int | None = None
    version_ids: tuple[int, ...] = ()
    site_ids: tuple[int, ...] = ()
    sequence: tuple[str, ...] = ()
    at_fault: tuple[
        str, ...
    ] = ()  #: names of the findings that a report called non-conformities, for whoever looks only for these
    planned_on: date | None = None
    purpose: str = ""
    valid_until: datetime | None = None  #: set when it is validated, by the rule of that day

    def __init__(self, title: str = "", level: int = 2) -> None:
        super().__init__()
        self.title = title
        self.level = level
        self.open_history()
        self.open_discussion()
        self.team = family64.II.TreeSet()
        self.checklist = family64.OO.BTree()
        self.places = family64.OO.BTree()  # "version id:criterion key" → name of the finding
        self.signatures = family64.IO.BTree()
        self.replies = family64.IO.BTree()
        self.verdict = Verdict()

    def __getitem__(self, name: str) -> Finding:
        """The finding of that name."""
        return self.checklist[name]  # type: ignore[no-any-return]

    def local_roles(self, actor: Actor) -> frozenset[R]:
        """Its team; for level 1 the auditors of the body."""
        if actor.userid is None:
            return frozenset()
        found = set()
        if actor.userid in self.team:
            found.add(R.TEAM)
        body = self.body
        if body is not None and actor.userid in body.auditors:
            found.add(R.AUDITOR)
        return frozenset(found)

    def gate(self) -> Any:
        """The company whose reading it takes as well, where that is closed or a draft again."""
        company = company_of(self)
        return company if company is not None and (company.is_closed or company.state == "draft") else None

    @property
    def body(self) -> Any:
        """The accredited body of a level-1 audit, or None."""
        return None if self.level != 1 or self.body_id is None else find_objectmap(self).object_for(self.body_id)

    @property
    def versions(self) -> list[Any]:
        """The versions it verifies: the framework and those of the company."""
        return self._objects(self.version_ids)

    @property
    def sites(self) -> list[Any]:
        """Where one verifies."""
        return self._objects(self.site_ids)

    def _objects(self, oids: tuple[int, ...]) -> list[Any]:
        objectmap = find_objectmap(self)
        return [obj for obj in map(objectmap.object_for, oids) if obj is not None]

    def lay_out(self, name: str, finding: Finding) -> None:
        """Put a finding at the end of the checklist under a name."""
        finding.__parent__, finding.__name__ = self, name
        self.checklist[name] = finding
        self.places[_place(finding.version_id, finding.key)] = name

    def finding_on(self, version_id: int, key: str) -> Finding | None:
        """The finding at a criterion of a version, or None."""
        name = self.places.get(_place(version_id, key))
        return None if name is None else self.checklist[name]

    def findings(self) -> Iterator[Finding]:
        """Every finding, in the order of the checklist."""
        return (self.checklist[name] for name in self.sequence)

    def findings_at_fault(self) -> Iterator[Finding]:
        """The findings of its report that are non-conformities, in the order of the checklist."""
        for name in self.at_fault:
            finding = self.checklist[name]
            if finding.is_major or finding.is_minor:
                yield finding

    def nonconformities(self) -> Iterator[NonConformity]:
        """The non-conformities that its report found."""
        return (finding.nonconformity for finding in self.findings_at_fault() if finding.nonconformity is not None)

    def unanswered(self) -> list[Finding]:
        """The findings that say nothing yet."""
        return [finding for finding in self.findings() if not finding.is_answered]

    def members_of_team(self) -> list[Any]:
        """The accounts of the team that are members."""
        return self._having(R.MEMBER)

    def certifiers_of_team(self) -> list[Any]:
        """The accounts of the team that are certifiers."""
        return self._having(R.CERTIFIER)

    def _having(self, role: R) -> list[Any]:
        return [account for account in self._objects(tuple(self.team)) if role in account.roles()]

    def unsigned(self) -> list[int]:
        """Who of the team has neither signed nor been recorded as not signing."""
        return [userid for userid in self.team if userid not in self.signatures]

    def was_answered(self) -> bool:
        """Whether the company replied to the report as it stands."""
        reported = self.reported_at
        return reported is not None and any(reply["when"] >= reported for reply in self.replies.values())

    @property
    def started_at(self) -> datetime | None:
        """When it began."""
        return self.last_time("start")

    @property
    def reported_at(self) -> datetime | None:
        """When the report was given last."""
        return self.last_time("report")

    @property
    def validated_at(self) -> datetime | None:
        """When it was validated."""
        return self.last_time("validate")

    @property
    def report_stands(self) -> bool:
        """Whether its report was given and is not being made anew."""
        return self.state in ("reported", "contested", "validated")

    def relied_on(self, transition: str) -> list[tuple[str, str]]:
        """A start and a report rest on the versions verified."""
        if transition not in ("start", "report", "validate"):
            return []
        root = find_root(self)
        return [(path_below(root, version), version.state) for version in self.versions]


def _place(version_id: int, key: str) -> str:
    return f"{version_id}:{key}"


def path_below(root: Any, obj: Any) -> str:
    """The path of an object in the tree."""
    names: list[str] = []
    while obj is not root and obj is not None:
        names.append(str(obj.__name__))
        obj = obj.__parent__
    return "/".join(reversed(names))


#: What an account may be in a team: shown beside the name.
DUTIES = {
    R.AUDITOR: _("auditeur de l’organisme"),
    R.CERTIFIER: _("consommateur certificateur"),
    R.MEMBER: _("sociétaire"),
}
