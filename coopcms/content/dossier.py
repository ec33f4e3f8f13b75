"""The sections of a company's dossier: what each asks for. Each is stored and edited by itself."""

from datetime import datetime
from typing import Any

import colander
import deform.widget as w
from persistent import Persistent

from ..i18n import _
from ..workflows.dossier import COMMITMENTS
from . import fields
from .geography import LINKS, ORIGINS, REGIONS, SECTORS


class Suggestion(Persistent):
    """A text that the cooperative proposes for a section; the company takes it or not.

    ``values`` as of a section, ``base`` the revision it starts from; ``answer`` says why it was not taken, "" while it waits.
    """

    answer: str = ""

    def __init__(self, values: dict[str, Any], base: int, message: str, by: int | None, when: datetime) -> None:
        self.values = values
        self.base = base
        self.message = message
        self.by = by  #: object id of the account
        self.when = when  #: UTC


class Section(Persistent):
    """One section as it was saved last.

    ``values`` is a dict of plain values by field; ``revision`` counts the savings, so that two people who edit the same section
    find out; ``against`` is the version of the framework that a statement answers.
    """

    revision: int = 0
    modified: datetime | None = None
    modified_by: int | None = None
    against: int | None = None
    helped_by: int | None = None  #: who proposed the text that was taken last, None where the company wrote it alone

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}


class IdentitySchema(colander.Schema):
    """Who the company is."""

    title = fields.line(
        _("Nom d’usage"),
        description=_("Celui que connaissent les clients ; il titre votre dossier."),
        missing=colander.required,
        missing_msg=_("Donnez au moins le nom sous lequel on connaît l’entreprise."),
    )
    legal_name = fields.line(_("Nom légal"), description=_("La dénomination sociale, telle qu’au registre."))
    legal_form = fields.line(_("Forme juridique"), description=_("SAS, SARL, SCIC, GAEC, association…"), longest=60)
    siret = fields.siret_number(
        description=_("14 chiffres, sur l’avis de situation de l’INSEE ou vos factures. Les espaces ne comptent pas."),
    )
    street = fields.street()
    postcode = fields.postal_code()
    city = fields.city()
    region = fields.choice(_("Région"), {region: region for region in REGIONS})
    sector = fields.choice(_("Secteur"), SECTORS)
    origin = fields.choice(_("Origine"), ORIGINS)
    founded = fields.whole(
        _("Année de création"),
        least=1000,
        most=lambda today: today.year,
        too_few=_("Indiquez une année en quatre chiffres."),
        too_many=_("Indiquez une année passée."),
    )
    headcount = fields.whole(_("Effectif"), least=0, most=1_000_000, too_few=_("Un nombre ne peut pas être négatif."))
    website = fields.website()
    summary = fields.text(
        _("En deux phrases"),
        rows=3,
        longest=400,
        description=_("Ce que vous faites, dit à quelqu’un qui fait ses courses."),
    )


class StatementSchema(colander.Schema):
    """How the company keeps one of the five commitments."""

    statement = fields.text(
        _("Votre engagement"),
        rows=12,
        description=_(
            "Ce que vous faites déjà, ce que vous promettez et à partir de quand. Des chiffres vérifiables valent mieux que des "
            "adjectifs : tout sera vérifié sur place."
        ),
        markdown=True,
    )


class PartSchema(colander.Schema):
    """One of the eight parts: what is promised, how it is proved, what everybody can read."""

    promise = fields.text(_("Ce que vous promettez"), rows=6, longest=6000, markdown=True)
    proof = fields.text(
        _("Comment on le vérifie"),
        rows=5,
        longest=6000,
        description=_("Documents, mesures, lieux à visiter : ce qui permet de constater que la promesse est tenue."),
        markdown=True,
    )
    public = fields.text(
        _("Ce que le public peut consulter"),
        rows=4,
        longest=6000,
        description=_("Ce que vous publiez déjà ou publierez, et à quel rythme."),
        markdown=True,
    )


class StructureSchema(PartSchema):
    """The part on the place of the cooperative in the company."""

    link_kinds = fields.boxes(_("Liens envisagés avec la coopérative"), LINKS.items(), insert_before="promise")


PARTS = {
    "products": _("Produits et services"),
    "verification": _("Vérification"),
    "impact": _("Mesure des retombées"),
    "decisions": _("Décisions collectives"),
    "sales": _("Ventes mensuelles"),
    "value": _("Création de valeur"),
    "communication": _("Communication"),
    "structure": _("Implication structurelle"),
}

#: Every section by its id, in the order of the dossier.
SECTIONS: dict[str, str] = {"identity": _("Identité"), **COMMITMENTS, **PARTS}

#: How long a section takes, in minutes, for somebody who knows the company, and what to have at hand.
EFFORT: dict[str, tuple[int, str]] = {
    "identity": (5, _("une facture ou l’avis de situation de l’INSEE, pour le SIRET")),
    "transparency": (10, _("ce que vous publiez déjà : comptes, prix, fournisseurs")),
    "fairness": (10, _("conventions, contrats, délais de paiement")),
    "sharing": (10, _("statuts, derniers comptes, accords d’intéressement")),
    "truth": (5, _("étiquettes, site, publicités")),
    "association": (10, _("ce que vous mesurez : environnement, santé, animaux, partage")),
    "products": (10, _("la liste des produits, leurs prix, où on les trouve")),
    "verification": (10, _("certificats et derniers rapports d’audit")),
    "impact": (10, _("vos mesures, même partielles")),
    "decisions": (5, _("comment les consommateurs pèsent sur vos choix")),
    "sales": (5, _("ventes par produit et par mois")),
    "value": (10, _("la décomposition du prix payé en magasin")),
    "communication": (5, _("vos supports, votre budget")),
    "structure": (5, _("ce que vous pourriez ouvrir : capital, siège, marque, accord")),
}

#: What `apply` asks of the identity.
IDENTITY_NEEDED = ("title", "legal_name", "siret", "street", "postcode", "city", "region", "sector", "origin")


def schema_of(section: str) -> colander.Schema:
    """The schema of a section.

    :raises KeyError: there is no such section
    """
    SECTIONS[section]
    if section == "identity":
        schema = IdentitySchema()
        for name in IDENTITY_NEEDED:
            # Saved without, an application would lack it: the form says so at the field.
            schema[name].needed = True
        return schema
    if section in COMMITMENTS:
        return StatementSchema()
    return StructureSchema() if section == "structure" else PartSchema()


VISIBILITIES = {
    "private": _("Nous seuls"),
    "verifiers": _("Vérificateurs : équipe de visite, certificateurs, équipe de la coopérative"),
    "members": _("Sociétaires"),
    "public": _("Tout le monde"),
}


class ContactSchema(colander.Schema):
    """Somebody who can be reached."""

    name = fields.line(
        _("Nom"),
        missing=colander.required,
        missing_msg=_("Indiquez le nom de la personne ou du service."),
        widget=w.TextInputWidget(attributes={"autocomplete": "name"}),
    )
    role = fields.line(_("Fonction"), widget=w.TextInputWidget(attributes={"autocomplete": "organization-title"}))
    email = fields.email(
        _("Adresse électronique"),
        missing=colander.required,
        missing_msg=_("Indiquez une adresse électronique : c’est par elle que l’on vous écrit."),
    )
    phone = fields.phone(_("Téléphone"))
    visibility = fields.radios(_("Qui peut voir ce contact"), VISIBILITIES, default="verifiers", missing="verifiers")
