"""The journey of a company, told step by step: what happens, who acts, an example to look at; on a demo site, how to play it."""

from dataclasses import dataclass
from typing import Any

from pyramid.view import view_config

from ..catalog import queries
from ..content.site import Site
from ..i18n import _
from ..security.permissions import P
from ..security.roles import TITLES, R
from .addresses import url
from .base import Views


@dataclass(frozen=True)
class Stage:
    """One step: who acts, what happens, in which states of a company an example is found, and the part that a demo gives one."""

    title: Any
    who: R
    text: Any
    states: tuple[str, ...]
    view: str = ""
    login: str = ""  #: the demo account that plays it
    play: Any = ""  #: what to do once one is logged in


STAGES = (
    Stage(
        _("L’entreprise ouvre son dossier"),
        R.STAFF,
        _(
            "Elle dit qui elle est, comment elle tient les cinq engagements, et écrit son cahier des charges. Rien n’est public "
            "avant qu’elle dépose sa candidature."
        ),
        ("applied",),
        login="entreprise",
        play=_("Ouvrez « Ce qui m’attend », puis le dossier : contacts, documents, et ce que les autres en voient."),
    ),
    Stage(
        _("La coopérative examine la recevabilité"),
        R.COORDINATOR,
        _(
            "Elle renvoie un dossier incomplet avec ses remarques, ou le déclare recevable ; les audits se préparent alors."
        ),
        ("applied",),
        "workflow",
        login="equipe",
        play=_("Ouvrez « Tous les dossiers » : à qui de jouer, depuis quand. Déclarez une candidature recevable."),
    ),
    Stage(
        _("Les sociétaires discutent le cahier des charges"),
        R.MEMBER,
        _("Pendant la consultation chacun commente et amende, critère par critère. Puis le texte est figé."),
        ("applied", "partnered"),
        "specifications",
        login="membre",
        play=_("Ouvrez un cahier des charges en consultation et proposez un amendement."),
    ),
    Stage(
        _("Un organisme accrédité vérifie"),
        R.AUDITOR,
        _("Premier niveau : un auditeur indépendant répond à chaque critère, preuves à l’appui, et rend son rapport."),
        ("audited", "applied"),
        "audits",
        login="auditeur",
        play=_("Ouvrez l’audit qui vous attend et remplissez un constat."),
    ),
    Stage(
        _("Des sociétaires visitent"),
        R.TEAM,
        _(
            "Second niveau : trois sociétaires, dont un consommateur certificateur, vérifient sur place et signent ensemble."
        ),
        ("audited", "voted"),
        "matrix",
        login="visiteuse",
        play=_(
            "Ouvrez la visite prévue : un constat par critère, avec photo ; ce que vous tapez survit aux coupures de réseau."
        ),
    ),
    Stage(
        _("Les écarts se corrigent"),
        R.STAFF,
        _(
            "Pour chaque écart : la cause, une action datée, la preuve, puis la vérification de l’effet. Tout reste lisible."
        ),
        ("certified", "partnered", "audited"),
        "nonconformities",
        login="partenaire",
        play=_("Ouvrez une non-conformité et suivez son histoire jusqu’à la levée."),
    ),
    Stage(
        _("Tout le monde vote"),
        R.MEMBER,
        _(
            "Une personne, une voix. Ni résultat ni participation ne se voient avant la fin ; ensuite chacun peut recompter."
        ),
        ("audited",),
        login="membre",
        play=_("Votez, gardez votre récépissé ; après la clôture, retrouvez-y votre bulletin."),
    ),
    Stage(
        _("Des consommateurs formés certifient"),
        R.CERTIFIER,
        _("Ceux qui n’ont pas participé aux audits décident. L’attestation est publique et dure douze mois."),
        ("certified",),
        "certificates",
        login="certificateur",
        play=_("Ouvrez « Ce qui m’attend » : rapports à valider, actions à examiner, décisions à prendre."),
    ),
    Stage(
        _("La coopérative prend sa place"),
        R.COORDINATOR,
        _(
            "Une part du capital, un siège au conseil, une marque partagée ou un accord daté : le lien est écrit et public."
        ),
        ("partnered",),
        login="equipe",
        play=_("Enregistrez le lien structurel d’une entreprise certifiée, puis rattachez-la."),
    ),
)


@view_config(
    context=Site, name="journey", permission=P.VIEW, request_method="GET", renderer="templates/site/journey.pt"
)
class JourneyViews(Views):
    """``journey`` of the site."""

    def __call__(self) -> dict[str, Any]:
        """Every step with an example that the reader may see."""
        request = self.request
        demo = getattr(request.site, "is_demo", False)
        found: dict[str, list[Any]] = {}
        for company in queries.companies(request.site, request.actor, order="since").items:
            found.setdefault(company.state, []).append(company)
        return {
            "title": _("Le parcours, pas à pas"),
            "description": _(
                "Comment une entreprise rejoint la coopérative : qui agit, ce qui se passe, avec un exemple."
            ),
            "stages": [
                {
                    "stage": stage,
                    "who": TITLES[stage.who],
                    "example": next((c for state in stage.states for c in found.get(state, ())), None),
                    "login": f"{url(request, self.context, 'login')}?login={stage.login}"
                    if demo and stage.login
                    else None,
                }
                for stage in STAGES
            ],
            "demo": demo,
        }
