"""Words of the trades that the stemmer does not bring together, or brings together with others.

What a producer makes, where, and what the producer is called are one thing to whoever looks for it: who types « lait » wants the
dairies too.  Only trades of food and of the household stand here, and no wider or narrower terms: an egg is no hen.
"""

from types import MappingProxyType

#: Folded words that are stemmed like another one: their own stem is that of a frequent word which means something else –
#: « élever » and « éleveuse » that of « élevé » (a high price), « boucher » that of « bouche » (word of mouth).
IRREGULAR = MappingProxyType(
    {
        "elever": "elevage",
        "eleveuse": "eleveur",
        "eleveuses": "eleveur",
        "boucher": "boucherie",
        "bouchers": "boucherie",
    }
)

#: One trade a line.  Each word, in any form, finds the others as well.
TRADES = (
    "élevage éleveur élever éleveuse",
    "lait laitier laitière laiterie",
    "fromage fromager fromagère fromagerie",
    "beurre beurrerie",
    "œuf pondeuse",
    "volaille volailler aviculteur avicultrice aviculture",
    "viande boucher bouchère boucherie",
    "charcuterie charcutier charcutière",
    "pêche pêcheur pêcheuse pêcherie",
    "poisson poissonnier poissonnière poissonnerie pisciculteur pisciculture",
    "huître ostréiculteur ostréicultrice ostréiculture",
    "miel apiculteur apicultrice apiculture",
    "farine moulin meunier meunière meunerie minoterie",
    "pain boulanger boulangère boulangerie",
    "chocolat chocolatier chocolatière chocolaterie",
    "maraîcher maraîchère maraîchage",
    "verger arboriculteur arboricultrice arboriculture",
    "vin vigne vigneron vigneronne vignoble viticulteur viticultrice viticulture",
    "cidre cidrerie",
    "bière brasseur brasseuse brasserie",
    "huile huilerie",
    "savon savonnier savonnière savonnerie",
)
