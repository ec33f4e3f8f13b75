"""Verbs on companies and their dossiers."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from ..catalog.queries import coordinators
from ..content import fields
from ..content.audit import Audits
from ..content.certificate import Certificates
from ..content.company import Company
from ..content.dossier import IDENTITY_NEEDED, PARTS, SECTIONS, ContactSchema, schema_of
from ..content.file import Files
from ..content.naming import free_name
from ..content.specification import Specifications
from ..content.worksite import Worksites
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import CLOCK, Actor
from ..security.roles import R
from ..text import one_line, prose, says_something
from ..workflows import engine
from ..workflows.conditions import in_conflict
from ..workflows.dossier import COMMITMENTS
from . import journal
from .errors import Forbidden, Invalid, Stale
from .permission import require


def create(site: Any, title: str, actor: Actor, now: datetime, *, name: str | None = None) -> Company:
    """Make the draft of a company.

    :raises Forbidden: the actor may not invite companies
    """
    companies = site["companies"]
    require(P.INVITE_COMPANY, companies, actor)
    company = Company(one_line(title))
    company.creator, company.created = actor.userid, now
    company.sections["identity"].values = {"title": company.title}
    engine.start(company, actor, now)
    companies.add(name or free_name(companies, title), company)
    company.add("specifications", Specifications())
    company.add("files", Files())
    company.add("sites", Worksites())
    company.add("audits", Audits())
    company.add("certificates", Certificates())
    return company


def save_section(
    company: Company,
    section: str,
    values: dict[str, Any],
    actor: Actor,
    now: datetime,
    *,
    revision: int | None = None,
    against: int | None = None,
    helped_by: int | None = None,
) -> int:
    """Save one section and return its new revision.  Nothing happens when nothing changed.

    ``revision`` is the one the person started from; ``against`` the version of the framework a statement answers; ``helped_by`` the
    account that proposed the text.

    :raises Forbidden: the dossier cannot be edited now, or not by this actor
    :raises Stale: somebody saved this section since that revision; nothing is lost, both texts can be shown
    """
    require(P.EDIT, company, actor)
    record = company.sections[section]
    values = fields.prepared(schema_of(section), values)
    if record.values == values:
        return int(record.revision)
    if revision is not None and revision != record.revision:
        raise Stale(record)
    record.values = dict(values)
    record.revision += 1
    record.modified, record.modified_by, record.helped_by = now, actor.userid, helped_by
    if section in COMMITMENTS:
        record.against = against
    if section == "identity":
        company.title = values.get("title") or company.title
    notify(Changed(company))
    return int(record.revision)


def add_contact(company: Company, values: dict[str, str], actor: Actor) -> str:
    """Add a contact and return its key.  Sent twice, it is one contact."""
    require(P.UPDATE, company, actor)
    values = fields.prepared(ContactSchema(), values)
    for there, contact in company.contacts.items():
        if dict(contact) == values:
            return str(there)
    key = secrets.token_hex(8)
    company.contacts[key] = values
    return key


def change_contact(company: Company, key: str, values: dict[str, str], actor: Actor) -> None:
    """Replace a contact.

    :raises KeyError: there is none of that key
    """
    require(P.UPDATE, company, actor)
    company.contacts[key]
    company.contacts[key] = fields.prepared(ContactSchema(), values)


def remove_contact(company: Company, key: str, actor: Actor) -> None:
    """Remove a contact.

    :raises Invalid: it is the last one of a company that applied: somebody must be reachable
    """
    require(P.UPDATE, company, actor)
    if company.state != "draft" and len(company.contacts) == 1:
        raise Invalid(contact=_("C’est le dernier contact : ajoutez-en un autre avant de retirer celui-ci."))
    del company.contacts[key]


def add_staff(company: Company, userid: int) -> None:
    """Let an account be staff; who may invite was asked when the invitation was made."""
    company.staff.insert(userid)
    notify(Changed(company))


def remove_staff(company: Company, userid: int, actor: Actor) -> None:
    """Let somebody be staff no more.

    :raises Invalid: it is the last one
    """
    require(P.INVITE_STAFF, company, actor)
    if userid in company.staff and len(company.staff) == 1:
        raise Invalid(staff=_("C’est la dernière personne de l’équipe : invitez-en une autre d’abord."))
    if userid in company.staff:
        company.staff.remove(userid)
        notify(Changed(company))


def declare_interest(company: Company, text: str, actor: Actor, now: datetime) -> None:
    """Declare one's own interest: from now on one decides nothing about this company."""
    require(P.DECLARE_INTEREST, company, actor)
    if actor.userid is None:
        raise Forbidden("nobody without an account declares an interest")
    company.interests[actor.userid] = {"text": prose(text), "when": now}


