"""Sites of a company: plant, farm, boat, shop – where one goes to verify."""

from typing import Any

import colander
from substanced.content import content

from ..i18n import _
from ..security.permissions import P
from . import fields
from .base import Container
from .file import READ_BY_VISIBILITY
from .geography import REGIONS

KINDS = {
    "plant": _("Usine ou atelier"),
    "farm": _("Ferme"),
    "boat": _("Bateau"),
    "shop": _("Magasin"),
    "office": _("Bureau"),
    "other": _("Autre lieu"),
}

#: Who reads street and postcode; a farm is somebody's home.
ADDRESS_VISIBILITIES = {
    "public": _("Tout le monde"),
    "members": _("Sociétaires"),
    "verifiers": _("Vérificateurs : équipe de visite, certificateurs, équipe de la coopérative"),
}


@content("Work Sites", icon="glyphicon glyphicon-map-marker")
class Worksites(Container):
    """Where the sites of a company are."""


@content("Work Site", icon="glyphicon glyphicon-map-marker")
class Worksite(Container):
    """One place where the company works.

    Commune and region are public; ``street`` and ``postcode`` have a visibility of their own.  ``photo`` is a picture made by
    ``domain.files``, or None.
    """

    kind: str = "other"
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    visibility_of_address: str = "verifiers"
    photo: Any = None

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.title = title

    def becomes(self, permission: P) -> P:
        """Nobody knows of it who may not read the dossier: a closed company closes its sites."""
        return P.READ if permission == P.VIEW else permission

    @property
    def address_permission(self) -> P:
        """What reading the exact address takes."""
        return READ_BY_VISIBILITY[self.visibility_of_address]


class WorksiteSchema(colander.Schema):
    """A place where the company works."""

    title = fields.line(
        _("Nom du lieu"),
        missing=colander.required,
        missing_msg=_("Donnez un nom à ce lieu."),
        description=_("Public. Celui d’une ferme peut suffire sans celui de la famille : « Ferme du Haut »."),
    )
    kind = fields.choice(
        _("Type de lieu"),
        KINDS,
        missing=colander.required,
        missing_msg=_("Choisissez le type de lieu."),
    )
    description = fields.text(
        _("Ce qu’on y fait"),
        rows=4,
        longest=2000,
        description=_("Public : ce qui se voit et se vérifie ici, en quelques phrases."),
    )
    street = fields.street()
    postcode = fields.postal_code()
    city = fields.city(
        missing=colander.required,
        missing_msg=_("Indiquez la commune : elle dit au public où se trouve le lieu."),
        description=_("Publique, comme la région."),
    )
    region = fields.choice(_("Région"), {region: region for region in REGIONS})
    visibility_of_address = fields.radios(
        _("Qui peut voir l’adresse exacte"), ADDRESS_VISIBILITIES, default="verifiers", missing="verifiers"
    )
