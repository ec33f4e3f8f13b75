"""Sites of a company: the list, one with its address for whom it is meant, the forms, the photo."""

from typing import Any

from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from ..content.french import sort_key
from ..content.worksite import ADDRESS_VISIBILITIES, KINDS, Worksite, Worksites, WorksiteSchema
from ..domain import files, worksites
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from ..workflows.conditions import company_of
from . import forms
from .base import Views, crumbs
from .files import photo_node, picture


@view_defaults(context=Worksites)
class WorksitesViews(Views):
    """Pages of the folder of sites."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/worksites/list.pt")
    def show(self) -> dict[str, Any]:
        """The sites, by name."""
        return self.page(None)

    @view_config(name="add", permission=P.UPDATE, renderer="templates/worksites/list.pt")
    def add(self) -> Any:
        """Make a site."""
        request = self.request
        form = forms.make(request, WorksiteSchema(), guard=True)
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                site = worksites.create(self.context.__parent__, values, request.actor, request.now)
                self.say(_("Le lieu est enregistré."))
                return self.go(site)
            request.response.status_int = 422
        return self.page(form)

    def page(self, form: Any) -> dict[str, Any]:
        """What the template needs."""
        request = self.request
        trail = crumbs(request, self.context)
        if form is not None:
            trail.append({"href": request.path.rsplit("/", 1)[0], "title": _("Les lieux")})
        return {
            "title": _("Les lieux") if form is None else _("Ajouter un lieu"),
            "crumbs": trail,
            "company": self.context.__parent__,
            "sites": sorted(self.context.values(), key=lambda site: sort_key(site.title)),
            "form": form,
            "may_update": request.may(P.UPDATE),
            "KINDS": KINDS,
        }


@view_defaults(context=Worksite)
class WorksiteViews(Views):
    """Pages of one site."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/worksites/view.pt")
    def view(self) -> dict[str, Any]:
        """What is done there; where exactly, for whom the company says."""
        site, request = self.context, self.request
        return {
            "title": site.title,
            "crumbs": crumbs(request, site),
            "site": site,
            "company": company_of(site),
            "may_update": request.may(P.UPDATE),
            "may_locate": request.may(site.address_permission),
            "KINDS": KINDS,
            "VISIBILITIES": ADDRESS_VISIBILITIES,
        }

    @view_config(name="edit", permission=P.UPDATE, renderer="templates/worksites/edit.pt")
    def edit(self) -> Any:
        """What is said of it, its photo, its removal."""
        site, request = self.context, self.request
        values = {field: getattr(site, field) for field in worksites.FIELDS}
        schema = WorksiteSchema()
        schema.add(photo_node(heading=_("La photo")))
        form = forms.make(request, schema, values=values, guard=True, watched=True)
        if request.method == "POST":
            done = self._done(form)
            if done is not None:
                return done
            request.response.status_int = 422
        return {
            "title": _("Modifier le lieu"),
            "crumbs": [*crumbs(request, site), {"href": request.path.rsplit("/", 1)[0], "title": site.title}],
            "site": site,
            "form": form,
        }

    def _done(self, form: Any) -> Any:
        """The answer to what was sent, None when it is bad."""
        site, request = self.context, self.request
        if "remove" in request.POST:
            folder = site.__parent__
            try:
                worksites.remove(site, request.actor)
            except Invalid as refused:
                self.say(refused.messages["site"], "danger")
                return self.go(site, "edit")
            self.say(_("Le lieu est retiré."))
            return self.go(folder)
        given = forms.sent(request, form)
        if given is None:
            return None
        upload = given.pop("upload")
        try:
            worksites.change(site, given, request.actor, request.now)
            if upload is not None:
                most = request.registry.coopcms.upload_bytes
                files.set_photo(site, upload["fp"], upload["filename"], request.actor, request.now, most_bytes=most)
        except Invalid as refused:
            forms.refuse(form, refused)
            return None
        if "remove_photo" in request.POST and upload is None:
            files.remove_photo(site, request.actor)
            self.say(_("La photo est retirée."))
            return self.go(site, "edit")
        self.say(_("Le lieu est enregistré."))
        return self.go(site)

    @view_config(name="photo", permission=P.READ, request_method="GET")
    def photo(self) -> Response:
        """The photo, a picture we made ourselves."""
        return picture(self.context.photo)