def end_interest(site: Any, company: Company, userid: int, actor: Actor, now: datetime) -> None:
    """Strike a declared interest that is no more.  Nobody strikes their own: who decides must not choose when they may."""
    require(P.NAME_STAND_IN, company, actor)
    if userid in company.interests:
        journal.write(site, "interest-ended", actor, now, company=str(company.__name__), account=str(userid))
        del company.interests[userid]


def name_stand_in(site: Any, company: Company, account: Any, actor: Actor) -> None:
    """Let somebody stand in for coordinators who are all in conflict with this company.

    :raises Invalid: a coordinator is free to act, or this person is in conflict too
    """
    require(P.NAME_STAND_IN, company, actor)
    if any(not in_conflict(Actor(c.__oid__), company) for c in coordinators(site)):
        raise Invalid(
            account=_("Une personne de l’équipe de la coopérative peut agir : elle n’a pas de conflit d’intérêts.")
        )
    if in_conflict(Actor(account.__oid__), company):
        raise Invalid(account=_("Cette personne a elle aussi un conflit d’intérêts avec l’entreprise."))
    company.stand_ins.insert(account.__oid__)
    notify(Changed(company))


#: What a vote held before the platform was about, and how it can have ended.
EARLIER_KINDS = ("admission", "exclusion", "specification")
EARLIER_NUMBERS = ("entitled", "voters", "yes", "no", "blank")
EARLIER_RESULTS = {"adopted": _("Adopté"), "rejected": _("Rejeté")}


def record_earlier_vote(
    company: Company,
    kind: str,
    result: str,
    when: datetime,
    actor: Actor,
    *,
    entitled: int,
    voters: int,
    yes: int,
    no: int,
    blank: int = 0,
    source: str,
    subject: str,
) -> None:
    """Take over a vote that was held before the platform, as its source tells it.

    :raises Forbidden: the actor is not the closing, whose part no person plays: this is for imports
    :raises Invalid: kind or result is unknown, there is no source, or the numbers do not go together
    """
    if R.CLOSING not in actor.roles:
        raise Forbidden("results of votes come from the closing alone")
    if kind not in EARLIER_KINDS or result not in EARLIER_RESULTS:
        raise Invalid(kind=_("Ce vote ou son résultat est d’une sorte inconnue."))
    if not says_something(source) or not says_something(subject):
        raise Invalid(
            source=_("Un vote repris d’avant la plateforme dit sur quoi il portait et d’où viennent ses chiffres.")
        )
    if min(yes, no, blank) < 0 or not yes + no + blank <= voters <= entitled or entitled < 1:
        raise Invalid(voters=_("Ces nombres ne vont pas ensemble : voix, votants et inscrits se contredisent."))
    vote = {
        "kind": kind,
        "result": result,
        "when": when,
        "entitled": entitled,
        "voters": voters,
        "yes": yes,
        "no": no,
        "blank": blank,
        "source": prose(source),
        "subject": one_line(subject),
    }
    company.earlier_votes = tuple(sorted((*company.earlier_votes, vote), key=lambda each: each["when"]))


def turnout(vote: dict[str, Any]) -> Fraction:
    """Which share of those entitled voted."""
    return Fraction(vote["voters"], vote["entitled"])


@dataclass(frozen=True)
class Progress:
    """How far a dossier is.  ``sections`` maps each section to "done", "begun" or "empty"; ``share`` is from 0 to 100."""

    sections: dict[str, str]
    share: int
    missing: tuple[Any, ...]  #: what stands in the way of applying (Missing)


def progress(company: Company, now: datetime) -> Progress:
    """How far the dossier is, and what an application would still need."""
    sections = {section: _filled(company, section) for section in SECTIONS}
    others = [bool(company.contacts), any(True for _version in company.versions())]
    frozen = bool(company.candidates())
    weights = {"done": 2, "begun": 1, "empty": 0}
    points = sum(weights[s] for s in sections.values()) + 2 * others[0] + others[1] + frozen
    share = round(100 * points / (2 * len(sections) + 4))
    apply = engine.workflow_of(company).transition("apply", "draft")  # type: ignore[union-attr]
    found = (guard(company, CLOCK, now) for guard in apply.guards)  # type: ignore[union-attr]
    return Progress(sections, share, tuple(m for m in found if m is not None) if company.state == "draft" else ())


def _filled(company: Company, section: str) -> str:
    values = company.values_of(section)
    if section == "identity":
        filled = [bool(values.get(field)) for field in IDENTITY_NEEDED]
    elif section in PARTS:
        filled = [bool(values.get(field)) for field in ("promise", "proof", "public")]
    else:
        filled = [bool(company.statement(section))]
    return "done" if all(filled) else "begun" if any(filled) else "empty"
