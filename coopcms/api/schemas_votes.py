"""The components of the OpenAPI document that proposals, votes and members take."""

from ..content.member import CATEGORIES
from ..content.proposal import KINDS
from ..domain.tally import CHOICES, TYPES
from ..i18n import _
from .schemas import (
    COUNT,
    FLAG,
    MOMENT,
    TEXT,
    Schema,
    described,
    list_of,
    many,
    one_of,
    or_null,
    record,
    ref,
    ref_or_null,
    states,
)

CHOICE = one_of(CHOICES)


def components() -> dict[str, Schema]:
    """Every component by its name."""
    return {
        **_proposals(),
        "Ballot": record(choice=CHOICE),
        "Receipt": record(
            receipt={**TEXT, "description": _("Le sceau du site : il a bien donné ce récépissé")},
            tracker={**TEXT, "description": _("Le code qui retrouve le bulletin parmi ceux qui sont publiés")},
        ),
        "Rules": _rules(),
        "Result": record(**_result(), sha256={**TEXT, "description": _("L’empreinte du fichier des bulletins")}),
        "PublishedBallots": record(
            format=TEXT,
            proposal=record(path=TEXT, title=TEXT, kind=one_of(KINDS)),
            rules=ref("Rules"),
            result=record(**_result()),
            ballots=many(record(tracker=TEXT, choice=CHOICE)),
            sha256={**TEXT, "description": _("SHA-256 du JSON canonique (RFC 8785) de tout le reste")},
        ),
        "Member": record(
            **described("member"),
            state={"type": "null"},
            number=COUNT,
            category=one_of(CATEGORIES),
            joined=or_null(MOMENT),
            left=or_null(MOMENT),
            shares={**COUNT, "description": _("Parts sociales, à un euro l’une")},
        ),
        "MemberList": list_of("Member"),
    }


def _proposals() -> dict[str, Schema]:
    item = {
        **described("proposal"),
        "state": states("proposal"),
        "since": MOMENT,
        "kind": one_of(KINDS),
        "secret": {**FLAG, "description": _("Si personne ne peut savoir qui a voté quoi")},
        "opened": or_null(MOMENT),
        "ends": {**or_null(MOMENT), "description": _("La fin du vote : elle ne peut être que repoussée")},
        "closed": or_null(MOMENT),
    }
    extension = {"from": MOMENT, "to": MOMENT, "reason": TEXT, "when": MOMENT}
    return {
        "ProposalItem": record(**item),
        "ProposalList": list_of("ProposalItem"),
        "Proposal": record(
            **item,
            text={**TEXT, "description": _("En Markdown")},
            changes={**TEXT, "description": _("Ce qui change")},
            purse={**TEXT, "description": _("Pour mon porte-monnaie")},
            producer={**TEXT, "description": _("Pour qui produit")},
            company=ref_or_null("Link"),
            versions=many(ref("Link")),
            rules=ref("Rules"),
            roll={
                **or_null(COUNT),
                "description": _("Combien de personnes sont inscrites sur la liste électorale, figée à l’ouverture"),
            },
            extensions=many(record(**extension)),
            result={**ref_or_null("Result"), "description": _("null avant la clôture, pour tout le monde")},
            consequence={
                **or_null(record(done=FLAG, reason=TEXT)),
                "description": _("Si la décision a pris effet, et sinon pourquoi"),
            },
            milestones=many(record(title=TEXT, done=FLAG, when=or_null(MOMENT))),
            history=many(ref("Line")),
        ),
    }


def _rules() -> Schema:
    share = {**TEXT, "description": _("Une fraction exacte, par exemple 1/10")}
    return record(
        ballot=one_of(TYPES),
        secret=FLAG,
        quorum=share,
        majority=share,
        opened=or_null(MOMENT),
        ends=or_null(MOMENT),
    )


def _result() -> dict[str, Schema]:
    return {
        "state": one_of(["adopted", "rejected", "inquorate"]),
        "counts": record(**dict.fromkeys(CHOICES, COUNT)),
        "roll": {**COUNT, "description": _("Inscrits")},
        "turnout": {**COUNT, "description": _("Votants")},
        "quorum_needed": {**COUNT, "description": _("Votants nécessaires")},
    }
