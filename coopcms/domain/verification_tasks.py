"""What waits for somebody in the verification of companies: visits, reports, replies, corrective actions, certificates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from .. import settings
from ..catalog import queries
from ..i18n import _
from ..security.principals import Actor
from ..security.roles import R
from ..workflows import engine
from ..workflows.conditions import company_of, in_conflict
from . import audits
from .tasks import Task

#: How many days before its end a certificate is spoken of.
WARNING_DAYS = 60


def tasks(site: Any, actor: Actor, now: datetime) -> Iterator[Task]:
    """Everything of that kind, in no order."""
    if actor.userid is None:
        return
    yield from _of_the_team(site, actor, now)
    yield from _of_staff(site, actor, now)
    if R.CERTIFIER in actor.roles:
        yield from _of_certifiers(site, actor, now)
    yield from _of_auditors(site, actor, now)
    if R.COORDINATOR in actor.roles:
        yield from _of_coordinators(site, actor, now)


def _when(obj: Any) -> datetime:
    when: datetime = engine.last_entry(obj)["when"]
    return when


def _of_the_team(site: Any, actor: Actor, now: datetime) -> Iterator[Task]:
    for audit in queries.audits(site, states=("planned", "in_progress"), team=actor.userid):
        company, when = company_of(audit), _when(audit)
        if audit.gate() is not None:
            # The dossier is closed or with the company again: nobody of the team opens its audits.
            continue
        if audit.state == "planned":
            title = _("${company} : commencer « ${audit} »", mapping=_names(company, audit))
            yield Task(audit, "", title, R.TEAM, when, audit.planned_on)
            continue
        waiting = len(audit.unanswered())
        if waiting:
            title = _(
                "${company} : faire les constats de « ${audit} », ${count} à remplir",
                mapping={**_names(company, audit), "count": waiting},
            )
            yield Task(audit, "", title, R.TEAM, when)
        elif not audit.verdict.text:
            title = _("${company} : écrire le verdict de « ${audit} »", mapping=_names(company, audit))
            yield Task(audit, "verdict", title, R.TEAM, when)
        elif audit.level == 1:
            title = _("${company} : rendre le rapport de « ${audit} »", mapping=_names(company, audit))
            yield Task(audit, "workflow", title, R.TEAM, when)
        elif actor.userid in audit.unsigned():
            title = _("${company} : signer le rapport de « ${audit} »", mapping=_names(company, audit))
            yield Task(audit, "sign", title, R.TEAM, when)


def _names(company: Any, audit: Any) -> dict[str, Any]:
    return {"company": company.title, "audit": audit.title}


def _of_staff(site: Any, actor: Actor, now: datetime) -> Iterator[Task]:
    for company in queries.staff_companies(site, actor):
        # A stand-in has no part in what is the company's.
        if actor.userid not in company.staff or company.is_closed or company.state == "draft":
            continue
        for audit in company.audits():
            if audit.state == "reported" and not audit.was_answered():
                title = _("${company} : répondre au rapport « ${audit} »", mapping=_names(company, audit))
                yield Task(audit, "reply", title, R.STAFF, _when(audit))
            if not audit.report_stands:
                continue
            for one in audit.nonconformities():
                named = {"company": company.title, "what": one.title}
                if one.state == "open":
                    title = _("${company} : proposer une action pour « ${what} »", mapping=named)
                    yield Task(one, "propose", title, R.STAFF, _when(one), one.due)
                elif one.state == "accepted":
                    title = _("${company} : apporter la preuve pour « ${what} »", mapping=named)
                    yield Task(one, "prove", title, R.STAFF, _when(one), one.due)
        yield from _ending(company, now, R.STAFF)


def _of_certifiers(site: Any, actor: Actor, now: datetime) -> Iterator[Task]:
    for audit in queries.audits(site, states=("reported", "contested", "validated")):
        company = company_of(audit)
        if in_conflict(actor, company) or company.is_closed:
            continue
        for step in engine.available(audit, actor, now):
            if step.transition.id == "validate" and step.allowed:
                title = _("${company} : valider le rapport « ${audit} »", mapping=_names(company, audit))
                yield Task(audit, "workflow", title, R.CERTIFIER, _when(audit))
        for one in audit.nonconformities():
            yield from _steps(one, company, actor, now, R.CERTIFIER, _BY_CERTIFIERS)


def _of_auditors(site: Any, actor: Actor, now: datetime) -> Iterator[Task]:
    mine = [body.__oid__ for body in site["bodies"].values() if actor.userid in body.auditors]
    if not mine:
        return
    for audit in queries.audits(site, states=("reported", "contested", "validated"), bodies=mine):
        for one in audit.nonconformities():
            yield from _steps(one, company_of(audit), actor, now, R.AUDITOR, _BY_AUDITORS)


_BY_AUDITORS = {
    "verify_effect": _("${company} : vérifier l’effet de l’action pour « ${what} »"),
    "close": _("${company} : lever « ${what} »"),
}
_BY_CERTIFIERS = {**_BY_AUDITORS, "accept_action": _("${company} : examiner l’action proposée pour « ${what} »")}


def _steps(one: Any, company: Any, actor: Actor, now: datetime, role: R, titles: dict[str, Any]) -> Iterator[Task]:
    """What may be decided on a non-conformity now."""
    for step in engine.available(one, actor, now):
        if step.allowed and step.transition.id in titles:
            named = {"company": company.title, "what": one.title}
            yield Task(one, "workflow", titles[step.transition.id] % named, role, _when(one))


def _of_coordinators(site: Any, actor: Actor, now: datetime) -> Iterator[Task]:
    states = ("applied", "certified", "partnered", "suspended")
    for company in queries.companies(site, actor, states=states).items:
        if company.state == "applied" and company.admissible_since() is not None:
            planned = {audit.level for audit in company.audits() if audit.state != "cancelled"}
            for level in {1, 2} - planned:
                title = _(
                    "${company} : prévoir l’audit de niveau ${level}",
                    mapping={"company": company.title, "level": level},
                )
                yield Task(company["audits"], f"plan?level={level}", title, R.COORDINATOR, _when(company))
        yield from _ending(company, now, R.COORDINATOR)
        yield from _waiting_for_a_day(company)
    for audit in queries.audits(site, states=("in_progress",)):
        if audit.gate() is None and _lacks_a_signature(audit, now):
            title = _("${company} : une signature manque à « ${audit} »", mapping=_names(company_of(audit), audit))
            yield Task(audit, "unsigned", title, R.COORDINATOR, _when(audit))


def _waiting_for_a_day(company: Any) -> Iterator[Task]:
    """The versions that a vote adopted since the certification, and of which nobody said yet when they come into force."""
    if company.state not in ("certified", "partnered"):
        return
    for version in company.versions():
        if version.state == "adopted" and version.in_force_on is None:
            title = _("Fixer l’entrée en vigueur : ${version}", mapping={"version": version.title})
            yield Task(version, "in-force", title, R.COORDINATOR, _when(version))


def _lacks_a_signature(audit: Any, now: datetime) -> bool:
    """Whether a report may be given without a signature that is missing by now."""
    signed = [each for each in audit.signatures.values() if not each["missing"]]
    since = audits.signable_since(audit)
    return (
        since is not None
        and len(signed) >= 2
        and bool(audit.unsigned())
        and now >= since + timedelta(days=settings.current().signature_days)
    )


def _ending(company: Any, now: datetime, role: R) -> Iterator[Task]:
    """The certificate that ends soon, or has ended."""
    certificate = company.current_certificate()
    if certificate is None or company.state not in ("certified", "partnered", "suspended"):
        return
    if any(audit.level == 1 and audit.state in ("planned", "in_progress") for audit in company.audits()):
        return
    if certificate.days_left(now) <= WARNING_DAYS and not company.report_waits_for_us(certificate, now):
        title = (
            _("${company} : l’attestation est échue, prévoir un audit", mapping={"company": company.title})
            if certificate.days_left(now) < 0
            else _(
                "${company} : l’attestation se termine bientôt, prévoir un audit", mapping={"company": company.title}
            )
        )
        target, view = (company["audits"], "plan") if role == R.COORDINATOR else (certificate, "")
        yield Task(target, view, title, role, certificate.created, certificate.last_day)
