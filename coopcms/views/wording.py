"""What permissions are called on pages."""

from collections.abc import Mapping

from ..i18n import _
from ..security.permissions import P
from ..workflows.model import Workflow

_TITLES: Mapping[P, str] = {
    P.VIEW: _("Voir le titre, l’état et l’historique"),
    P.READ: _("Lire le dossier"),
    P.READ_MEMBERS: _("Lire ce qui est réservé aux sociétaires"),
    P.READ_VERIFIERS: _("Lire ce qui est réservé aux vérificateurs"),
    P.READ_PRIVATE: _("Lire ce qui est privé"),
    P.READ_ORIGINAL: _("Télécharger les photos telles qu’elles ont été envoyées"),
    P.EDIT: _("Modifier identité, engagements et promesses"),
    P.UPDATE: _("Tenir à jour contacts, documents et cahiers des charges"),
    P.INVITE_STAFF: _("Inviter dans l’équipe de l’entreprise"),
    P.DECLARE_INTEREST: _("Déclarer un intérêt"),
    P.PLAN_AUDIT: _("Prévoir un audit"),
    P.FILE: _("Écrire constats et verdict"),
    P.SIGN: _("Signer le rapport"),
    P.RECORD_UNSIGNED: _("Constater une signature manquante"),
    P.REPLY: _("Répondre au rapport"),
    P.CONFIRM_RENEWAL: _("Confirmer le renouvellement d’un certificat extérieur"),
    P.COMMENT: _("Commenter"),
    P.MODERATE: _("Modérer les commentaires"),
    P.AMEND: _("Proposer un amendement"),
    P.DECIDE_AMENDMENT: _("Accepter ou refuser un amendement"),
    P.REVISE: _("Préparer la version suivante"),
    P.CAST: _("Voter"),
    P.EXTEND: _("Repousser la fin du vote"),
    P.COUNT: _("Dépouiller le vote une fois terminé"),
    P.RETRY: _("Réessayer ce qu’un résultat n’a pas pu entraîner"),
    P.RECORD_LINK: _("Enregistrer le lien structurel"),
    P.CARE: _("Suivre le dossier : responsable, notes internes, lettres"),
    P.SUGGEST: _("Proposer un texte à l’entreprise"),
    P.NAME_STAND_IN: _("Désigner un remplaçant en cas de conflit d’intérêts"),
}


def permission_titles(workflow: Workflow) -> dict[P, str]:
    """The title of each permission that the states of a workflow grant: its own, or that of its transition."""
    titles = dict(_TITLES)
    if workflow.name == "specification":
        titles[P.VIEW] = _("Voir que la version existe")
        titles[P.READ] = _("Lire les critères")
        titles[P.EDIT] = _("Rédiger les critères")
    if workflow.name == "proposal":
        titles[P.READ] = _("Lire la proposition")
        titles[P.EDIT] = _("Rédiger la proposition et régler le vote")
    if workflow.name in ("audit", "nonconformity"):
        titles[P.READ] = _("Lire le rapport")
    titles.update({transition.permission: transition.title for transition in workflow.transitions})
    return titles
