"""Verbs on the certificates that others gave to a company."""

import hashlib
import secrets
from datetime import date, datetime
from typing import Any

from ..content.calendar import day_in_paris
from ..content.company import Company
from ..content.outside import OutsideCertificate
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..text import one_line, prose, says_something
from ..workflows.conditions import not_in_conflict
from .errors import Invalid
from .permission import require

TEXTS = ("name", "issuer", "number", "file")


def declare(company: Company, values: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Declare a certificate, public at once as the company's own word; returns its key.  Sent twice, it is declared once.

    :raises Invalid: the document is none of the company's
    """
    require(P.UPDATE, company, actor)
    _check_file(company, values)
    certificate = OutsideCertificate(values["valid_until"])
    for field, text in _texts(values).items():
        setattr(certificate, field, text)
    key = hashlib.sha256(repr(_said(certificate)).encode()).hexdigest()[:16]
    there = company.outside_certificates.get(key)
    if there is not None:
        if _said(there) == _said(certificate):
            return key
        key = secrets.token_hex(8)  # what was declared under it was corrected since
    certificate.write("declared", now, actor.userid)
    company.outside_certificates[key] = certificate
    return key


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return {field: one_line(values.get(field, "")) for field in TEXTS}


def _said(certificate: OutsideCertificate) -> tuple[Any, ...]:
    return (certificate.valid_until, *(getattr(certificate, field) for field in TEXTS))


def change(company: Company, key: str, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Correct what was declared; its log keeps what was said before.  Nothing happens when nothing changed.

    A later date is a renewal, which a certifier confirms: changed here, nothing would ever lapse.  In a draft nobody relies on it.

    :raises KeyError: there is none of that key
    :raises Invalid: the date is later than the one that counts, or the document is none of the company's
    """
    require(P.UPDATE, company, actor)
    certificate = company.outside_certificates[key]
    _check_file(company, values)
    if values["valid_until"] > certificate.valid_until and company.state != "draft":
        raise Invalid(
            valid_until=_("Une date plus tardive est un renouvellement : présentez-le, un certificateur le confirme.")
        )
    given = _texts(values) | {"valid_until": values["valid_until"]}
    was = {field: getattr(certificate, field) for field in given if getattr(certificate, field) != given[field]}
    if not was:
        return
    for field, value in given.items():
        setattr(certificate, field, value)
    certificate.write("changed", now, actor.userid, **was)


def submit_renewal(
    company: Company, key: str, valid_until: date, text: str, actor: Actor, now: datetime
) -> OutsideCertificate:
    """Submit a renewal, before the certificate lapses or after; it takes the place of one that still waits.

    :raises KeyError: there is none of that key
    :raises Invalid: the new date is not later than the one that counts, or is past
    """
    require(P.UPDATE, company, actor)
    certificate: OutsideCertificate = company.outside_certificates[key]
    if valid_until <= certificate.valid_until:
        raise Invalid(valid_until=_("La nouvelle date doit être plus tardive que celle du certificat actuel."))
    if valid_until < day_in_paris(now):
        raise Invalid(valid_until=_("Cette date est passée : un renouvellement court encore."))
    if not says_something(text):
        raise Invalid(text=_("Dites ce qui montre le renouvellement : document déposé, lien, date de l’audit."))
    certificate.renewal = {"valid_until": valid_until, "text": prose(text), "when": now, "by": actor.userid}
    certificate.write("submitted", now, actor.userid, prose(text))
    return certificate


def confirm_renewal(company: Company, key: str, actor: Actor, now: datetime, *, seen: datetime | None = None) -> None:
    """Confirm the renewal that waits: its date counts from now on.  ``seen`` is when the one was submitted that the person read.

    :raises KeyError: there is none of that key
    :raises Invalid: none waits, another one was submitted meanwhile, or the actor is in conflict
    """
    certificate = _to_decide(company, key, actor, now, seen)
    former, renewal = certificate.valid_until, certificate.renewal
    assert renewal is not None
    certificate.valid_until, certificate.renewal = renewal["valid_until"], None
    certificate.write("confirmed", now, actor.userid, valid_until=former)


def refuse_renewal(
    company: Company, key: str, reason: str, actor: Actor, now: datetime, *, seen: datetime | None = None
) -> None:
    """Refuse the renewal that waits, with a reason everybody reads; the former date goes on counting.

    :raises KeyError: there is none of that key
    :raises Invalid: none waits, another one was submitted meanwhile, no reason is given, or the actor is in conflict
    """
    certificate = _to_decide(company, key, actor, now, seen)
    if not says_something(reason):
        raise Invalid(reason=_("Dites pourquoi vous ne pouvez pas confirmer : le motif est public."))
    certificate.renewal = None
    certificate.write("refused", now, actor.userid, prose(reason))


def _to_decide(company: Company, key: str, actor: Actor, now: datetime, seen: datetime | None) -> OutsideCertificate:
    """The certificate whose renewal somebody decides on, once it is sure that they may."""
    require(P.CONFIRM_RENEWAL, company, actor)
    missing = not_in_conflict(company, actor, now)
    if missing is not None:
        raise Invalid(renewal=missing.sentence)
    certificate: OutsideCertificate = company.outside_certificates[key]
    if certificate.renewal is None:
        raise Invalid(renewal=_("Aucun renouvellement n’attend de décision pour ce certificat."))
    if seen is not None and seen != certificate.renewal["when"]:
        raise Invalid(renewal=_("L’entreprise a présenté un autre renouvellement entre-temps : relisez-le d’abord."))
    return certificate


def _check_file(company: Company, values: dict[str, Any]) -> None:
    if values.get("file") and values["file"] not in company["files"]:
        raise Invalid(file=_("Ce document n’est plus parmi ceux de l’entreprise : choisissez-en un autre."))
