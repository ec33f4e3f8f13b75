"""How an audit of either level goes: planned, made, reported, answered, validated.

    planned --start--> in_progress --report--> reported --validate--> validated

The company may contest a report, a certifier may send it back; both lead to a new report or to validation.
"""

from ..i18n import _
from ..security.permissions import P
from ..security.roles import R
from .conditions import not_in_conflict
from .model import State, Transition, Workflow
from .verification import (
    body_is_accredited,
    company_can_be_audited,
    company_was_heard,
    every_criterion_is_answered,
    everyone_has_signed,
    outside_the_team,
    team_is_complete,
    team_is_free_of_conflicts,
    verdict_is_written,
    versions_are_frozen,
    within_the_time_to_contest,
)

_EVERYONE, _STAFF, _COORD = frozenset({R.EVERYONE}), frozenset({R.STAFF}), frozenset({R.COORDINATOR})
_CERTIFIER, _TEAM = frozenset({R.CERTIFIER}), frozenset({R.TEAM})
_VERIFIERS = frozenset({R.TEAM, R.AUDITOR, R.CERTIFIER, R.COORDINATOR})
_INVOLVED = frozenset({R.MEMBER, R.CERTIFIER, R.STAFF, R.COORDINATOR, R.AUDITOR, R.TEAM})

#: Before the report the company knows that, when and by whom it is verified; what is found it reads with the report.
_UNDER_WAY = {
    P.VIEW: _VERIFIERS | _STAFF,
    P.READ: _VERIFIERS,
    P.READ_MEMBERS: _VERIFIERS,
    P.READ_VERIFIERS: _VERIFIERS,
    P.READ_ORIGINAL: _VERIFIERS,
}
_REPORTED = {
    P.VIEW: _VERIFIERS | _STAFF,
    P.READ: _VERIFIERS | _STAFF,
    P.READ_MEMBERS: _VERIFIERS | _STAFF,
    P.READ_VERIFIERS: _VERIFIERS | _STAFF,
    P.READ_ORIGINAL: _VERIFIERS,
    P.REPLY: _STAFF,
    P.RESUME: _CERTIFIER,
    P.VALIDATE: _CERTIFIER,
}

AUDIT = Workflow(
    name="audit",
    title=_("La vie d’un audit"),
    initial="planned",
    states=(
        State(
            "planned",
            _("Prévu"),
            {**_UNDER_WAY, P.PLAN_AUDIT: _COORD, P.START: _TEAM, P.CANCEL: _COORD},
            next=_("L’équipe de vérification se rend sur place au jour prévu et commence l’audit."),
            at=(0, 0),
        ),
        State(
            "in_progress",
            _("En cours"),
            {
                **_UNDER_WAY,
                P.FILE: _TEAM,
                P.SIGN: _TEAM,
                P.RECORD_UNSIGNED: _COORD,
                P.REPORT: frozenset({R.AUDITOR, R.TEAM, R.CLOCK}),
                P.CANCEL: _COORD,
            },
            next=_("L’équipe répond à chaque critère, écrit son verdict et signe ; le rapport est alors rendu."),
            at=(0, 1),
        ),
        State(
            "reported",
            _("Rendu"),
            {**_REPORTED, P.CONTEST: _STAFF},
            next=_("L’entreprise répond au rapport ; un certificateur extérieur à l’équipe le valide ensuite."),
            at=(0, 2),
        ),
        State(
            "validated",
            _("Validé"),
            {
                P.VIEW: _EVERYONE,
                P.READ: _EVERYONE,
                P.READ_MEMBERS: _INVOLVED,
                P.READ_VERIFIERS: _VERIFIERS | _STAFF,
                P.READ_ORIGINAL: _VERIFIERS,
                P.COMMENT: _INVOLVED - {R.TEAM, R.AUDITOR},
                P.MODERATE: _COORD,
            },
            next=_("Le rapport est public ; les écarts restent suivis jusqu’à leur levée."),
            at=(0, 3),
        ),
        State(
            "contested",
            _("Contesté"),
            {**_REPORTED, P.CANCEL: _COORD},
            next=_(
                "Un certificateur extérieur à l’équipe examine la contestation : il valide le rapport ou le renvoie."
            ),
            at=(1, 2),
        ),
        State(
            "cancelled",
            _("Annulé"),
            _UNDER_WAY,
            next=_("Cet audit n’a pas de suite ; un autre peut être prévu."),
            at=(1, 0),
        ),
    ),
    transitions=(
        Transition(
            "start",
            _("Commencer l’audit"),
            ("planned",),
            "in_progress",
            P.START,
            guards=(
                not_in_conflict,
                company_can_be_audited,
                versions_are_frozen,
                team_is_complete,
                team_is_free_of_conflicts,
                body_is_accredited,
            ),
            explanation=_(
                "La grille de contrôle est établie : un constat par critère du référentiel et du cahier des charges."
            ),
        ),
        Transition(
            "report",
            _("Rendre le rapport"),
            ("in_progress",),
            "reported",
            P.REPORT,
            guards=(not_in_conflict, every_criterion_is_answered, verdict_is_written, everyone_has_signed),
            explanation=_(
                "L’entreprise reçoit le rapport et peut y répondre. Une visite se rend par la dernière signature."
            ),
        ),
        Transition(
            "contest",
            _("Contester le rapport"),
            ("reported",),
            "contested",
            P.CONTEST,
            guards=(within_the_time_to_contest,),
            comment=True,
            explanation=_(
                "Dites quels constats vous contestez et pourquoi. Un certificateur extérieur à l’équipe décide."
            ),
        ),
        Transition(
            "resume",
            _("Renvoyer à l’équipe"),
            ("reported", "contested"),
            "in_progress",
            P.RESUME,
            guards=(not_in_conflict, outside_the_team),
            comment=True,
            explanation=_("L’équipe reprend ses constats ; toutes les signatures sont à refaire."),
        ),
        Transition(
            "validate",
            _("Valider le rapport"),
            ("reported", "contested"),
            "validated",
            P.VALIDATE,
            guards=(not_in_conflict, outside_the_team, every_criterion_is_answered, company_was_heard),
            explanation=_("Le rapport devient public et compte pour la suite du dossier."),
        ),
        Transition(
            "cancel",
            _("Annuler l’audit"),
            ("planned", "in_progress", "contested"),
            "cancelled",
            P.CANCEL,
            guards=(not_in_conflict,),
            comment=True,
            danger=True,
        ),
    ),
)
