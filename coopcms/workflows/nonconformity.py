"""How a non-conformity is closed: a corrective action, its proof, its effect.

    open --propose_action--> proposed --accept_action--> accepted
    accepted --submit_proof--> proved --verify_effect--> verified --close--> closed

A certifier may return an action, whoever verifies may refuse a proof.  Findings of level 1 are verified and closed by the
accredited body, those of level 2 by a certifier outside the team.
"""

from ..i18n import _
from ..security.permissions import P
from ..security.roles import R
from .conditions import not_in_conflict
from .model import State, Transition, Workflow
from .verification import (
    action_is_described,
    company_is_open,
    effect_is_verified_by_the_right_level,
    proof_is_there,
    report_stands,
)

_EVERYONE, _STAFF, _CERTIFIER = frozenset({R.EVERYONE}), frozenset({R.STAFF}), frozenset({R.CERTIFIER})
_CLOSERS = frozenset({R.CERTIFIER, R.AUDITOR})
#: Who reads it is who reads its audit, which it names as its gate; proofs have a visibility of their own.
_OPEN = {
    P.VIEW: _EVERYONE,
    P.READ: _EVERYONE,
    P.READ_MEMBERS: frozenset({R.MEMBER, R.CERTIFIER, R.STAFF, R.COORDINATOR, R.AUDITOR, R.TEAM}),
    P.READ_VERIFIERS: frozenset({R.CERTIFIER, R.STAFF, R.COORDINATOR, R.AUDITOR, R.TEAM}),
    P.READ_ORIGINAL: frozenset({R.CERTIFIER, R.COORDINATOR, R.AUDITOR, R.TEAM}),
}

NONCONFORMITY = Workflow(
    name="nonconformity",
    title=_("La levée d’une non-conformité"),
    initial="open",
    states=(
        State(
            "open",
            _("À traiter"),
            {**_OPEN, P.PROPOSE_ACTION: _STAFF},
            next=_("L’entreprise cherche la cause et propose une action corrective avec son échéance."),
            at=(0, 0),
        ),
        State(
            "proposed",
            _("Action proposée"),
            {**_OPEN, P.ACCEPT_ACTION: _CERTIFIER, P.RETURN_ACTION: _CERTIFIER},
            next=_("Un certificateur accepte l’action ou la renvoie avec ses remarques."),
            at=(0, 1),
        ),
        State(
            "accepted",
            _("Action acceptée"),
            {**_OPEN, P.SUBMIT_PROOF: _STAFF},
            next=_("L’entreprise réalise l’action et en apporte la preuve avant l’échéance."),
            at=(0, 2),
        ),
        State(
            "proved",
            _("Preuve apportée"),
            {**_OPEN, P.VERIFY_EFFECT: _CLOSERS, P.REFUSE_PROOF: _CLOSERS},
            next=_(
                "L’organisme accrédité (niveau 1) ou un certificateur extérieur à l’équipe (niveau 2) vérifie l’effet."
            ),
            at=(0, 3),
        ),
        State(
            "verified",
            _("Effet vérifié"),
            {**_OPEN, P.CLOSE: _CLOSERS},
            next=_("Qui a vérifié prononce la levée."),
            at=(0, 4),
        ),
        State("closed", _("Levée"), _OPEN, next=_("L’écart est corrigé et son effet vérifié."), at=(0, 5)),
    ),
    transitions=(
        Transition(
            "propose_action",
            _("Proposer l’action"),
            ("open",),
            "proposed",
            P.PROPOSE_ACTION,
            guards=(report_stands, company_is_open, action_is_described),
        ),
        Transition(
            "return_action",
            _("Renvoyer l’action"),
            ("proposed",),
            "open",
            P.RETURN_ACTION,
            guards=(not_in_conflict, report_stands),
            comment=True,
            explanation=_("Dites à l’entreprise ce qui ne suffit pas."),
        ),
        Transition(
            "accept_action",
            _("Accepter l’action"),
            ("proposed",),
            "accepted",
            P.ACCEPT_ACTION,
            guards=(not_in_conflict, report_stands, company_is_open),
            explanation=_("La cause est comprise, l’action y répond et l’échéance est tenable."),
        ),
        Transition(
            "submit_proof",
            _("Apporter la preuve"),
            ("accepted",),
            "proved",
            P.SUBMIT_PROOF,
            guards=(report_stands, company_is_open, proof_is_there),
        ),
        Transition(
            "refuse_proof",
            _("Refuser la preuve"),
            ("proved",),
            "accepted",
            P.REFUSE_PROOF,
            guards=(not_in_conflict, report_stands, effect_is_verified_by_the_right_level),
            comment=True,
            explanation=_("Dites à l’entreprise ce qui manque. L’échéance ne bouge pas."),
        ),
        Transition(
            "verify_effect",
            _("Constater l’effet"),
            ("proved",),
            "verified",
            P.VERIFY_EFFECT,
            guards=(not_in_conflict, report_stands, company_is_open, effect_is_verified_by_the_right_level),
            comment=True,
            explanation=_(
                "Dites comment vous avez vérifié que l’action a l’effet voulu : sur place, sur document, quand."
            ),
        ),
        Transition(
            "close",
            _("Lever la non-conformité"),
            ("verified",),
            "closed",
            P.CLOSE,
            guards=(not_in_conflict, report_stands, company_is_open, effect_is_verified_by_the_right_level),
        ),
    ),
)
