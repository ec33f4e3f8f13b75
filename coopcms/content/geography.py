"""Lists to choose from: regions and sectors."""

from ..i18n import _

#: Regions of France (law of 16 January 2015 and decrees of 28 September 2016), its collectivities beyond the sea (Constitution,
#: titles XII and XIII) and Monaco, whose postcodes are French; names are not translated.
REGIONS = (
    "Auvergne-Rhône-Alpes",
    "Bourgogne-Franche-Comté",
    "Bretagne",
    "Centre-Val de Loire",
    "Corse",
    "Grand Est",
    "Guadeloupe",
    "Guyane",
    "Hauts-de-France",
    "Île-de-France",
    "La Réunion",
    "Martinique",
    "Mayotte",
    "Monaco",
    "Normandie",
    "Nouvelle-Aquitaine",
    "Nouvelle-Calédonie",
    "Occitanie",
    "Pays de la Loire",
    "Polynésie française",
    "Provence-Alpes-Côte d’Azur",
    "Saint-Barthélemy",
    "Saint-Martin",
    "Saint-Pierre-et-Miquelon",
    "Wallis-et-Futuna",
)

SECTORS = {
    "dairy": _("Lait et produits laitiers"),
    "eggs": _("Œufs"),
    "meat": _("Viande"),
    "fish": _("Poisson"),
    "cereals": _("Céréales et farine"),
    "fruit_vegetables": _("Fruits et légumes"),
    "grocery": _("Épicerie"),
    "drinks": _("Boissons"),
    "textile": _("Textile"),
    "household": _("Maison et hygiène"),
    "energy": _("Énergie"),
    "services": _("Services"),
}

ORIGINS = {
    "joined": _("Entreprise qui rejoint la coopérative"),
    "created_by_consumers": _("Entreprise créée par les consommateurs"),
}

LINKS = {
    "stake": _("Part du capital"),
    "seat": _("Siège au conseil"),
    "brand": _("Marque en copropriété"),
    "agreement": _("Accord de partenariat avec programme de progrès daté"),
}
