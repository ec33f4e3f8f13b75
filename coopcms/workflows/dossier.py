"""What the transitions of a company ask of its dossier: one guard a condition, each with its sentence and its place."""

from datetime import datetime
from typing import Any

from ..i18n import _
from ..security.principals import Actor
from ..security.roles import R
from .conditions import company_of
from .model import Guard, Missing

#: The five commitments of the cooperative's framework, in its order: what each is called.
COMMITMENTS = {
    "transparency": _("Transparence"),
    "fairness": _("Équité envers salariés, fournisseurs et prestataires"),
    "sharing": _("Partage du profit ou solidarité"),
    "truth": _("Communication vraie"),
    "association": _("Consommateurs associés, retombées positives garanties"),
}

_STATEMENT_MISSING = {
    "transparency": _("L’engagement de transparence n’est pas encore rédigé."),
    "fairness": _("L’engagement d’équité n’est pas encore rédigé."),
    "sharing": _("L’engagement de partage ou de solidarité n’est pas encore rédigé."),
    "truth": _("L’engagement de communication vraie n’est pas encore rédigé."),
    "association": _("L’engagement d’associer les consommateurs n’est pas encore rédigé."),
}


def identity_is_complete(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """Legal name, SIRET, address, sector, region and origin are known."""
    if company.identity_is_complete():
        return None
    return Missing(
        _("L’identité de l’entreprise est incomplète : nom légal, SIRET, adresse, secteur, région et origine."),
        company,
        "edit/identity",
    )


def statement_is_written(commitment: str) -> Guard:
    """A guard: the company says how it keeps one of the five commitments."""

    def guard(company: Any, actor: Actor, now: datetime) -> Missing | None:
        if company.statement(commitment):
            return None
        return Missing(_STATEMENT_MISSING[commitment], company, f"edit/{commitment}")

    guard.__name__ = f"{commitment}_statement_is_written"
    guard.__doc__ = f"The statement on the commitment “{commitment}” is written."
    return guard


def version_is_frozen(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """At least one specification version is frozen: what is audited and voted on does not move any more."""
    if company.candidates():
        return None
    return Missing(_("Aucune version de cahier des charges n’est figée."), company, "specifications")


def contact_is_named(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """Somebody can be reached."""
    if company.contacts:
        return None
    return Missing(_("Aucun contact n’est indiqué."), company, "contacts")


def admissible(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """Declared admissible since the last application."""
    if company.admissible_since() is not None:
        return None
    return Missing(_("La candidature n’a pas encore été déclarée recevable par l’équipe de la coopérative."), company)


def has_audits_of_both_levels(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """For the framework and every candidate version one validated audit of each level."""
    for version in company.to_be_audited():
        levels = company.levels_verified(version)
        if levels >= {1, 2}:
            continue
        mapping = {"version": version.title}
        if 1 in levels:
            sentence = _("« ${version} » : aucune visite de sociétaires (niveau 2) n’est validée.", mapping=mapping)
        elif 2 in levels:
            sentence = _(
                "« ${version} » : aucun audit d’un organisme accrédité (niveau 1) n’est validé.", mapping=mapping
            )
        else:
            sentence = _(
                "« ${version} » : ni audit d’un organisme accrédité ni visite de sociétaires n’est validé.",
                mapping=mapping,
            )
        return Missing(sentence, company)
    return None


def has_valid_report(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """A level-1 report is still valid: a label rests on a third party's verification (Directive (EU) 2024/825)."""
    if any(a.level == 1 and a.state == "validated" and a.valid_until > now for a in company.audits()):
        return None
    return Missing(_("Aucun rapport d’organisme accrédité n’est en cours de validité."), company)


def something_is_approved(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """A certificate speaks of a text of the company that was voted and verified at both levels."""
    if any(company_of(version) is company for version in company.approved()):
        return None
    return Missing(_("Aucun cahier des charges adopté n’est vérifié aux deux niveaux."), company, "specifications")


def has_newer_report(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """The report is valid, and newer than the certification it renews."""
    missing = has_valid_report(company, actor, now)
    since = company.certified_since()
    if missing is not None or since is None:
        return missing
    if any(a.level == 1 and a.state == "validated" and a.validated_at > since for a in company.audits()):
        return None
    return Missing(_("Aucun rapport d’organisme accrédité n’est plus récent que la certification en cours."), company)


_VOTE_MISSING = {
    ("admission", "adopted"): _("Aucun vote n’a adopté l’admission de cette entreprise."),
    ("admission", "rejected"): _("Aucun vote n’a rejeté l’admission de cette entreprise."),
    ("exclusion", "adopted"): _("Aucun vote n’a adopté l’exclusion de cette entreprise."),
}


def vote_says(kind: str, result: str) -> Guard:
    """A guard: the last vote of a kind on the company came to a result."""

    def guard(company: Any, actor: Actor, now: datetime) -> Missing | None:
        return None if company.vote_result(kind) == result else Missing(_VOTE_MISSING[kind, result], company)

    guard.__name__ = f"{kind}_was_{result}"
    guard.__doc__ = f"The last {kind} proposal on the company was {result}."
    return guard


def no_open_major(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """No major non-conformity waits for its closing."""
    for finding in company.findings():
        if finding.is_major and not finding.is_closed:
            return Missing(_("Une non-conformité majeure n’est pas levée."), finding)
    return None


def every_minor_has_an_action(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """Each minor non-conformity has a corrective action that a certifier accepted."""
    for finding in company.findings():
        if finding.is_minor and not finding.is_closed and not finding.has_accepted_action:
            return Missing(_("Une non-conformité mineure n’a pas d’action corrective acceptée."), finding)
    return None


def structural_link_is_recorded(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """Stake, seat, co-owned brand or partnership agreement: the place of the cooperative in the company is written down."""
    if company.link is not None:
        return None
    return Missing(_("Le lien structurel avec la coopérative n’est pas encore enregistré."), company)


def is_overdue(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """What the clock needs to suspend: a certificate that ended or an action past its date, with no proof waiting for us.

    A certifier needs none of this, but gives a comment.
    """
    if R.CLOCK not in actor.roles or company.is_overdue(now):
        return None
    return Missing(_("Rien n’est échu : ni certificat, ni action corrective."), company)


#: What ran out, in a sentence, by the names of ``company.overdue``.
OVERDUE = {
    "certificate": _("L’attestation est échue et aucun rapport plus récent n’attend notre décision."),
    "action": _("Une action corrective n’a pas été proposée ou prouvée à son échéance."),
    "outside": _("Un certificat extérieur est échu et aucun renouvellement n’a été présenté."),
}


def nothing_is_overdue(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """What would suspend it the next minute is mended first; a certificate that ended is made anew by the step itself."""
    found = [reason for reason in company.overdue(now) if reason != "certificate"]
    if not found:
        return None
    view = {"action": "nonconformities", "outside": "outside-certificates"}[found[0]]
    return Missing(OVERDUE[found[0]], company, view)


def not_the_one_who_declined(company: Any, actor: Actor, now: datetime) -> Missing | None:
    """An appeal is not heard by whoever declined (ISO/IEC 17065, 7.13)."""
    for entry in reversed(company.history.values()):
        if entry["to"] not in ("declined", "withdrawn"):
            break
        if entry["transition"] in ("decline", "refuse_certification") and entry["actor"] == actor.userid is not None:
            return Missing(
                _("Vous avez décliné cette candidature : la réouverture revient à une autre personne de l’équipe."),
                company,
            )
    return None
