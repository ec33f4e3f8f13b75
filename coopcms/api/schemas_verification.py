"""The components of the OpenAPI document that audits, certificates and the verification matrix take."""

from ..content.audit import LEVELS, RESULTS
from ..content.certificate import STATUSES
from ..i18n import _
from .audits import DUTY_IDS
from .schemas import (
    ADDRESS,
    COUNT,
    DAY,
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

LEVEL: Schema = {
    "type": "integer",
    "enum": [*LEVELS],
    "description": _("1 : organisme accrédité ; 2 : visite de sociétaires"),
}
NAME: Schema = {**or_null(TEXT), "description": _("Le nom, que voient les sociétaires ; null pour le public")}


def components() -> dict[str, Schema]:
    """Every component by its name."""
    return {
        **_audits(),
        **_certificates(),
        **_matrix(),
        "AuditList": list_of("AuditItem"),
        "CertificateList": list_of("CertificateItem"),
    }


def _audits() -> dict[str, Schema]:
    told = {
        "at_id": ADDRESS,
        "at_type": one_of(["audit"]),
        "title": TEXT,
        "level": LEVEL,
        "state": states("audit"),
        "since": {**MOMENT, "description": _("Depuis quand il est dans cet état")},
        "planned_on": or_null(DAY),
    }
    scalars = {
        **{name: schema for name, schema in described("audit").items() if name not in told},
        "company": ADDRESS,
        "body": {**or_null(ADDRESS), "description": _("L’organisme accrédité d’un audit de niveau 1")},
        "purpose": TEXT,
        "started_at": or_null(MOMENT),
        "reported_at": or_null(MOMENT),
        "validated_at": or_null(MOMENT),
        "valid_until": or_null(MOMENT),
        "results": {
            **record(
                **{result: {**COUNT, "description": title} for result, title in RESULTS.items()}, unanswered=COUNT
            ),
            "description": _("Combien de critères par constat ; « unanswered » : encore sans constat"),
        },
    }
    nested = {
        "versions": many(ref("Link")),
        "sites": many(record(at_id=ADDRESS, title=TEXT)),
        "team": many(record(name=NAME, duty=one_of(DUTY_IDS))),
        "verdict": {**TEXT, "description": _("Le verdict en mots simples, vide tant qu’il n’est pas écrit")},
        "findings": many(ref("Finding")),
        "signatures": many(
            record(
                name=NAME,
                when=MOMENT,
                reservation=TEXT,
                missing={**TEXT, "description": _("Pourquoi la signature manque, vide quand elle est donnée")},
            )
        ),
        "replies": many(ref("Said")),
    }
    unread = _(
        "Qui peut savoir qu’un audit existe sans pouvoir le lire voit seulement ce qui est prévu et où il en est."
    )
    return {
        "AuditItem": {**record(scalars, **told), "description": unread},
        "Audit": {**record({**scalars, **nested}, **told, history=many(ref("Line"))), "description": unread},
        "Finding": _finding(),
        "Nonconformity": _nonconformity(),
        "CriterionName": record(id=TEXT, code=or_null(TEXT), title=or_null(TEXT), version=or_null(ADDRESS)),
        "Said": record(text=TEXT, when=MOMENT, name=NAME),
    }


def _finding() -> Schema:
    return record(
        at_id=ADDRESS,
        at_type=one_of(["finding"]),
        title=TEXT,
        state={"type": "null"},
        name=TEXT,
        criterion=ref("CriterionName"),
        level=LEVEL,
        result={"enum": [*RESULTS, None], "description": _("null tant que rien n’est constaté")},
        text=TEXT,
        access_refused=FLAG,
        found_at=or_null(MOMENT),
        evidence={**many(ref("File")), "description": _("Les pièces que vous pouvez voir")},
        nonconformity=ref_or_null("Nonconformity"),
    )


def _nonconformity() -> Schema:
    return record(
        at_id=ADDRESS,
        at_type=one_of(["nonconformity"]),
        title=TEXT,
        state=states("nonconformity"),
        since=MOMENT,
        counts={**FLAG, "description": _("Faux quand un rapport repris ne constate plus cet écart")},
        is_major=FLAG,
        cause=TEXT,
        action=TEXT,
        deadline={**or_null(DAY), "description": _("L’échéance que l’entreprise propose")},
        due={**or_null(DAY), "description": _("Le dernier jour pour agir, null quand ce n’est pas à l’entreprise")},
        overdue=FLAG,
        proofs=many(ref("Said")),
        documents={**many(ref("File")), "description": _("Les pièces que vous pouvez voir")},
        history=many(ref("Line")),
    )


def _certificates() -> dict[str, Schema]:
    scalars = {
        "at_id": ADDRESS,
        "at_type": one_of(["certificate"]),
        "title": TEXT,
        "state": {"type": "null"},
        "number": TEXT,
        "status": one_of(STATUSES),
        "start": DAY,
        "end": DAY,
        "last_day": {
            **DAY,
            "description": _("Le dernier jour, plus tôt que « end » quand une version est remplacée depuis longtemps"),
        },
        "company": ADDRESS,
    }
    spoken_of = record(title=TEXT, number=COUNT, version=or_null(ADDRESS))
    return {
        "CertificateItem": record(**scalars),
        "Certificate": record(**scalars, scope=many(spoken_of), audits=many(ref("Link"))),
    }


def _matrix() -> dict[str, Schema]:
    named = {
        "at_id": ADDRESS,
        "at_type": one_of(["matrix"]),
        "title": TEXT,
        "state": {"type": "null"},
        "company": ADDRESS,
    }
    link = record(at_id=ADDRESS, at_type=one_of(["version"]), title=TEXT, state=states("specification"), number=COUNT)
    version = {"version": link, "summary": ref("MatrixSummary"), "rows": many(ref("MatrixRow"))}
    verified = record(
        result=one_of(RESULTS),
        when={**MOMENT, "description": _("Quand le rapport a été validé")},
        audit=ADDRESS,
        finding=ADDRESS,
        evidence={**COUNT, "description": _("Combien de pièces")},
        public={**COUNT, "description": _("Combien d’entre elles sont publiques")},
    )
    return {
        "CompanyMatrix": record(**named, summary=ref("MatrixSummary"), versions=many(record(**version))),
        "VersionMatrix": record(**named, **version),
        "MatrixRow": record(
            criterion=ref("CriterionName"),
            promise={**TEXT, "description": _("Ce que le critère exige")},
            expected={**TEXT, "description": _("La preuve attendue")},
            level1={**or_null(verified), "description": _("Le dernier constat validé d’un organisme accrédité")},
            level2={**or_null(verified), "description": _("Le dernier constat validé d’une visite de sociétaires")},
            disagree={**FLAG, "description": _("Les deux niveaux se contredisent")},
            aged={**many(LEVEL), "description": _("Les niveaux dont le constat n’est plus en cours de validité")},
        ),
        "MatrixSummary": record(
            criteria=COUNT,
            both={**COUNT, "description": _("Tenus aux deux niveaux")},
            one={**COUNT, "description": _("Tenus à un niveau, l’autre ne dit rien")},
            broken={**COUNT, "description": _("En écart à un niveau au moins")},
            none={**COUNT, "description": _("Que personne n’a vérifiés")},
            disagreeing=COUNT,
            aged=COUNT,
        ),
    }
