"""What each kind of mail says, in French; the catalog has it in English."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..content.calendar import day_in_words, moment_in_words
from ..i18n import _


@dataclass(frozen=True)
class Words:
    """A mail in words to be translated: the paragraphs, what the link says, and why one gets it.

    ``quoted`` is what somebody wrote, in their own words.
    """

    subject: Any
    paragraphs: tuple[Any, ...]
    link: Any
    why: Any
    quoted: str = ""
    after: tuple[Any, ...] = ()  #: paragraphs below the link
    greets: bool = True  #: whether a greeting stands before the paragraphs


Facts = Mapping[str, Any]


class Shown(dict[str, Any]):
    """Facts as they are shown in a language: days and times in words."""

    def __init__(self, facts: Facts, language: str) -> None:
        super().__init__({name: _shown(value, language) for name, value in facts.items()})


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, datetime):
        return moment_in_words(value, language)
    return day_in_words(value, language) if isinstance(value, date) else value


def _staff(f: Facts) -> Any:
    return _("Vous recevez ce message parce que vous faites partie de l’équipe de « ${company} ».", mapping=f)


def _on_the_roll() -> Any:
    return _("Vous recevez ce message parce que vous êtes sociétaire et inscrit sur la liste électorale de ce vote.")


def _not_expected() -> Any:
    return _("Si vous n’attendiez pas ce message, ne faites rien : le lien s’éteint de lui-même.")


def invitation(f: Facts) -> Words:
    """To fill in the dossier of a company."""
    return Words(
        _("Votre invitation au dossier « ${company} »", mapping=f),
        (
            _(
                "${inviter} vous invite à remplir le dossier de « ${company} » auprès de notre coopérative de consommateurs.",
                mapping=f,
            ),
            _("Le lien ci-dessous est valable 14 jours : il crée votre compte et ouvre le dossier."),
        ),
        _("Accepter et créer mon compte"),
        _(
            "Vous recevez ce message parce que votre adresse nous a été donnée par ${inviter} pour cette invitation.",
            mapping=f,
        ),
        after=(
            _(
                "Comptez une demi-heure pour l’essentiel ; tout s’enregistre section par section et rien n’est public avant que "
                "vous déposiez la candidature."
            ),
            _not_expected(),
        ),
    )


def audit_invitation(f: Facts) -> Words:
    """To audit for an accredited body."""
    return Words(
        _("Votre invitation à auditer pour ${body}", mapping=f),
        (
            _(
                "${inviter} vous invite à remplir les audits confiés à « ${body} » par notre coopérative de consommateurs.",
                mapping=f,
            ),
            _("Le lien ci-dessous est valable 14 jours : il crée votre compte."),
        ),
        _("Accepter et créer mon compte"),
        _(
            "Vous recevez ce message parce que votre adresse nous a été donnée par ${inviter} pour cette invitation.",
            mapping=f,
        ),
        after=(
            _(
                "Vous y trouverez ensuite les audits où l’on compte sur vous : textes à vérifier, lieux, constats à remplir."
            ),
            _not_expected(),
        ),
    )


def new_password(f: Facts) -> Words:
    """The link that lets somebody choose a new password."""
    return Words(
        _("Choisir un nouveau mot de passe"),
        (_("Vous avez demandé à choisir un nouveau mot de passe. Le lien ci-dessous est valable une heure."),),
        _("Choisir mon mot de passe"),
        _("Vous recevez ce message parce que quelqu’un a demandé ce lien pour votre compte."),
        after=(_("Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même."),),
    )


def dossier_returned(f: Facts) -> Words:
    """A dossier goes back to its company."""
    return Words(
        _("Dossier à compléter : ${company}", mapping=f),
        (
            _(
                "L’équipe de la coopérative a lu le dossier de « ${company} » et vous le renvoie pour que vous le complétiez. "
                "Il n’est plus public jusqu’à ce que vous le déposiez de nouveau.",
                mapping=f,
            ),
            _("Voici ce qu’elle vous écrit :"),
        ),
        _("Compléter le dossier"),
        _staff(f),
        quoted=str(f["comment"]),
    )


def company_letter(f: Facts) -> Words:
    """What somebody of the cooperative wrote to the staff of a company, greeting included."""
    return Words(
        str(f["subject"]),
        (*_blocks(str(f["text"])), str(f["author"])),
        _("Ouvrir le dossier"),
        _staff(f),
        greets=False,
    )


def _blocks(text: str) -> list[str]:
    """The paragraphs of a plain text."""
    return [block.strip() for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]


def admissible(f: Facts) -> Words:
    """An application may be verified."""
    return Words(
        _("Candidature recevable : ${company}", mapping=f),
        (
            _(
                "L’équipe de la coopérative a déclaré recevable la candidature de « ${company} ». Un organisme accrédité et des "
                "sociétaires vont maintenant vérifier sur place ce que vous promettez ; vous serez prévenus de leur venue.",
                mapping=f,
            ),
        ),
        _("Voir où en est la candidature"),
        _staff(f),
    )


def _planned(f: Facts) -> Any:
    if f.get("day") is None:
        return _("« ${audit} » chez « ${company} » : le jour n’est pas encore fixé.", mapping=f)
    return _("« ${audit} » chez « ${company} », le ${day}.", mapping=f)


def audit_planned_team(f: Facts) -> Words:
    """To whoever makes an audit."""
    return Words(
        _("Votre vérification : ${company}", mapping=f),
        (
            _planned(f),
            _("Vous y trouverez les textes à vérifier, les lieux et la composition de l’équipe."),
        ),
        _("Ouvrir l’audit"),
        _("Vous recevez ce message parce que vous faites partie de l’équipe de cet audit."),
    )


def audit_planned_body(f: Facts) -> Words:
    """To the other auditors of the accredited body."""
    return Words(
        _("Audit confié à ${body} : ${company}", mapping=f),
        (_planned(f),),
        _("Voir l’audit"),
        _("Vous recevez ce message parce que vous auditez pour « ${body} ».", mapping=f),
    )


def audit_planned_company(f: Facts) -> Words:
    """To the company that is verified."""
    return Words(
        _("Vérification prévue : ${company}", mapping=f),
        (
            _planned(f),
            _(
                "Préparez les preuves que nomment vos critères et prévenez les personnes concernées : un accès refusé compte comme "
                "une non-conformité majeure."
            ),
        ),
        _("Voir ce qui sera vérifié"),
        _staff(f),
    )


def findings(f: Facts) -> Words:
    """A report was given: what the company can do, and until when."""
    found = (
        _("Il ne relève aucune non-conformité.")
        if f["count"] == 0
        else _("Il relève une non-conformité.")
        if f["count"] == 1
        else _("Il relève ${count} non-conformités.", mapping=f)
    )
    steps = [
        _("Le rapport « ${audit} » sur « ${company} » vous est rendu.", mapping=f),
        found,
        _("Vous pouvez y répondre jusqu’au ${reply} ; ensuite, il peut être validé sans votre réponse.", mapping=f),
    ]
    if f["count"]:
        steps.append(_("Pour chaque écart, proposez une action corrective au plus tard le ${action}.", mapping=f))
    return Words(
        _("Rapport de vérification à lire : ${company}", mapping=f),
        tuple(steps),
        _("Lire le rapport et répondre"),
        _staff(f),
    )


def vote_open(f: Facts) -> Words:
    """A vote opened."""
    return Words(
        _("Le vote est ouvert : ${title}", mapping=f),
        (
            _("Le vote « ${title} » est ouvert jusqu’au ${ends}. Votre voix compte autant que toute autre.", mapping=f),
            _("Vous pouvez changer d’avis jusqu’à la clôture : seul le dernier bulletin compte."),
        ),
        _("Lire la proposition et voter"),
        _on_the_roll(),
    )


def vote_closing(f: Facts) -> Words:
    """A vote ends soon; the same to everybody on the roll."""
    return Words(
        _("Le vote se termine bientôt : ${title}", mapping=f),
        (
            _("Le vote « ${title} » se termine le ${ends}.", mapping=f),
            _(
                "Ce rappel part à toutes les personnes inscrites, car avant la clôture nul ne sait qui a voté. Si vous avez déjà "
                "voté, vous n’avez rien à faire."
            ),
        ),
        _("Lire la proposition et voter"),
        _on_the_roll(),
    )


def _outcome(f: Facts) -> tuple[Any, ...]:
    said = {
        "adopted": _("La proposition « ${title} » est adoptée.", mapping=f),
        "rejected": _("La proposition « ${title} » est rejetée.", mapping=f),
        "inquorate": _("Le quorum n’est pas atteint : sur « ${title} », rien n’est décidé.", mapping=f),
    }
    counts = f["counts"]
    figures = [_("Participation : ${turnout} sur ${roll} inscrits.", mapping=f)]
    if set(counts) == {"for", "against", "blank"}:
        figures.append(_("Pour : ${for}, contre : ${against}, blancs : ${blank}.", mapping=counts))
    return (said[f["state"]], *figures)


def vote_result(f: Facts) -> Words:
    """How a vote ended, to everybody on its roll."""
    return Words(
        _("Résultat du vote : ${title}", mapping=f),
        (
            *_outcome(f),
            _("Le procès-verbal publie tous les bulletins ; qui a voté y retrouve le sien grâce à son récépissé."),
        ),
        _("Lire le procès-verbal"),
        _on_the_roll(),
    )


def vote_result_company(f: Facts) -> Words:
    """How a vote on a company ended, to its staff."""
    return Words(_("Résultat du vote : ${title}", mapping=f), _outcome(f), _("Lire le procès-verbal"), _staff(f))


def certificate_issued(f: Facts) -> Words:
    """A company gets its certificate."""
    return Words(
        _("Attestation ${number} : ${company}", mapping=f),
        (
            _(
                "L’attestation de vérification citoyenne ${number} est délivrée à « ${company} ». "
                "Elle est valable jusqu’au ${day}.",
                mapping=f,
            ),
            _("Sa page est publique : donnez-en l’adresse à qui veut la vérifier."),
        ),
        _("Voir l’attestation"),
        _staff(f),
    )


def certificate_ending(f: Facts) -> Words:
    """A certificate ends soon."""
    return Words(
        _("Fin de l’attestation le ${day} : ${company}", mapping=f),
        (
            _("L’attestation ${number} de « ${company} » se termine le ${day}.", mapping=f),
            _(
                "Pour qu’elle soit renouvelée, un rapport d’organisme accrédité plus récent doit être validé avant cette date ; "
                "sinon, la certification est suspendue."
            ),
        ),
        _("Voir où en est le dossier"),
        _staff(f),
    )


WORDS: Mapping[str, Callable[[Facts], Words]] = {
    each.__name__: each
    for each in (
        invitation,
        audit_invitation,
        new_password,
        dossier_returned,
        company_letter,
        admissible,
        audit_planned_team,
        audit_planned_body,
        audit_planned_company,
        findings,
        vote_open,
        vote_closing,
        vote_result,
        vote_result_company,
        certificate_issued,
        certificate_ending,
    )
}
