"""How a company is attached to the cooperative.

    draft --apply--> applied --accept_audits--> audited --admit--> voted --certify--> certified --partner--> partnered

On the way the coordinators return or decline, a vote refuses, certifiers refuse certification or suspend, the company
withdraws; a declined or withdrawn company may come back.
"""

from ..i18n import _
from ..security.permissions import P
from ..security.roles import R
from .conditions import not_in_a_team, not_in_conflict
from .dossier import (
    admissible,
    contact_is_named,
    every_minor_has_an_action,
    has_audits_of_both_levels,
    has_newer_report,
    has_valid_report,
    identity_is_complete,
    is_overdue,
    no_open_major,
    not_the_one_who_declined,
    nothing_is_overdue,
    something_is_approved,
    statement_is_written,
    structural_link_is_recorded,
    version_is_frozen,
    vote_says,
)
from .model import FORMER, SAME, State, Transition, Workflow

_EVERYONE, _STAFF, _COORD = frozenset({R.EVERYONE}), frozenset({R.STAFF}), frozenset({R.COORDINATOR})
_CERTIFIER, _CLOSING = frozenset({R.CERTIFIER}), frozenset({R.CLOSING})
_INVOLVED = frozenset({R.MEMBER, R.CERTIFIER, R.STAFF, R.COORDINATOR})

#: Who sees what carries a visibility, from the application on.
_OPEN = {
    P.VIEW: _EVERYONE,
    P.READ: _EVERYONE,
    P.READ_MEMBERS: _INVOLVED | {R.VERIFIER},
    P.READ_VERIFIERS: frozenset({R.CERTIFIER, R.STAFF, R.COORDINATOR, R.VERIFIER}),
    P.READ_PRIVATE: _STAFF,
    P.UPDATE: _STAFF,
    P.INVITE_STAFF: _STAFF,
    P.COMMENT: _INVOLVED,
    P.MODERATE: _COORD,
    P.PLAN_AUDIT: _COORD,
    P.CONFIRM_RENEWAL: _CERTIFIER,
    P.DECLARE_INTEREST: frozenset({R.MEMBER, R.CERTIFIER, R.COORDINATOR}),
    P.NAME_STAND_IN: frozenset({R.ADMIN}),
    P.END: _COORD,
    P.WITHDRAW: _STAFF,
}
#: Declined or withdrawn: everyone sees title, state and history; the dossier itself is closed.
_CLOSED = {
    P.VIEW: _EVERYONE,
    P.READ: frozenset({R.STAFF, R.COORDINATOR}),
    P.READ_MEMBERS: frozenset({R.STAFF, R.COORDINATOR}),
    P.READ_VERIFIERS: frozenset({R.STAFF, R.COORDINATOR}),
    P.READ_PRIVATE: _STAFF,
    P.UPDATE: _STAFF,
    P.DECLARE_INTEREST: frozenset({R.MEMBER, R.CERTIFIER, R.COORDINATOR}),
    P.NAME_STAND_IN: frozenset({R.ADMIN}),
    P.REOPEN: _COORD,
}
_ATTACHED = {P.RENEW: _CERTIFIER, P.SUSPEND: frozenset({R.CERTIFIER, R.CLOCK}), P.EXCLUDE: _CLOSING}

