"""The structural link: the place of the cooperative in a company."""

import colander
import deform.widget as w

from ..i18n import _
from .checks import at_most


def _line(name: str, title: str, description: str = "", longest: int = 200) -> colander.SchemaNode:
    return colander.SchemaNode(
        colander.String(),
        name=name,
        title=title,
        description=description or None,
        missing="",
        validator=at_most(longest),
    )


def _day(name: str, title: str) -> colander.SchemaNode:
    return colander.SchemaNode(colander.Date(), name=name, title=title, missing=None, widget=w.DateInputWidget())


def link_schema() -> colander.Schema:
    """Stake, seat, co-owned brand, partnership agreement with a dated programme: one at least."""
    return colander.Schema(
        _line("stake", _("Participation au capital, en pour cent"), _("2,5 par exemple ; vide s’il n’y en a pas."), 8),
        _line("seat", _("Siège au conseil : représentant de la coopérative")),
        _day("seat_until", _("Fin du mandat")),
        _line("brand", _("Marque en copropriété")),
        colander.SchemaNode(
            colander.String(),
            name="agreement",
            title=_("Accord de partenariat"),
            description=_("Son objet en une ou deux phrases ; vide s’il n’y en a pas."),
            missing="",
            validator=at_most(2000),
            widget=w.TextAreaWidget(rows=3),
        ),
        _day("agreed_on", _("Signé le")),
        colander.SchemaNode(
            colander.String(),
            name="programme",
            title=_("Programme de progrès"),
            description=_("Une étape par ligne, chacune avec son échéance : 2027-06-30 Bac de récupération du sel"),
            missing="",
            validator=at_most(4000),
            widget=w.TextAreaWidget(rows=5),
        ),
    )
