"""Proposals: what is put to a collective decision."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import colander
from BTrees import family64
from persistent import Persistent
from pyramid.traversal import find_root
from substanced.content import content
from substanced.objectmap import find_objectmap

from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import R
from . import fields
from .ballot_box import BallotBox
from .base import Container, Leaf, Workflowed
from .discussion import Discussed

KINDS = {
    "admission": _("Admission d’une entreprise"),
    "specification": _("Version d’un cahier des charges"),
    "exclusion": _("Exclusion d’une entreprise"),
}
#: States in which a vote is over and its result stands.
DECIDED = ("adopted", "rejected", "inquorate", "implemented")
#: States from which a vote can still be opened, or is open.
UNDER_WAY = ("draft", "submitted", "discussion", "voting")

#: The rules of a vote where nobody says otherwise: 15 days, a tenth of the roll, more than half of the valid votes cast.
DAYS = 15
QUORUM = Fraction(1, 10)
MAJORITY = Fraction(1, 2)

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _brief(title: str, description: str) -> colander.SchemaNode:
    return fields.text(title, description=description, longest=400, rows=3)


#: What somebody reads who has two minutes: the names of the fields.
BRIEF = ("changes", "purse", "producer")


class ProposalSchema(colander.Schema):
    """What a proposal says."""

    title = fields.line(
        _("Titre"),
        description=_("Une question à laquelle on répond par pour ou contre."),
        missing=colander.required,
        missing_msg=_("Donnez un titre."),
        longest=160,
    )
    description = fields.line(
        _("En une phrase"),
        description=_("Ce que la décision change, pour qui n’a qu’une minute."),
        longest=300,
    )
    changes = _brief(_("Ce qui change"), _("Ce que la décision change concrètement, et à partir de quand."))
    purse = _brief(_("Pour mon porte-monnaie"), _("Le prix, la part, ce que cela coûte ou rapporte à qui achète."))
    producer = _brief(_("Pour qui produit"), _("Ce que gagne ou risque la personne qui fait le produit."))
    text = fields.text(
        _("Le texte soumis au vote"),
        description=_("Ce qui est décidé, pourquoi, et ce que cela coûte. Une fois le vote ouvert, il ne bouge plus."),
        missing=colander.required,
        missing_msg=_("Écrivez le texte soumis au vote."),
        longest=20000,
        rows=12,
        markdown=True,
    )


class PublishedBallots(Persistent):
    """The file of a vote that ended, as canonical JSON: in a record of its own, since few read it."""

    def __init__(self, text: bytes) -> None:
        self.text = text


@content("Proposals", icon="glyphicon glyphicon-bullhorn")
class Proposals(Container):
    """Where the proposals are."""

    table = {P.VIEW: frozenset({R.EVERYONE}), P.READ: frozenset({R.EVERYONE}), P.PROPOSE: frozenset({R.COORDINATOR})}


@content("Proposal", icon="glyphicon glyphicon-bullhorn")
class Proposal(Discussed, Workflowed, Leaf):
    """One proposal.

    ``company_id`` and ``version_ids`` are object ids; ``roll`` those of the accounts that may vote, from the opening on;
    ``extensions`` the former ends with the reasons they were moved.  ``result`` is None before the closing, then what the published
    file says of it.  ``consequence`` is ``{"done": True|False, "when"}`` once it was tried.
    """

    workflow_name = "proposal"
    is_about_a_company = True
    kind: str = "admission"
    text: str = ""
    changes: str = ""  #: what the decision changes
    purse: str = ""  #: what it means for whoever buys
    producer: str = ""  #: what it means for whoever makes it
    company_id: int | None = None
    version_ids: tuple[int, ...] = ()
    ballot: str = "for_against_blank"
    secret: bool = True
    days: int = DAYS
    quorum: tuple[int, int] = (QUORUM.numerator, QUORUM.denominator)
    majority: tuple[int, int] = (MAJORITY.numerator, MAJORITY.denominator)
    opens_on: Any = None  #: the day (Paris) on which the clock opens the vote; None: a coordinator does
    opened_at: datetime | None = None
    ends_at: datetime | None = None
    closed_at: datetime | None = None
    extensions: tuple[Mapping[str, Any], ...] = ()
    milestones: tuple[Mapping[str, Any], ...] = ()
    consequence: Mapping[str, Any] = _NOTHING
    result: Mapping[str, Any] | None = None
    published: PublishedBallots | None = None
    voices: Any = None  #: of a public vote, after the closing: account → choice
    box: BallotBox | None = None
    roll: Any = ()

    def __init__(self, title: str = "", kind: str = "admission") -> None:
        super().__init__()
        self.title = title
        self.kind = kind
        self.open_history()
        self.open_discussion()

    def local_roles(self, actor: Actor) -> frozenset[R]:
        """Its author; from the opening on, whoever is on its roll; staff of the company it is about."""
        if actor.userid is None:
            return frozenset()
        company = self.company
        held = {
            R.AUTHOR: actor.userid == self.creator,
            R.VOTER: actor.userid in self.roll,
            R.STAFF: company is not None and actor.userid in company.staff,
        }
        return frozenset(role for role, holds in held.items() if holds)

    def becomes(self, permission: P) -> P:
        """What was withdrawn before anybody but its author and the coordinators saw it stays theirs."""
        if self.state == "withdrawn" and permission in (P.VIEW, P.READ) and not self.was_public:
            return P.READ_PRIVATE
        return permission

    @property
    def brief(self) -> list[tuple[str, str]]:
        """What somebody reads who has two minutes: a translatable heading and the text of each point that is written."""
        schema = ProposalSchema()
        return [(schema[name].title, getattr(self, name)) for name in BRIEF if getattr(self, name)]

    @property
    def was_public(self) -> bool:
        """Whether it ever was in discussion."""
        return any(entry["to"] == "discussion" for entry in self.history.values())

    @property
    def company(self) -> Any:
        """The company it is about, or None."""
        return None if self.company_id is None else find_objectmap(self).object_for(self.company_id)

    @property
    def versions(self) -> list[Any]:
        """The specification versions it is about: for an admission, those that the company is a candidate with."""
        objectmap = find_objectmap(self)
        return [version for oid in self.version_ids if (version := objectmap.object_for(oid)) is not None]

    def others(self) -> Iterator[Any]:
        """Other proposals on the same company whose votes are not over."""
        for other in self.__parent__.values():
            if other is not self and other.company_id == self.company_id and other.state in UNDER_WAY:
                yield other

    def others_open(self) -> Iterator[Any]:
        """Those of them that are at the vote."""
        return (other for other in self.others() if other.state == "voting")

    def electorate(self) -> list[int]:
        """The accounts of the members in good standing now: the roll, if the vote opened now."""
        return list(find_root(self)["members"].standing)

    @property
    def is_decided(self) -> bool:
        """Whether its vote is over and its result stands."""
        return self.state in DECIDED

    def rules(self) -> dict[str, Any]:
        """The rules of the vote, as the published file says them."""
        return {
            "ballot": self.ballot,
            "secret": self.secret,
            "quorum": str(Fraction(*self.quorum)),
            "majority": str(Fraction(*self.majority)),
            "opened": None if self.opened_at is None else f"{self.opened_at:%Y-%m-%dT%H:%M:%SZ}",
            "ends": None if self.ends_at is None else f"{self.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        }

    def open_box(self) -> None:
        """Make box and roll, once."""
        self.box = BallotBox()
        self.roll = family64.II.TreeSet(self.electorate())

    def relied_on(self, transition: str) -> list[tuple[str, str]]:
        """An opening rests on the roll, an end on the result."""
        if transition == "open":
            return [("roll", str(len(self.electorate())))]
        if transition in ("adopt", "reject", "lapse") and self.result is not None:
            return [("sha256", str(self.result["sha256"]))]
        return []
