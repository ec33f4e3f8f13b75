"""Accredited bodies: who verifies companies at level 1, under an accreditation that ends."""

from datetime import date, datetime

import colander
from BTrees import family64
from substanced.content import content

from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import R
from . import fields
from .base import Container
from .calendar import day_in_paris


@content("Bodies", icon="glyphicon glyphicon-education")
class Bodies(Container):
    """Where the accredited bodies are."""

    table = {
        P.VIEW: frozenset({R.EVERYONE}),
        P.READ: frozenset({R.EVERYONE}),
        P.MANAGE_BODIES: frozenset({R.COORDINATOR}),
    }


@content("Body", icon="glyphicon glyphicon-education")
class Body(Container):
    """One accredited body (ISO/IEC 17065, ISO/IEC 17020): what it is accredited for and until when.

    ``auditors`` are the object ids of the accounts that audit for it; an audit names those who make it.
    """

    accreditation_number: str = ""
    accreditation_scope: str = ""
    accredited_until: date | None = None  #: the last day, in Paris
    website: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.title = title
        self.auditors = family64.II.TreeSet()

    def is_accredited_on(self, day: date) -> bool:
        """Whether the accreditation runs on a day in Paris; the last one counts."""
        return self.accredited_until is not None and day <= self.accredited_until

    def is_accredited(self, now: datetime) -> bool:
        """Whether the accreditation runs at a time."""
        return self.is_accredited_on(day_in_paris(now))

    def local_roles(self, actor: Actor) -> frozenset[R]:
        """Its auditors."""
        return frozenset({R.AUDITOR}) if actor.userid is not None and actor.userid in self.auditors else frozenset()


class BodySchema(colander.Schema):
    """What everybody reads of an accredited body."""

    title = fields.line(
        _("Nom de l’organisme"), missing=colander.required, missing_msg=_("Donnez le nom de l’organisme.")
    )
    description = fields.text(
        _("Présentation"),
        rows=4,
        longest=2000,
        description=_("Qui il est et ce qu’il vérifie, en quelques phrases pour le public."),
    )
    accreditation_number = fields.line(
        _("Numéro d’accréditation"),
        longest=40,
        missing=colander.required,
        missing_msg=_("Indiquez le numéro d’accréditation : chacun doit pouvoir le vérifier."),
        description=_("Tel qu’il figure sur l’attestation d’accréditation, par exemple 5-0123."),
    )
    accreditation_scope = fields.text(
        _("Portée de l’accréditation"),
        rows=4,
        longest=2000,
        missing=colander.required,
        missing_msg=_("Dites pour quoi l’organisme est accrédité."),
        description=_("Normes, domaines et produits pour lesquels il est accrédité."),
    )
    accredited_until = fields.day(
        _("Accréditation valable jusqu’au"), missing_msg=_("Indiquez le dernier jour de validité de l’accréditation.")
    )
    website = fields.website()
    street = fields.street()
    postcode = fields.postal_code()
    city = fields.city()
