"""The structural link: the place of the cooperative in a company."""

import colander

from ..i18n import _
from . import fields, readers


def link_schema() -> colander.Schema:
    """Stake, seat, co-owned brand, partnership agreement with a dated programme: one at least."""
    return colander.Schema(
        fields.percentage(
            _("Participation au capital, en pour cent"),
            name="stake",
            description=_("2,5 par exemple ; vide s’il n’y en a pas."),
        ),
        fields.line(_("Siège au conseil : représentant de la coopérative"), name="seat", longest=200),
        fields.day(_("Fin du mandat"), name="seat_until", missing=None),
        fields.line(_("Marque en copropriété"), name="brand", longest=200),
        fields.text(
            _("Accord de partenariat"),
            name="agreement",
            description=_("Son objet en une ou deux phrases ; vide s’il n’y en a pas."),
            longest=2000,
            rows=3,
        ),
        fields.day(_("Signé le"), name="agreed_on", missing=None, years=0),
        fields.text(
            _("Programme de progrès"),
            name="programme",
            description=_("Une étape par ligne, chacune avec son échéance : 30/06/2027 Bac de récupération du sel"),
            longest=4000,
            rows=5,
            validator=_programme,
        ),
    )


def _programme(node: colander.SchemaNode, value: str) -> None:
    try:
        readers.dated_steps(value)
    except readers.Unreadable as unreadable:
        raise colander.Invalid(node, unreadable.sentence) from None
