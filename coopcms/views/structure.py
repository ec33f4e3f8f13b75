"""The structural link on the dossier, and the form that records it."""

from typing import Any

from markupsafe import Markup
from pyramid.view import view_config

from ..content.company import Company
from ..content.structure import link_schema
from ..domain import structure
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from . import forms
from .addresses import url
from .base import Views, crumbs
from .rendering import day


@view_config(context=Company, name="link", permission=P.RECORD_LINK, renderer="templates/company/link.pt")
class LinkViews(Views):
    """``link`` of a company."""

    def __call__(self) -> Any:
        """Record the link."""
        request, company = self.request, self.context
        form = forms.make(
            request, link_schema(), submit=_("Enregistrer le lien"), values=self._values(), guard=True, watched=True
        )
        if request.method == "POST":
            given = forms.sent(request, form, also=structure.problems)
            if given is not None:
                try:
                    structure.record_link(company, given, request.actor, request.now)
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("Le lien structurel est enregistré."))
                    return self.go(company)
            request.response.status_int = 422
        return {
            "title": _("Le lien structurel"),
            "crumbs": [*crumbs(request, company), {"href": url(request, company), "title": company.title}],
            "company": company,
            "form": form,
        }

    def _values(self) -> dict[str, Any]:
        link = self.context.link
        if link is None:
            return {}
        steps = "\n".join(f"{when.isoformat()} {what}" for when, what in link["programme"])
        stake = (link["stake"] or "").replace(".", ",")
        return {
            **{k: link[k] for k in ("seat", "seat_until", "brand", "agreement", "agreed_on")},
            "stake": stake,
            "programme": steps,
        }


def facts(request: Any, company: Company) -> list[tuple[Any, Any]]:
    """What the link says, line by line."""
    link, language = company.link, request.locale_name
    if link is None:
        return []
    until = link["seat_until"] and request.localizer.translate(
        _("jusqu’au ${date}", mapping={"date": day(link["seat_until"], language)})
    )
    stake = link["stake"] and f"{link['stake'].replace('.', ',') if language == 'fr' else link['stake']} %"
    steps = Markup("").join(
        Markup('<li><time datetime="{}">{}</time> {}</li>').format(when.isoformat(), day(when, language), what)
        for when, what in link["programme"]
    )
    found = [
        (_("Participation au capital"), stake),
        (_("Siège au conseil"), ", ".join(filter(None, (link["seat"], until)))),
        (_("Marque en copropriété"), link["brand"]),
        (_("Accord de partenariat"), link["agreement"]),
        (_("Programme de progrès"), steps and Markup('<ul class="plain">{}</ul>').format(steps)),
    ]
    return [(label, value) for label, value in found if value]
