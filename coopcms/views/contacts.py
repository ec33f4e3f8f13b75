"""Contacts of a company: a list, and a form each."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config, view_defaults

from ..content.company import Company
from ..content.dossier import VISIBILITIES, ContactSchema
from ..domain import companies
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from . import forms
from .base import Views, crumbs
from .company import visible_contacts


@view_defaults(context=Company, name="contacts", permission=P.UPDATE, renderer="templates/company/contacts.pt")
class ContactsViews(Views):
    """``contacts``, ``contacts/add`` and ``contacts/<key>``."""

    @view_config(request_method="GET")
    def show(self) -> Any:
        """The list, or the form of one."""
        return self.form() if self.subpath else self.page(None)

    @view_config(request_method="POST")
    def form(self) -> Any:
        """Add, change or remove one."""
        company, request, key = self.context, self.request, self.subpath
        contact = company.contacts.get(key)
        if key != "add" and contact is None:
            raise HTTPNotFound()
        if "remove" in request.POST and contact is not None:
            try:
                companies.remove_contact(company, key, request.actor)
                self.say(_("Le contact est retiré."))
            except Invalid as refused:
                self.say(refused.messages["contact"], "danger")
            return self.go(company, "contacts")
        form = forms.make(request, ContactSchema(), values=contact, guard=True, watched=contact is not None)
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                if contact is None:
                    companies.add_contact(company, values, request.actor)
                else:
                    companies.change_contact(company, key, values, request.actor)
                self.say(_("Le contact est enregistré."))
                return self.go(company, "contacts")
            request.response.status_int = 422
        return self.page(form, key if contact is not None else "")

    def page(self, form: Any, key: str = "") -> dict[str, Any]:
        """What the template needs."""
        company, request = self.context, self.request
        base = request.path.split("/contacts")[0]
        trail = [
            *crumbs(request, company),
            {"href": base, "title": company.title},
            {"href": base + "/edit", "title": _("Le dossier")},
        ]
        if form is not None:
            trail.append({"href": base + "/contacts", "title": _("Les contacts")})
        return {
            "title": _("Les contacts") if form is None else _("Un contact"),
            "crumbs": trail,
            "company": company,
            "form": form,
            "key": key,
            "contacts": visible_contacts(request, company),
            "VISIBILITIES": VISIBILITIES,
        }
