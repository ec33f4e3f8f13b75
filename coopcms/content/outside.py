"""Certificates that others gave to a company: organic farming, MSC … as it declares them, and whether they still run."""

from datetime import date, datetime
from typing import Any

import colander
import deform.widget as w
from BTrees import family64
from persistent import Persistent

from ..i18n import _
from . import fields
from .calendar import day_in_paris

#: What can happen to one, as its log says it.
EVENTS = {
    "declared": _("Déclaré par l’entreprise"),
    "changed": _("Modifié par l’entreprise"),
    "submitted": _("Renouvellement présenté par l’entreprise"),
    "confirmed": _("Renouvellement confirmé par un certificateur"),
    "refused": _("Renouvellement refusé par un certificateur"),
}


class OutsideCertificate(Persistent):
    """One certificate.  ``valid_until`` is its last day, in Paris; ``file`` the name of a document among the company's.

    ``renewal`` is what the company submitted and nobody decided yet: ``{"valid_until", "text", "when", "by"}``.  ``log`` maps a
    number to ``{"what", "when", "by", "valid_until", "text", "was"}`` and only grows; ``was`` holds what a change replaced.
    """

    name: str = ""
    issuer: str = ""
    number: str = ""
    file: str = ""
    renewal: dict[str, Any] | None = None

    def __init__(self, valid_until: date) -> None:
        self.valid_until = valid_until
        self.log = family64.IO.BTree()

    def has_lapsed(self, now: datetime) -> bool:
        """Whether its last day is past."""
        return self.valid_until < day_in_paris(now)

    @property
    def is_confirmed(self) -> bool:
        """Whether a certifier confirmed the date that counts now; else the company alone declares it."""
        for entry in reversed(self.log.values()):
            if entry["what"] == "confirmed":
                return True
            if "valid_until" in entry["was"]:
                return False
        return False

    def write(self, what: str, when: datetime, by: int | None, text: str = "", **was: Any) -> None:
        """Append a line to its log, with the date that counts from then on."""
        line = {"what": what, "when": when, "by": by, "valid_until": self.valid_until, "text": text, "was": was}
        self.log[self.log.maxKey() + 1 if self.log else 1] = line


class OutsideCertificateSchema(colander.Schema):
    """What a company declares of a certificate."""

    name = fields.line(
        _("Nom du certificat"),
        missing=colander.required,
        missing_msg=_("Donnez le nom du certificat."),
        description=_("Agriculture biologique, MSC, Label Rouge…"),
    )
    issuer = fields.line(
        _("Délivré par"), missing=colander.required, missing_msg=_("Dites quel organisme l’a délivré.")
    )
    number = fields.line(_("Numéro"), longest=60, description=_("Celui qui permet de le vérifier chez l’organisme."))
    valid_until = fields.day(_("Valable jusqu’au"), missing_msg=_("Indiquez le dernier jour de validité."))
    file = fields.line(
        _("Document"),
        description=_("Parmi les documents de l’entreprise ; il garde la visibilité que vous lui avez donnée."),
        # The documents there are: the view fills them in.
        widget=w.SelectWidget(values=()),
    )


class RenewalSchema(colander.Schema):
    """What a company submits when a certificate was renewed."""

    valid_until = fields.day(_("Nouvelle date de fin"), missing_msg=_("Indiquez le dernier jour de validité."))
    text = fields.text(
        _("Ce qui le montre"),
        rows=4,
        longest=2000,
        missing=colander.required,
        missing_msg=_("Dites ce qui montre le renouvellement : document déposé, lien, date de l’audit."),
        description=_("Public : document déposé, lien vers la base de l’organisme, date de son audit."),
    )


class RefusalSchema(colander.Schema):
    """Why a renewal is not confirmed."""

    reason = fields.text(
        _("Motif"),
        rows=4,
        longest=2000,
        missing=colander.required,
        missing_msg=_("Dites pourquoi vous ne pouvez pas confirmer : le motif est public."),
        description=_("Public : ce qui manque pour confirmer le renouvellement."),
    )
