"""Verbs on audits: planning, finding, signing, replying."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from substanced.objectmap import find_objectmap

from .. import settings
from ..content.audit import NEED_TEXT, RESULTS, Audit, Evidence, Finding
from ..content.base import must_be_current
from ..content.calendar import day_in_paris
from ..content.french import sort_key
from ..content.naming import free_name
from ..events import Changed, notify
from ..i18n import _
from ..security.permissions import P
from ..security.principals import CLOCK, Actor
from ..security.roles import R
from ..text import one_line, prose, says_something
from ..workflows import engine
from ..workflows.conditions import company_of, in_conflict, not_in_conflict
from ..workflows.verification import every_criterion_is_answered, verdict_is_written
from . import files
from .errors import Forbidden, Invalid, Stale
from .files import names
from .permission import require, require_met

#: How many pieces of evidence one finding, or one proof, carries at most.
MOST_EVIDENCE = 12


def plan(
    company: Any,
    level: int,
    actor: Actor,
    now: datetime,
    *,
    title: str = "",
    planned_on: date | None = None,
    body: Any = None,
    team: Iterable[Any] = (),
    versions: Iterable[Any] | None = None,
    sites: Iterable[Any] = (),
    purpose: str = "",
    name: str | None = None,
) -> Audit:
    """Plan an audit and return it.  Without versions named, it verifies the framework and every candidate version.

    The same plan sent twice by one person is one audit.

    :raises Invalid: the company is not admissible yet, or somebody of the team has an interest in it
    """
    require(P.PLAN_AUDIT, company, actor)
    require_met(company, actor, now, not_in_conflict)
    if not is_admissible(company):
        raise Invalid(company=_("Déclarez d’abord la candidature recevable : les audits se planifient ensuite."))
    audit = Audit(level=level)
    audit.creator, audit.created, audit.modified = actor.userid, now, now
    _fill(company, audit, title, planned_on, body, team, versions, sites, purpose)
    folder = company["audits"]
    for other in folder.values():
        if name is None and other.state == "planned" and _planned(other) == _planned(audit):
            there: Audit = other
            return there
    engine.start(audit, actor, now)
    when = planned_on or day_in_paris(now)
    folder.add(name or free_name(folder, f"level-{level}-{when:%Y-%m}"), audit)
    return audit


def is_admissible(company: Any) -> bool:
    """Whether nothing but a declaration of the cooperative holds the planning back."""
    return company.state != "applied" or company.admissible_since() is not None


def change_plan(
    audit: Audit,
    actor: Actor,
    now: datetime,
    *,
    title: str,
    planned_on: date | None,
    body: Any = None,
    team: Iterable[Any],
    versions: Iterable[Any] | None = None,
    sites: Iterable[Any] = (),
    purpose: str = "",
) -> None:
    """Change what is planned, as long as the audit has not started.

    :raises Invalid: somebody of the team has an interest in the company
    """
    require(P.PLAN_AUDIT, audit, actor)
    require_met(audit, actor, now, not_in_conflict)
    _fill(company_of(audit), audit, title, planned_on, body, team, versions, sites, purpose)
    audit.modified = now
    notify(Changed(audit))


def _fill(
    company: Any,
    audit: Audit,
    title: str,
    planned_on: date | None,
    body: Any,
    team: Iterable[Any],
    versions: Iterable[Any] | None,
    sites: Iterable[Any],
    purpose: str,
) -> None:
    accounts = list(team)
    for account in accounts:
        if in_conflict(Actor(account.__oid__), company):
            raise Invalid(
                team=_(
                    "${name} a un lien avec l’entreprise et ne peut pas la vérifier.", mapping={"name": account.title}
                )
            )
        if audit.level == 1 and (body is None or account.__oid__ not in body.auditors):
            raise Invalid(team=_("${name} n’est pas auditeur de cet organisme.", mapping={"name": account.title}))
        if audit.level == 2 and R.MEMBER not in account.roles():
            raise Invalid(team=_("${name} n’est pas sociétaire.", mapping={"name": account.title}))
    audit.title = one_line(title) or default_title(audit.level, body)
    audit.planned_on = planned_on
    audit.body_id = body.__oid__ if audit.level == 1 and body is not None else None
    audit.purpose = prose(purpose)
    chosen = company.to_be_audited() if versions is None else list(versions)
    audit.version_ids = tuple(version.__oid__ for version in chosen)
    audit.site_ids = tuple(site.__oid__ for site in sites)
    audit.team.clear()
    audit.team.update(account.__oid__ for account in accounts)


def _planned(audit: Audit) -> tuple[Any, ...]:
    """What a plan says."""
    return (
        audit.creator,
        audit.level,
        audit.title,
        audit.planned_on,
        audit.body_id,
        tuple(audit.team),
        audit.version_ids,
        audit.site_ids,
        audit.purpose,
    )


def default_title(level: int, body: Any) -> str:
    """What an audit is called when nobody gave it a title; content, in the language of the site."""
    if level == 2:
        return "Visite de vérification"
    return f"Audit de {body.title}" if body is not None else "Audit d’organisme accrédité"


def lay_out_checklist(audit: Audit) -> None:
    """Make a finding for each criterion of the versions; what was there already stays."""
    sequence = list(audit.sequence)
    for version in audit.versions:
        must_be_current(version)  # nobody takes it back to draft meanwhile
        for key, criterion in version.ordered():
            if audit.finding_on(version.__oid__, key) is None:
                name = free_name(audit.checklist, criterion.code)
                audit.lay_out(name, Finding(version.__oid__, key))
                sequence.append(name)
    audit.sequence = tuple(sequence)


def _require_to_file(obj: Any, actor: Actor, now: datetime) -> None:
    require(P.FILE, obj, actor)
    require_met(obj, actor, now, not_in_conflict)


def file(
    finding: Finding,
    result: str,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    access_refused: bool = False,
    revision: int | None = None,
) -> int:
    """File what was found at one criterion and return the new revision.  Access that is refused is a major non-conformity.

    :raises GuardRefused: this person came into conflict since the audit began
    :raises Invalid: the result is unknown, or says nothing without a text
    :raises Stale: another visitor wrote at this criterion since that revision
    """
    _require_to_file(finding, actor, now)
    messages = problems(result, text, access_refused)
    if messages:
        raise Invalid(**messages)
    text, result = prose(text), "major" if access_refused else result
    if (finding.result, finding.text, finding.access_refused) == (result, text, access_refused):
        return finding.revision
    if revision is not None and revision != finding.revision:
        raise Stale(finding)
    _unsign(audit_of(finding))
    finding.result, finding.text, finding.access_refused = result, text, access_refused
    finding.found_by, finding.found_at = actor.userid, now
    finding.revision += 1
    return finding.revision


def problems(result: str, text: str, access_refused: bool = False) -> dict[str, str]:
    """What keeps a finding from being filed: a sentence by field."""
    result = "major" if access_refused else result
    if result not in RESULTS:
        return {"result": _("Choisissez un constat.")}
    return {"text": _NEEDED_TEXT[result]} if result in NEED_TEXT and not says_something(text) else {}


_NEEDED_TEXT = {
    "minor": _("Dites ce que vous avez constaté et en quoi cela s’écarte du critère."),
    "major": _("Dites ce que vous avez constaté et en quoi cela s’écarte du critère."),
    "observation": _("Dites ce que vous avez observé."),
    "not_applicable": _("Dites pourquoi ce critère est sans objet ici."),
    "not_checked": _("Dites pourquoi ce critère n’a pas été vérifié."),
}


def add_evidence(
    finding: Finding,
    stream: BinaryIO,
    filename: str,
    title: str,
    visibility: str,
    actor: Actor,
    now: datetime,
    *,
    most_bytes: int,
) -> Evidence:
    """Keep a photo or a document that shows what was found; of a picture, position and other data of the device are left out.

    :raises Invalid: it is empty, too large, of a type that is not accepted, or one too many
    """
    _require_to_file(finding, actor, now)
    kept = keep_evidence(
        finding, finding.evidence, stream, filename, title, visibility, actor, now, most_bytes=most_bytes
    )
    _unsign(audit_of(finding))
    return kept


def keep_evidence(
    holder: Any,
    place: Any,
    stream: BinaryIO,
    filename: str,
    title: str,
    visibility: str,
    actor: Actor,
    now: datetime,
    *,
    most_bytes: int,
) -> Evidence:
    """Keep a file in a BTree of its holder, under a random name; who may was asked before.  Sent twice, it is kept once."""
    upload = files.received(stream, filename, most_bytes)
    title = names.title(title, filename)
    for other in place.values():
        if (other.title, other.visibility) == (title, visibility) and upload.is_in(other):
            there: Evidence = other
            return there
    if len(place) >= MOST_EVIDENCE:
        raise Invalid(upload=_("${count} pièces au plus : retirez-en une d’abord.", mapping={"count": MOST_EVIDENCE}))
    evidence = Evidence(title, upload.filename, upload.content_type, visibility)
    upload.file_of(evidence, actor, now)
    key = secrets.token_hex(8)
    evidence.__parent__, evidence.__name__ = holder, key
    place[key] = evidence
    return evidence


def remove_evidence(finding: Finding, key: str, actor: Actor, now: datetime) -> None:
    """Remove a piece of evidence before the report is given.

    :raises KeyError: there is none of that key
    """
    _require_to_file(finding, actor, now)
    del finding.evidence[key]
    _unsign(audit_of(finding))


def audit_of(finding: Finding) -> Audit:
    """The audit a finding belongs to."""
    audit: Audit = finding.__parent__
    return audit


def _unsign(audit: Audit) -> None:
    """Whoever signed before a change signs again: a signature is good for the text it was given to.

    Who signs meanwhile, on the text as it was, comes into conflict with this change and is asked again.
    """
    must_be_current(audit.verdict)
    if audit.signatures:
        audit.signatures.clear()


def write_verdict(audit: Audit, text: str, actor: Actor, now: datetime, *, revision: int | None = None) -> None:
    """Write the verdict in plain words that opens the report.

    :raises Invalid: it is empty
    :raises Stale: somebody of the team wrote it since that revision
    """
    _require_to_file(audit, actor, now)
    verdict, text = audit.verdict, prose(text)
    if not text:
        raise Invalid(text=_("Écrivez le verdict en deux ou trois phrases qu’un client comprend."))
    if verdict.text == text:
        return
    if revision is not None and revision != verdict.revision:
        raise Stale(verdict)
    _unsign(audit)
    verdict.text, verdict.written_by, verdict.written_at = text, actor.userid, now
    verdict.revision += 1


def sign(audit: Audit, actor: Actor, now: datetime, *, reservation: str = "") -> bool:
    """Sign the report, with a reservation where one is given; the last signature gives the report.  Whether it did.

    :raises GuardRefused: a criterion has no finding yet, or there is no verdict
    :raises Invalid: this person signed already
    """
    require(P.SIGN, audit, actor)
    if actor.userid is None or actor.userid not in audit.team:
        raise Forbidden("only the team signs")
    if actor.userid in audit.signatures:
        raise Invalid(reservation=_("Vous avez déjà signé."))
    require_met(audit, actor, now, not_in_conflict, every_criterion_is_answered, verdict_is_written)
    rest_on_findings(audit)
    _put_signature(audit, actor.userid, when=now, reservation=prose(reservation))
    if audit.level == 1 or audit.unsigned():
        return False
    engine.fire(audit, "report", actor, now)
    return True


def rest_on_findings(audit: Audit) -> None:
    """Let this fail, to be tried again, when somebody changes a finding, its evidence or the verdict meanwhile."""
    must_be_current(audit.verdict)
    for finding in audit.findings():
        must_be_current(finding)
        must_be_current(finding.evidence)


def _put_signature(audit: Audit, userid: int, **given: Any) -> None:
    audit.signatures[userid] = {"reservation": "", "missing": "", "recorded_by": None, **given}
    # Two who sign at once must meet, or neither would be the last: BTrees would take both without a word.
    audit.verdict.signed += 1


def sign_as_reporter(audit: Audit, actor: Actor, now: datetime) -> None:
    """Who gives a level-1 report signs it by that."""
    if audit.level == 1 and actor.userid is not None and actor.userid not in audit.signatures:
        _put_signature(audit, actor.userid, when=now)


def signable_since(audit: Audit) -> datetime | None:
    """Since when a signature can be missing: the first signature, or None."""
    return min((signature["when"] for signature in audit.signatures.values()), default=None)


def record_unsigned(audit: Audit, userid: int, reason: str, actor: Actor, now: datetime) -> bool:
    """Record « non signé » for somebody of the team, 14 days (setting) after the first signature, while two signatures remain.

    Whether the report was given by it.

    :raises Invalid: too early, too few signatures, no reason, or nothing is missing from this person
    """
    require(P.RECORD_UNSIGNED, audit, actor)
    require_met(audit, actor, now, not_in_conflict)
    if audit.level == 1:
        raise Invalid(person=_("L’organisme accrédité rend lui-même son rapport : rien ne remplace sa signature."))
    if userid not in audit.unsigned():
        raise Invalid(person=_("Il ne manque pas de signature de cette personne."))
    if not says_something(reason):
        raise Invalid(reason=_("Dites pourquoi la signature manque : le motif figure au rapport."))
    signed = [s for s in audit.signatures.values() if not s["missing"]]
    since, days = signable_since(audit), settings.current().signature_days
    if since is None or now < since + timedelta(days=days):
        raise Invalid(
            person=_(
                "Une signature manquante se constate ${days} jours après la première signature.", mapping={"days": days}
            )
        )
    if len(signed) < 2:
        raise Invalid(person=_("Il faut au moins deux signatures au rapport."))
    _put_signature(audit, userid, when=now, missing=prose(reason), recorded_by=actor.userid)
    if audit.unsigned():
        return False
    engine.fire(audit, "report", CLOCK, now)
    return True


def reply(audit: Audit, text: str, actor: Actor, now: datetime) -> None:
    """The company's right of reply; each reply is kept, one that is sent twice once.

    :raises Invalid: it is empty
    """
    require(P.REPLY, audit, actor)
    if not says_something(text):
        raise Invalid(text=_("Écrivez votre réponse : elle sera publiée avec le rapport."))
    last = audit.replies[audit.replies.maxKey()] if audit.replies else None
    if last is not None and (last["by"], last["text"]) == (actor.userid, prose(text)):
        return
    number = audit.replies.maxKey() + 1 if audit.replies else 1
    audit.replies[number] = {"text": prose(text), "when": now, "by": actor.userid}


def team_of(audit: Audit) -> list[Any]:
    """The accounts of its team, by name."""
    objectmap = find_objectmap(audit)
    found = (objectmap.object_for(userid) for userid in audit.team)
    return sorted((account for account in found if account is not None), key=lambda account: sort_key(account.title))
