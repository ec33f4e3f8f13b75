"""A company: its dossier, and whatever belongs to it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from BTrees import family64
from pyramid.traversal import find_root
from substanced.content import content

from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import R
from ..workflows.dossier import COMMITMENTS
from .base import Container, Workflowed
from .calendar import day_in_paris
from .discussion import Discussed
from .dossier import IDENTITY_NEEDED, SECTIONS, Section

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@content("Companies", icon="glyphicon glyphicon-briefcase")
class Companies(Container):
    """Where the companies are."""

    table = {
        P.VIEW: frozenset({R.EVERYONE}),
        P.READ: frozenset({R.EVERYONE}),
        P.INVITE_COMPANY: frozenset({R.COORDINATOR}),
    }


@content("Company", icon="glyphicon glyphicon-leaf")
class Company(Discussed, Workflowed, Container):
    """The dossier of a company.

    Sections lie each in a record of its own, so that two people who save different ones never meet; contacts, staff and interests
    are BTrees.  Specifications, files and what follows are content below it.
    """

    workflow_name = "company"
    is_company = True
    link: Any = None  #: the structural link with the cooperative, once recorded
    sources: tuple[tuple[str, str], ...] = ()  #: (figure, where it was published) pairs
    is_demo: bool = False
    care: Any = None  #: what coordinators keep for themselves; made with the first note
    suggestions: Any = None  #: section → Suggestion; made with the first one
    standings: Any = None  #: object id of a version → what is verified of it; made with the first validation
    outside_certificates: Any = None  #: random key → OutsideCertificate; None in what an older version made
    #: Votes held before the platform: dicts of kind, result, when (UTC), subject, source, entitled, voters, yes, no, blank.
    earlier_votes: tuple[dict[str, Any], ...] = ()

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.title = title
        self.open_history()
        self.open_discussion()
        self.sections = family64.OO.BTree()
        self.contacts = family64.OO.BTree()
        self.staff = family64.II.TreeSet()
        self.interests = family64.IO.BTree()
        self.stand_ins = family64.II.TreeSet()
        self.logo = None
        self.outside_certificates = family64.OO.BTree()
        for section in SECTIONS:
            self.sections[section] = Section()

    @property
    def modified(self) -> datetime | None:  # type: ignore[override]
        """When the dossier was saved last: each section keeps its own time, so that savings do not meet in the company."""
        times = [record.modified for record in self.sections.values() if record.modified is not None]
        return max([*times, *([self.created] if self.created is not None else [])], default=None)

    def local_roles(self, actor: Actor) -> frozenset[R]:
        """Staff of this company; whoever stands in here for coordinators in conflict."""
        if actor.userid is None:
            return frozenset()
        found = set()
        if actor.userid in self.staff:
            found.add(R.STAFF)
        if actor.userid in self.stand_ins:
            found.add(R.COORDINATOR)
        if any(actor.userid in audit.team for audit in self.audits() if audit.state != "cancelled"):
            found.add(R.VERIFIER)
        return frozenset(found)

    def values_of(self, section: str) -> Mapping[str, Any]:
        """What a section says, by field."""
        record = self.sections.get(section)
        return record.values if record is not None else _NOTHING

    def value(self, field: str) -> Any:
        """One field of the identity, "" when empty."""
        return self.sections["identity"].values.get(field) or ""

    def statement(self, commitment: str) -> str:
        """What the company says on one of the five commitments, "" when nothing yet."""
        return str(self.sections[commitment].values.get("statement", "")).strip()

    def identity_is_complete(self) -> bool:
        """Whether everything an application asks of the identity is there."""
        values = self.sections["identity"].values
        return all(values.get(field) for field in IDENTITY_NEEDED)

    def specifications(self) -> Iterator[Any]:
        """Its specifications, in the order of their names."""
        return iter(self["specifications"].values()) if "specifications" in self else iter(())

    def versions(self) -> Iterator[Any]:
        """All versions of all its specifications."""
        for specification in self.specifications():
            yield from specification.versions()

    @property
    def is_closed(self) -> bool:
        """Whether only title, state and history are left for everybody."""
        return self.state in ("declined", "withdrawn")

    def candidates(self) -> list[Any]:
        """The versions that are audited and voted on: frozen, adopted or in force."""
        return [version for version in self.versions() if version.state in ("frozen", "adopted", "in_force")]

    def to_be_audited(self) -> list[Any]:
        """The cooperative's framework and the candidate versions."""
        framework = find_root(self)["framework"].current()
        return [*([] if framework is None else [framework]), *self.candidates()]

    def levels_verified(self, version: Any) -> set[int]:
        """The levels, 1 and 2, at which a version was verified here: what was not validated says nothing yet."""
        return {audit.level for audit in self.audits() if audit.state == "validated" and version in audit.versions}

    def approved(self) -> list[Any]:
        """What a certificate speaks of: the cooperative's framework and the versions that were voted, verified at both levels."""
        voted = (version for version in self.to_be_audited() if version.state in ("adopted", "in_force"))
        return [version for version in voted if self.levels_verified(version) >= {1, 2}]

    def vote_result(self, kind: str) -> str | None:
        """What the newest vote of a kind on this company came to: "adopted", "rejected" …; None when there was none.

        It is the result of a vote that was closed here, or of one held before the platform.
        """
        found = [
            (proposal.closed_at, proposal.result["state"])
            for proposal in find_root(self)["proposals"].values()
            if proposal.kind == kind and proposal.company_id == self.__oid__ and proposal.result is not None
        ]
        found += [(vote["when"], vote["result"]) for vote in self.earlier_votes if vote["kind"] == kind]
        return max(found, key=lambda vote: vote[0])[1] if found else None

    def certified_since(self) -> datetime | None:
        """When the certification in force was decided; a reinstatement alone decides nothing anew."""
        return self.last_time("certify", "renew")

    def worksites(self) -> Iterator[Any]:
        """Its plants, farms, boats: where one verifies."""
        return iter(self["sites"].values()) if "sites" in self else iter(())

    def lapsed_certificates(self, now: datetime) -> list[Any]:
        """The outside certificates whose last day in Paris is past, and for which no renewal waits for the cooperative."""
        declared = (self.outside_certificates or {}).values()
        return [each for each in declared if each.renewal is None and each.has_lapsed(now)]

    def audits(self) -> Iterator[Any]:
        """The audits made of it."""
        return iter(self["audits"].values()) if "audits" in self else iter(())

    def findings(self) -> Iterator[Any]:
        """The non-conformities of the reports that were given: what an audit under way finds may still change."""
        for audit in self.audits():
            if audit.report_stands:
                yield from audit.findings_at_fault()

    def certificates(self) -> list[Any]:
        """Its certificates, oldest first."""
        found = self["certificates"].values() if "certificates" in self else ()
        return sorted(found, key=lambda certificate: (certificate.start, certificate.number))

    def current_certificate(self) -> Any:
        """The newest certificate, or None."""
        found = self.certificates()
        return found[-1] if found else None

    def is_overdue(self, now: datetime) -> bool:
        """Whether something ran out without a proof waiting for the cooperative."""
        return bool(self.overdue(now))

    def overdue(self, now: datetime) -> list[str]:
        """What ran out: ``"certificate"``, ``"action"``, ``"outside"``."""
        found = []
        certificate = self.current_certificate()
        if (
            certificate is not None
            and certificate.days_left(now) < 0
            and not self.report_waits_for_us(certificate, now)
        ):
            found.append("certificate")
        if any(finding.is_overdue(now) for finding in self.findings()):
            found.append("action")
        if self.lapsed_certificates(now):
            found.append("outside")
        return found

    def report_waits_for_us(self, certificate: Any, now: datetime) -> bool:
        """Whether a level-1 report newer than a certificate waits for its validation or for the renewal."""
        return any(
            audit.level == 1
            and audit.report_stands
            and day_in_paris(audit.reported_at) > certificate.start
            and (audit.valid_until is None or audit.valid_until > now)
            for audit in self.audits()
        )

    def admissible_since(self) -> datetime | None:
        """When the current application was declared admissible, or None."""
        entry = self.last("declare_admissible", "apply", "create")
        return entry["when"] if entry is not None and entry["transition"] == "declare_admissible" else None

    def relied_on(self, transition: str) -> list[tuple[str, str]]:
        """An application rests on its frozen versions, a decision on validated audits, an attachment on its link."""
        if transition == "apply":
            return [(f"specifications/{v.__parent__.__name__}/{v.__name__}", v.state) for v in self.candidates()]
        if transition in ("accept_audits", "certify", "renew", "reinstate"):
            return [(f"audits/{audit.__name__}", audit.state) for audit in self.audits() if audit.state == "validated"]
        return [("link", str(self.link))] if transition == "partner" else []

    @property
    def statements_written(self) -> int:
        """How many of the five commitments are answered."""
        return sum(bool(self.statement(commitment)) for commitment in COMMITMENTS)
