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
    P.EDIT: _("Modifier identité, engagements et promesses"),
    P.UPDATE: _("Tenir à jour contacts, documents et cahiers des charges"),
    P.INVITE_STAFF: _("Inviter dans l’équipe de l’entreprise"),
    P.DECLARE_INTEREST: _("Déclarer un intérêt"),
    P.NAME_STAND_IN: _("Désigner un remplaçant en cas de conflit d’intérêts"),
}


def permission_titles(workflow: Workflow) -> dict[P, str]:
    """The title of each permission that the states of a workflow grant: its own, or that of its transition."""
    titles = dict(_TITLES)
    if workflow.name == "specification":
        titles[P.VIEW] = _("Voir que la version existe")
        titles[P.READ] = _("Lire les critères")
        titles[P.EDIT] = _("Rédiger les critères")
    titles.update({transition.permission: transition.title for transition in workflow.transitions})
    return titles