COMPANY = Workflow(
    name="company",
    title=_("Le parcours d’une entreprise"),
    initial="draft",
    states=(
        State(
            "draft",
            _("Brouillon"),
            {
                P.VIEW: frozenset({R.STAFF, R.COORDINATOR}),
                P.READ: frozenset({R.STAFF, R.COORDINATOR}),
                P.READ_MEMBERS: frozenset({R.STAFF, R.COORDINATOR}),
                P.READ_VERIFIERS: frozenset({R.STAFF, R.COORDINATOR}),
                P.READ_PRIVATE: _STAFF,
                P.EDIT: _STAFF,
                P.UPDATE: _STAFF,
                P.INVITE_STAFF: frozenset({R.STAFF, R.COORDINATOR}),
                P.DECLARE_INTEREST: _COORD,
                P.NAME_STAND_IN: frozenset({R.ADMIN}),
                P.APPLY: _STAFF,
            },
            next=_("L’équipe de l’entreprise remplit le dossier, puis dépose la candidature."),
            at=(0, 0),
        ),
        State(
            "applied",
            _("Candidate"),
            {
                **_OPEN,
                P.DECLARE_ADMISSIBLE: _COORD,
                P.RETURN_TO_COMPANY: _COORD,
                P.DECLINE: _COORD,
                P.ACCEPT_AUDITS: _CERTIFIER,
            },
            next=_(
                "L’équipe de la coopérative examine la recevabilité ; un organisme accrédité et des sociétaires vérifient "
                "ensuite l’entreprise sur place."
            ),
            at=(0, 1),
        ),
        State(
            "audited",
            _("Audits acceptés"),
            {**_OPEN, P.ADMIT: _CLOSING, P.REFUSE: _CLOSING},
            next=_("Les sociétaires votent l’admission de l’entreprise."),
            at=(0, 2),
        ),
        State(
            "voted",
            _("Admise par le vote"),
            {**_OPEN, P.CERTIFY: _CERTIFIER, P.REFUSE_CERTIFICATION: _CERTIFIER},
            next=_("Les consommateurs certificateurs décident de la certification."),
            at=(0, 3),
        ),
        State(
            "certified",
            _("Certifiée"),
            {**_OPEN, **_ATTACHED, P.PARTNER: _COORD, P.RECORD_LINK: _COORD},
            next=_("La coopérative prend sa place dans l’entreprise : capital, conseil, marque ou accord."),
            at=(0, 4),
        ),
        State(
            "partnered",
            _("Rattachée"),
            {**_OPEN, **_ATTACHED, P.RECORD_LINK: _COORD},
            next=_("Les sociétaires achètent, recommandent et continuent de vérifier chaque année."),
            at=(0, 5),
        ),
        State(
            "declined",
            _("Refusée"),
            {**_CLOSED, P.END: _COORD},
            next=_("L’entreprise peut faire appel ou présenter une nouvelle candidature."),
            at=(1, 2),
        ),
        State(
            "suspended",
            _("Suspendue"),
            {**_OPEN, P.REINSTATE: _CERTIFIER, P.EXCLUDE: _CLOSING},
            next=_("L’entreprise apporte ce qui manque ; un certificateur rétablit la certification."),
            at=(1, 4),
        ),
        State(
            "withdrawn",
            _("Retirée"),
            _CLOSED,
            next=_(
                "L’entreprise n’est plus rattachée à la coopérative ; elle peut présenter une nouvelle candidature."
            ),
            at=(1, 6),
        ),
    ),
    transitions=(
        Transition(
            "apply",
            _("Déposer la candidature"),
            ("draft",),
            "applied",
            P.APPLY,
            guards=(
                identity_is_complete,
                statement_is_written("transparency"),
                statement_is_written("fairness"),
                statement_is_written("sharing"),
                statement_is_written("truth"),
                statement_is_written("association"),
                version_is_frozen,
                contact_is_named,
            ),
            explanation=_("Votre dossier devient public et l’équipe de la coopérative l’examine."),
        ),
        Transition(
            "declare_admissible",
            _("Déclarer recevable"),
            ("applied",),
            SAME,
            P.DECLARE_ADMISSIBLE,
            guards=(not_in_conflict,),
            explanation=_("Les audits des deux niveaux peuvent être planifiés."),
        ),
        Transition(
            "return_to_company",
            _("Renvoyer à l’entreprise"),
            ("applied",),
            "draft",
            P.RETURN_TO_COMPANY,
            guards=(not_in_conflict,),
            comment=True,
            explanation=_("Le dossier redevient un brouillon que l’entreprise complète. Dites-lui ce qui manque."),
        ),
        Transition(
            "decline",
            _("Décliner la candidature"),
            ("applied",),
            "declined",
            P.DECLINE,
            guards=(not_in_conflict,),
            comment=True,
            danger=True,
            explanation=_("La candidature s’arrête ; votre commentaire, public, en donne la raison."),
        ),
        Transition(
            "accept_audits",
            _("Accepter les audits"),
            ("applied",),
            "audited",
            P.ACCEPT_AUDITS,
            guards=(not_in_conflict, not_in_a_team, admissible, has_audits_of_both_levels, no_open_major),
        ),
        Transition("admit", _("Admettre"), ("audited",), "voted", P.ADMIT, guards=(vote_says("admission", "adopted"),)),
        Transition(
            "refuse",
            _("Rejeter"),
            ("audited",),
            "declined",
            P.REFUSE,
            guards=(vote_says("admission", "rejected"),),
            danger=True,
        ),
        Transition(
            "certify",
            _("Certifier"),
            ("voted",),
            "certified",
            P.CERTIFY,
            guards=(
                not_in_conflict,
                not_in_a_team,
                something_is_approved,
                has_valid_report,
                no_open_major,
                every_minor_has_an_action,
                nothing_is_overdue,
            ),
        ),
        Transition(
            "refuse_certification",
            _("Refuser la certification"),
            ("voted",),
            "declined",
            P.REFUSE_CERTIFICATION,
            guards=(not_in_conflict, not_in_a_team),
            comment=True,
            danger=True,
        ),
        Transition(
            "partner",
            _("Rattacher à la coopérative"),
            ("certified",),
            "partnered",
            P.PARTNER,
            guards=(not_in_conflict, structural_link_is_recorded),
        ),
        Transition(
            "renew",
            _("Renouveler la certification"),
            ("certified", "partnered"),
            SAME,
            P.RENEW,
            guards=(
                not_in_conflict,
                not_in_a_team,
                something_is_approved,
                has_newer_report,
                no_open_major,
                every_minor_has_an_action,
            ),
        ),
        Transition(
            "suspend",
            _("Suspendre"),
            ("certified", "partnered"),
            "suspended",
            P.SUSPEND,
            guards=(not_in_conflict, is_overdue),
            comment=True,
            danger=True,
        ),
        Transition(
            "reinstate",
            _("Rétablir la certification"),
            ("suspended",),
            FORMER,
            P.REINSTATE,
            guards=(
                not_in_conflict,
                not_in_a_team,
                something_is_approved,
                has_valid_report,
                no_open_major,
                every_minor_has_an_action,
                nothing_is_overdue,
            ),
        ),
        Transition(
            "exclude",
            _("Exclure"),
            ("certified", "partnered", "suspended"),
            "withdrawn",
            P.EXCLUDE,
            guards=(vote_says("exclusion", "adopted"),),
            danger=True,
        ),
        Transition(
            "end",
            _("Constater la fin de l’entreprise"),
            ("applied", "audited", "voted", "certified", "partnered", "suspended", "declined"),
            "withdrawn",
            P.END,
            guards=(not_in_conflict,),
            comment=True,
            danger=True,
            explanation=_("Quand l’entreprise a cessé d’exister : liquidation, fusion, cession."),
        ),
        Transition(
            "withdraw",
            _("Retirer l’entreprise"),
            ("applied", "audited", "voted", "certified", "partnered", "suspended"),
            "withdrawn",
            P.WITHDRAW,
            comment=True,
            danger=True,
            explanation=_("Votre entreprise quitte le parcours ; l’historique reste public."),
        ),
        Transition(
            "reopen",
            _("Rouvrir le dossier"),
            ("declined", "withdrawn"),
            "draft",
            P.REOPEN,
            guards=(not_in_conflict, not_the_one_who_declined),
            comment=True,
            explanation=_("Après un appel ou pour une nouvelle candidature : l’entreprise reprend son dossier."),
        ),
    ),
)
