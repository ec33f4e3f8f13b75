"""How a version of a specification comes into force.

    draft --consult--> consultation --freeze--> frozen --adopt--> adopted --put_in_force--> in_force --supersede--> superseded

Who wrote it may withdraw it until a newer version replaces it; once in force that is the coordinators' decision.
"""

from ..i18n import _
from ..security.permissions import P
from ..security.roles import R
from .conditions import not_in_conflict
from .criteria import (
    another_is_in_force,
    company_is_certified,
    criteria_are_complete,
    has_a_criterion,
    nothing_rests_on_it,
)
from .model import State, Transition, Workflow

_EVERYONE, _STAFF, _COORD = frozenset({R.EVERYONE}), frozenset({R.STAFF}), frozenset({R.COORDINATOR})
_CLOSING = frozenset({R.CLOSING})
_INVOLVED = frozenset({R.MEMBER, R.CERTIFIER, R.STAFF, R.COORDINATOR})
_PUBLIC = {P.VIEW: _EVERYONE, P.READ: _EVERYONE, P.COMMENT: _INVOLVED, P.MODERATE: _COORD}

SPECIFICATION = Workflow(
    name="specification",
    title=_("La vie d’une version de cahier des charges"),
    initial="draft",
    states=(
        State(
            "draft",
            _("Brouillon"),
            {
                P.VIEW: frozenset({R.STAFF, R.COORDINATOR}),
                P.READ: frozenset({R.STAFF, R.COORDINATOR}),
                P.EDIT: _STAFF,
                P.CONSULT: _STAFF,
                P.FREEZE: _STAFF,
                P.WITHDRAW: _STAFF,
            },
            next=_("L’entreprise rédige les critères, puis les ouvre à la consultation ou fige la version."),
            at=(1, 0),
        ),
        State(
            "consultation",
            _("En consultation"),
            {
                **_PUBLIC,
                P.AMEND: frozenset({R.MEMBER, R.COORDINATOR}),
                P.DECIDE_AMENDMENT: _STAFF,
                P.BACK_TO_DRAFT: frozenset({R.STAFF, R.COORDINATOR}),
                P.FREEZE: _STAFF,
                P.WITHDRAW: _STAFF,
            },
            next=_("Les sociétaires commentent et amendent les critères ; l’entreprise fige ensuite la version."),
            at=(1, 1),
        ),
        State(
            "frozen",
            _("Figée"),
            {
                **_PUBLIC,
                P.BACK_TO_DRAFT: frozenset({R.STAFF, R.COORDINATOR}),
                P.REVISE: _STAFF,
                P.ADOPT: _CLOSING,
                P.WITHDRAW: _STAFF,
            },
            next=_("Le texte ne bouge plus : il est vérifié sur place, puis soumis au vote."),
            at=(1, 2),
        ),
        State(
            "adopted",
            _("Adoptée"),
            {
                **_PUBLIC,
                P.REVISE: _STAFF,
                P.PUT_IN_FORCE: frozenset({R.COORDINATOR, R.CLOCK}),
                P.WITHDRAW: _STAFF,
            },
            next=_("La version entre en vigueur avec la certification de l’entreprise, ou à la date prévue."),
            at=(1, 3),
        ),
        State(
            "in_force",
            _("En vigueur"),
            {
                **_PUBLIC,
                P.REVISE: _STAFF,
                P.SUPERSEDE: frozenset({R.COORDINATOR, R.CLOCK}),
                P.WITHDRAW: _COORD,
            },
            next=_("C’est le texte sur lequel l’entreprise est vérifiée, jusqu’à la version suivante."),
            at=(1, 4),
        ),
        State(
            "superseded",
            _("Remplacée"),
            {**_PUBLIC, P.REVISE: _STAFF},
            next=_("Une version plus récente l’a remplacée ; elle reste lisible."),
            at=(1, 5),
        ),
        State(
            "withdrawn",
            _("Retirée"),
            {**_PUBLIC, P.REVISE: _STAFF},
            next=_("Cette version n’est plus proposée."),
            at=(2, 2),
        ),
    ),
    transitions=(
        Transition(
            "consult",
            _("Ouvrir la consultation"),
            ("draft",),
            "consultation",
            P.CONSULT,
            guards=(has_a_criterion,),
            explanation=_("La version devient publique et les sociétaires peuvent la commenter."),
        ),
        Transition(
            "back_to_draft",
            _("Remettre en brouillon"),
            ("consultation", "frozen"),
            "draft",
            P.BACK_TO_DRAFT,
            guards=(nothing_rests_on_it,),
            comment=True,
            explanation=_("Le texte peut de nouveau être modifié ; il n’est plus public."),
        ),
        Transition(
            "freeze",
            _("Figer la version"),
            ("draft", "consultation"),
            "frozen",
            P.FREEZE,
            guards=(has_a_criterion, criteria_are_complete),
            explanation=_("Le texte ne bouge plus et devient public : c’est lui qui sera vérifié et voté."),
        ),
        Transition("adopt", _("Adopter"), ("frozen",), "adopted", P.ADOPT),
        Transition(
            "put_in_force",
            _("Mettre en vigueur"),
            ("adopted",),
            "in_force",
            P.PUT_IN_FORCE,
            guards=(not_in_conflict, company_is_certified),
            explanation=_("La version en vigueur jusqu’ici est remplacée dans le même geste."),
        ),
        Transition(
            "supersede",
            _("Remplacer"),
            ("in_force",),
            "superseded",
            P.SUPERSEDE,
            guards=(another_is_in_force,),
            explanation=_("Se fait de soi-même quand la version suivante entre en vigueur."),
        ),
        Transition(
            "withdraw",
            _("Retirer la version"),
            ("draft", "consultation", "frozen", "adopted", "in_force"),
            "withdrawn",
            P.WITHDRAW,
            comment=True,
            danger=True,
        ),
    ),
)
