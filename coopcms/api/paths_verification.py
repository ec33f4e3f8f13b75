"""The paths of audits, certificates and the verification matrix in the OpenAPI document."""

from ..i18n import _
from .operations import in_path, in_query, listing, moving, reading
from .schemas import Schema, many, states
from .schemas_verification import LEVEL


def paths() -> dict[str, Schema]:
    """Every path with its operations."""
    company, audit, finding = in_path("company"), in_path("audit"), in_path("finding")
    specification, version = in_path("specification"), in_path("version")
    one = "/companies/{company}"
    audited = f"{one}/audits/{{audit}}"
    found = f"{audited}/{{finding}}"
    return {
        f"{one}/audits": {
            "parameters": [company],
            "get": listing(_("Les audits d’une entreprise"), "AuditList", *_filters()),
        },
        audited: {"parameters": [company, audit], "get": reading(_("Un audit et son rapport"), "Audit")},
        f"{audited}/workflow": moving("audit", company, audit),
        found: {
            "parameters": [company, audit, finding],
            "get": reading(_("Ce qui a été constaté pour un critère"), "Finding"),
        },
        f"{found}/{{evidence}}": {
            "parameters": [company, audit, finding, in_path("evidence")],
            "get": reading(_("Une pièce à l’appui d’un constat"), "File"),
        },
        f"{found}/action": {
            "parameters": [company, audit, finding],
            "get": reading(_("Une non-conformité et ce que l’entreprise en fait"), "Nonconformity"),
        },
        f"{found}/action/workflow": moving("nonconformity", company, audit, finding),
        f"{found}/action/{{document}}": {
            "parameters": [company, audit, finding, in_path("document")],
            "get": reading(_("Une pièce à l’appui d’une action corrective"), "File"),
        },
        f"{one}/certificates": {
            "parameters": [company],
            "get": listing(_("Les attestations d’une entreprise, par numéro"), "CertificateList"),
        },
        f"{one}/certificates/{{certificate}}": {
            "parameters": [company, in_path("certificate")],
            "get": reading(_("Une attestation de vérification citoyenne"), "Certificate"),
        },
        f"{one}/matrix": {
            "parameters": [company],
            "get": reading(_("Ce qui est promis, prouvé et constaté, critère par critère"), "CompanyMatrix"),
        },
        f"{one}/specifications/{{specification}}/{{version}}/matrix": {
            "parameters": [company, specification, version],
            "get": reading(_("La même chose pour une version d’un cahier des charges"), "VersionMatrix"),
        },
    }


def _filters() -> list[Schema]:
    return [
        in_query("state", many(states("audit")), _("Un état ; plusieurs fois pour plusieurs états")),
        in_query("level", many(LEVEL), _("Un niveau")),
    ]
