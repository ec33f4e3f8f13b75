"""What the transitions of audits and non-conformities ask: one guard a condition, each with its sentence and its place."""

from datetime import datetime, timedelta
from typing import Any

from .. import settings
from ..i18n import _
from ..security.principals import Actor
from .conditions import company_of, in_conflict
from .model import Missing

#: The states of a company in which it can be verified; ``applied`` besides asks for admissibility.
_OPEN_STATES = ("applied", "audited", "voted", "certified", "partnered", "suspended")


def company_is_open(obj: Any, actor: Actor, now: datetime) -> Missing | None:
    """The company is on its way or attached: a draft, a declined or a withdrawn one has nothing to be verified."""
    company = company_of(obj)
    if company.state in _OPEN_STATES:
        return None
    return Missing(_("Le dossier de l’entreprise n’est pas ouvert à la vérification dans son état actuel."), company)


def company_can_be_audited(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """The company is open, and admissible where it is a candidate."""
    company = company_of(audit)
    missing = company_is_open(audit, actor, now)
    if missing is None and company.state == "applied" and company.admissible_since() is None:
        return Missing(_("La candidature n’a pas encore été déclarée recevable."), company)
    return missing


def versions_are_frozen(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """What is verified does not move any more, and there is something to verify."""
    company = company_of(audit)
    if not audit.versions:
        return Missing(_("Aucun texte à vérifier n’est choisi."), audit, "plan")
    for version in audit.versions:
        if version.state not in ("frozen", "adopted", "in_force"):
            return Missing(
                _("« ${version} » n’est pas figé.", mapping={"version": version.title}),
                company["specifications"] if company_of(version) is company else version,
            )
    return None


def team_is_complete(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """Level 1: an auditor of the body.  Level 2: three members (setting), one of them a certifier."""
    if audit.level == 1:
        body = audit.body
        if body is not None and any(userid in body.auditors for userid in audit.team):
            return None
        return Missing(_("Aucun auditeur de l’organisme accrédité n’est désigné."), audit, "plan")
    needed = settings.current().visit_team
    members = audit.members_of_team()
    if len(members) < needed:
        return Missing(
            _(
                "L’équipe de visite compte ${count} sociétaires sur ${needed}.",
                mapping={"count": len(members), "needed": needed},
            ),
            audit,
            "plan",
        )
    if not audit.certifiers_of_team():
        return Missing(_("L’équipe de visite ne compte aucun consommateur certificateur."), audit, "plan")
    return None


def team_is_free_of_conflicts(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """Nobody verifies a company they are staff of or declared an interest in."""
    company = company_of(audit)
    for userid in audit.team:
        if in_conflict(Actor(userid), company):
            return Missing(
                _("Une personne de l’équipe de vérification a un lien avec l’entreprise : remplacez-la."), audit, "plan"
            )
    return None


def body_is_accredited(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """Level 1 rests on an accreditation that runs (ISO/IEC 17065)."""
    if audit.level != 1:
        return None
    body = audit.body
    if body is not None and body.is_accredited(now):
        return None
    return Missing(_("L’accréditation de l’organisme n’est pas en cours de validité."), body or audit)


def every_criterion_is_answered(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """Each criterion has a finding, or says why it was not checked."""
    unanswered = audit.unanswered()
    if not unanswered:
        return None
    count = len(unanswered)
    sentence = (
        _("Un critère n’a pas encore de constat.")
        if count == 1
        else _("${count} critères n’ont pas encore de constat.", mapping={"count": count})
    )
    return Missing(sentence, unanswered[0])


def verdict_is_written(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """A report opens with a verdict in plain words."""
    if audit.verdict.text:
        return None
    return Missing(_("Le verdict en mots simples n’est pas encore écrit."), audit, "verdict")


def everyone_has_signed(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """A visit is reported by its last signature, or by the record that one is missing."""
    if audit.level == 1:
        return None
    waiting = audit.unsigned()
    if not waiting:
        return None
    count = len(waiting)
    sentence = (
        _("Une signature manque encore.")
        if count == 1
        else _("${count} signatures manquent encore.", mapping={"count": count})
    )
    return Missing(sentence, audit, "sign")


def within_the_time_to_contest(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """A report is contested within 30 days (setting)."""
    days = settings.current().contest_days
    reported = audit.reported_at
    if reported is not None and now <= reported + timedelta(days=days):
        return None
    return Missing(_("Le délai de ${days} jours pour contester le rapport est passé.", mapping={"days": days}), audit)


def outside_the_team(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """Who evaluated does not judge the evaluation (ISO/IEC 17065, 7.5 and 7.6)."""
    if actor.userid is None or actor.userid not in audit.team:
        return None
    return Missing(_("Vous faites partie de l’équipe de cet audit : la décision revient à quelqu’un d’autre."), audit)


def company_was_heard(audit: Any, actor: Actor, now: datetime) -> Missing | None:
    """The company replied to this report or contested it, or had 14 days to do so (setting)."""
    days, reported = settings.current().reply_days, audit.reported_at
    if reported is None:
        return Missing(_("Le rapport n’a pas encore été rendu."), audit)
    if audit.state == "contested" or audit.was_answered() or now >= reported + timedelta(days=days):
        return None
    return Missing(
        _(
            "L’entreprise n’a pas encore répondu au rapport ; sans réponse, il peut être validé après ${days} jours.",
            mapping={"days": days},
        ),
        audit,
    )


def report_stands(nonconformity: Any, actor: Actor, now: datetime) -> Missing | None:
    """The report that found it was given and is not being made anew."""
    audit = nonconformity.audit
    if audit.report_stands and nonconformity.counts:
        return None
    return Missing(_("Le rapport qui a relevé cet écart est en cours de reprise."), audit)


def action_is_described(nonconformity: Any, actor: Actor, now: datetime) -> Missing | None:
    """Cause, action and deadline are written."""
    if nonconformity.cause and nonconformity.action and nonconformity.deadline is not None:
        return None
    return Missing(_("Cause, action corrective et échéance ne sont pas encore écrites."), nonconformity, "propose")


def proof_is_there(nonconformity: Any, actor: Actor, now: datetime) -> Missing | None:
    """The company says what it did since the action was accepted, with or without documents."""
    if nonconformity.has_new_proof():
        return None
    return Missing(_("Aucune preuve n’est encore apportée."), nonconformity, "prove")


def effect_is_verified_by_the_right_level(nonconformity: Any, actor: Actor, now: datetime) -> Missing | None:
    """Level 1 is verified and closed by the accredited body, level 2 by a certifier outside the team."""
    audit = nonconformity.audit
    if audit.level == 1:
        body = audit.body
        if body is not None and actor.userid is not None and actor.userid in body.auditors:
            return None
        return Missing(_("Cet écart relève de l’organisme accrédité qui l’a constaté."), body or audit)
    return outside_the_team(audit, actor, now)
