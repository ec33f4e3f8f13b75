"""The components of the OpenAPI document that accredited bodies, sites, and what comes from elsewhere take."""

from ..content.body import BodySchema
from ..content.outside import OutsideCertificateSchema
from ..content.worksite import ADDRESS_VISIBILITIES, KINDS
from ..domain.companies import EARLIER_KINDS, EARLIER_NUMBERS, EARLIER_RESULTS
from ..i18n import _
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
    of_form,
    one_of,
    or_null,
    record,
)


def components() -> dict[str, Schema]:
    """Every component by its name."""
    return {
        "Body": record(
            **described("body"),
            state={"type": "null"},
            **of_form(BodySchema(), "title", "description"),
            accredited={**FLAG, "description": _("Si l’accréditation court aujourd’hui")},
        ),
        "BodyList": list_of("Body"),
        "Worksite": record(
            {
                "street": {**TEXT, "description": _("Seulement pour qui l’entreprise a choisi")},
                "postcode": {**TEXT, "description": _("Seulement pour qui l’entreprise a choisi")},
            },
            **described("site"),
            state={"type": "null"},
            kind=one_of(KINDS),
            city=TEXT,
            region=TEXT,
            visibility_of_address=one_of(ADDRESS_VISIBILITIES),
            photo=or_null(ADDRESS),
        ),
        "WorksiteList": list_of("Worksite"),
        "OutsideCertificate": record(
            id=TEXT,
            **of_form(OutsideCertificateSchema(), "file", "valid_until"),
            valid_until={**DAY, "description": _("Le dernier jour")},
            lapsed=FLAG,
            confirmed={**FLAG, "description": _("Faux tant que seule l’entreprise déclare cette date")},
            file={**or_null(ADDRESS), "description": _("Le document, si vous pouvez le voir")},
            renewal={
                **or_null(record(valid_until=DAY, text=TEXT, when=MOMENT)),
                "description": _("Le renouvellement présenté, qu’un certificateur doit encore confirmer"),
            },
        ),
        "EarlierVote": record(
            kind=one_of(EARLIER_KINDS),
            subject=TEXT,
            result=one_of(EARLIER_RESULTS),
            when=MOMENT,
            **dict.fromkeys(EARLIER_NUMBERS, COUNT),
            source=TEXT,
        ),
    }
