"""Specifications, their versions and criteria; the cooperative's framework is one of them."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

import colander
from BTrees import family64
from persistent import Persistent
from pyramid.traversal import find_root
from substanced.content import content

from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import R
from ..workflows.conditions import company_of
from . import fields
from .base import Container, Workflowed
from .discussion import Discussed

_NOTHING: Mapping[Any, Any] = MappingProxyType({})

CLASSES = {
    "core": _("Essentiel : un écart empêche la certification"),
    "major": _("Majeur : un écart doit être corrigé avant la certification"),
    "development": _("De progrès : un écart appelle une action datée"),
}
CHECK_METHODS = {
    "document": _("Sur documents"),
    "on_site": _("Sur place"),
    "both": _("Sur documents et sur place"),
}


#: What a criterion needs before it can be audited.
COMPLETE = (
    "code",
    "title",
    "requirement",
    "domain",
    "criterion_class",
    "check_method",
    "evidence",
    "how_to_check",
)


class Criterion(Discussed, Persistent):
    """One requirement and how it is checked: a page below its version, called by its key.

    ``changes`` is its append-only history in this version, by number; ``amendments`` maps random keys to what members proposed.
    """

    __parent__: Any = None
    __name__: str | None = None

    code: str = ""
    title: str = ""
    requirement: str = ""
    domain: str = ""
    criterion_class: str = ""
    check_method: str = ""
    evidence: str = ""
    how_to_check: str = ""
    revision: int = 0
    amended_by: tuple[int, ...] = ()  #: accounts of the members whose amendments it carries
    changes: Any = _NOTHING
    amendments: Any = _NOTHING
    unread: bool = False  #: it was removed before anybody but its authors could read it

    #: Who wrote it: a criterion that nobody else ever read stays theirs.
    _AUTHORS: ClassVar[frozenset[R]] = frozenset({R.STAFF, R.COORDINATOR})

    def __init__(self) -> None:
        self.open_records()

    def open_records(self) -> None:
        """Make what is kept beside the text; harmless where it is there."""
        if self.changes is _NOTHING:
            self.changes = family64.IO.BTree()
        if self.amendments is _NOTHING:
            self.amendments = family64.OO.BTree()
        self.open_discussion()

    def access(self, permission: P) -> frozenset[R] | None:
        """The version answers; a criterion removed from a draft that was never public stays with its authors."""
        return self._AUTHORS if self.unread and permission in (P.VIEW, P.READ) else None

    def is_complete(self) -> bool:
        """Whether it can be audited: what is required, its weight, how it is checked, on what evidence."""
        return all(getattr(self, name) for name in COMPLETE)

    @property
    def is_removed(self) -> bool:
        """Whether its version has left it out."""
        return self.__parent__ is not None and self.__name__ in self.__parent__.removed


class CriterionSchema(colander.Schema):
    """A criterion as it is edited: a draft may be incomplete, code and title are needed to talk about it."""

    code = fields.line(
        _("Code"),
        longest=12,
        description=_("Court et unique dans le cahier des charges : A1, R3…"),
        missing=colander.required,
        missing_msg=_("Donnez un code court, par exemple A1."),
    )
    title = fields.line(_("Intitulé"), missing=colander.required, missing_msg=_("Donnez un intitulé en quelques mots."))
    requirement = fields.text(
        _("Exigence"),
        longest=4000,
        rows=5,
        description=_("Ce qui doit être vrai, formulé pour qu’on puisse répondre oui ou non."),
    )
    domain = fields.line(_("Domaine"), longest=60, description=_("Alimentation, rémunération, origine…"))
    criterion_class = fields.radios(_("Classe"), CLASSES)
    check_method = fields.radios(_("Mode de contrôle"), CHECK_METHODS)
    evidence = fields.text(
        _("Preuve attendue"), longest=2000, rows=3, description=_("Facture, registre, mesure, constat sur place…")
    )
    how_to_check = fields.text(
        _("Comment le vérifier"),
        longest=4000,
        rows=4,
        description=_("Pour un sociétaire qui visite et n’est pas du métier."),
    )


class SpecificationSchema(colander.Schema):
    """What a specification is about."""

    title = fields.line(
        _("Titre"),
        missing=colander.required,
        missing_msg=_("Donnez un titre : le produit ou le service concerné."),
    )
    description = fields.text(_("Description"), longest=2000, rows=4)


@content("Specification Version", icon="glyphicon glyphicon-list")
class SpecificationVersion(Discussed, Workflowed, Container):
    """One version of a specification: it carries text, criteria and workflow.

    ``criteria`` maps a random key to a criterion, ``removed`` those that were left out; ``sequence`` lists the keys.  A criterion
    keeps its key from version to version.
    """

    workflow_name = "specification"
    removed: Any = _NOTHING
    in_force_on: date | None = (
        None  #: the day (Paris) from which an adopted version is in force; None: with the certification
    )
    order_revision: int = 0  #: counts how often the order was changed

    def __init__(self, title: str = "", description: str = "") -> None:
        super().__init__()
        self.title = title
        self.description = description
        self.open_history()
        self.open_discussion()
        self.criteria = family64.OO.BTree()
        self.removed = family64.OO.BTree()
        self.sequence: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        """A criterion by its key, also one that was removed."""
        for criteria in (self.criteria, self.removed):
            if name in criteria:
                return criteria[name]
        return super().__getitem__(name)

    def ordered(self) -> list[tuple[str, Criterion]]:
        """The criteria with their keys, in their order; one added by two people at once comes last."""
        known = [key for key in self.sequence if key in self.criteria]
        return [(key, self.criteria[key]) for key in (*known, *sorted(set(self.criteria) - set(known)))]

    def take(self, key: str, criterion: Criterion) -> None:
        """Hold a criterion under a key, at the end."""
        criterion.__parent__, criterion.__name__ = self, key
        self.criteria[key] = criterion
        self.sequence = (*self.sequence, key)

    def open_removed(self) -> Any:
        """What was left out, to be written to; made here where the version is older than that."""
        if self.removed is _NOTHING:
            self.removed = family64.OO.BTree()
        return self.removed

    def gate(self) -> Any:
        """The company whose reading it takes as well: a dossier that is closed closes its specifications."""
        company = company_of(self)
        return company if company is not None and company.is_closed else None

    def open_proposals(self) -> Iterator[Any]:
        """The votes that are open on this version: of its own, or the admission of its company."""
        for proposal in find_root(self)["proposals"].values():
            if proposal.state == "voting" and self.__oid__ in proposal.version_ids:
                yield proposal

    @property
    def number(self) -> int:
        """Its number, which is its name."""
        return int(self.__name__ or 0)


@content("Specification", icon="glyphicon glyphicon-book")
class Specification(Container):
    """The versions of one text, numbered from 1."""

    def __init__(self, title: str = "", description: str = "") -> None:
        super().__init__()
        self.title = title
        self.description = description

    def versions(self) -> list[SpecificationVersion]:
        """Its versions, oldest first."""
        return sorted(self.values(), key=lambda version: version.number)

    def current(self) -> SpecificationVersion | None:
        """The version in force, else the newest one."""
        versions = self.versions()
        in_force = [version for version in versions if version.state == "in_force"]
        return in_force[-1] if in_force else versions[-1] if versions else None


@content("Specifications", icon="glyphicon glyphicon-book")
class Specifications(Container):
    """Where the specifications of a company are."""


@content("Framework", icon="glyphicon glyphicon-certificate")
class Framework(Specification):
    """The five commitments, a specification of the cooperative itself."""

    table = {P.VIEW: frozenset({R.EVERYONE}), P.READ: frozenset({R.EVERYONE})}
    #: What each commitment asks, by its id: {"title": …, "text": …}.
    commitments: dict[str, dict[str, str]] = {}

    def local_roles(self, actor: Actor) -> frozenset[R]:
        """The coordinators hold the pen."""
        return frozenset({R.STAFF}) if R.COORDINATOR in actor.roles else frozenset()
