"""How something is put to a collective decision.

    draft --submit--> submitted --discuss--> discussion --open--> voting --adopt--> adopted --implement--> implemented

The closing alone says how a vote ended: adopted, rejected, or inquorate.  Until the vote is open its author may take it back;
an open vote is only ever cancelled, with a public reason.
"""

from ..i18n import _
from ..security.permissions import P
from ..security.roles import R
from .ballots import (
    admission_is_possible,
    end_is_reached,
    exclusion_is_possible,
    milestones_are_done,
    rules_are_complete,
    somebody_is_on_the_roll,
    versions_can_be_adopted,
)
from .conditions import not_in_conflict
from .model import State, Transition, Workflow

_EVERYONE, _COORD, _AUTHOR = frozenset({R.EVERYONE}), frozenset({R.COORDINATOR}), frozenset({R.AUTHOR})
_CLOSING = frozenset({R.CLOSING})
_INVOLVED = frozenset({R.MEMBER, R.CERTIFIER, R.STAFF, R.COORDINATOR})
_IN_PREPARATION = {P.VIEW: _AUTHOR | _COORD, P.READ: _AUTHOR | _COORD}
_PUBLIC = {P.VIEW: _EVERYONE, P.READ: _EVERYONE, P.COMMENT: _INVOLVED, P.MODERATE: _COORD}
_OVER = {P.VIEW: _EVERYONE, P.READ: _EVERYONE, P.MODERATE: _COORD}

PROPOSAL = Workflow(
    name="proposal",
    title=_("La vie d’une proposition"),
    initial="draft",
    states=(
        State(
            "draft",
            _("Brouillon"),
            {**_IN_PREPARATION, P.EDIT: _AUTHOR, P.SUBMIT: _AUTHOR, P.WITHDRAW: _AUTHOR},
            next=_("Qui propose rédige le texte, puis le soumet à l’équipe de la coopérative."),
            at=(0, 0),
        ),
        State(
            "submitted",
            _("Soumise"),
            {
                **_IN_PREPARATION,
                P.EDIT: _COORD,
                P.SEND_BACK: _COORD,
                P.DISCUSS: _COORD,
                P.WITHDRAW: _AUTHOR,
            },
            next=_("L’équipe de la coopérative la met en débat ou la renvoie avec ses remarques."),
            at=(0, 1),
        ),
        State(
            "discussion",
            _("En débat"),
            {**_PUBLIC, P.EDIT: _COORD, P.OPEN: frozenset({R.COORDINATOR, R.CLOCK}), P.WITHDRAW: _AUTHOR},
            next=_("Les sociétaires en débattent ; le vote s’ouvre ensuite, et son texte ne bouge plus."),
            at=(0, 2),
        ),
        State(
            "voting",
            _("Au vote"),
            {
                **_PUBLIC,
                P.CAST: frozenset({R.VOTER}),
                P.EXTEND: _COORD,
                P.COUNT: _COORD,
                P.ADOPT: _CLOSING,
                P.REJECT: _CLOSING,
                P.LAPSE: _CLOSING,
                P.CANCEL: _COORD,
            },
            next=_(
                "Les sociétaires inscrits votent ; ni résultat partiel ni participation ne se voient avant la clôture."
            ),
            at=(0, 3),
        ),
        State(
            "adopted",
            _("Adoptée"),
            {**_PUBLIC, P.RETRY: _COORD, P.IMPLEMENT: _COORD},
            next=_("La décision prend effet ; l’équipe de la coopérative suit sa mise en œuvre."),
            at=(0, 4),
        ),
        State(
            "rejected",
            _("Rejetée"),
            {**_PUBLIC, P.RETRY: _COORD},
            next=_("La proposition n’a pas réuni la majorité ; une autre peut être soumise."),
            at=(1, 4),
        ),
        State(
            "inquorate",
            _("Quorum non atteint"),
            _PUBLIC,
            next=_("Trop peu de sociétaires ont voté : rien n’est décidé, un nouveau vote peut être ouvert."),
            at=(1, 5),
        ),
        State(
            "implemented",
            _("Mise en œuvre"),
            _PUBLIC,
            next=_("Ce qui a été décidé est fait."),
            at=(0, 5),
        ),
        State(
            "withdrawn",
            _("Retirée"),
            {**_OVER, P.READ_PRIVATE: _AUTHOR | _COORD},
            next=_("Qui l’a proposée y a renoncé."),
            at=(1, 1),
        ),
        State(
            "cancelled",
            _("Annulée"),
            _OVER,
            next=_("Le vote a été annulé ; la raison en est publique."),
            at=(1, 3),
        ),
    ),
    transitions=(
        Transition("submit", _("Soumettre"), ("draft",), "submitted", P.SUBMIT, guards=(rules_are_complete,)),
        Transition(
            "send_back",
            _("Renvoyer à l’auteur"),
            ("submitted",),
            "draft",
            P.SEND_BACK,
            guards=(not_in_conflict,),
            comment=True,
            explanation=_("Dites ce qui manque ou ce qui n’est pas clair."),
        ),
        Transition(
            "discuss",
            _("Mettre en débat"),
            ("submitted",),
            "discussion",
            P.DISCUSS,
            guards=(not_in_conflict,),
            explanation=_("La proposition devient publique et les sociétaires peuvent la commenter."),
        ),
        Transition(
            "open",
            _("Ouvrir le vote"),
            ("discussion",),
            "voting",
            P.OPEN,
            guards=(
                not_in_conflict,
                rules_are_complete,
                somebody_is_on_the_roll,
                admission_is_possible,
                versions_can_be_adopted,
                exclusion_is_possible,
            ),
            explanation=_(
                "Texte, règles et liste électorale sont figés. Seule la date de fin peut encore être repoussée, avec une raison."
            ),
        ),
        Transition("adopt", _("Constater l’adoption"), ("voting",), "adopted", P.ADOPT, guards=(end_is_reached,)),
        Transition("reject", _("Constater le rejet"), ("voting",), "rejected", P.REJECT, guards=(end_is_reached,)),
        Transition(
            "lapse",
            _("Constater le défaut de quorum"),
            ("voting",),
            "inquorate",
            P.LAPSE,
            guards=(end_is_reached,),
        ),
        Transition(
            "cancel",
            _("Annuler le vote"),
            ("voting",),
            "cancelled",
            P.CANCEL,
            guards=(not_in_conflict,),
            comment=True,
            danger=True,
            explanation=_("Les bulletins déjà déposés sont détruits sans être comptés. La raison est publique."),
        ),
        Transition(
            "withdraw",
            _("Retirer la proposition"),
            ("draft", "submitted", "discussion"),
            "withdrawn",
            P.WITHDRAW,
            comment=True,
            danger=True,
        ),
        Transition(
            "implement",
            _("Constater la mise en œuvre"),
            ("adopted",),
            "implemented",
            P.IMPLEMENT,
            guards=(milestones_are_done,),
        ),
    ),
)
