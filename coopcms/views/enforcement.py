"""The day from which an adopted version is in force."""

from datetime import date
from typing import Any

import colander
from pyramid.view import view_config

from ..content import fields
from ..content.specification import SpecificationVersion
from ..domain import enforcement
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from . import forms
from .addresses import url
from .base import Views, crumbs


def schema(stored: date | None) -> colander.Schema:
    """A day, or none."""
    return colander.Schema(
        fields.day(
            _("En vigueur à partir du"),
            name="in_force_on",
            description=_("Sans date, la version entre en vigueur avec la certification de l’entreprise."),
            missing=None,
            past=False,
            years=5,
            stored=stored,
        )
    )


@view_config(
    context=SpecificationVersion, name="in-force", permission=P.PUT_IN_FORCE, renderer="templates/specification/date.pt"
)
class EnforcementViews(Views):
    """``in-force`` of an adopted version."""

    def __call__(self) -> Any:
        """Set the day."""
        request, version = self.request, self.context
        form = forms.make(request, schema(version.in_force_on), values={"in_force_on": version.in_force_on})
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    enforcement.set_date(version, given["in_force_on"], request.actor, request.now)
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("La date est enregistrée."))
                    return self.go(version)
            request.response.status_int = 422
        return {
            "title": _("Date d’entrée en vigueur"),
            "crumbs": [*crumbs(request, version), {"href": url(request, version), "title": version.title}],
            "version": version,
            "form": form,
        }
